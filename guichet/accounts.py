"""The people who work in the console: who they are, what they may do, and how they come and go."""

from collections.abc import Sequence

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from guichet.audit import record
from guichet.console_sessions import end_sessions
from guichet.db import insert_if_missing
from guichet.models import Account, CaseQueue, ConsoleSession, Role
from guichet.passwords import check_password, hash_password
from guichet.second_factor import drop_second_factor

MOST_CHATS = 20


class AccountError(Exception):
    """An account cannot be made or changed so.

    ``InvalidEmail``, ``EmailTaken``, ``LastAdmin``
    """


class InvalidEmail(AccountError):  # noqa: N818
    """This is no e-mail address."""


class EmailTaken(AccountError):  # noqa: N818
    """There is an account with this e-mail already."""


class LastAdmin(AccountError):  # noqa: N818
    """Nobody would be left to manage accounts."""


def email_key(email: str) -> str:
    """An e-mail as accounts know it: in lower case.

    Raises:
        InvalidEmail
    """
    try:
        return validate_email(email.strip(), check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        raise InvalidEmail(email) from None


def subject_of(account: Account) -> str:
    """How the audit log names an account."""
    return f"account:{account.id}"


async def new_password_hash(password: str, *, email: str, name: str) -> str:
    """The hash of an acceptable password; to be had before the transaction that stores it, for it takes its time.

    Raises:
        WeakPassword
    """
    check_password(password, email=email, name=name)
    return await hash_password(password)


async def create_account(
    session: AsyncSession,
    *,
    email: str,
    name: str,
    role: Role,
    password_hash: str,
    password_temporary: bool = False,
    max_chats: int = 4,
    team: CaseQueue | None = None,
    by: Account | None = None,
) -> Account:
    """A new account, on behalf of ``by`` (None: the command line).

    Raises:
        InvalidEmail
        EmailTaken
    """
    email = email_key(email)
    values = {"name": name, "role": role, "max_chats": max_chats, "team": team}
    if not await insert_if_missing(session, Account.email, email=email, password_hash=password_hash, password_temporary=password_temporary, **values):
        raise EmailTaken(email)
    account = await session.scalar(select(Account).where(Account.email == email))
    assert account is not None  # noqa: S101 - inserted just before
    record(session, by, "account.created", subject_of(account), email=email, role=role.value)
    return account


async def accounts(session: AsyncSession) -> Sequence[Account]:
    """Everybody, those who left last."""
    return (await session.scalars(select(Account).order_by(Account.active.desc(), Account.name, Account.id))).all()


async def account_by_email(session: AsyncSession, email: str) -> Account | None:
    """The account with this e-mail, in any case, or None."""
    return await session.scalar(select(Account).where(Account.email == email.strip().lower()))


async def change_account(
    session: AsyncSession, account: Account, *, name: str, role: Role, max_chats: int, team: CaseQueue | None, by: Account | None
) -> None:
    """Change what an administrator may; the log keeps what it was before.

    Raises:
        LastAdmin
    """
    wanted = {"name": name, "role": role, "max_chats": max_chats, "team": team}
    before = {key: getattr(account, key) for key in wanted}
    if account.role is Role.ADMIN and role is not Role.ADMIN:
        await _leave_an_admin(session, account)
    for key, value in wanted.items():
        setattr(account, key, value)
    changes = {key: [before[key], value] for key, value in wanted.items() if before[key] != value}
    if changes:
        record(session, by, "account.changed", subject_of(account), **changes)


async def disable_account(session: AsyncSession, account: Account, *, by: Account | None) -> None:
    """Shut somebody out, at once and in every browser.

    Raises:
        LastAdmin
    """
    if account.role is Role.ADMIN:
        await _leave_an_admin(session, account)
    account.active = False
    await end_sessions(session, account)
    record(session, by, "account.disabled", subject_of(account))


async def enable_account(session: AsyncSession, account: Account, *, by: Account | None) -> None:
    """Let somebody in again, with the password they had."""
    account.active = True
    record(session, by, "account.enabled", subject_of(account))


async def reset_password(session: AsyncSession, account: Account, password_hash: str, *, by: Account | None) -> None:
    """Give an account a temporary password, which its owner has to change; ends its sessions."""
    account.password_hash, account.password_temporary = password_hash, True
    await end_sessions(session, account)
    record(session, by, "account.password_reset", subject_of(account))


async def change_own_password(session: AsyncSession, account: Account, password_hash: str, *, here: ConsoleSession) -> None:
    """The owner chose a new password; ends the sessions elsewhere."""
    account.password_hash, account.password_temporary = password_hash, False
    await end_sessions(session, account, but=here)
    record(session, account, "account.password_changed", subject_of(account))


async def reset_second_factor(session: AsyncSession, account: Account, *, by: Account | None) -> None:
    """For somebody who lost their phone: the password alone is enough again; ends the sessions."""
    drop_second_factor(account)
    await end_sessions(session, account)
    record(session, by, "account.totp_reset", subject_of(account))


async def _leave_an_admin(session: AsyncSession, leaving: Account) -> None:
    """The rows are locked, so that two administrators cannot remove each other at the same moment."""
    admins = select(Account.id).where(Account.role == Role.ADMIN, Account.active).order_by(Account.id).with_for_update()
    if set(await session.scalars(admins)) <= {leaving.id}:
        raise LastAdmin(leaving.email)
