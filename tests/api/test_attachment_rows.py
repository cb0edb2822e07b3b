"""Attachments in the database: which message and which case they belong to, and how few queries that takes, on each database."""

import asyncio
import io
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import event, func, inspect, select
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.ext.asyncio import AsyncSession

from guichet.attachments import (
    IdInUse,
    UnknownAttachment,
    add_attachment,
    attach_to_case,
    attachment_of,
    of_case,
    store_file,
    unclaimed,
)
from guichet.cases import CaseRequest, open_case
from guichet.conversations import Reply, add_customer_message, append_replies, events_after, start_conversation
from guichet.db import Database
from guichet.faq_files import load_facts
from guichet.models import Attachment, Author, CaseMotive, SavCase
from tests.conftest import ROOT

FACTS = load_facts(ROOT / "faq")
PDF = b"%PDF-1.7\n%%EOF\n"


async def conversation_in(session: AsyncSession) -> str:
    conversation, _ = await start_conversation(session, "192.0.2.1", Reply("Bonjour"))
    return conversation.id


async def added(session: AsyncSession, conversation: str, name: str = "a.pdf", **fields: Any) -> Attachment:
    attachment, is_new = await add_attachment(session, conversation, str(uuid.uuid4()), name, PDF, **fields)
    assert is_new
    return attachment


async def sent(session: AsyncSession, conversation: str, *attachments: Attachment, text: str = "") -> None:
    await add_customer_message(session, conversation, str(uuid.uuid4()), text=text, attachment_ids=[each.id for each in attachments])


async def case_in(session: AsyncSession, conversation: str, description: str = "cassé") -> SavCase:
    return await open_case(session, CaseRequest(conversation, CaseMotive.DAMAGED, description, "+33 6 39 98 01 42"), FACTS)


