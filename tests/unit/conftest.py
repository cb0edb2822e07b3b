"""Fixtures of the unit tests. Hypothesis has no deadline: a busy machine is not a bug."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import settings

from guichet import clock, schema
from guichet.conversations import Reply, start_conversation
from guichet.db import Database
from guichet.demo_data import load_demo
from guichet.faq import Faq, load_faq
from guichet.services import Services
from guichet.settings import Settings

from .builders import FAQ_FILES, ROOT
from .chat import NOW, Chat

settings.register_profile("unit", deadline=None)
settings.load_profile("unit")


@pytest.fixture
def faq_dir(tmp_path: Path) -> Path:
    """A directory ``faq`` with a small valid FAQ."""
    directory = tmp_path / "faq"
    directory.mkdir()
    for name, content in FAQ_FILES.items():
        (directory / name).write_text(content, "utf-8")
    return directory


@pytest.fixture(scope="session")
def real_faq() -> Faq:
    """The FAQ of the demo shop, as it is published."""
    return load_faq(ROOT / "faq")


@pytest.fixture(scope="session")
def demo_database(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A file with the demo shop, made once, and the conversation that is in it."""
    path = tmp_path_factory.mktemp("shop") / "shop.db"

    async def prepare() -> str:
        db = Database(f"sqlite+aiosqlite:///{path}")
        await schema.migrate(db)
        with clock.at(NOW):
            async with db.transaction() as session:
                await load_demo(session)
                conversation, _ = await start_conversation(session, "192.0.2.1", Reply("bonjour"))
        await db.close()
        return conversation.id

    return path, asyncio.run(prepare())


@pytest.fixture
async def services(tmp_path: Path, demo_database: tuple[Path, str], real_faq: Faq) -> AsyncIterator[Services]:
    """Real ones, on the demo shop."""
    shutil.copy(demo_database[0], tmp_path / "shop.db")
    db = Database(f"sqlite+aiosqlite:///{tmp_path}/shop.db")
    with clock.at(NOW):
        yield Services(Settings(), db, lambda: real_faq)
    await db.close()


@pytest.fixture
def chat(services: Services, demo_database: tuple[Path, str]) -> Chat:
    return Chat(services, demo_database[1])
