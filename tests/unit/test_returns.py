"""Who may return an order, and until when."""

from datetime import date

import pytest

from guichet.models import CustomerKind, Order, OrderState, Return, ReturnArticle, ShipmentState
from guichet.returns import Eligibility, Refusal, eligibility, returnable

from .builders import FACTS, line, order, parcel

DELIVERED_ON, LAST_DAY = date(2026, 4, 3), date(2026, 4, 21)
"""A delivery whose fourteen jours ouvrables are worked out in test_shop."""


def delivered(kind: CustomerKind = CustomerKind.PRIVATE) -> Order:
    return order(parcel(delivered=DELIVERED_ON), kind=kind)


@pytest.mark.parametrize(
    ("day", "refusal"),
    [
        (DELIVERED_ON, None),
        (date(2026, 4, 20), None),
        (LAST_DAY, None),
        (date(2026, 4, 22), Refusal.TOO_LATE),
        (date(2027, 4, 3), Refusal.TOO_LATE),
    ],
    ids=str,
)
def test_a_private_customer_has_fourteen_working_days(day: date, refusal: Refusal | None) -> None:
    assert eligibility(delivered(), FACTS, day) == Eligibility(refusal, LAST_DAY)


@pytest.mark.parametrize("day", [DELIVERED_ON, date(2027, 4, 3)], ids=str)
def test_a_professional_has_no_right_of_withdrawal(day: date) -> None:
    assert eligibility(delivered(CustomerKind.PROFESSIONAL), FACTS, day) == Eligibility(Refusal.PROFESSIONAL, None)


@pytest.mark.parametrize(
    "undelivered",
    [
        pytest.param(order(state=OrderState.IN_PREPARATION), id="nothing shipped"),
        pytest.param(order(parcel(ShipmentState.IN_TRANSIT), state=OrderState.SHIPPED), id="on its way"),
        pytest.param(order(parcel(delivered=DELIVERED_ON), state=OrderState.PARTLY_SHIPPED), id="a part is still to be shipped"),
        pytest.param(order(parcel(delivered=DELIVERED_ON), parcel(ShipmentState.IN_TRANSIT), state=OrderState.SHIPPED), id="a parcel is on its way"),
    ],
)
def test_the_delay_does_not_start_before_everything_is_delivered(undelivered: Order) -> None:
    assert eligibility(undelivered, FACTS, DELIVERED_ON) == Eligibility(Refusal.NOT_DELIVERED, None)


def test_the_delay_runs_from_the_last_parcel() -> None:
    in_two_parcels = order(parcel(delivered=DELIVERED_ON), parcel(delivered=date(2026, 3, 30)))
    assert eligibility(in_two_parcels, FACTS, LAST_DAY) == Eligibility(None, LAST_DAY)


def test_the_delay_is_the_shops_fact() -> None:
    generous = FACTS.model_copy(update={"delai_retractation_jours": 20})
    assert eligibility(delivered(), generous, date(2026, 4, 28)) == Eligibility(None, date(2026, 4, 28))


def test_what_is_in_a_return_is_not_left_to_return() -> None:
    bought = delivered()
    bought.lines = [line(1, quantity=4), line(2)]
    bought.returns = [Return(articles=[ReturnArticle(order_line_id=1, quantity=3)]), Return(articles=[ReturnArticle(order_line_id=2, quantity=1)])]
    assert returnable(bought) == {1: 1, 2: 0}
    assert eligibility(bought, FACTS, DELIVERED_ON).refusal is None
    bought.returns.append(Return(articles=[ReturnArticle(order_line_id=1, quantity=1)]))
    assert eligibility(bought, FACTS, DELIVERED_ON) == Eligibility(Refusal.ALL_RETURNED, LAST_DAY)
