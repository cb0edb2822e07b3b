"""What can still be done about an order, by its state and customer."""

import pytest

from guichet.changes import Feasibility, feasibility, may_withdraw, pending_request
from guichet.models import QUEUES, CaseMotive, CaseQueue, CaseState, CustomerKind, OrderState, SavCase

from .builders import order


@pytest.mark.parametrize("state", OrderState)
def test_every_state_says_how_far_the_order_has_gone(state: OrderState) -> None:
    found = feasibility(order(state=state))
    assert (found is Feasibility.AT_ONCE) == (state in (OrderState.AWAITING_PAYMENT, OrderState.IN_PREPARATION))
    assert (found is Feasibility.SETTLED) == (state in (OrderState.CANCELLED, OrderState.REFUNDED))


@pytest.mark.parametrize(
    ("kind", "state", "expected"),
    [
        (CustomerKind.PRIVATE, OrderState.SHIPPED, True),
        (CustomerKind.PRIVATE, OrderState.PARTLY_SHIPPED, True),
        (CustomerKind.PRIVATE, OrderState.IN_PREPARATION, False),
        (CustomerKind.PRIVATE, OrderState.DELIVERED, False),
        (CustomerKind.PROFESSIONAL, OrderState.SHIPPED, False),
    ],
)
def test_only_a_private_customer_withdraws_before_the_parcel_comes(kind: CustomerKind, state: OrderState, *, expected: bool) -> None:
    assert may_withdraw(order(kind=kind, state=state)) is expected


def test_a_settled_request_may_be_made_again() -> None:
    known = SavCase(motive=CaseMotive.ORDER_CANCELLATION, state=CaseState.OPEN)
    wanted = order(state=OrderState.IN_PREPARATION)
    wanted.cases = [known]
    assert pending_request(wanted, CaseMotive.ORDER_CANCELLATION) is known
    assert pending_request(wanted, CaseMotive.ADDRESS_CHANGE) is None
    known.state = CaseState.SETTLED
    assert pending_request(wanted, CaseMotive.ORDER_CANCELLATION) is None


@pytest.mark.parametrize("motive", CaseMotive)
def test_each_case_has_a_team(motive: CaseMotive) -> None:
    assert SavCase(motive=motive).queue is QUEUES.get(motive, CaseQueue.SAV)
