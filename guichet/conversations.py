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
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from guichet import clock
from guichet.attachments import MAX_UNSENT, TooManyAttachments, UnknownAttachment, put_into_message
from guichet.masking import mask_payment_data
from guichet.models import Author, Conversation, ConversationEvent, ConversationState, TurnState

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


@dataclass(frozen=True)
class Reply:
    """Something the bot says, before it is stored.

    ``choices`` are ``(label, payload)``: the payload stays on the server, the customer gets an opaque id.
    """

    text: str
    more: str | None = None
    choices: Sequence[tuple[str, str]] = ()
    cards: Sequence[dict[str, Any]] = field(default_factory=tuple)
    degraded: bool = False
    attachments: Sequence[str] = ()
    """Ids of files kept with ``attachments.store_file``, each sent once."""


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
    """The events after ``seq``, in order, with their attachments."""
    query = (
        select(ConversationEvent)
        .options(selectinload(ConversationEvent.attachments))
        .where(ConversationEvent.conversation_id == conversation_id, ConversationEvent.seq > seq)
        .order_by(ConversationEvent.seq)
    )
    return list(await session.scalars(query))


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
    known = await _event_by_id(session, conversation_id, client_id)
    if known is not None:
        return known
    try:
        async with session.begin_nested():
            return await _insert_customer_message(session, conversation_id, client_id, text, choice_id, attachment_ids, max_pending)
    except IntegrityError:  # the same message through another socket, a moment earlier
        known = await _event_by_id(session, conversation_id, client_id)
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
    seq = await _next_seq(session, conversation_id)
    state = await session.scalar(select(Conversation.state).where(Conversation.id == conversation_id))
    if state is ConversationState.CLOSED:
        raise ConversationClosed
    if await _pending_count(session, conversation_id) >= max_pending:
        raise TooManyPending
    payload = None
    if attachment_ids and not text:
        payload = f"/inform{json.dumps({'photos': str(len(set(attachment_ids)))})}"
    if choice_id is not None:
        text, payload = await _offered(session, conversation_id, choice_id)
    event = ConversationEvent(
        conversation_id=conversation_id,
        seq=seq,
        id=client_id,
        author=Author.CUSTOMER,
        text=mask_payment_data(text),
        payload=payload,
        choices=[],
        cards=[],
        turn=TurnState.PENDING if state is ConversationState.BOT else TurnState.NONE,
    )
    session.add(event)
    await session.flush()  # before its attachments: the same message a second time must be known by its id, not by theirs
    if await put_into_message(session, conversation_id, seq, attachment_ids, of_customer=True):
        raise UnknownAttachment
    return event


async def append_replies(
    session: AsyncSession, conversation_id: str, replies: Sequence[Reply], author: Author = Author.BOT
) -> list[ConversationEvent]:
    """Store replies in order, each with the next ``seq``."""
    events = []
    for reply in replies:
        event = ConversationEvent(
            conversation_id=conversation_id,
            seq=await _next_seq(session, conversation_id),
            author=author,
            text=reply.text,
            more=reply.more,
            choices=[{"id": f"c_{secrets.token_urlsafe(12)}", "label": label, "payload": payload} for label, payload in reply.choices],
            cards=list(reply.cards),
            degraded=reply.degraded,
        )
        session.add(event)
        events.append(event)
        missing = await put_into_message(session, conversation_id, event.seq, reply.attachments, of_customer=False)
        if missing:  # what is said is not lost for that
            log.error("conversation %s: files %s of a reply are not there to be sent", conversation_id, ", ".join(missing))
    await session.flush()
    return events


async def next_pending(session: AsyncSession, conversation_id: str) -> ConversationEvent | None:
    """The oldest customer message that still waits for the bot."""
    query = (
        select(ConversationEvent)
        .where(
            ConversationEvent.conversation_id == conversation_id,
            ConversationEvent.turn == TurnState.PENDING,
        )
        .order_by(ConversationEvent.seq)
        .limit(1)
    )
    return await session.scalar(query)


async def settle_turn(session: AsyncSession, conversation_id: str, seq: int, replies: Sequence[Reply]) -> bool:
    """Mark a customer message as answered and store the answer, together.

    Returns:
        False, with nothing stored, when it had been answered already.
    """
    result = await session.execute(
        update(ConversationEvent)
        .where(
            ConversationEvent.conversation_id == conversation_id,
            ConversationEvent.seq == seq,
            ConversationEvent.turn == TurnState.PENDING,
        )
        .values(turn=TurnState.DONE)
        .returning(ConversationEvent.seq)
    )
    if result.first() is None:
        return False
    await append_replies(session, conversation_id, replies)
    return True


async def claim_turn(session: AsyncSession, conversation_id: str, holder: str, seconds: float) -> bool:
    """Become the only one who answers in this conversation, for ``seconds`` at most; False when another one is at it."""
    now = clock.now()
    result = await session.execute(
        update(Conversation)
        .where(
            Conversation.id == conversation_id,
            (Conversation.turn_holder.is_(None)) | (Conversation.turn_holder == holder) | (Conversation.turn_until < now),
        )
        .values(turn_holder=holder, turn_until=now + timedelta(seconds=seconds))
        .returning(Conversation.id)
    )
    return result.first() is not None


async def release_turn(session: AsyncSession, conversation_id: str, holder: str) -> None:
    """Let others answer again."""
    await session.execute(
        update(Conversation).where(Conversation.id == conversation_id, Conversation.turn_holder == holder).values(turn_holder=None, turn_until=None)
    )


async def waiting_for_bot(session: AsyncSession) -> list[str]:
    """Conversations with an unanswered message that nobody is at: left behind by a process that stopped."""
    query = (
        select(ConversationEvent.conversation_id)
        .join(Conversation, Conversation.id == ConversationEvent.conversation_id)
        .where(
            ConversationEvent.turn == TurnState.PENDING,
            (Conversation.turn_holder.is_(None)) | (Conversation.turn_until < clock.now()),
        )
        .distinct()
    )
    return list(await session.scalars(query))


async def _offered(session: AsyncSession, conversation_id: str, choice_id: str) -> tuple[str, str]:
    """Label and payload of a button of this conversation."""
    query = (
        select(ConversationEvent)
        .where(ConversationEvent.conversation_id == conversation_id, ConversationEvent.author == Author.BOT)
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


async def _event_by_id(session: AsyncSession, conversation_id: str, event_id: str) -> ConversationEvent | None:
    query = select(ConversationEvent).where(ConversationEvent.conversation_id == conversation_id, ConversationEvent.id == event_id)
    return await session.scalar(query)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
