"""Who is at the console, and what a customer who wants a person may expect now."""

import enum
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from guichet.db import insert_if_missing
from guichet.models import Account, Presence, PresenceState, Role
from guichet.shop import ShopFacts

SEEN_WITHIN = timedelta(seconds=90)
"""An agent's console says more often than this that it is connected."""
ACTED_WITHIN = timedelta(minutes=15)
"""Outside opening hours a console left open is nobody: somebody must have done something in it."""
AGENT_ROLES = (Role.AGENT, Role.ADMIN)


class Openness(enum.StrEnum):
    """Whether a person would answer."""

    SOMEBODY = "somebody"
    NOBODY = "nobody"
    """Opening hours, but nobody is there."""
    CLOSED = "closed"


@dataclass(frozen=True)
class Availability:
    """Whether a person would answer now; when closed, ``until`` is the next opening, None if there is none."""

    openness: Openness
    until: datetime | None = None

    @property
    def is_somebody(self) -> bool:
        """Somebody is there."""
        return self.openness is Openness.SOMEBODY


async def availability(session: AsyncSession, facts: ShopFacts, now: datetime) -> Availability:
    """What to expect at ``now``: an agent who is available, whatever the hour; otherwise what the opening hours say."""
    there = select(Presence.account_id).join(Account, Account.id == Presence.account_id)
    if await session.scalar(there.where(*_is_there(facts, now)).limit(1)) is not None:
        return Availability(Openness.SOMEBODY)
    if facts.is_open(now):
        return Availability(Openness.NOBODY)
    return Availability(Openness.CLOSED, facts.next_opening(now))


async def is_available(session: AsyncSession, account_id: int, facts: ShopFacts, now: datetime) -> bool:
    """Whether this agent is there and takes conversations."""
    query = select(Presence.account_id).join(Account, Account.id == Presence.account_id)
    return await session.scalar(query.where(Presence.account_id == account_id, *_is_there(facts, now))) is not None


def _is_there(facts: ShopFacts, now: datetime) -> list[ColumnElement[bool]]:
    acted = [] if facts.is_open(now) else [Presence.acted_at >= now - ACTED_WITHIN]
    return [
        Presence.state == PresenceState.AVAILABLE,
        Presence.seen_at >= now - SEEN_WITHIN,
        Account.active.is_(True),
        Account.role.in_(AGENT_ROLES),
        *acted,
    ]


async def presence_of(session: AsyncSession, account_id: int) -> PresenceState:
    """What an agent last said; away before that."""
    state = await session.scalar(select(Presence.state).where(Presence.account_id == account_id))
    return state or PresenceState.AWAY


async def set_presence(session: AsyncSession, account_id: int, state: PresenceState, now: datetime) -> None:
    """The agent says whether they take conversations."""
    inserted = await insert_if_missing(session, Presence.account_id, account_id=account_id, state=state, seen_at=now, acted_at=now)
    if not inserted:
        await session.execute(update(Presence).where(Presence.account_id == account_id).values(state=state, seen_at=now, acted_at=now))


async def send_away(session: AsyncSession, account_id: int) -> None:
    """The agent does not answer: nobody is given to them until they say that they are back."""
    await session.execute(update(Presence).where(Presence.account_id == account_id).values(state=PresenceState.AWAY))


async def keep_alive(session: AsyncSession, account_id: int, now: datetime, *, acted: bool) -> None:
    """The agent's console is connected; ``acted`` when they did something in it."""
    values = {"seen_at": now} | ({"acted_at": now} if acted else {})
    await session.execute(update(Presence).where(Presence.account_id == account_id).values(**values))
