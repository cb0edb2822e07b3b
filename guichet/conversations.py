"""Conversations: who may join one, and the numbered events that are their only truth.

Every event takes the conversation's next ``seq`` inside the transaction that stores it; nothing is acknowledged or pushed before the commit.
"""

import hashlib
import hmac
import json
import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload, selectinload

from guichet import clock
from guichet.attachments import MAX_UNSENT, TooManyAttachments, UnknownAttachment, put_into_message
from guichet.masking import mask_payment_data
from guichet.models import Author, CaseQueue, Conversation, ConversationEvent, ConversationState, HandoverReason, TurnState

INTERNAL = "guichet:"
"""What the payload of a button begins with that guichet itself carries out; it never reaches Rasa."""

log = logging.getLogger(__name__)


class ConversationError(Exception):
    """A customer's frame cannot be carried out.

    ConversationError
    ├── UnknownChoice        the button is not of this conversation
    ├── TooManyPending       too many messages wait for an answer
    └── ConversationClosed   the conversation is over
    """


class UnknownChoice(ConversationError):  # noqa: N818
    """The button does not belong to the conversation."""


class TooManyPending(ConversationError):  # noqa: N818
    """Too many messages wait for an answer."""


class ConversationClosed(ConversationError):  # noqa: N818
    """The conversation is over."""


Choice = tuple[str, str] | tuple[str, str, str]
"""A button: label, payload, and perhaps a pattern of other ways to say it (``guichet.spoken_choices``)."""


@dataclass(frozen=True)
class PersonWanted:
    """The bot's wish that a person takes over."""

    reason: HandoverReason
    team: CaseQueue | None = None


@dataclass(frozen=True)
class Reply:
    """Something the bot says, before it is stored.

    The payloads of ``choices`` stay on the server, the customer gets an opaque id. With ``person`` the conversation
    goes to the queue in the transaction that stores the answer.
    """

    text: str
    more: str | None = None
    choices: Sequence[Choice] = ()
    cards: Sequence[dict[str, Any]] = field(default_factory=tuple)
    degraded: bool = False
    attachments: Sequence[str] = ()
    """Ids of files kept with ``attachments.store_file``, each sent once."""
    person: PersonWanted | None = None


async def start_conversation(session: AsyncSession, address: str, greeting: Reply) -> tuple[Conversation, str]:
    """Begin a conversation with its greeting.

    Args:
        address: the client's network address; only a hash is kept, to limit attempts.

    Returns:
        The conversation and its token, which is never stored.
    """
    token = secrets.token_urlsafe(32)
    conversation = Conversation(token_hash=_hash(token), address_hash=_hash(address))
    session.add(conversation)
    await session.flush()
    await append_replies(session, conversation.id, [greeting])
    await session.refresh(conversation)
    return conversation, token


async def conversation_by_token(session: AsyncSession, token: str) -> Conversation | None:
    """The conversation this token opens, or None."""
    digest = _hash(token)
    conversation = await session.scalar(select(Conversation).where(Conversation.token_hash == digest))
    if conversation is None or not hmac.compare_digest(conversation.token_hash, digest):
        return None
    return conversation


async def events_after(session: AsyncSession, conversation_id: str, seq: int) -> list[ConversationEvent]:
    """The events after ``seq``, in order, with their attachments and the accounts of agents."""
    query = (
        select(ConversationEvent)
        .options(selectinload(ConversationEvent.attachments))
        .where(ConversationEvent.conversation_id == conversation_id, ConversationEvent.seq > seq)
        .order_by(ConversationEvent.seq)
        .options(joinedload(ConversationEvent.account))
    )
    return list(await session.scalars(query))


async def locked_conversation(session: AsyncSession, conversation_id: str) -> Conversation | None:
    """The conversation as it is now, unchanged by others until the transaction ends."""
    query = select(Conversation).where(Conversation.id == conversation_id).with_for_update()
    return await session.scalar(query.execution_options(populate_existing=True))


async def add_customer_message(
    session: AsyncSession,
    conversation_id: str,
    client_id: str,
    *,
    text: str = "",
    choice_id: str | None = None,
    attachment_ids: Sequence[str] = (),
    max_pending: int = 10,
) -> ConversationEvent:
    """Store what the customer wrote, pressed or sent, once: the same ``client_id`` again gives back the stored event.

    Attachments without a text reach the dialogue as ``/inform{"photos": "2"}``; beside a text, the text does.

    Raises:
        UnknownChoice, TooManyPending, ConversationClosed
        UnknownAttachment, TooManyAttachments: from ``guichet.attachments``.
    """
    known = await event_by_id(session, conversation_id, client_id)
    if known is not None:
        return known
    try:
        async with session.begin_nested():
            return await _insert_customer_message(session, conversation_id, client_id, text, choice_id, attachment_ids, max_pending)
    except IntegrityError:  # the same message through another socket, a moment earlier
        known = await event_by_id(session, conversation_id, client_id)
        if known is None:
            raise
        return known


