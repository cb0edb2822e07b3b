"""The running service sends what is written while it runs, and the command tells where mails stand."""

import asyncio
from pathlib import Path

import pytest
from typer.testing import CliRunner

from guichet import cli, schema
from guichet.app import create_app
from guichet.db import Database
from guichet.mail_delivery import MailDelivery, MailSettingsError, Sender
from guichet.models import MailKind
from guichet.outbox import Mail, enqueue
from guichet.settings import Settings
from tests.api.conftest import FakeRasa, serve
from tests.api.smtp_server import Postbox, free_port, listening
from tests.conftest import ROOT

MAIL = Mail("1", MailKind.CASE_RECEIPT, "camille@example.com", "Votre dossier", "Bonjour\n", "<p>Bonjour</p>")


def _settings(directory: Path, port: int, **fields: str | None) -> Settings:
    values: dict[str, str | None] = {
        "database_url": f"sqlite+aiosqlite:///{directory}/guichet.db",
        "smtp_url": f"smtp://127.0.0.1:{port}",
        "mail_from": "sav@example.com",
        "public_url": "https://chat.example.com",
    }
    return Settings(faq_dir=ROOT / "faq", **(values | fields))


async def _write(settings: Settings) -> None:
    db = Database(settings.database_url)
    await schema.migrate(db)
    async with db.transaction() as session:
        await enqueue(session, MAIL)
    await db.close()


def test_the_service_sends_mails(tmp_path: Path) -> None:
    postbox, port = Postbox(), free_port()
    settings = _settings(tmp_path, port)
    asyncio.run(_write(settings))
    with listening(postbox, port), serve(create_app(settings, FakeRasa())):
        assert postbox.has_taken.wait(10)
    assert postbox.recipients == ["camille@example.com"]


def test_the_service_does_not_start_with_half_the_settings(tmp_path: Path) -> None:
    with pytest.raises(MailSettingsError):
        create_app(_settings(tmp_path, 25, mail_from=None), FakeRasa())


async def _refuse(settings: Settings, port: int) -> None:
    postbox, sender = Postbox(), Sender.of(settings)
    assert sender is not None
    postbox.answers = ["554 unwanted"]
    db = Database(settings.database_url)
    with listening(postbox, port):
        await MailDelivery(db, sender).send_due()
    await db.close()


def test_the_command_tells_where_mails_stand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    port = free_port()
    settings = _settings(tmp_path, port)
    monkeypatch.setattr(cli, "get_settings", lambda: settings)
    asyncio.run(_write(settings))
    assert "1 en attente" in CliRunner().invoke(cli.app, ["mails"]).output
    asyncio.run(_refuse(settings, port))
    told = CliRunner().invoke(cli.app, ["mails"]).output
    assert "1 abandonné" in told
    assert "n° 1 (case_receipt, tentatives : 1) SMTPDataError: (554, 'unwanted')" in told
    assert "1 en attente" in CliRunner().invoke(cli.app, ["mails", "--retry"]).output
