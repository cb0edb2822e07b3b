"""``guichet accounts …``, on a database of its own."""

import asyncio
import os
from collections.abc import Callable

import pytest
from sqlalchemy import select
from typer.testing import CliRunner, Result

from guichet.accounts import account_by_email
from guichet.cli import app
from guichet.db import Database
from guichet.demo_accounts import DEMO_ACCOUNTS, renew_demo_accounts
from guichet.models import Account, AuditEntry, Role
from guichet.passwords import verify_password
from guichet.second_factor import has_second_factor
from guichet.settings import get_settings

Guichet = Callable[..., Result]


@pytest.fixture
def guichet(database_url: str, monkeypatch: pytest.MonkeyPatch, quick_hashes: None) -> Guichet:
    monkeypatch.setitem(os.environ, "GUICHET_DATABASE_URL", database_url)
    get_settings.cache_clear()
    monkeypatch.setattr("guichet.cli_accounts.get_settings", get_settings)

    def run(*arguments: str, typed: str = "") -> Result:
        return CliRunner().invoke(app, ["accounts", *arguments], input=typed)

    return run


def stored(database_url: str, email: str) -> Account:
    async def read() -> Account:
        db = Database(database_url)
        async with db.transaction() as session:
            account = await account_by_email(session, email)
        await db.close()
        assert account is not None
        return account

    return asyncio.run(read())


def is_password(account: Account, password: str) -> bool:
    return asyncio.run(verify_password(account.password_hash, password))


def create(guichet: Guichet, email: str = "chef@example.com", typed: str = "\n", *more: str) -> Result:
    return guichet("create", email, "--name", "Chef", "--role", "admin", *more, typed=typed)


def test_the_first_administrator_chooses_a_password(guichet: Guichet, database_url: str) -> None:
    made = create(guichet, typed="trois chevaux dorment\ntrois chevaux dorment\n")
    assert made.exit_code == 0
    assert "trois chevaux" not in made.output
    account = stored(database_url, "chef@example.com")
    assert (account.role, account.password_temporary) == (Role.ADMIN, False)
    assert is_password(account, "trois chevaux dorment")


@pytest.mark.parametrize(("typed", "more"), [("\n", ()), ("", ("--generate",))])
def test_without_an_answer_a_temporary_password_is_printed_once(guichet: Guichet, database_url: str, typed: str, more: tuple[str, ...]) -> None:
    made = create(guichet, "chef@example.com", typed, *more)
    account = stored(database_url, "chef@example.com")
    assert account.password_temporary
    assert is_password(account, made.stdout.splitlines()[-1])


@pytest.mark.parametrize(
    ("email", "typed", "told"),
    [
        ("chef", "\n", "n’est pas une adresse e-mail"),
        ("chef@example.com", "court\ncourt\n", "au moins 12 caractères"),
        ("chef@example.com", "trois chevaux dorment\nautre\n", "ne sont pas identiques"),
    ],
)
def test_what_cannot_be_created_is_told(guichet: Guichet, email: str, typed: str, told: str) -> None:
    refused = create(guichet, email, typed)
    assert (refused.exit_code, told in refused.stderr) == (1, True)


def test_an_email_is_taken_once(guichet: Guichet) -> None:
    create(guichet)
    again = create(guichet, "CHEF@example.com")
    assert (again.exit_code, "a déjà l’adresse" in again.stderr) == (1, True)


def test_accounts_are_listed_disabled_and_reset(guichet: Guichet, database_url: str) -> None:
    create(guichet)
    assert "dernier compte d’administration" in guichet("disable", "chef@example.com").stderr
    guichet("create", "agent@example.com", "--name", "Agent", "--role", "agent", "--generate")
    assert guichet("disable", "Agent@example.com").exit_code == 0
    assert not stored(database_url, "agent@example.com").active
    password = guichet("reset-password", "chef@example.com").stdout.splitlines()[-1]
    assert is_password(stored(database_url, "chef@example.com"), password)
    assert guichet("reset-totp", "chef@example.com").exit_code == 0
    assert not has_second_factor(stored(database_url, "chef@example.com"))
    assert guichet("reset-totp", "nobody@example.com").exit_code == 1
    lines = guichet("list").stdout.splitlines()
    assert [line.split("\t")[0::3] for line in lines] == [["chef@example.com", "actif"], ["agent@example.com", "désactivé"]]


async def test_the_demo_has_three_accounts_with_new_passwords_at_each_start(db: Database, quick_hashes: None) -> None:
    first, second = await renew_demo_accounts(db), await renew_demo_accounts(db)
    assert not {access.password for access in first} & {access.password for access in second}
    async with db.transaction() as session:
        for access, (email, _, role) in zip(second, DEMO_ACCOUNTS, strict=True):
            account = await account_by_email(session, email)
            assert account is not None
            assert account.role is role
            assert await verify_password(account.password_hash, access.password)
        for entry in await session.scalars(select(AuditEntry)):
            assert not any(access.password in str(entry.details) for access in first + second)
