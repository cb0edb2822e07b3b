"""Returns within the withdrawal delay: who may, until when, and registering one."""

import enum
from dataclasses import dataclass
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from guichet import clock
from guichet.mails import return_receipt
from guichet.models import CustomerKind, Order, OrderLine, OrderState, Return, ReturnState, ReturnWish
from guichet.numbers import next_number
from guichet.orders import last_delivery
from guichet.shop import ShopFacts, WithdrawalWindow


class Refusal(enum.StrEnum):
    """Why an order cannot be returned for withdrawal."""

    PROFESSIONAL = "professional"
    NOT_DELIVERED = "not_delivered"
    TOO_LATE = "too_late"
    SETTLED = "settled"
    """Cancelled or refunded: there is nothing left to return."""


@dataclass(frozen=True)
class Eligibility:
    """Whether an order can be returned, and until when."""

    refusal: Refusal | None
    last_day: date | None


def eligibility(order: Order, facts: ShopFacts, day: date) -> Eligibility:
    """The right of withdrawal on ``day``: private customers, ``delai_retractation_jours`` jours ouvrables after the last parcel (FAQ)."""
    if order.customer.kind is CustomerKind.PROFESSIONAL:
        return Eligibility(Refusal.PROFESSIONAL, None)
    if order.state in (OrderState.CANCELLED, OrderState.REFUNDED):
        return Eligibility(Refusal.SETTLED, None)
    delivered_on = last_delivery(order)
    if delivered_on is None:
        return Eligibility(Refusal.NOT_DELIVERED, None)
    window = WithdrawalWindow.after(delivered_on, facts)
    return Eligibility(None if window.is_open(day) else Refusal.TOO_LATE, window.last_day)


async def register_return(session: AsyncSession, order: Order, line: OrderLine, quantity: int, wish: ReturnWish, facts: ShopFacts) -> Return:
    """Register the return of ``quantity`` pieces of one line of ``order``, or give back the return that line already has.

    The order must have been loaded with its returns; eligibility is the caller's to check. The customer gets a receipt by e-mail
    that says how to prepare the parcel.

    Raises:
        ValueError: more pieces than were ordered, or none.
    """
    if not 1 <= quantity <= line.quantity:
        raise ValueError(f"expected 1 to {line.quantity} pieces, got {quantity}")
    existing = next((known for known in order.returns if known.order_line_id == line.id), None)
    if existing is not None:
        return existing
    now = clock.now()
    registered = Return(
        number=await next_number(session, f"RET-{now.year}"),
        order_id=order.id,
        order_line_id=line.id,
        quantity=quantity,
        wish=wish,
        state=ReturnState.REGISTERED,
        registered_at=now,
    )
    session.add(registered)
    await session.flush()
    await return_receipt(session, registered, order, line, facts)
    return registered
