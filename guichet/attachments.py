"""Attachments: photos and documents of a conversation, kept in the database with their content, which is read only when it is asked for."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import undefer

from guichet.db import insert_if_missing
from guichet.files import EXTENSIONS, File, FileError, clean_name, read_file
from guichet.models import Attachment, Author, Conversation, ConversationEvent, ConversationState
from guichet.pictures import MAX_PIXELS, size_of

MAX_BYTES = 10 * 2**20
"""Largest file taken from outside, in bytes."""
MAX_UNSENT = 5
"""Files of one author that wait to be sent in a message, the oldest making room for a new one, and that one message may carry."""
MAX_PER_CONVERSATION = 30
"""Files that one author has sent in a conversation."""
LIMITS = {"unsent": MAX_UNSENT, "total": MAX_PER_CONVERSATION, "megabytes": MAX_BYTES // 2**20, "megapixels": MAX_PIXELS // 1_000_000}
"""The same, for texts."""
_READERS = ThreadPoolExecutor(2, "pictures")
"""Few, whatever is sent at once: one of 50 megapixels takes 100 (JPEG) to 800 MB (WebP) while it is decoded."""


class AttachmentError(FileError):
    """A file, or a reference to one, is not taken.

    FileError                   (guichet/files.py)
    ├── UnsupportedFile         neither a picture nor a PDF
    │   └── HeicFile            Apple's format: the customer can be told what to do
    ├── UnreadableFile          empty or damaged, or with too many pixels
    └── AttachmentError
        ├── AttachmentTooLarge  more than MAX_BYTES
        ├── TooManyAttachments  in the conversation or in the message
        ├── UnknownAttachment   not of this conversation and author, or sent already
        ├── IdInUse             the id is that of another conversation's file
        └── ConversationOver    the conversation is closed
    """


class AttachmentTooLarge(AttachmentError):  # noqa: N818
    """More than ``MAX_BYTES``."""


class TooManyAttachments(AttachmentError):  # noqa: N818
    """Too many in the conversation or in the message."""


class UnknownAttachment(AttachmentError):  # noqa: N818
    """Not of this conversation and author, or sent already."""


class IdInUse(AttachmentError):  # noqa: N818
    """The id is that of another conversation's file."""


class ConversationOver(AttachmentError):  # noqa: N818
    """The conversation is closed."""


async def add_attachment(
    session: AsyncSession, conversation_id: str, attachment_id: str, name: str, content: bytes, author: Author = Author.CUSTOMER
) -> tuple[Attachment, bool]:
    """Take a file from outside, once: the same id again gives the stored one.

    The file is read before the session is used for anything: called first in a transaction, it holds no lock meanwhile.

    Returns:
        The attachment, and whether it is new.

    Raises:
        UnsupportedFile, HeicFile, UnreadableFile, AttachmentTooLarge, TooManyAttachments, IdInUse, ConversationOver
    """
    if len(content) > MAX_BYTES:
        raise AttachmentTooLarge
    file = await asyncio.get_running_loop().run_in_executor(_READERS, read_file, name, content)
    await _lock(session, conversation_id)
    known = await attachment_of(session, conversation_id, attachment_id)
    if known is not None:
        return known, False
    await check_room(session, conversation_id, author)
    await _drop_forsaken(session, conversation_id, author)
    if not await insert_if_missing(session, Attachment.id, id=attachment_id, **_values(conversation_id, file, author)):
        raise IdInUse
    return (await session.scalars(_attachments(conversation_id).where(Attachment.id == attachment_id))).one(), True


async def store_file(session: AsyncSession, conversation_id: str, name: str, media_type: str, content: bytes, author: Author) -> Attachment:
    """Keep a file that we have made, to be sent in a reply (``Reply.attachments``) or a mail.

    Raises:
        ValueError: ``media_type`` is none of ``guichet.files.EXTENSIONS``.
    """
    if media_type not in EXTENSIONS:
        raise ValueError(f"expected one of {', '.join(EXTENSIONS)}, got {media_type}")
    width, height = size_of(content) if media_type.startswith("image/") else (None, None)
    attachment = Attachment(**_values(conversation_id, File(clean_name(name, media_type), media_type, content, width, height), author))
    session.add(attachment)
    await session.flush()
    return attachment


async def attachment_of(session: AsyncSession, conversation_id: str, attachment_id: str, *, with_content: bool = False) -> Attachment | None:
    """An attachment of this conversation; None when there is none, or when it is another's."""
    query = _attachments(conversation_id).where(Attachment.id == attachment_id)
    return await session.scalar(query.options(undefer(Attachment.content)) if with_content else query)


