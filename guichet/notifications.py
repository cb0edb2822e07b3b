"""News of an order by e-mail: its customer subscribes, gets one mail per change, and stops with the link of any of them."""

import hashlib
import secrets

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from guichet import clock
from guichet.mails import order_update
from guichet.models import Order, OrderSubscription, UnsubscribeLink
from guichet.shop import ShopFacts

PATH = "/notifications/desinscription/"


class NotTheCustomer(Exception):  # noqa: N818
    """The address is not the one the order was placed with."""


async def subscribe(session: AsyncSession, order: Order, email: str) -> OrderSubscription:
    """Have the order's customer told of its changes from now on; asked for again, it is the same subscription, living again.

    Args:
        order: loaded with its customer and shipments; the conversation has proved it.

    Raises:
        NotTheCustomer: ``email`` is not the order's own.
    """
    if email.strip().lower() != order.customer.email.lower():
        raise NotTheCustomer
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    values = {"order_id": order.id, "email": order.customer.email.lower(), "told": _fingerprint(order)}
    new = insert(OrderSubscription).values(**values).on_conflict_do_nothing(index_elements=["order_id", "email"])
    await session.execute(new)
    mine = (OrderSubscription.order_id == order.id, OrderSubscription.email == values["email"])
    again = update(OrderSubscription).where(*mine, OrderSubscription.ended_at.is_not(None)).values(ended_at=None, told=values["told"])
    await session.execute(again.execution_options(synchronize_session=False))
    query = select(OrderSubscription).where(*mine).execution_options(populate_existing=True)
    return (await session.scalars(query)).one()


async def order_changed(session: AsyncSession, order: Order, facts: ShopFacts, base_url: str) -> int:
    """Tell every subscriber the order's new state, or that of its parcels; called again with nothing new, it tells nothing.

    Args:
        order: loaded with its customer and shipments.
        base_url: where guichet is reached from outside (``Settings.base_url``).

    Returns:
        How many mails were written.
    """
    states = _fingerprint(order)
    statement = (
        update(OrderSubscription)
        .where(
            OrderSubscription.order_id == order.id,
            OrderSubscription.email == order.customer.email.lower(),
            OrderSubscription.ended_at.is_(None),
            OrderSubscription.told != states,
        )
        .values(told=states, changes=OrderSubscription.changes + 1)
        .returning(OrderSubscription.id, OrderSubscription.changes)
        .execution_options(synchronize_session=False)
    )
    told = (await session.execute(statement)).all()
    for ident, changes in told:
        link = await _new_link(session, ident, base_url)
        await order_update(session, order, facts, unsubscribe_url=link, change=f"{ident}:{changes}")
    return len(told)


async def subscription_of(session: AsyncSession, token: str) -> OrderSubscription | None:
    """The subscription, with its order, that an unsubscribe link is about; None when the token is unknown."""
    query = (
        select(OrderSubscription)
        .join(UnsubscribeLink, UnsubscribeLink.subscription_id == OrderSubscription.id)
        .where(UnsubscribeLink.token_hash == _hash(token))
        .options(joinedload(OrderSubscription.order))
    )
    return await session.scalar(query)


async def unsubscribe(session: AsyncSession, token: str) -> OrderSubscription | None:
    """End the subscription of this link; harmless when it has ended already. None when the token is unknown."""
    subscription = await subscription_of(session, token)
    if subscription is not None and subscription.ended_at is None:
        subscription.ended_at = clock.now()
        await session.flush()
    return subscription


async def _new_link(session: AsyncSession, subscription_id: int, base_url: str) -> str:
    token = secrets.token_urlsafe(32)
    session.add(UnsubscribeLink(token_hash=_hash(token), subscription_id=subscription_id))
    await session.flush()
    return f"{base_url.rstrip('/')}{PATH}{token}"


def _fingerprint(order: Order) -> str:
    """Hash of the order's state and of each parcel's."""
    parcels = sorted((shipment.id, shipment.state.value) for shipment in order.shipments)
    return _hash(f"{order.state.value} {parcels}")


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