async def _insert_customer_message(
    session: AsyncSession,
    conversation_id: str,
    client_id: str,
    text: str,
    choice_id: str | None,
    attachment_ids: Sequence[str],
    max_pending: int,
) -> ConversationEvent:
    if len(attachment_ids) > MAX_UNSENT:
        raise TooManyAttachments
    conversation = await locked_conversation(session, conversation_id)
    if conversation is None or conversation.state is ConversationState.CLOSED:
        raise ConversationClosed
    if await _pending_count(session, conversation_id) >= max_pending:
        raise TooManyPending
    payload = None
    if attachment_ids and not text:
        payload = f"/inform{json.dumps({'photos': str(len(set(attachment_ids)))})}"
    if choice_id is not None:
        text, payload = await _offered(session, conversation_id, choice_id)
    for_bot = conversation.state is ConversationState.BOT and not (payload or "").startswith(INTERNAL)
    event = await append_event(
        session,
        conversation_id,
        Author.CUSTOMER,
        id=client_id,
        text=mask_payment_data(text),
        payload=payload,
        turn=TurnState.PENDING if for_bot else TurnState.NONE,
    )
    # after the event: the same message a second time must be known by its id, not by that of its files
    if await put_into_message(session, conversation_id, event.seq, attachment_ids, of_customer=True):
        raise UnknownAttachment
    conversation.last_customer_at = event.at
    if conversation.state in (ConversationState.WAITING, ConversationState.HUMAN) and conversation.waiting_since is None:
        conversation.waiting_since = event.at
    return event


async def append_event(session: AsyncSession, conversation_id: str, author: Author, **fields: Any) -> ConversationEvent:
    """Store an event with the next ``seq``."""
    event = ConversationEvent(
        conversation_id=conversation_id,
        seq=await _next_seq(session, conversation_id),
        author=author,
        **({"at": clock.now(), "choices": [], "cards": []} | fields),
    )
    session.add(event)
    await session.flush()
    return event


async def append_replies(
    session: AsyncSession, conversation_id: str, replies: Sequence[Reply], author: Author = Author.BOT
) -> list[ConversationEvent]:
    """Store replies in order, each with the next ``seq`` and its files."""
    events = []
    for reply in replies:
        event = await append_event(
            session,
            conversation_id,
            author,
            text=reply.text,
            more=reply.more,
            choices=[{"id": f"c_{secrets.token_urlsafe(12)}", **_stored(choice)} for choice in reply.choices],
            cards=list(reply.cards),
            degraded=reply.degraded,
        )
        events.append(event)
        missing = await put_into_message(session, conversation_id, event.seq, reply.attachments, of_customer=False)
        if missing:  # what is said is not lost for that
            log.error("conversation %s: files %s of a reply are not there to be sent", conversation_id, ", ".join(missing))
    return events


def _stored(choice: Choice) -> dict[str, str]:
    return dict(zip(("label", "payload", "said"), choice, strict=False))


async def _offered(session: AsyncSession, conversation_id: str, choice_id: str) -> tuple[str, str]:
    """Label and payload of a button of this conversation."""
    query = (
        select(ConversationEvent)
        .where(ConversationEvent.conversation_id == conversation_id, ConversationEvent.author.in_((Author.BOT, Author.SYSTEM)))
        .order_by(ConversationEvent.seq.desc())
        .limit(50)
    )
    for event in await session.scalars(query):
        for choice in event.choices:
            if choice["id"] == choice_id:
                return choice["label"], choice["payload"]
    raise UnknownChoice


async def _next_seq(session: AsyncSession, conversation_id: str) -> int:
    statement = (
        update(Conversation)
        .where(Conversation.id == conversation_id)
        .values(last_seq=Conversation.last_seq + 1)
        .returning(Conversation.last_seq)
        .execution_options(synchronize_session=False)
    )
    return int((await session.execute(statement)).scalar_one())


async def _pending_count(session: AsyncSession, conversation_id: str) -> int:
    query = (
        select(func.count())
        .select_from(ConversationEvent)
        .where(ConversationEvent.conversation_id == conversation_id, ConversationEvent.turn == TurnState.PENDING)
    )
    return await session.scalar(query) or 0


async def event_by_id(session: AsyncSession, conversation_id: str, event_id: str) -> ConversationEvent | None:
    """The event of this id, or None."""
    query = select(ConversationEvent).where(ConversationEvent.conversation_id == conversation_id, ConversationEvent.id == event_id)
    return await session.scalar(query)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
