"""Orders as the assistant tells them: their parcels, how late they are, what can be done next."""

import enum
from datetime import date

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload, selectinload

from guichet.models import (
    CaseArticle,
    Conversation,
    Order,
    OrderLine,
    OrderProof,
    OrderState,
    Return,
    ReturnArticle,
    SavCase,
    Shipment,
    ShipmentLine,
    ShipmentState,
)

CASE_ARTICLES = (selectinload(SavCase.articles).joinedload(CaseArticle.order_line).joinedload(OrderLine.product),)
RETURN_ARTICLES = (selectinload(Return.articles).joinedload(ReturnArticle.order_line).joinedload(OrderLine.product),)
ORDER_GRAPH = (
    joinedload(Order.customer),
    joinedload(Order.delivery_address),
    selectinload(Order.lines).joinedload(OrderLine.product),
    selectinload(Order.shipments).selectinload(Shipment.contents).joinedload(ShipmentLine.order_line).joinedload(OrderLine.product),
    selectinload(Order.refunds),
    selectinload(Order.cases).selectinload(SavCase.history),
    selectinload(Order.cases).options(*CASE_ARTICLES),
    selectinload(Order.returns).options(*RETURN_ARTICLES),
)
"""Everything the assistant says of an order, in a handful of queries."""


class ParcelSituation(enum.StrEnum):
    """A parcel's state once the calendar is taken into account."""

    PREPARING = "preparing"
    ON_ITS_WAY = "on_its_way"
    TODAY = "today"
    LATE = "late"
    CUSTOMER_ABSENT = "customer_absent"
    AT_PICKUP_POINT = "at_pickup_point"
    DELIVERED = "delivered"
    RETURNED_TO_SENDER = "returned_to_sender"


_FIXED = {
    ShipmentState.CUSTOMER_ABSENT: ParcelSituation.CUSTOMER_ABSENT,
    ShipmentState.AT_PICKUP_POINT: ParcelSituation.AT_PICKUP_POINT,
    ShipmentState.DELIVERED: ParcelSituation.DELIVERED,
    ShipmentState.RETURNED_TO_SENDER: ParcelSituation.RETURNED_TO_SENDER,
}


def situation(shipment: Shipment, day: date) -> ParcelSituation:
    """Where a parcel stands on ``day``: late once the promised day is over (FAQ: the announced delay is that of the shipping mail)."""
    if shipment.state in _FIXED:
        return _FIXED[shipment.state]
    if shipment.promised_on is not None and shipment.promised_on < day:
        return ParcelSituation.LATE
    if shipment.state is ShipmentState.OUT_FOR_DELIVERY:
        return ParcelSituation.TODAY
    return ParcelSituation.PREPARING if shipment.state is ShipmentState.PREPARING else ParcelSituation.ON_ITS_WAY


def last_delivery(order: Order) -> date | None:
    """The day the last parcel arrived; None while anything of the order is still to come.

    For an order in several parcels the withdrawal delay runs from the last one (Code de la consommation, article L.221-18).
    """
    days = [shipment.delivered_on for shipment in order.shipments]
    if not days or any(day is None for day in days) or order.state is not OrderState.DELIVERED:
        return None
    return max(day for day in days if day is not None)


def total_cents(order: Order) -> int:
    """What the order cost, carriage included, in euro cents."""
    return order.shipping_cents + sum(line.quantity * line.unit_price_cents for line in order.lines)


def unshipped_lines(order: Order) -> list[tuple[OrderLine, int]]:
    """Lines, with quantities, that are in no parcel yet."""
    packed: dict[int, int] = {}
    for shipment in order.shipments:
        for content in shipment.contents:
            packed[content.order_line_id] = packed.get(content.order_line_id, 0) + content.quantity
    rest = ((line, line.quantity - packed.get(line.id, 0)) for line in order.lines)
    return [(line, count) for line, count in rest if count > 0]


async def order_by_number(session: AsyncSession, number: str) -> Order | None:
    """The order with this canonical number, fully loaded. Not for outside callers: they go through ``access``."""
    return await session.scalar(select(Order).where(Order.number == number).options(*ORDER_GRAPH))


async def proved_orders(session: AsyncSession, conversation_id: str, number: str | None = None, limit: int | None = None) -> list[Order]:
    """The orders a conversation may see: those it has proved, the latest proof first, then those of its logged-in customer, newest first.

    Args:
        number: only the order with this canonical number.
        limit: so many at most; all by default.
    """
    query = (
        select(Order)
        .join(Conversation, Conversation.id == conversation_id)
        .outerjoin(OrderProof, and_(OrderProof.order_id == Order.id, OrderProof.conversation_id == Conversation.id))
        .where(or_(OrderProof.order_id.is_not(None), Order.customer_id == Conversation.customer_id))
        .order_by(OrderProof.proved_at.desc().nulls_last(), Order.placed_at.desc(), Order.id.desc())
        .limit(limit)
        .options(*ORDER_GRAPH)
    )
    return list(await session.scalars(query if number is None else query.where(Order.number == number)))


async def orders_of_customer(session: AsyncSession, customer_id: int) -> list[Order]:
    """A customer's orders, newest first. Not for outside callers: they go through ``access``."""
    query = select(Order).where(Order.customer_id == customer_id).order_by(Order.placed_at.desc(), Order.id.desc()).options(*ORDER_GRAPH)
    return list(await session.scalars(query))
