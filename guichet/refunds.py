"""Refunds and their delay: by when the money goes back, and which refund is late.

Code de la consommation, article L.221-24: who withdraws is refunded at the latest fourteen days after the shop was told, or once the
goods are back when that is later. What is owed grows with the delay (article L.242-4), so a late refund goes to a person at once.
The shop keeps the same delay for every refund it has decided, whatever the reason.
"""

from datetime import date, timedelta

from guichet import clock
from guichet.models import Order, Refund, RefundState, Return, ReturnState, ReturnWish
from guichet.shop import ShopFacts

_HERE = frozenset({ReturnState.RECEIVED, ReturnState.ACCEPTED})


def due_on(refund: Refund, facts: ShopFacts) -> date:
    """The last day to issue a refund: ``delai_remboursement_jours`` calendar days after it was decided."""
    return refund.decided_on + timedelta(days=facts.delai_remboursement_jours)


def is_late(refund: Refund, day: date, facts: ShopFacts) -> bool:
    """Whether, on ``day``, a refund that was decided should have been issued."""
    return refund.state is RefundState.DECIDED and due_on(refund, facts) < day


def late_refund(order: Order, day: date, facts: ShopFacts) -> Refund | None:
    """The refund of ``order`` that is late for the longest time, if any. The order is loaded with its refunds."""
    late = [refund for refund in order.refunds if is_late(refund, day, facts)]
    return min(late, key=lambda refund: refund.decided_on, default=None)


def told_on(returned: Return) -> date:
    """The day the shop was told of a return, in its own zone."""
    return returned.registered_at.astimezone(clock.PARIS).date()


def return_due_on(returned: Return, facts: ShopFacts) -> date | None:
    """The last day to refund a return whose goods are back: ``delai_remboursement_jours`` days after it was told of.

    None when no money is due: the goods are not here yet, they were refused, or something else is wished in exchange.
    """
    if returned.state not in _HERE or returned.wish in (ReturnWish.EXCHANGE, ReturnWish.CREDIT):
        return None
    return told_on(returned) + timedelta(days=facts.delai_remboursement_jours)


def late_return(order: Order, day: date, facts: ShopFacts) -> Return | None:
    """The oldest return of ``order`` that should have been refunded by ``day``, when the order has no refund at all."""
    if order.refunds:
        return None
    late = [returned for returned in order.returns if (due := return_due_on(returned, facts)) is not None and due < day]
    return min(late, key=lambda returned: returned.registered_at, default=None)
