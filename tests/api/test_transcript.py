"""Asking for the transcript by e-mail, on each database."""

import asyncio
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from sqlalchemy import select

from guichet import clock
from guichet.conversations import Reply, append_replies, start_conversation
from guichet.db import Database
from guichet.mails import MAX_TRANSCRIPTS_PER_DAY, MAX_UNPROVED_PER_DAY, TooManyTranscripts, request_transcript
from guichet.models import MailKind, OutgoingMail
from guichet.settings import Settings
from tests.api.conftest import Service
from tests.api.test_attachments import PDF, error_of, service, uploader  # noqa: F401 - fixtures
from tests.api.test_attachments import Uploader as Client
from tests.api.test_attachments import token as token
from tests.api.test_mails import FACTS, mails
from tests.customer import Customer

EMAIL = "camille.fontaine@example.com"


def ask(client: Client, email: Any = EMAIL) -> httpx2.Response:
    return client.client.post("/chat/transcript", json={"email": email})


async def _mails(settings: Settings) -> list[OutgoingMail]:
    db = Database(settings.database_url)
    async with db.transaction() as session:
        found = list(await session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)))
    await db.close()
    return found


def test_the_conversation_is_mailed_with_the_names_of_its_attachments(customer: Customer, uploader: Client, settings: Settings) -> None:  # noqa: F811
    kept = [uploader.kept("étiquette.jpeg")["id"], uploader.kept("facture.pdf", PDF)["id"]]
    customer.send(type="message", id=str(uuid.uuid4()), text="", attachments=kept)
    customer.message_of("bot")
    response = ask(uploader, f" {EMAIL.upper()} ")
    assert (response.status_code, response.json()) == (202, {})
    assert ask(uploader).status_code == 202, "with nothing new it is the same mail"
    (mail,) = asyncio.run(_mails(settings))
    assert (mail.kind, mail.recipient, mail.attachment_id) == (MailKind.TRANSCRIPT, EMAIL, None)
    text = mail.text.replace("\u00a0", " ")
    assert "- Pièce jointe : étiquette.jpg\n- Pièce jointe : facture.pdf" in text
    assert "étiquette.jpg" in mail.html


@pytest.mark.parametrize("email", ["camille", "", "a@example.com, b@example.com", "a@example.com\nBcc: b@example.com", None, 3, ["a@example.com"]])
def test_anything_but_an_address_is_refused(uploader: Client, settings: Settings, email: Any) -> None:  # noqa: F811
    response = ask(uploader, email)
    assert error_of(response, 422) == "invalid_request"
    assert "camille@example.com" in response.json()["detail"]
    assert asyncio.run(_mails(settings)) == []


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'"email"', b"\xff", b"[" * 3000, b'{"email": "' + b"a" * 5000 + b'@example.com"}'])
def test_an_ill_formed_body_is_refused(uploader: Client, body: bytes) -> None:  # noqa: F811
    assert error_of(uploader.client.post("/chat/transcript", content=body), 422) == "invalid_request"


def test_only_the_bearer_of_the_token_may(service: Service) -> None:  # noqa: F811
    for headers in ({}, {"Authorization": "Bearer wrong"}):
        response = httpx2.post(service.url + "/chat/transcript", json={"email": EMAIL}, headers=headers)
        assert error_of(response, 401) == "unknown_conversation"


def test_three_a_day_even_at_once(uploader: Client, settings: Settings) -> None:  # noqa: F811
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda number: ask(uploader, f"c{number}@example.com"), range(10)))
    assert Counter(answer.status_code for answer in answers) == {202: 3, 429: 7}
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert error_of(refused, 429) == "too_many_transcripts"
    assert len(asyncio.run(_mails(settings))) == 3


async def test_three_a_day_and_more_the_next_day(db: Database) -> None:
    async with db.transaction() as session:
        conversation, _ = await start_conversation(session, "192.0.2.1", Reply("Bonjour"))
        for number in range(MAX_TRANSCRIPTS_PER_DAY):
            await append_replies(session, conversation.id, [Reply(str(number))])
            await request_transcript(session, conversation, EMAIL, FACTS)
        await append_replies(session, conversation.id, [Reply("encore")])
        with pytest.raises(TooManyTranscripts):
            await request_transcript(session, conversation, EMAIL, FACTS)
        with clock.at(clock.now() + timedelta(days=1, minutes=1)):
            await request_transcript(session, conversation, EMAIL, FACTS)
        assert len(await mails(session)) == MAX_TRANSCRIPTS_PER_DAY + 1


async def test_no_address_is_flooded_through_many_conversations(db: Database) -> None:
    async with db.transaction() as session:
        for _ in range(MAX_UNPROVED_PER_DAY):
            conversation, _ = await start_conversation(session, "192.0.2.1", Reply("Bonjour"))
            await request_transcript(session, conversation, EMAIL, FACTS)
        conversation, _ = await start_conversation(session, "192.0.2.1", Reply("Bonjour"))
        with pytest.raises(TooManyTranscripts):
            await request_transcript(session, conversation, EMAIL, FACTS)
        await request_transcript(session, conversation, "somebody.else@example.com", FACTS)
        assert len(await mails(session)) == MAX_UNPROVED_PER_DAY + 1
