"""Who is signed in where: sessions with a token that only the browser knows."""

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from guichet import clock
from guichet.models import Account, ConsoleSession

IDLE = timedelta(hours=12)
LONGEST = timedelta(days=7)
HALF_OPEN = timedelta(minutes=10)
"""Time to give the code of the second factor."""
SEEN_STEP = timedelta(minutes=5)
"""How exactly it is known when somebody was last there: not every click writes to the database."""


async def open_session(session: AsyncSession, account: Account, *, half_open: bool = False) -> str:
    """Sign somebody in; returns the new token, which is never stored. Sessions that are over are swept away."""
    await session.execute(delete(ConsoleSession).where((ConsoleSession.expires_at <= clock.now()) | (ConsoleSession.seen_at <= clock.now() - IDLE)))
    token = secrets.token_urlsafe(32)
    life = HALF_OPEN if half_open else LONGEST
    row = ConsoleSession(token_hash=hash_token(token), account_id=account.id, csrf=secrets.token_urlsafe(32), half_open=half_open)
    row.created_at = row.seen_at = clock.now()
    row.expires_at = clock.now() + life
    session.add(row)
    await session.flush()
    return token


async def session_of(session: AsyncSession, token: str, *, half_open: bool = False) -> ConsoleSession | None:
    """The session this token opens, with its account; None when it is over or its account is not active.

    One that awaits the second factor is only found when it is asked for, and no other one is then.
    """
    now = clock.now()
    query = select(ConsoleSession).where(ConsoleSession.token_hash == hash_token(token), ConsoleSession.half_open.is_(half_open))
    row = await session.scalar(query.options(joinedload(ConsoleSession.account)))
    if row is None or not row.account.active or row.expires_at <= now or row.seen_at <= now - IDLE:
        return None
    if row.seen_at <= now - SEEN_STEP:
        row.seen_at = now
    return row


async def end_session(session: AsyncSession, token: str) -> None:
    """Sign out in this browser."""
    await session.execute(delete(ConsoleSession).where(ConsoleSession.token_hash == hash_token(token)))


async def end_sessions(session: AsyncSession, account: Account, *, but: ConsoleSession | None = None) -> None:
    """Sign somebody out everywhere, or everywhere ``but`` here."""
    query = delete(ConsoleSession).where(ConsoleSession.account_id == account.id)
    await session.execute(query.where(ConsoleSession.token_hash != but.token_hash) if but else query)


async def count_sessions(session: AsyncSession, account: Account) -> int:
    """In how many browsers somebody is signed in."""
    now = clock.now()
    query = select(func.count()).select_from(ConsoleSession)
    live = (ConsoleSession.half_open.is_(False), ConsoleSession.expires_at > now, ConsoleSession.seen_at > now - IDLE)
    return await session.scalar(query.where(ConsoleSession.account_id == account.id, *live)) or 0


def hash_token(token: str) -> str:
    """What is kept of a token: it is random and long, so that a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()
