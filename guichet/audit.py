"""The log of what people did in the console: written in the transaction of the deed, never changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from guichet.models import Account, AuditEntry

PAGE_SIZE = 50


@dataclass(frozen=True)
class Search:
    """What to look for; what is None is not asked. ``since`` is included, ``until`` is not.

    ``account_id`` 0 stands for the command line and guichet itself; ``subject`` is a part of the entry's, or all of an account's.
    """

    account_id: int | None = None
    action: str | None = None
    subject: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """The same in SQL."""
        conditions: list[ColumnElement[bool]] = []
        if self.account_id is not None:
            conditions.append(AuditEntry.account_id == self.account_id if self.account_id else AuditEntry.account_id.is_(None))
        if self.action is not None:
            conditions.append(AuditEntry.action == self.action)
        if self.subject is not None:
            is_account = self.subject.startswith("account:")
            part = AuditEntry.subject.icontains(self.subject, autoescape=True)
            conditions.append(AuditEntry.subject == self.subject if is_account else part)
        if self.since is not None:
            conditions.append(AuditEntry.at >= self.since)
        if self.until is not None:
            conditions.append(AuditEntry.at < self.until)
        return conditions


@dataclass(frozen=True)
class Found:
    """One page of entries, newest first, and how many there are in all."""

    entries: Sequence[AuditEntry]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are, one at least."""
        return max(1, -(-self.total // PAGE_SIZE))


def record(session: AsyncSession, account: Account | None, action: str, subject: str, **details: Any) -> None:
    """Write down a deed.

    Args:
        account: who did it; None for the command line and for guichet itself.
        action: ``noun.past_participle``, for example ``account.disabled``.
        subject: what it was done to: ``account:3``, ``case:SAV-2026-000001``.
        details: what JSON can hold; never a secret, never what a customer wrote.
    """
    session.add(AuditEntry(account_id=account.id if account else None, action=action, subject=subject, details=details))


async def find_entries(session: AsyncSession, search: Search, page: int = 1) -> Found:
    """The entries that match, newest first, with their accounts loaded; a page past the end is the last one."""
    conditions = search.conditions()
    total = await session.scalar(select(func.count()).select_from(AuditEntry).where(*conditions)) or 0
    page = min(max(page, 1), max(1, -(-total // PAGE_SIZE)))
    query = select(AuditEntry).where(*conditions).order_by(AuditEntry.id.desc()).options(joinedload(AuditEntry.account))
    entries = (await session.scalars(query.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE))).all()
    return Found(entries, total, page)


async def known_actions(session: AsyncSession) -> Sequence[str]:
    """The actions that are in the log, to choose from."""
    return (await session.scalars(select(AuditEntry.action).distinct().order_by(AuditEntry.action))).all()
