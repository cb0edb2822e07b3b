"""The outbox: mails are written in the transaction of what they tell, so that they exist if and only if it does, and sent afterwards.

A mail that a process sends is leased to it by its row: several processes never send the same one at the same time.
"""

import random
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import Update, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from guichet import clock
from guichet.models import MailKind, MailState, OutgoingMail

FIRST_DELAY_S, LONGEST_DELAY_S = 30.0, 1800.0
MAX_ATTEMPTS = 150
"""With the delays above, a mail is tried for two to three days."""
MAX_ERROR = 500
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


@dataclass(frozen=True)
class Mail:
    """A mail to write into the outbox. The subject becomes one line, whatever it held; the recipient lower case.

    Raises:
        ValueError: ``recipient`` is not one e-mail address.
    """

    dedup_key: str
    kind: MailKind
    recipient: str
    subject: str
    text: str
    html: str
    unsubscribe_url: str | None = None
    conversation_id: str | None = None
    order_id: int | None = None
    case_id: int | None = None
    attachment_id: str | None = None
    """A file kept with ``attachments.store_file`` that goes with it."""

    def __post_init__(self) -> None:
        if not is_email(self.recipient):
            raise ValueError("expected one e-mail address as the recipient of a mail")
        object.__setattr__(self, "recipient", self.recipient.lower())
        object.__setattr__(self, "subject", _CONTROLS.sub(" ", self.subject).strip())


def is_email(contact: str) -> bool:
    """Whether ``contact`` is one e-mail address, and not a phone number nor anything else."""
    try:
        validate_email(contact, check_deliverability=False)
    except EmailNotValidError:
        return False
    return True


async def enqueue(session: AsyncSession, mail: Mail) -> bool:
    """Write a mail into the outbox; the caller commits.

    Returns:
        False, with nothing written, when a mail with this ``dedup_key`` exists already.
    """
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = insert(OutgoingMail).values(**vars(mail)).on_conflict_do_nothing(index_elements=[OutgoingMail.dedup_key]).returning(OutgoingMail.id)
    return (await session.execute(statement)).first() is not None


async def claim_mail(session: AsyncSession, seconds: float) -> OutgoingMail | None:
    """Take the mail that is due since longest; nobody else gets it for ``seconds``. None when none is due."""
    now = clock.now()
    due = (
        select(OutgoingMail.id)
        .where(OutgoingMail.state == MailState.WAITING, OutgoingMail.next_attempt_at <= now)
        .order_by(OutgoingMail.next_attempt_at, OutgoingMail.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    statement = (
        update(OutgoingMail)
        .where(OutgoingMail.id == due.scalar_subquery())
        .values(attempts=OutgoingMail.attempts + 1, next_attempt_at=now + timedelta(seconds=seconds))
        .returning(OutgoingMail)
        .execution_options(synchronize_session=False)
    )
    return await session.scalar(statement)


async def mark_sent(session: AsyncSession, mail: OutgoingMail) -> None:
    """The server has taken the mail."""
    await session.execute(_held(mail, state=MailState.SENT, sent_at=clock.now(), last_error=None))


async def mark_refused(session: AsyncSession, mail: OutgoingMail, error: str) -> None:
    """The server will never take the mail: it is given up and keeps its error."""
    await session.execute(_held(mail, state=MailState.FAILED, last_error=error[:MAX_ERROR]))


async def postpone(session: AsyncSession, mail: OutgoingMail, error: str) -> None:
    """The mail could not be sent for now: it is tried again later, or given up after ``MAX_ATTEMPTS``."""
    if mail.attempts >= MAX_ATTEMPTS:
        await mark_refused(session, mail, error)
        return
    later = clock.now() + timedelta(seconds=delay_s(mail.attempts, random.random()))  # noqa: S311 - spreads the load, hides nothing
    await session.execute(_held(mail, next_attempt_at=later, last_error=error[:MAX_ERROR]))


def delay_s(attempts: int, chance: float) -> float:
    """Seconds to wait after ``attempts`` failures: twice as long each time, up to half an hour, less up to half of it by ``chance`` (0 to 1)."""
    longest = min(LONGEST_DELAY_S, FIRST_DELAY_S * 2.0 ** min(attempts - 1, 20))
    return longest * (1 - chance / 2)


async def retry_failed(session: AsyncSession) -> int:
    """Let the mails given up be tried again, from now on; returns how many."""
    statement = (
        update(OutgoingMail)
        .where(OutgoingMail.state == MailState.FAILED)
        .values(state=MailState.WAITING, attempts=0, next_attempt_at=clock.now())
        .returning(OutgoingMail.id)
        .execution_options(synchronize_session=False)
    )
    return len((await session.execute(statement)).all())


async def count_by_state(session: AsyncSession) -> dict[MailState, int]:
    """How many mails are in each state."""
    rows = await session.execute(select(OutgoingMail.state, func.count()).group_by(OutgoingMail.state))
    counts = {state: count for state, count in rows}  # noqa: C416 - rows are not pairs to mypy
    return dict.fromkeys(MailState, 0) | counts


async def last_errors(session: AsyncSession, limit: int = 10) -> list[OutgoingMail]:
    """The mails whose last attempt failed, newest first."""
    query = select(OutgoingMail).where(OutgoingMail.last_error.is_not(None)).order_by(OutgoingMail.id.desc()).limit(limit)
    return list(await session.scalars(query))


async def count_recent(session: AsyncSession, kinds: tuple[MailKind, ...], recipient: str, since: datetime) -> int:
    """How many mails of these kinds were written to ``recipient`` since an instant."""
    query = (
        select(func.count())
        .select_from(OutgoingMail)
        .where(OutgoingMail.recipient == recipient.lower(), OutgoingMail.kind.in_(kinds), OutgoingMail.created_at >= since)
    )
    return await session.scalar(query) or 0


def _held(mail: OutgoingMail, **values: object) -> Update:
    """A change of the mail, unless another process has taken it since."""
    still_ours = (OutgoingMail.id == mail.id, OutgoingMail.attempts == mail.attempts, OutgoingMail.state == MailState.WAITING)
    return update(OutgoingMail).where(*still_ours).values(**values).execution_options(synchronize_session=False)
