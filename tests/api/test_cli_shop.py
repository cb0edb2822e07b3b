"""The commands for the shop's own systems."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select
from typer.testing import CliRunner, Result

from guichet.api_tokens import token_in_use
from guichet.cli import app
from guichet.db import Database
from guichet.demo_data import SCENARIOS, number_of
from guichet.models import ApiToken, Order, OrderLine
from guichet.settings import get_settings


@pytest.fixture
def url(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The database that the commands work on, with its schema."""
    monkeypatch.setenv("GUICHET_DATABASE_URL", database_url)
    get_settings.cache_clear()
    yield database_url
    get_settings.cache_clear()


def guichet(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def _known(url: str, token: str) -> ApiToken | None:
    async def look() -> ApiToken | None:
        db = Database(url)
        try:
            async with db.transaction() as session:
                return await token_in_use(session, token)
        finally:
            await db.close()

    return asyncio.run(look())


def test_a_token_is_printed_once_listed_and_revoked(url: str) -> None:
    token = guichet("api", "token", "create", "erp").stdout.strip()
    known = _known(url, token)
    assert known is not None
    assert (known.name, known.read_only) == ("erp", False)
    assert token not in known.token_hash
    assert guichet("api", "token", "create", "erp").exit_code == 1
    guichet("api", "token", "create", "caisse", "--read-only")
    listed = guichet("api", "token", "list").stdout.splitlines()
    assert [line.split("\t")[:2] for line in listed] == [["caisse", "lecture"], ["erp", "lecture et écriture"]]
    assert guichet("api", "token", "revoke", "erp").exit_code == 0
    assert _known(url, token) is None
    assert guichet("api", "token", "revoke", "erp").exit_code == 1


HEADER = "numero;date;etat;paiement;email;nom;rue;code_postal;ville;sku;quantite;prix_unitaire_cents"
GOOD = "20000001;2026-11-16 09:30;in_preparation;card;camille@example.com;Camille;14 rue des Tanneurs;59000;Lille;PVB18;1;12990"
BAD = "20000002;2026-11-16 09:30;in_preparation;card;camille@example.com;Camille;14 rue des Tanneurs;59000;Lille;PVB18;1;12990"


def _orders(url: str) -> dict[str, int]:
    """The numbers of the imported orders, with how many lines each has."""

    async def look() -> dict[str, int]:
        db = Database(url)
        try:
            async with db.transaction() as session:
                query = select(Order.number, func.count()).join(OrderLine, OrderLine.order_id == Order.id).group_by(Order.number)
                rows = (await session.execute(query.where(Order.number.like("2%")))).all()
                return {row[0]: row[1] for row in rows}
        finally:
            await db.close()

    return asyncio.run(look())


def test_orders_are_imported_whole_or_not_at_all(url: str, tmp_path: Path) -> None:
    assert guichet("demo", "load").exit_code == 0
    file = tmp_path / "orders.csv"
    file.write_text("\n".join([HEADER, GOOD, BAD, "20000002;;;;;;;;;NOPE;1;100", "20000001;;;;;;;;;GAN12;2;2490"]), "utf-8")
    tried = guichet("import", "orders", "--dry-run", str(file))
    assert "rien n’a été enregistré" in tried.stdout
    assert _orders(url) == {}
    done = guichet("import", "orders", str(file))
    assert done.exit_code == tried.exit_code == 1
    assert done.stdout.splitlines() == [
        "Ligne 4 (commande 20000002) : l’article « NOPE » n’est pas au catalogue.",
        "Commandes créées : 1, mises à jour : 0, refusées : 1.",
    ]
    assert _orders(url) == {"20000001": 2}
    file.write_text("\n".join([HEADER, GOOD]), "utf-8")
    again = guichet("import", "orders", str(file))
    assert (again.exit_code, again.stdout) == (0, "Commandes créées : 0, mises à jour : 1, refusées : 0.\n")
    assert _orders(url) == {"20000001": 1}


def test_a_line_in_use_is_told(url: str, tmp_path: Path) -> None:
    guichet("demo", "load")
    number = next(number_of(index) for index, scenario in enumerate(SCENARIOS) if scenario.case is not None)
    file = tmp_path / "orders.csv"
    file.write_text("\n".join([HEADER, GOOD.replace("20000001", number).replace("PVB18", "VIS500")]), "utf-8")
    refused = guichet("import", "orders", str(file))
    assert f"Ligne 2 (commande {number}) : SAV-" in refused.stdout
    assert "« PVB18 », qui ne peut pas être retiré" in refused.stdout


def test_a_file_that_is_no_order_file_is_refused(url: str, tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    file.write_text("a;b\n1;2\n", "utf-8")
    refused = guichet("import", "orders", str(file))
    assert refused.exit_code == 1
    assert "Colonnes absentes" in refused.stderr


def test_webhooks_are_added_listed_and_removed(url: str) -> None:
    target = "https://erp.example.com/guichet"
    assert guichet("api", "webhook", "add", target).stdout.startswith("whsec_")
    assert "déjà prévenue" in guichet("api", "webhook", "add", target).stderr
    assert "https://" in guichet("api", "webhook", "add", "http://erp.example.com").stderr
    assert guichet("api", "webhook", "list").stdout == f"{target}\ten attente : 0\tabandonnés : 0\n"
    assert guichet("api", "webhook", "remove", target).exit_code == 0
    assert guichet("api", "webhook", "list").stdout == ""
    assert guichet("api", "webhook", "remove", target).exit_code == 1
