"""The queue of conversations that wait for a person, the most urgent first, and what an agent has in hand."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Unpack

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from guichet.models import (
    Account,
    Author,
    CaseMotive,
    CaseQueue,
    CaseState,
    Conversation,
    ConversationEvent,
    ConversationState,
    Customer,
    Handover,
    HandoverReason,
    Order,
    OrderProof,
    SavCase,
)

RANK = {
    HandoverReason.AGENT_SILENT: 0,
    HandoverReason.TRANSFERRED: 0,
    HandoverReason.REOPENED: 0,
    HandoverReason.BOT_FAILURE: 1,
    HandoverReason.NEEDS_PERSON: 1,
    HandoverReason.MISUNDERSTOOD: 2,
    HandoverReason.ASKED: 2,
}
"""Whom we have already let down comes first, then whom nobody but a person can help."""
MAX_WORDS = 140
MAX_MESSAGES = 50


class Urgency(enum.StrEnum):
    """How urgent a request is."""

    OVERDUE = "overdue"
    """The promised time is over."""
    LET_DOWN = "let_down"
    """A person was in charge before."""
    NORMAL = "normal"


@dataclass(frozen=True)
class Ticket:
    """One conversation as the console lists it; ``position`` counts from 1, 0 in hand."""

    conversation: str
    position: int
    name: str | None
    words: str
    reason: HandoverReason
    team: CaseQueue | None
    since: datetime
    """Since when the customer waits, or, in hand and answered, when the conversation was asked for."""
    promised_at: datetime | None
    urgency: Urgency
    unread: int
    """The customer's messages that the agent in charge has not read."""
    owner: str | None


@dataclass(frozen=True)
class LeftMessage:
    """A message left while nobody was there: an open case that waits for a person's answer."""

    number: str
    conversation: str | None
    words: str
    since: datetime
    due_at: datetime


async def queue(session: AsyncSession, now: datetime) -> list[Ticket]:
    """What waits, the most urgent first: broken promises, then by reason, then by waiting time."""
    rows = (await session.execute(_tickets().where(Conversation.state == ConversationState.WAITING))).all()
    rows = sorted(rows, key=lambda row: (_key(row.promised_at, row.reason, row.since, now), row.handover))
    return [_ticket(row, now, position) for position, row in enumerate(rows, 1)]


async def in_hand(session: AsyncSession, account_id: int, now: datetime) -> list[Ticket]:
    """What an agent has in hand, the longest unanswered first."""
    query = _tickets().where(Conversation.state == ConversationState.HUMAN, Conversation.agent_id == account_id)
    rows = sorted((await session.execute(query)).all(), key=lambda row: (not row.waits, row.since))
    return [_ticket(row, now, 0) for row in rows]


async def position(session: AsyncSession, conversation_id: str, now: datetime) -> int | None:
    """The place of a conversation in the queue, from 1; None when it is not there."""
    query = select(Conversation.id, Handover.id.label("handover"), Handover.promised_at, Handover.reason, Conversation.waiting_since).join(
        Handover, (Handover.conversation_id == Conversation.id) & Handover.ended_at.is_(None)
    )
    rows = (await session.execute(query.where(Conversation.state == ConversationState.WAITING))).all()
    ordered = sorted(rows, key=lambda row: (_key(row.promised_at, row.reason, row.waiting_since or now, now), row.handover))
    return next((place for place, row in enumerate(ordered, 1) if row.id == conversation_id), None)


async def left_messages(session: AsyncSession) -> list[LeftMessage]:
    """The messages left for a person that nobody has taken up yet, the first due first."""
    query = select(SavCase).where(SavCase.motive == CaseMotive.CONTACT, SavCase.state == CaseState.OPEN).order_by(SavCase.due_at, SavCase.id)
    cases: Sequence[SavCase] = (await session.scalars(query.limit(MAX_MESSAGES))).all()
    return [LeftMessage(case.number, case.conversation_id, case.description[:MAX_WORDS], case.opened_at, case.due_at) for case in cases]


def _key(promised_at: datetime | None, reason: HandoverReason, since: datetime, now: datetime) -> tuple[bool, int, datetime]:
    return (not _is_overdue(promised_at, now), RANK[reason], since)


def _is_overdue(promised_at: datetime | None, now: datetime) -> bool:
    return promised_at is not None and promised_at <= now


def _tickets() -> Select[Unpack[tuple[Any, ...]]]:
    said = (ConversationEvent.conversation_id == Conversation.id, ConversationEvent.author == Author.CUSTOMER)
    words = select(ConversationEvent.text).where(*said).order_by(ConversationEvent.payload.is_not(None), ConversationEvent.seq).limit(1)
    unread = select(func.count()).select_from(ConversationEvent).where(*said, ConversationEvent.seq > Conversation.agent_read_seq)
    proved = (
        select(Customer.name)
        .join(Order, Order.customer_id == Customer.id)
        .join(OrderProof, OrderProof.order_id == Order.id)
        .where(OrderProof.conversation_id == Conversation.id)
        .order_by(OrderProof.proved_at, Order.id)
        .limit(1)
    )
    logged_in = select(Customer.name).where(Customer.id == Conversation.customer_id)
    return (
        select(
            Conversation.id.label("conversation"),
            func.coalesce(logged_in.scalar_subquery(), proved.scalar_subquery()).label("name"),
            func.coalesce(words.scalar_subquery(), "").label("words"),
            Handover.id.label("handover"),
            Handover.reason,
            Handover.team,
            Conversation.waiting_since,
            Conversation.waiting_since.is_not(None).label("waits"),
            func.coalesce(Conversation.waiting_since, Handover.requested_at, type_=Handover.requested_at.type).label("since"),
            Handover.promised_at,
            Handover.first_reply_at,
            unread.scalar_subquery().label("unread"),
            Account.name.label("owner"),
        )
        .join(Handover, (Handover.conversation_id == Conversation.id) & Handover.ended_at.is_(None))
        .outerjoin(Account, Account.id == Conversation.agent_id)
    )


def _ticket(row: Any, now: datetime, place: int) -> Ticket:
    if row.first_reply_at is None and _is_overdue(row.promised_at, now):
        urgency = Urgency.OVERDUE
    else:
        urgency = Urgency.LET_DOWN if RANK[row.reason] == 0 else Urgency.NORMAL
    return Ticket(
        conversation=row.conversation,
        position=place,
        name=row.name,
        words=row.words[:MAX_WORDS],
        reason=row.reason,
        team=row.team,
        since=row.since,
        promised_at=row.promised_at,
        urgency=urgency,
        unread=row.unread,
        owner=row.owner,
    )
