"""What can still be done about an order under way: its contents, its address, the purchase itself."""

import enum

from guichet.models import CaseMotive, CaseState, CustomerKind, Order, OrderState, SavCase


class Feasibility(enum.StrEnum):
    """How far an order has gone, for somebody who wants it changed."""

    AT_ONCE = "at_once"
    """Nothing has left yet: the request is registered."""
    REST_ONLY = "rest_only"
    """Part of it has left: the request can concern the rest."""
    SHIPPED = "shipped"
    """With the carrier."""
    DELIVERED = "delivered"
    SETTLED = "settled"
    """Cancelled or refunded."""


_OF_STATE = {
    OrderState.AWAITING_PAYMENT: Feasibility.AT_ONCE,
    OrderState.IN_PREPARATION: Feasibility.AT_ONCE,
    OrderState.PARTLY_SHIPPED: Feasibility.REST_ONLY,
    OrderState.SHIPPED: Feasibility.SHIPPED,
    OrderState.DELIVERED: Feasibility.DELIVERED,
    OrderState.CANCELLED: Feasibility.SETTLED,
    OrderState.REFUNDED: Feasibility.SETTLED,
}


def feasibility(order: Order) -> Feasibility:
    """How far ``order`` has gone."""
    return _OF_STATE[order.state]


def may_withdraw(order: Order) -> bool:
    """Whether the customer may withdraw from the purchase before it has arrived.

    A private customer may do so from the moment the contract is made (Code de la consommation, article L.221-18).
    """
    return order.customer.kind is CustomerKind.PRIVATE and feasibility(order) in (Feasibility.REST_ONLY, Feasibility.SHIPPED)


def pending_request(order: Order, motive: CaseMotive) -> SavCase | None:
    """The request of this kind that is already registered and not settled, if any. The order must be loaded with its cases."""
    return next((case for case in order.cases if case.motive is motive and case.state is not CaseState.SETTLED), None)
