"""The only door to an order: what a conversation has proved.

An order is proved by its number and the e-mail or the delivery postcode it was placed with. Every failure is the same value after the
same queries, whether the order exists or not; attempts are counted per conversation, per client address and per order number.
The orders of a customer whom the shop has signed as logged in (``guichet.identity``) need no proof.
"""

import enum
import hmac
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from guichet import clock
from guichet.customers import ensure_customer
from guichet.identity import Identity
from guichet.models import Conversation, Customer, Order, OrderProof, ProofAttempt
from guichet.orders import order_by_number, orders_of_customer, proved_orders
from guichet.settings import Settings


class ProofOutcome(enum.StrEnum):
    """What came of an attempt to prove an order."""

    PROVED = "proved"
    REFUSED = "refused"
    TOO_MANY_ATTEMPTS = "too_many_attempts"


@dataclass(frozen=True)
class Proof:
    """The outcome and, only when proved, the order and how: ``email``, ``postcode`` or ``identity``."""

    outcome: ProofOutcome
    order: Order | None = None
    method: str | None = None


class OtherCustomer(Exception):  # noqa: N818
    """The conversation is another customer's."""


async def identify(session: AsyncSession, conversation: Conversation, identity: Identity) -> None:
    """Link a conversation to the customer whom the shop vouches for; harmless when it is already.

    Raises:
        OtherCustomer: it is linked to another one, and stays so.
    """
    customer = await ensure_customer(session, identity.email, identity.name)
    linked = await session.execute(
        update(Conversation)
        .where(Conversation.id == conversation.id, or_(Conversation.customer_id.is_(None), Conversation.customer_id == customer.id))
        .values(customer_id=customer.id)
        .returning(Conversation.id)
    )
    if linked.first() is None:
        raise OtherCustomer
    await session.refresh(conversation)


async def identified_customer(session: AsyncSession, conversation_id: str) -> Customer | None:
    """The logged-in customer of a conversation, or None."""
    return await session.scalar(
        select(Customer).join(Conversation, Conversation.customer_id == Customer.id).where(Conversation.id == conversation_id)
    )


async def prove_order(
    session: AsyncSession,
    conversation_id: str,
    number: str,
    settings: Settings,
    *,
    email: str | None = None,
    postcode: str | None = None,
) -> Proof:
    """Try to prove an order for a conversation.

    Args:
        number: canonical order number, eight digits.
        email: lower-case e-mail given by the customer, or None.
        postcode: five-digit delivery postcode given by the customer, or None.

    Returns:
        The order when the proof holds. An unknown number and a wrong proof give the same ``REFUSED``.
    """
    conversation = await session.get_one(Conversation, conversation_id)
    blocked = await _too_many(session, conversation, number, settings)
    order = await order_by_number(session, number)
    expected_email = order.customer.email.lower() if order else "\0"
    expected_postcode = order.delivery_address.postcode if order else "\0"
    same_email = _same(email, expected_email)
    same_postcode = _same(postcode, expected_postcode)
    if order is not None and order.customer_id == conversation.customer_id:
        return Proof(ProofOutcome.PROVED, order, "identity")
    if blocked:
        return Proof(ProofOutcome.TOO_MANY_ATTEMPTS)
    if order is None or not (same_email or same_postcode):
        session.add(
            ProofAttempt(
                conversation_id=conversation_id,
                address_hash=conversation.address_hash,
                order_number=number,
                at=clock.now(),
            )
        )
        return Proof(ProofOutcome.REFUSED)
    method = "email" if same_email else "postcode"
    await session.merge(OrderProof(conversation_id=conversation_id, order_id=order.id, method=method, proved_at=clock.now()))
    return Proof(ProofOutcome.PROVED, order, method)


async def proved_order(session: AsyncSession, conversation_id: str, number: str | None = None) -> Order | None:
    """The order with this number; without one, the order proved or chosen last, or the only one of a logged-in customer.

    None when there is none: forbidden and missing look the same.
    """
    if number is not None:
        orders = await proved_orders(session, conversation_id, number, limit=1)
        return orders[0] if orders else None
    orders = await proved_orders(session, conversation_id, limit=2)
    is_chosen = bool(orders) and await session.get(OrderProof, (conversation_id, orders[0].id)) is not None
    return orders[0] if is_chosen or len(orders) == 1 else None


async def choosable_orders(session: AsyncSession, conversation_id: str) -> list[Order]:
    """The orders a customer may choose from without another proof, newest first.

    Those proved, those of a logged-in customer, and the others of whoever proved one by its e-mail. A postcode proves its own order
    only: a neighbour knows it.
    """
    known = {order.id: order for order in await proved_orders(session, conversation_id)}
    by_email = await session.scalars(
        select(Order.customer_id)
        .join(OrderProof, OrderProof.order_id == Order.id)
        .where(OrderProof.conversation_id == conversation_id, OrderProof.method == "email")
        .distinct()
    )
    for customer_id in by_email.all():
        known |= {order.id: order for order in await orders_of_customer(session, customer_id)}
    return sorted(known.values(), key=lambda order: (order.placed_at, order.id), reverse=True)


async def choose_order(session: AsyncSession, conversation_id: str, number: str) -> Order | None:
    """Make the order with this number the one spoken of, if it is one of ``choosable_orders``; otherwise None."""
    order = next((each for each in await choosable_orders(session, conversation_id) if each.number == number), None)
    if order is None:
        return None
    proof = await session.get(OrderProof, (conversation_id, order.id))
    if proof is None:
        session.add(OrderProof(conversation_id=conversation_id, order_id=order.id, method="chosen", proved_at=clock.now()))
    else:
        proof.proved_at = clock.now()
    await session.flush()
    return order


def _same(given: str | None, expected: str) -> bool:
    return hmac.compare_digest((given or "").lower().encode(), expected.encode())


async def _too_many(session: AsyncSession, conversation: Conversation, number: str, settings: Settings) -> bool:
    limits: list[tuple[ColumnElement[bool], int]] = [
        (ProofAttempt.conversation_id == conversation.id, settings.proof_attempts),
        (ProofAttempt.order_number == number, settings.proof_attempts),
        (ProofAttempt.address_hash == conversation.address_hash, settings.proof_attempts_address),
    ]
    since = clock.now() - timedelta(minutes=settings.proof_window_minutes)
    counts = [
        await session.scalar(select(func.count()).select_from(ProofAttempt).where(condition, ProofAttempt.at > since)) for condition, _ in limits
    ]
    return any((count or 0) >= limit for count, (_, limit) in zip(counts, limits, strict=True))
