"""Databases for every level of tests: a fresh SQLite file, and PostgreSQL where it listens.

REQUIRE_SERVICES=1 makes an absent PostgreSQL or Redis a failure; otherwise the tests that need it are skipped and say why.
"""

import asyncio
import os
import shutil
import socket
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import argon2
import psycopg
import pytest
from sqlalchemy import make_url

from guichet import passwords, schema
from guichet.db import Database
from guichet.faq_store import FaqStore
from guichet.settings import Settings

if TYPE_CHECKING:
    from tests.live import Live

ROOT = Path(__file__).parent.parent
POSTGRES = os.environ.get("TEST_POSTGRES_URL", "postgresql+psycopg://postgres@127.0.0.1:5432/test")
REDIS = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/0")


def require_service(name: str, host: str | None, port: int | None) -> None:
    """Skip, or fail under REQUIRE_SERVICES=1, when nothing listens."""
    try:
        socket.create_connection((host or "127.0.0.1", port or 0), timeout=2).close()
    except OSError as error:
        message = f"{name} does not listen on {host}:{port} ({error})"
        if os.environ.get("REQUIRE_SERVICES") == "1":
            pytest.fail(message)
        pytest.skip(message)


@contextmanager
def postgres_database(template: str = "template1") -> Iterator[str]:
    """The URL of a PostgreSQL database of its own, a copy of ``template``, dropped at the end."""
    url = make_url(POSTGRES)
    require_service("PostgreSQL", url.host, url.port or 5432)
    name = f"guichet_{uuid.uuid4().hex[:12]}"
    admin = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        try:
            yield url.set(database=name).render_as_string(hide_password=False)
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _migrate(url: str) -> None:
    async def migrate() -> None:
        database = Database(url)
        await schema.migrate(database)
        await database.close()

    asyncio.run(migrate())


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the newest schema: copying it is many times quicker than migrating."""
    path = tmp_path_factory.mktemp("template") / "guichet.db"
    _migrate(f"sqlite+aiosqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_template() -> Iterator[str]:
    """The name of a PostgreSQL database with the newest schema, to be copied."""
    with postgres_database() as url:
        _migrate(url)
        yield str(make_url(url).database)


@pytest.fixture(scope="session")
def faq_store() -> FaqStore:
    """The FAQ as it is published, read once: that takes seconds."""
    return FaqStore(ROOT / "faq")


@pytest.fixture
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Password hashes that cost next to nothing."""
    hasher = argon2.PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", hasher)
    monkeypatch.setattr(passwords, "NOBODYS_HASH", hasher.hash("nobody"))


@pytest.fixture
def redis_url() -> str:
    """A Redis that listens."""
    host, _, port = REDIS.removeprefix("redis://").partition("/")[0].partition(":")
    require_service("Redis", host, int(port))
    return REDIS


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without any table, on each of the supported systems."""
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path}/guichet.db"
        return
    with postgres_database() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database with the newest schema and nothing in it, on each of the supported systems."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "guichet.db")
        yield f"sqlite+aiosqlite:///{tmp_path}/guichet.db"
        return
    with postgres_database(request.getfixturevalue("postgres_template")) as url:
        yield url


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    """The same, opened."""
    database = Database(database_url)
    yield database
    await database.close()


@pytest.fixture
def settings(database_url: str) -> Settings:
    """Settings of a service under test."""
    return Settings(database_url=database_url, faq_dir=ROOT / "faq", action_secret="test-secret", demo=True)


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator["Live"]:
    """The whole product, started once for all the tests that use it; none may assume that it is alone."""
    from tests.live import running

    with running(tmp_path_factory.mktemp("live")) as product:
        yield product
