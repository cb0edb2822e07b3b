"""The steps that every change of hands is made of. Each change of owner is one conditional UPDATE: whoever loses the race changes nothing."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Update, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from guichet import clock, texts
from guichet.audit import record
from guichet.conversations import INTERNAL, append_event, event_by_id, locked_conversation
from guichet.french import long_instant, typeset
from guichet.handover_errors import UnknownConversation
from guichet.models import (
    Account,
    Author,
    CaseQueue,
    Conversation,
    ConversationEvent,
    ConversationState,
    Handover,
    HandoverOutcome,
    HandoverReason,
)
from guichet.pending import drop_pending
from guichet.presence import Availability, Openness, availability
from guichet.queue import position
from guichet.services import Services
from guichet.settings import Settings
from guichet.shop import ShopFacts

LEAVE_QUEUE = f"{INTERNAL}leave_queue"
"""What the button « Revenir à l’assistant » stands for."""
PERSON_CHOICE = (texts.ASK_PERSON, "/contact_human")
"""The button that asks for a person. Rasa knows the payload; without Rasa it is carried out here."""


@dataclass(frozen=True)
class Rules:
    """What the rules of the handover depend on: the shop's facts and the settings."""

    facts: ShopFacts
    settings: Settings

    @classmethod
    def of(cls, services: Services) -> "Rules":
        """Those in use."""
        return cls(services.faq().facts, services.settings)


async def move(session: AsyncSession, conversation_id: str, *conditions: ColumnElement[bool], **values: Any) -> bool:
    """Change a conversation in one statement if ``conditions`` hold at that moment; False when nothing was changed."""
    statement = update(Conversation).where(Conversation.id == conversation_id, *conditions).values(**values).returning(Conversation.id)
    return (await session.execute(statement.execution_options(synchronize_session=False))).first() is not None


def is_owner(account: Account) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """The condition that a conversation is in this agent's hands."""
    return Conversation.state == ConversationState.HUMAN, Conversation.agent_id == account.id


async def open_handover(session: AsyncSession, conversation_id: str) -> Handover | None:
    """The handover that is not over yet, with its agent's id."""
    query = select(Handover).where(Handover.conversation_id == conversation_id, Handover.ended_at.is_(None))
    return await session.scalar(query.execution_options(populate_existing=True))


def of_open_handover(conversation_id: str) -> Update:
    """An UPDATE of the handover that is not over yet."""
    statement = update(Handover).where(Handover.conversation_id == conversation_id, Handover.ended_at.is_(None))
    return statement.execution_options(synchronize_session=False)


async def end_handover(session: AsyncSession, conversation_id: str, outcome: HandoverOutcome, now: datetime, motive: str | None = None) -> None:
    """The time in human hands is over."""
    await session.execute(of_open_handover(conversation_id).values(ended_at=now, outcome=outcome, motive=motive))


async def known_conversation(session: AsyncSession, conversation_id: str) -> Conversation:
    """The conversation, locked.

    Raises:
        UnknownConversation
    """
    conversation = await locked_conversation(session, conversation_id)
    if conversation is None:
        raise UnknownConversation(conversation_id)
    return conversation


async def done_before(session: AsyncSession, conversation_id: str, command_id: str | None) -> ConversationEvent | None:
    """What the command, or the message, of this id has led to already."""
    event = await event_by_id(session, conversation_id, command_id) if command_id else None
    return event if event is not None and event.author is not Author.CUSTOMER else None


async def has_room(session: AsyncSession, account: Account) -> bool:
    """Whether an agent may have one more conversation in hand; their other claims wait until the transaction ends.

    To be asked before a conversation is locked: everybody locks in this order.
    """
    limit = await session.scalar(select(Account.max_chats).where(Account.id == account.id).with_for_update(key_share=True))
    mine = select(func.count()).select_from(Conversation)
    count = await session.scalar(mine.where(Conversation.state == ConversationState.HUMAN, Conversation.agent_id == account.id))
    return (count or 0) < (limit or 0)


async def enqueue(
    session: AsyncSession,
    conversation_id: str,
    reason: HandoverReason,
    team: CaseQueue | None,
    rules: Rules,
    *,
    note: str | None = None,
    command_id: str | None = None,
) -> Handover:
    """A conversation that has just been moved to the queue gets its handover, and the customer is told what to expect."""
    now = clock.now()
    expected = await availability(session, rules.facts, now)
    handover = Handover(
        conversation_id=conversation_id, reason=reason, team=team, note=note, requested_at=now, promised_at=_promised(expected, rules, now)
    )
    session.add(handover)
    await session.flush()
    place = await position(session, conversation_id, now) or 1
    text = f"{texts.QUEUE_LEADS[reason]} {_expectation(expected, place, rules)}"
    await announce(session, conversation_id, ConversationState.WAITING, text, command_id=command_id, choices=[(texts.LEAVE_QUEUE, LEAVE_QUEUE)])
    return handover


def _promised(expected: Availability, rules: Rules, now: datetime) -> datetime | None:
    start = {Openness.SOMEBODY: now, Openness.NOBODY: None, Openness.CLOSED: expected.until}[expected.openness]
    return start + timedelta(minutes=rules.settings.answer_promise_minutes) if start else None


def _expectation(expected: Availability, place: int, rules: Rules) -> str:
    if expected.openness is Openness.CLOSED and expected.until is not None:
        return texts.QUEUE_CLOSED.format(ouverture=long_instant(expected.until))
    if not expected.is_somebody:
        return texts.QUEUE_NOBODY
    text = {1: texts.QUEUE_FIRST, 2: texts.QUEUE_SECOND}.get(place, texts.QUEUE_LATER)
    return text.format(before=place - 1, minutes=rules.settings.answer_promise_minutes)


async def announce(
    session: AsyncSession,
    conversation_id: str,
    state: ConversationState,
    text: str,
    *,
    account: Account | None = None,
    command_id: str | None = None,
    choices: Sequence[tuple[str, str]] = (),
) -> int:
    """Tell everybody that the conversation has changed hands: a status, then what it means to the customer. The bot's pending work is off.

    Args:
        account: who is in charge from now on, or who gave it up.
        command_id: the id of the console's command; the status bears it, so that the same command sent twice is recognised.

    Returns:
        The ``seq`` of the status.
    """
    if state is not ConversationState.BOT:
        await drop_pending(session, conversation_id)
    account_id = account.id if account else None
    ident = {"id": command_id} if command_id else {}
    status = await append_event(session, conversation_id, Author.SYSTEM, state=state, account_id=account_id, **ident)
    offered = [{"id": f"c_{secrets.token_urlsafe(12)}", "label": typeset(label), "payload": payload} for label, payload in choices]
    await append_event(session, conversation_id, Author.SYSTEM, text=typeset(text), choices=offered)
    return status.seq


def audit(session: AsyncSession, account: Account | None, action: str, conversation_id: str, **details: Any) -> None:
    """Write down who did what to a conversation; None: guichet itself. Never what was said in it."""
    record(session, account, f"conversation.{action}", f"conversation:{conversation_id}", **details)
