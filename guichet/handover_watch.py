"""What nobody asks for and time brings: silent agents lose their conversations to the queue, idle conversations are closed."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from guichet import clock, texts
from guichet.background import Watch
from guichet.db import Database
from guichet.handover_steps import Rules, announce, audit, end_handover, enqueue, move
from guichet.hub import QUEUE
from guichet.models import Account, Conversation, ConversationEvent, ConversationState, Handover, HandoverOutcome, HandoverReason, TurnState
from guichet.presence import send_away

WATCH_S = 5.0
BATCH = 50
"""Conversations changed in one transaction at most."""


async def requeue_silent(session: AsyncSession, now: datetime, rules: Rules, most: int = BATCH) -> list[str]:
    """Take conversations away from agents who leave a customer without an answer for ``agent_silent_minutes``, or whose account was disabled.

    Args:
        most: conversations at most.

    Returns:
        The conversations that are in the queue again.
    """
    silent = _is_silent(now - timedelta(minutes=rules.settings.agent_silent_minutes))
    query = (
        select(Conversation.id, Conversation.agent_id, Conversation.team, Conversation.waiting_since)
        .where(silent)
        .order_by(Conversation.id)
        .limit(most)
    )
    requeued = []
    for row in (await session.execute(query)).all():
        waiting = {"state": ConversationState.WAITING, "agent_id": None, "waiting_since": row.waiting_since or now}
        if not await move(session, row.id, silent, Conversation.agent_id == row.agent_id, **waiting):
            continue
        await end_handover(session, row.id, HandoverOutcome.REQUEUED, now)
        await send_away(session, row.agent_id)
        audit(session, None, "requeued", row.id, agent=row.agent_id)
        await enqueue(session, row.id, HandoverReason.AGENT_SILENT, row.team, rules)
        requeued.append(row.id)
    return requeued


def _is_silent(limit: datetime) -> ColumnElement[bool]:
    claimed = exists().where(Handover.conversation_id == Conversation.id, Handover.ended_at.is_(None), Handover.claimed_at <= limit)
    gone = exists().where(Account.id == Conversation.agent_id, Account.active.is_(False))
    return and_(Conversation.state == ConversationState.HUMAN, or_(and_(Conversation.waiting_since <= limit, claimed), gone))


async def close_idle(session: AsyncSession, now: datetime, rules: Rules) -> list[str]:
    """Close conversations in which nobody has said anything for ``idle_hours`` and nobody is waited for. What waits for a person is never closed.

    Returns:
        The conversations that are closed.
    """
    idle = _is_idle(now - timedelta(hours=rules.settings.idle_hours))
    hours = rules.settings.reopen_hours
    text = texts.CLOSED_IDLE.format(heures=hours) if hours else texts.CLOSED_IDLE_FOR_GOOD
    closed = []
    for ident in list(await session.scalars(select(Conversation.id).where(idle).order_by(Conversation.id).limit(BATCH))):
        if await move(session, ident, idle, state=ConversationState.CLOSED, agent_id=None, closed_at=now):
            await end_handover(session, ident, HandoverOutcome.CLOSED, now)
            await announce(session, ident, ConversationState.CLOSED, text)
            closed.append(ident)
    return closed


def _is_idle(limit: datetime) -> ColumnElement[bool]:
    pending = exists().where(ConversationEvent.conversation_id == Conversation.id, ConversationEvent.turn == TurnState.PENDING)
    waits_for_nobody = or_(
        and_(Conversation.state == ConversationState.BOT, ~pending),
        and_(Conversation.state == ConversationState.HUMAN, Conversation.waiting_since.is_(None)),
    )
    quiet = [or_(column.is_(None), column <= limit) for column in (Conversation.last_customer_at, Conversation.last_agent_at)]
    return and_(waits_for_nobody, Conversation.started_at <= limit, *quiet)


class HandoverWatch:
    """Looks after conversations as long as the service runs; several processes may.

    Args:
        rules: gives the facts and settings in use.
        notify: wakes up whoever shows a conversation.
    """

    def __init__(self, db: Database, rules: Callable[[], Rules], notify: Callable[[str], Awaitable[None]]) -> None:
        self._db, self._rules, self._notify = db, rules, notify
        self._watch = Watch(self.look, WATCH_S)

    def start(self) -> None:
        """Begin to look."""
        self._watch.start()

    async def stop(self) -> None:
        """Finish the look under way."""
        await self._watch.stop()

    async def look(self) -> None:
        """One look, now."""
        one = partial(requeue_silent, most=1)  # one at a time: an agent's row is locked after the conversation's, never between two
        while await self._settle(one):
            pass
        await self._settle(close_idle)

    async def _settle(self, task: Callable[[AsyncSession, datetime, Rules], Awaitable[list[str]]]) -> bool:
        async with self._db.transaction() as session:
            changed = await task(session, clock.now(), self._rules())
        for conversation_id in changed:
            await self._notify(conversation_id)
        if changed:
            await self._notify(QUEUE)
        return bool(changed)
