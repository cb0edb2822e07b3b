"""Cases and returns for the shop's own systems, oldest first, page by page."""

import base64
import binascii
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from guichet.models import CaseEvent, CaseState, Order, Return, ReturnState, SavCase
from guichet.orders import CASE_ARTICLES, RETURN_ARTICLES

_LARGEST_ID = 2**31 - 1


class InvalidCursor(ValueError):  # noqa: N818
    """Not a cursor that an earlier page gave."""


def cursor_after(ident: int) -> str:
    """The cursor of the page that follows the row with this id."""
    return base64.urlsafe_b64encode(str(ident).encode()).decode().rstrip("=")


def _last_id(cursor: str | None) -> int:
    if cursor is None:
        return 0
    try:
        ident = int(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode("ascii"))
    except (binascii.Error, ValueError):
        raise InvalidCursor from None
    if not 0 < ident <= _LARGEST_ID:
        raise InvalidCursor
    return ident


async def list_cases(
    session: AsyncSession, *, state: CaseState | None, since: datetime | None, cursor: str | None, limit: int
) -> tuple[list[tuple[SavCase, str | None]], str | None]:
    """Cases with the numbers of their orders, and the cursor of the next page.

    Args:
        since: only those opened, or with something new in their history, since then.

    Raises:
        InvalidCursor
    """
    query = _cases().where(SavCase.id > _last_id(cursor)).order_by(SavCase.id)
    if state is not None:
        query = query.where(SavCase.state == state)
    if since is not None:
        news = select(CaseEvent.id).where(CaseEvent.case_id == SavCase.id, CaseEvent.at >= since).exists()
        query = query.where(or_(SavCase.opened_at >= since, news))
    return await _page(session, query, limit)


async def case_with_order(session: AsyncSession, number: str) -> tuple[SavCase, str | None] | None:
    """The case with this number and the number of its order."""
    row = (await session.execute(_cases().where(SavCase.number == number))).first()
    return None if row is None else (row[0], row[1])


async def list_returns(
    session: AsyncSession, *, state: ReturnState | None, since: datetime | None, cursor: str | None, limit: int
) -> tuple[list[tuple[Return, str]], str | None]:
    """Returns with the numbers of their orders, and the cursor of the next page.

    Args:
        since: only those registered since then.

    Raises:
        InvalidCursor
    """
    query = (
        select(Return, Order.number)
        .join(Order, Order.id == Return.order_id)
        .options(*RETURN_ARTICLES)
        .where(Return.id > _last_id(cursor))
        .order_by(Return.id)
    )
    if state is not None:
        query = query.where(Return.state == state)
    if since is not None:
        query = query.where(Return.registered_at >= since)
    return await _page(session, query, limit)


def _cases() -> Select[SavCase, str]:
    return select(SavCase, Order.number).outerjoin(Order, Order.id == SavCase.order_id).options(selectinload(SavCase.history), *CASE_ARTICLES)


async def _page(session: AsyncSession, query: Select[Any, Any], limit: int) -> tuple[list[Any], str | None]:
    rows: Sequence[Any] = (await session.execute(query.limit(limit + 1))).all()
    items = [(row[0], row[1]) for row in rows[:limit]]
    return items, cursor_after(items[-1][0].id) if len(rows) > limit else None
