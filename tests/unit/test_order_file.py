"""Order files: what is read, and what is told about the rest."""

import re
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet import texts
from guichet.order_file import LINE_COLUMNS, ORDER_COLUMNS, PARCEL_COLUMNS, REQUIRED, FileError, OrderFileError, order_of, read_rows
from guichet.order_sheet import OrderSheet

from .builders import ROOT

HEADER = "numero;date;etat;paiement;email;nom;rue;code_postal;ville;sku;quantite;prix_unitaire_cents"
FIRST = "20000001;16/11/2026 09:30;shipped;card;Camille@Example.com;Camille;14 rue des Tanneurs;59000;Lille;PVB18;1;12990"
SECOND = "20000001;;;;;;;;;GAN12;2;2490"
PARCELS = ";etat_colis;numero_suivi;promis_le;livre_le"


def _file(*rows: str, header: str = HEADER) -> bytes:
    return "\r\n".join([header, *rows]).encode("utf-8-sig")


def _read(data: bytes) -> dict[str, OrderSheet]:
    return {number: order_of(number, rows) for number, rows in read_rows(data).items()}


def _problems(data: bytes) -> list[str]:
    found = []
    for number, rows in read_rows(data).items():
        try:
            order_of(number, rows)
        except OrderFileError as error:
            found += [str(problem) for problem in error.problems]
    return found


def test_rows_with_one_number_are_one_order() -> None:
    orders = _read(_file(FIRST, "20000002" + FIRST[8:], "", SECOND))
    assert orders.keys() == {"20000001", "20000002"}
    order = orders["20000001"]
    assert order.placed_at == datetime(2026, 11, 16, 8, 30, tzinfo=UTC)
    assert (order.customer.email, order.shipping_cents, order.billing_address, order.shipments) == ("camille@example.com", 0, None, [])
    assert [(line.sku, line.quantity, line.unit_price_cents) for line in order.lines] == [("PVB18", 1, 12990), ("GAN12", 2, 2490)]


def test_commas_will_do_and_columns_may_come_in_any_order() -> None:
    columns, cells = HEADER.split(";"), FIRST.replace("16/11/2026 09:30", "2026-11-16T09:30:00+01:00").split(";")
    data = _file(",".join(reversed(cells)), header=",".join(reversed(columns)))
    assert _read(data) == _read(_file(FIRST))


def test_articles_with_one_tracking_number_are_one_parcel() -> None:
    rows = [
        f"{FIRST};in_transit;6A1;2026-11-21;",
        f"{SECOND};in_transit;6A1;21/11/2026;",
        "20000001;;;;;;;;;VIS500;1;1990;delivered;6A2;;20/11/2026",
        "20000001;;;;;;;;;ETA120;1;9900;;;;",
    ]
    problems = _problems(_file(*rows, header=HEADER + PARCELS))
    assert problems == [
        "Ligne 3 (commande 20000001) : colonne « promis_le » : « 21/11/2026 » alors qu’une ligne précédente de la commande dit « 2026-11-21 »."
    ]
    rows[1] = f"{SECOND};;6A1;;"
    (order,) = _read(_file(*rows, header=HEADER + PARCELS)).values()
    assert [[content.sku for content in parcel.contents] for parcel in order.shipments] == [["PVB18", "GAN12"], ["VIS500"]]
    assert (order.shipments[0].promised_on, order.shipments[1].delivered_on) == (date(2026, 11, 21), date(2026, 11, 20))
    assert len(order.lines) == 4