async def check_room(session: AsyncSession, conversation_id: str, author: Author = Author.CUSTOMER) -> None:
    """Make sure that one more file may be kept.

    Raises:
        TooManyAttachments
    """
    query = select(func.count(Attachment.event_seq)).where(Attachment.conversation_id == conversation_id, Attachment.author == author)
    if (await session.scalar(query) or 0) >= MAX_PER_CONVERSATION:
        raise TooManyAttachments


async def _drop_forsaken(session: AsyncSession, conversation_id: str, author: Author) -> None:
    """Leave room for one more unsent file: the oldest ones were removed from the message being written, or lost with its page."""
    unsent = (
        select(Attachment.id)
        .where(Attachment.conversation_id == conversation_id, Attachment.author == author, Attachment.event_seq.is_(None))
        .order_by(Attachment.created_at.desc(), Attachment.id)
        .offset(MAX_UNSENT - 1)
    )
    forsaken = list(await session.scalars(unsent))
    await session.execute(delete(Attachment).where(Attachment.id.in_(forsaken)))


async def put_into_message(session: AsyncSession, conversation_id: str, seq: int, ids: Sequence[str], *, of_customer: bool) -> list[str]:
    """Send attachments with the message ``seq``, in this order.

    Returns:
        The ids that could not be: not of this conversation, sent already, or by the customer when they should be ours, and the reverse.
    """
    missing = []
    for position, attachment_id in enumerate(dict.fromkeys(ids)):
        statement = (
            update(Attachment)
            .where(
                Attachment.id == attachment_id,
                Attachment.conversation_id == conversation_id,
                Attachment.event_seq.is_(None),
                (Attachment.author == Author.CUSTOMER) if of_customer else (Attachment.author != Author.CUSTOMER),
            )
            .values(event_seq=seq, position=position)
            .returning(Attachment.id)
        )
        if (await session.execute(statement)).first() is None:
            missing.append(attachment_id)
    return missing


async def unclaimed(session: AsyncSession, conversation_id: str) -> list[Attachment]:
    """What the customer has sent in messages and no case has yet, in order."""
    query = _attachments(conversation_id).where(Attachment.author == Author.CUSTOMER, Attachment.event_seq.is_not(None), Attachment.case_id.is_(None))
    return list(await session.scalars(query))


async def sent_last(session: AsyncSession, conversation_id: str) -> int:
    """How many files the customer's latest message carries that no case has yet."""
    latest = (
        select(func.max(ConversationEvent.seq))
        .where(ConversationEvent.conversation_id == conversation_id, ConversationEvent.author == Author.CUSTOMER)
        .scalar_subquery()
    )
    query = select(func.count()).where(
        Attachment.conversation_id == conversation_id,
        Attachment.event_seq == latest,
        Attachment.case_id.is_(None),
        Attachment.author == Author.CUSTOMER,
    )
    return await session.scalar(query) or 0


async def attach_to_case(session: AsyncSession, case_id: int, attachments: Sequence[Attachment]) -> int:
    """Give attachments to a case, unless another has them; returns how many it got."""
    ids = [attachment.id for attachment in attachments]
    statement = update(Attachment).where(Attachment.id.in_(ids), Attachment.case_id.is_(None)).values(case_id=case_id).returning(Attachment.id)
    return len((await session.execute(statement)).all())


async def of_case(session: AsyncSession, case_id: int) -> list[Attachment]:
    """The attachments of a case, in order."""
    return list(await session.scalars(_in_order(select(Attachment).where(Attachment.case_id == case_id))))


async def _lock(session: AsyncSession, conversation_id: str) -> None:
    """Wait for whoever else changes this conversation, so that limits hold (SQLite's transactions wait for each other anyway)."""
    query = select(Conversation.state).where(Conversation.id == conversation_id).with_for_update(key_share=True)
    if await session.scalar(query) in (None, ConversationState.CLOSED):
        raise ConversationOver


def _values(conversation_id: str, file: File, author: Author) -> dict[str, object]:
    return {"conversation_id": conversation_id, "author": author, "size": len(file.content), **vars(file)}


def _attachments(conversation_id: str) -> Select[Attachment]:
    return _in_order(select(Attachment).where(Attachment.conversation_id == conversation_id))


def _in_order(query: Select[Attachment]) -> Select[Attachment]:
    return query.order_by(Attachment.event_seq, Attachment.position, Attachment.created_at, Attachment.id)