@contextmanager
def counted(db: Database) -> Iterator[list[str]]:
    """The statements executed in a ``with`` block."""
    statements: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        statements.append(statement)

    event.listen(db.engine.sync_engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(db.engine.sync_engine, "before_cursor_execute", note)


async def test_what_is_sent_is_unclaimed_until_a_case_has_it(db: Database) -> None:
    async with db.transaction() as session:
        conversation, elsewhere = await conversation_in(session), await conversation_in(session)
        first, second, third, unsent = [await added(session, conversation, f"{name}.pdf") for name in "abcd"]
        await sent(session, elsewhere, await added(session, elsewhere))
        await sent(session, conversation, third, first)
        await sent(session, conversation, second, text="et celle-ci")
        await store_file(session, conversation, "bon.pdf", "application/pdf", PDF, Author.BOT)
    async with db.transaction() as session:
        case = await case_in(session, elsewhere)
        assert [each.name for each in await of_case(session, case.id)] == ["a.pdf"], "a new case takes what was sent where it is opened"
        found = await unclaimed(session, conversation)
        assert [each.name for each in found] == ["c.pdf", "a.pdf", "b.pdf"]
        assert await attach_to_case(session, case.id, found[:2]) == 2
        assert [each.id for each in await unclaimed(session, conversation)] == [second.id]
    async with db.transaction() as session:
        other = await case_in(session, conversation, "autre chose")
        assert await attach_to_case(session, other.id, found) == 0, "what a case has is not taken from it"
        assert await attach_to_case(session, other.id, []) == 0
        assert sorted(each.name for each in await of_case(session, case.id)) == ["a.pdf", "a.pdf", "c.pdf"]
        assert [each.name for each in await of_case(session, other.id)] == ["b.pdf"]
        assert await unclaimed(session, conversation) == []
        assert (await attachment_of(session, conversation, unsent.id) or unsent).case_id is None


async def test_an_upload_rolled_back_leaves_nothing(db: Database) -> None:
    async with db.transaction() as session:
        conversation = await conversation_in(session)

    async def add_and_fail() -> None:
        async with db.transaction() as session:
            await added(session, conversation)
            raise LookupError

    with pytest.raises(LookupError):
        await add_and_fail()
    async with db.transaction() as session:
        assert await session.scalar(select(func.count()).select_from(Attachment)) == 0


async def test_a_sixth_unsent_file_takes_the_place_of_the_oldest(db: Database) -> None:
    async with db.transaction() as session:
        conversation = await conversation_in(session)
        kept = [(await added(session, conversation)).id for _ in range(7)]
        await added(session, conversation, author=Author.AGENT)
        found = await session.scalars(select(Attachment.id).where(Attachment.author == Author.CUSTOMER))
        assert set(found) == set(kept[2:])


async def test_a_message_with_a_foreign_file_is_not_stored_and_its_number_is_free_again(db: Database) -> None:
    async with db.transaction() as session:
        conversation, elsewhere = await conversation_in(session), await conversation_in(session)
        mine, theirs = (await added(session, conversation)).id, (await added(session, elsewhere)).id
        with pytest.raises(UnknownAttachment):
            await add_customer_message(session, conversation, "1", attachment_ids=[mine, theirs])
        with pytest.raises(IdInUse):
            await add_attachment(session, conversation, theirs, "a.pdf", PDF)
    async with db.transaction() as session:
        assert [each.seq for each in await events_after(session, conversation, 0)] == [1]
        await add_customer_message(session, conversation, "1", attachment_ids=[mine])
        assert [each.seq for each in await events_after(session, conversation, 0)] == [1, 2]


async def test_the_same_message_at_once_is_one_with_its_attachments(db: Database) -> None:
    ident = str(uuid.uuid4())
    async with db.transaction() as session:
        conversation = await conversation_in(session)
        attachment = await added(session, conversation)

    async def send() -> int:
        async with db.transaction() as session:
            return (await add_customer_message(session, conversation, ident, attachment_ids=[attachment.id])).seq

    assert set(await asyncio.gather(*(send() for _ in range(4)))) == {2}
    async with db.transaction() as session:
        assert [each.event_seq for each in await unclaimed(session, conversation)] == [2]


async def test_events_come_with_their_attachments_in_two_queries_and_without_content(db: Database) -> None:
    async with db.transaction() as session:
        conversation = await conversation_in(session)
        for number in range(12):
            await sent(session, conversation, *[await added(session, conversation, f"{number}-{rank}.pdf") for rank in range(2)])
            await append_replies(session, conversation, [Reply("Bien reçu")])
            if number == 4:
                break
        fresh = await events_after(session, conversation, 1)
        assert [len(each.attachments) for each in fresh] == [2, 0] * 5
    with counted(db) as statements:
        async with db.transaction() as session:
            events = await events_after(session, conversation, 1)
            names = [[each.name for each in event.attachments] for event in events]
            with pytest.raises(InvalidRequestError, match="content"):
                _ = events[0].attachments[0].content
    assert names == [part for number in range(5) for part in ([f"{number}-0.pdf", f"{number}-1.pdf"], [])]
    queries = [statement for statement in statements if statement.startswith("SELECT")]
    assert len(queries) == 2
    assert not any("attachments.content" in query for query in queries)


async def test_our_files_have_a_safe_name_and_their_size(db: Database) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (30, 20)).save(picture, "PNG")
    async with db.transaction() as session:
        conversation = await conversation_in(session)
        plan = await store_file(session, conversation, "plan/d’accès", "image/png", picture.getvalue(), Author.AGENT)
        slip = await store_file(session, conversation, "Bon de retour RET-2026-000001", "application/pdf", PDF, Author.BOT)
        with pytest.raises(ValueError, match="text/html"):
            await store_file(session, conversation, "page", "text/html", b"<p>", Author.BOT)
    assert (plan.name, plan.width, plan.height) == ("d’accès.png", 30, 20)
    assert (slip.name, slip.width, slip.size) == ("Bon de retour RET-2026-000001.pdf", None, len(PDF))
    assert "content" not in inspect(slip).unloaded
    async with db.transaction() as session:
        fetched = await attachment_of(session, conversation, slip.id, with_content=True)
        assert fetched is not None
        assert fetched.content == PDF
        assert await attachment_of(session, await conversation_in(session), slip.id) is None


async def test_agents_send_files_too(db: Database) -> None:
    async with db.transaction() as session:
        conversation = await conversation_in(session)
        notice = await added(session, conversation, "notice.pdf", author=Author.AGENT)
        await append_replies(session, conversation, [Reply("Voici la notice.", attachments=[notice.id])], Author.AGENT)
        (said,) = await events_after(session, conversation, 1)
        assert (said.author, [each.name for each in said.attachments]) == (Author.AGENT, ["notice.pdf"])
        assert await unclaimed(session, conversation) == []