@pytest.mark.parametrize(
    ("before", "after", "row", "said"),
    [
        ("20000001", "2000001", 2, "« numero » : « 2000001 » n’est pas accepté ; attendu : huit chiffres"),
        ("Camille@Example.com", "camille", 2, "« email » : « camille »"),
        ("16/11/2026 09:30", "hier", 2, "« date » : « hier »"),
        ("16/11/2026 09:30", "1700000000", 2, "« date » : « 1700000000 »"),
        ("shipped", "expédiée", 2, "« etat » : « expédiée » n’est pas accepté ; attendu : awaiting_payment"),
        ("PVB18;1", "PVB18;0", 2, "« quantite » : « 0 »"),
        ("12990", "129,90", 2, "« prix_unitaire_cents » : « 129,90 »"),
        ("59000;", ";", 2, "« code_postal » : vide"),
        (";Lille", "", 2, "11 cellules alors que l’en-tête compte 12 colonnes"),
        (";Lille", ";Lille;France", 2, "13 cellules"),
    ],
)
def test_each_mistake_is_told_with_its_line_and_column(before: str, after: str, row: int, said: str) -> None:
    (problem,) = _problems(_file(FIRST.replace(before, after)))
    assert problem.startswith(f"Ligne {row} (commande ")
    assert said in problem


def test_every_mistake_of_an_order_is_told_at_once() -> None:
    problems = _problems(_file(FIRST.replace("card", "chèque"), SECOND.replace("2490", "").replace("GAN12", "GAN 12")))
    assert [problem[: problem.index(" :")] for problem in problems] == [
        "Ligne 2 (commande 20000001)",
        "Ligne 3 (commande 20000001)",
        "Ligne 3 (commande 20000001)",
    ]


def test_an_article_twice_and_a_contradiction_are_told() -> None:
    problems = _problems(_file(FIRST, SECOND.replace("GAN12", "PVB18"), "20000001;;;cheque;;;;;;VIS500;1;1990"))
    assert any("Ligne 3" in problem and "« PVB18 » figure déjà" in problem for problem in problems)
    assert any("Ligne 4" in problem and "« cheque » alors qu’une ligne précédente de la commande dit « card »" in problem for problem in problems)


def test_a_delivered_parcel_needs_its_day() -> None:
    (problem,) = _problems(_file(f"{FIRST};delivered;6A1;;", header=HEADER + PARCELS))
    assert "« livre_le » : vide ; attendu : une date" in problem


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (_file(FIRST).decode("utf-8-sig").replace("Lille", "Orléans").encode("cp1252"), "UTF-8"),
        (b"", "Colonnes absentes"),
        (_file(FIRST, header=HEADER.replace(";sku", ";reference")), "sku"),
        (_file(FIRST + ";x", header=HEADER + ";couleur"), "couleur"),
        (_file(FIRST + ";x", header=HEADER + ";sku"), "répétées : sku"),
        (_file(FIRST.replace("Lille", '"' + "x" * 200_000)), "guillemet"),
    ],
    ids=["encoding", "empty", "missing column", "unknown column", "column twice", "open quote"],
)
def test_a_file_that_is_no_order_file_is_refused_as_a_whole(data: bytes, said: str) -> None:
    with pytest.raises(FileError, match=said):
        read_rows(data)


@given(st.lists(st.lists(st.text(alphabet='09aé;",\n\r \x00-/:', max_size=12), min_size=26, max_size=26), max_size=4))
def test_whatever_the_cells_hold_the_answer_is_an_order_or_problems(table: list[list[str]]) -> None:
    lines = [";".join('"' + cell.replace('"', '""') + '"' for cell in ["20000001", *cells[1:]]) for cells in table]
    data = "\n".join([";".join(texts.IMPORT_COLUMNS), *lines]).encode()
    for number, rows in read_rows(data).items():
        with pytest.raises(OrderFileError) as refused:
            order_of(number, rows)
        assert all(1 < problem.row <= data.count(b"\n") + data.count(b"\r") + 1 for problem in refused.value.problems)


def test_every_column_is_documented() -> None:
    columns = {"numero", *ORDER_COLUMNS, *LINE_COLUMNS, *PARCEL_COLUMNS}
    assert texts.IMPORT_COLUMNS.keys() == columns
    page = (ROOT / "docs" / "integration.md").read_text("utf-8").partition("## Importing a file")[2]
    rows = dict(re.findall(r"^\| `(\w+)` \| (yes)? ", page, re.MULTILINE))
    assert rows.keys() == columns
    assert {name for name, required in rows.items() if required} == set(REQUIRED)
