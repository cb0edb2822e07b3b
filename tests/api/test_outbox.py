"""The outbox and its delivery, with a real SMTP server and on each database."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import select

from guichet import clock
from guichet.attachments import store_file
from guichet.conversations import Reply, start_conversation
from guichet.db import Database
from guichet.mail_delivery import MailDelivery, Sender
from guichet.models import Author, MailKind, MailState, OutgoingMail
from guichet.outbox import MAX_ATTEMPTS, Mail, claim_mail, count_by_state, enqueue, mark_sent, retry_failed
from guichet.settings import Settings
from tests.api.smtp_server import Postbox, free_port, listening

LATER = timedelta(hours=1)


def mail(key: str = "1", **fields: str) -> Mail:
    values = {"recipient": "camille@example.com", "subject": "Votre dossier : reçu", "text": "Élégant\n", "html": "<p>Élégant</p>"}
    return Mail(dedup_key=key, kind=MailKind.CASE_RECEIPT, **(values | fields))


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def sender(port: int) -> Sender:
    settings = Settings(smtp_url=f"smtp://127.0.0.1:{port}", mail_from="Boutique Élan <sav@example.com>", public_url="https://chat.example.com")
    made = Sender.of(settings)
    assert made is not None
    return made


@pytest.fixture
def postbox() -> Postbox:
    return Postbox()


@pytest.fixture
def server(postbox: Postbox, port: int) -> Iterator[Postbox]:
    with listening(postbox, port):
        yield postbox


async def _write(db: Database, *mails: Mail) -> None:
    async with db.transaction() as session:
        for each in mails:
            await enqueue(session, each)


async def _rows(db: Database) -> list[OutgoingMail]:
    async with db.transaction() as session:
        return list(await session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)))


async def test_a_mail_is_sent_with_both_forms_and_a_french_subject(db: Database, sender: Sender, server: Postbox) -> None:
    await _write(db, mail())
    await MailDelivery(db, sender).send_due()
    (message,) = server.taken
    assert message["Subject"] == "Votre dossier : reçu"
    assert message["From"].addresses[0].display_name == "Boutique Élan"
    assert message["To"] == "camille@example.com"
    assert message["Auto-Submitted"] == "auto-generated"
    assert "List-Unsubscribe" not in message
    assert message.get_content_type() == "multipart/alternative"
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().strip() == "Élégant"
    assert html.get_content().strip() == "<p>Élégant</p>"
    (row,) = await _rows(db)
    assert (row.state, row.attempts, row.last_error) == (MailState.SENT, 1, None)
    assert row.sent_at is not None
    assert message["Message-ID"] == f"<{row.uid}@example.com>"
    assert server.senders == ["sav@example.com"]


async def test_two_deliveries_at_once_send_each_mail_once(db: Database, sender: Sender, server: Postbox) -> None:
    server.delay_s = 0.01
    await _write(db, *(mail(str(number), recipient=f"c{number}@example.com") for number in range(20)))
    await asyncio.gather(*(MailDelivery(db, sender).send_due() for _ in range(2)))
    assert sorted(server.recipients) == sorted(f"c{number}@example.com" for number in range(20))
    assert {row.attempts for row in await _rows(db)} == {1}


async def test_a_temporary_refusal_is_tried_again_later_with_the_same_message_id(db: Database, sender: Sender, server: Postbox) -> None:
    server.answers = ["451 later"]
    await _write(db, mail())
    delivery = MailDelivery(db, sender)
    await delivery.send_due()
    (row,) = await _rows(db)
    assert (row.state, row.last_error) == (MailState.WAITING, "SMTPDataError: (451, 'later')")
    await delivery.send_due()
    assert server.offered == 1, "not before its time"
    with clock.at(clock.now() + LATER):
        await delivery.send_due()
    (row,) = await _rows(db)
    assert (row.state, row.attempts, row.last_error) == (MailState.SENT, 2, None)
    assert server.taken[0]["Message-ID"] == f"<{row.uid}@example.com>"


@pytest.mark.parametrize("where", ["recipient", "data"])
async def test_a_refusal_for_good_is_given_up_with_its_error_and_stops_nobody(db: Database, sender: Sender, server: Postbox, where: str) -> None:
    if where == "recipient":
        server.rcpt_answers["nobody@example.com"] = "550 no such mailbox"
    else:
        server.answers = ["554 unwanted"]
    await _write(db, mail("1", recipient="nobody@example.com"), mail("2"))
    await MailDelivery(db, sender).send_due()
    refused, sent = await _rows(db)
    assert refused.state is MailState.FAILED
    assert refused.last_error is not None
    assert "55" in refused.last_error
    assert sent.state is MailState.SENT
    with clock.at(clock.now() + LATER):
        await MailDelivery(db, sender).send_due()
    assert len(server.taken) == 1
    async with db.transaction() as session:
        assert (await count_by_state(session))[MailState.FAILED] == 1
        assert await retry_failed(session) == 1
    server.rcpt_answers.clear()
    await MailDelivery(db, sender).send_due()
    assert len(server.taken) == 2


async def test_a_server_that_is_down_loses_nothing(db: Database, sender: Sender, postbox: Postbox, port: int) -> None:
    await _write(db, mail("1"), mail("2"))
    delivery = MailDelivery(db, sender)
    await delivery.send_due()
    first, second = await _rows(db)
    assert (first.state, second.state) == (MailState.WAITING, MailState.WAITING)
    assert first.last_error is not None
    assert "SMTPConnectError" in first.last_error
    assert second.attempts == 0, "the server is left alone"
    with listening(postbox, port), clock.at(clock.now() + LATER):
        await delivery.send_due()
    assert len(postbox.taken) == 2


async def test_a_mail_that_never_goes_is_given_up_in_the_end(db: Database, sender: Sender) -> None:
    await _write(db, mail())
    instant = clock.now()
    for _ in range(MAX_ATTEMPTS):
        instant += LATER
        with clock.at(instant):
            await MailDelivery(db, sender).send_due()
    (row,) = await _rows(db)
    assert (row.state, row.attempts) == (MailState.FAILED, MAX_ATTEMPTS)


async def test_the_loop_sends_by_itself_and_stops(db: Database, sender: Sender, server: Postbox) -> None:
    delivery = MailDelivery(db, sender)
    delivery.start()
    try:
        await _write(db, mail())
        assert await asyncio.to_thread(server.has_taken.wait, 10)
    finally:
        await delivery.stop()
    assert (await _rows(db))[0].state is MailState.SENT


async def test_a_mail_of_a_process_that_stopped_is_taken_up_and_the_late_one_changes_nothing(db: Database) -> None:
    await _write(db, mail())
    async with db.transaction() as session:
        lost = await claim_mail(session, 60)
        assert lost is not None
    async with db.transaction() as session:
        assert await claim_mail(session, 60) is None
    with clock.at(clock.now() + LATER):
        async with db.transaction() as session:
            assert await claim_mail(session, 60) is not None
        async with db.transaction() as session:
            await mark_sent(session, lost)
    (row,) = await _rows(db)
    assert (row.state, row.attempts) == (MailState.WAITING, 2)


async def test_the_same_key_twice_is_one_mail_even_at_once(db: Database) -> None:
    async def write() -> bool:
        async with db.transaction() as session:
            return await enqueue(session, mail())

    assert sorted(await asyncio.gather(*(write() for _ in range(10)))) == [False] * 9 + [True]
    assert len(await _rows(db)) == 1


async def test_a_transaction_rolled_back_leaves_no_mail(db: Database) -> None:
    async def write_and_fail() -> None:
        async with db.transaction() as session:
            assert await enqueue(session, mail())
            raise LookupError

    with pytest.raises(LookupError):
        await write_and_fail()
    assert await _rows(db) == []


async def test_no_subject_adds_a_header(db: Database, sender: Sender, server: Postbox) -> None:
    await _write(db, mail(subject="Bonjour\r\nBcc: victim@example.com\u2028X-Other: 1"))
    await MailDelivery(db, sender).send_due()
    (message,) = server.taken
    assert message["Bcc"] is None
    assert message["X-Other"] is None
    assert message["Subject"] == "Bonjour Bcc: victim@example.com X-Other: 1"
    assert server.recipients == ["camille@example.com"]


@pytest.mark.parametrize(
    "recipient", ["", "+33 6 39 98 01 42", "a@example.com, b@example.com", "a@example.com\nBcc: b@example.com", "A <a@example.com>"]
)
def test_a_recipient_is_one_address(recipient: str) -> None:
    with pytest.raises(ValueError, match="one e-mail address"):
        mail(recipient=recipient)


async def test_a_mail_carries_its_file(db: Database, sender: Sender, server: Postbox) -> None:
    slip = b"%PDF-1.7\n" + bytes(range(256)) * 400
    async with db.transaction() as session:
        conversation, _ = await start_conversation(session, "192.0.2.1", Reply("Bonjour"))
        kept = await store_file(session, conversation.id, "Bon de retour n° 1 – étiquette.pdf", "application/pdf", slip, Author.BOT)
        await enqueue(session, replace(mail("1"), attachment_id=kept.id))
        await enqueue(session, mail("2"))
    await MailDelivery(db, sender).send_due()
    with_file, without = server.taken
    assert with_file.get_content_type() == "multipart/mixed"
    (part,) = with_file.iter_attachments()
    assert (part.get_content_type(), part.get_filename()) == ("application/pdf", "Bon de retour n° 1 – étiquette.pdf")
    assert isinstance(part, EmailMessage)
    assert part.get_content() == slip
    text, html = with_file.get_body(("plain",)), with_file.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().strip() == "Élégant"
    assert without.get_content_type() == "multipart/alternative"
