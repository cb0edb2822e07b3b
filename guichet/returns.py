"""Returns within the withdrawal delay: who may, until when, what is left to return, and registering one."""

import enum
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from guichet import clock, texts
from guichet.attachments import store_file
from guichet.mails import return_receipt
from guichet.models import Attachment, Author, CustomerKind, Order, OrderState, Return, ReturnArticle, ReturnState, ReturnWish
from guichet.numbers import next_number
from guichet.orders import RETURN_ARTICLES, last_delivery
from guichet.return_slip import return_slip
from guichet.shop import ShopFacts, WithdrawalWindow


class Refusal(enum.StrEnum):
    """Why an order cannot be returned for withdrawal."""

    PROFESSIONAL = "professional"
    NOT_DELIVERED = "not_delivered"
    TOO_LATE = "too_late"
    SETTLED = "settled"
    """Cancelled or refunded: there is nothing left to return."""
    ALL_RETURNED = "all_returned"


@dataclass(frozen=True)
class Eligibility:
    """Whether an order can be returned, and until when."""

    refusal: Refusal | None
    last_day: date | None


def eligibility(order: Order, facts: ShopFacts, day: date) -> Eligibility:
    """The right of withdrawal on ``day``: private customers, ``delai_retractation_jours`` jours ouvrables after the last parcel (FAQ).

    The order must have been loaded with its lines and returns.
    """
    if order.customer.kind is CustomerKind.PROFESSIONAL:
        return Eligibility(Refusal.PROFESSIONAL, None)
    if order.state in (OrderState.CANCELLED, OrderState.REFUNDED):
        return Eligibility(Refusal.SETTLED, None)
    delivered_on = last_delivery(order)
    if delivered_on is None:
        return Eligibility(Refusal.NOT_DELIVERED, None)
    window = WithdrawalWindow.after(delivered_on, facts)
    if not any(returnable(order).values()):
        return Eligibility(Refusal.ALL_RETURNED, window.last_day)
    return Eligibility(None if window.is_open(day) else Refusal.TOO_LATE, window.last_day)


def returnable(order: Order) -> dict[int, int]:
    """How many pieces of each line, by its id, are not in a return yet. The order must have been loaded with its lines and returns."""
    left = {line.id: line.quantity for line in order.lines}
    for article in (article for known in order.returns for article in known.articles):
        left[article.order_line_id] -= article.quantity
    return {ident: max(0, count) for ident, count in left.items()}


async def register_return(
    session: AsyncSession, conversation_id: str, order: Order, pieces: Mapping[int, int], wish: ReturnWish, facts: ShopFacts
) -> Return:
    """Register a return, or give back the one this very request made before; a receipt by e-mail has the slip to print.

    Eligibility is the caller's to check.

    Args:
        order: loaded with everything (``ORDER_GRAPH``).
        pieces: how many of each line, by its id.

    Raises:
        ValueError: more pieces than are left to return, or none; nothing was registered.
    """
    await session.execute(select(Order.id).where(Order.id == order.id).with_for_update())  # nobody else returns anything of it meanwhile
    key = _request_key(conversation_id, order, pieces, wish)
    existing = await session.scalar(select(Return).where(Return.request_key == key).options(*RETURN_ARTICLES))
    if existing is not None:
        return existing
    await _check_left(session, order, pieces)
    registered = await _insert(session, order, pieces, wish, key)
    slip = await slip_of(session, conversation_id, registered, order, facts)
    await return_receipt(session, registered, order, facts, slip_id=slip.id)
    return registered


async def slip_of(session: AsyncSession, conversation_id: str, registered: Return, order: Order, facts: ShopFacts) -> Attachment:
    """The slip to print and put into the parcel, a PDF, kept once per conversation; it is sent already when it has an ``event_seq``.

    Args:
        registered: loaded with its articles.
        order: loaded with everything (``ORDER_GRAPH``).
    """
    name = texts.SLIP_NAME.format(numero=registered.number)
    query = select(Attachment).where(Attachment.conversation_id == conversation_id, Attachment.name == name, Attachment.author == Author.BOT)
    known = await session.scalar(query)
    if known is not None:
        return known
    delivered_on, asked_on = last_delivery(order), registered.registered_at.astimezone(clock.PARIS).date()
    content = return_slip(
        registered.number,
        registered.registered_at,
        order,
        [(article.order_line, article.quantity) for article in registered.articles],
        registered.wish,
        WithdrawalWindow.after(delivered_on, facts).send_back_by(asked_on) if delivered_on else None,
        facts,
    )
    return await store_file(session, conversation_id, name, "application/pdf", content, Author.BOT)


def _request_key(conversation_id: str, order: Order, pieces: Mapping[int, int], wish: ReturnWish) -> str:
    parts = [conversation_id, order.id, sorted(pieces.items()), wish.value]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


async def _check_left(session: AsyncSession, order: Order, pieces: Mapping[int, int]) -> None:
    query = (
        select(ReturnArticle.order_line_id, func.sum(ReturnArticle.quantity))
        .where(ReturnArticle.order_line_id.in_(pieces))
        .group_by(ReturnArticle.order_line_id)
    )
    returned: dict[int, int] = dict((await session.execute(query)).all())
    ordered = {line.id: line.quantity for line in order.lines}
    for ident, count in pieces.items():
        left = ordered.get(ident, 0) - returned.get(ident, 0)
        if not 1 <= count <= left:
            raise ValueError(f"line {ident}: expected 1 to {left} pieces, got {count}")
    if not pieces:
        raise ValueError("expected at least one line to return, got none")


async def _insert(session: AsyncSession, order: Order, pieces: Mapping[int, int], wish: ReturnWish, key: str) -> Return:
    now = clock.now()
    lines = {line.id: line for line in order.lines}
    registered = Return(
        number=await next_number(session, f"RET-{now.year}"),
        order_id=order.id,
        request_key=key,
        wish=wish,
        state=ReturnState.REGISTERED,
        registered_at=now,
        articles=[ReturnArticle(order_line_id=ident, order_line=lines[ident], quantity=count) for ident, count in sorted(pieces.items())],
    )
    session.add(registered)
    await session.flush()
    return registered
