"""The commands for the shop's own systems."""

import asyncio
from collections.abc import Iterator

import pytest
from typer.testing import CliRunner, Result

from guichet import schema
from guichet.api_tokens import token_in_use
from guichet.cli import app
from guichet.db import Database, run_with
from guichet.models import ApiToken
from guichet.settings import get_settings


@pytest.fixture
def url(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The database that the commands work on, with its schema."""
    monkeypatch.setenv("GUICHET_DATABASE_URL", database_url)
    get_settings.cache_clear()
    run_with(database_url, schema.migrate)
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
