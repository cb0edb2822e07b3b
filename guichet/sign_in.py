"""Signing in: password, second factor, and how often one may try.

An attempt is written down before the password is looked at, and taken back when it was right: a thousand attempts at once are no more
than one after the other. An unknown e-mail costs the same queries and the same hash as a wrong password, and has the same answer.
"""

import enum
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from guichet import clock
from guichet.accounts import account_by_email, subject_of
from guichet.audit import record
from guichet.console_sessions import end_session, hash_token, open_session, session_of
from guichet.models import Account, SignInAttempt
from guichet.passwords import hash_password, needs_new_hash, verify_password
from guichet.second_factor import accept_code, has_second_factor
from guichet.services import Services
from guichet.settings import Settings


class Outcome(enum.StrEnum):
    """What came of an attempt."""

    ACCEPTED = "accepted"
    CODE_NEEDED = "code_needed"
    REFUSED = "refused"
    TOO_MANY_ATTEMPTS = "too_many_attempts"
    EXPIRED = "expired"
    """The first step was too long ago: begin again."""


@dataclass(frozen=True)
class SignIn:
    """The outcome and, when there is one, the token of the session it opened."""

    outcome: Outcome
    token: str | None = None


async def sign_in(services: Services, email: str, password: str, address: str, *, replaces: str | None = None) -> SignIn:
    """Try an e-mail and a password.

    Args:
        address: the client's network address; only a hash is kept, to limit attempts.
        replaces: the token of the session this browser had, which ends.

    Returns:
        ``ACCEPTED`` with a session, or ``CODE_NEEDED`` with one that only lets ``give_code`` go on.
    """
    attempt = await _begin(services, email, address)
    if attempt is None:
        return SignIn(Outcome.TOO_MANY_ATTEMPTS)
    account = await _right_account(services, email, password)
    new_hash = await hash_password(password) if account and needs_new_hash(account.password_hash) else None
    async with services.db.transaction() as session:
        current = await session.get(Account, account.id, with_for_update=True) if account else None
        if account is None or current is None or not current.active or current.password_hash != account.password_hash:
            known = await account_by_email(session, email)
            record(session, None, "session.refused", subject_of(known) if known else "account:unknown", reason="password")
            return SignIn(Outcome.REFUSED)
        current.password_hash = new_hash or current.password_hash
        if replaces:
            await end_session(session, replaces)
        if has_second_factor(current):
            await session.execute(delete(SignInAttempt).where(SignInAttempt.id == attempt))
            return SignIn(Outcome.CODE_NEEDED, await open_session(session, current, half_open=True))
        return await _accept(session, current)


async def give_code(services: Services, half_open_token: str, code: str, address: str) -> SignIn:
    """Go on with the code of the second factor; the session of the first step ends when it is right."""
    async with services.db.transaction() as session:
        half_open = await session_of(session, half_open_token, half_open=True)
    if half_open is None:
        return SignIn(Outcome.EXPIRED)
    if await _begin(services, half_open.account.email, address) is None:
        return SignIn(Outcome.TOO_MANY_ATTEMPTS)
    async with services.db.transaction() as session:
        current = await session_of(session, half_open_token, half_open=True)
        if current is None or not await accept_code(session, current.account, code):
            record(session, None, "session.refused", subject_of(half_open.account), reason="code")
            return SignIn(Outcome.REFUSED)
        await end_session(session, half_open_token)
        return await _accept(session, current.account)


async def confirm_password(services: Services, account: Account, password: str, address: str) -> Outcome:
    """Ask somebody who is signed in for their password again, before what only its owner may change."""
    attempt = await _begin(services, account.email, address)
    if attempt is None:
        return Outcome.TOO_MANY_ATTEMPTS
    if not await verify_password(account.password_hash, password):
        return Outcome.REFUSED
    async with services.db.transaction() as session:
        await session.execute(delete(SignInAttempt).where(SignInAttempt.id == attempt))
    return Outcome.ACCEPTED


async def _right_account(services: Services, email: str, password: str) -> Account | None:
    async with services.db.transaction() as session:
        account = await account_by_email(session, email)
    is_right = await verify_password(account.password_hash if account else None, password)
    return account if is_right else None


async def _accept(session: AsyncSession, account: Account) -> SignIn:
    await session.execute(delete(SignInAttempt).where(SignInAttempt.email_hash == hash_token(account.email)))
    record(session, account, "session.opened", subject_of(account))
    return SignIn(Outcome.ACCEPTED, await open_session(session, account))


async def _begin(services: Services, email: str, address: str) -> int | None:
    """Write an attempt down; None, and nothing written, when there were too many."""
    row = SignInAttempt(email_hash=hash_token(email.strip().lower()), address_hash=hash_token(address), at=clock.now())
    since = clock.now() - timedelta(minutes=services.settings.sign_in_window_minutes)
    async with services.db.transaction() as session:
        await session.execute(delete(SignInAttempt).where(SignInAttempt.at <= since))
        session.add(row)
    # Counted once it is committed: attempts that come together see each other.
    async with services.db.transaction() as session:
        if not await _too_many(session, row, services.settings, since):
            return row.id
        await session.execute(delete(SignInAttempt).where(SignInAttempt.id == row.id))
    return None


async def _too_many(session: AsyncSession, row: SignInAttempt, settings: Settings, since: datetime) -> bool:
    count = select(func.count()).select_from(SignInAttempt).where(SignInAttempt.at > since)
    of_account = await session.scalar(count.where(SignInAttempt.email_hash == row.email_hash)) or 0
    of_address = await session.scalar(count.where(SignInAttempt.address_hash == row.address_hash)) or 0
    return of_account > settings.sign_in_attempts or of_address > settings.sign_in_attempts_address
