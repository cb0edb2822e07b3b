"""Where parcels and orders stand once the calendar is taken into account."""

from datetime import date, timedelta

import pytest

from guichet.models import Order, OrderState, Product, Shipment, ShipmentLine, ShipmentState
from guichet.orders import ParcelSituation, last_delivery, situation, total_cents, unshipped_lines

from .builders import line, order, parcel

DAY = date(2026, 7, 8)
YESTERDAY, TOMORROW = DAY - timedelta(days=1), DAY + timedelta(days=1)

S, P = ShipmentState, ParcelSituation
# state: promised the day before, that day, the day after, no day
SITUATIONS = {
    S.PREPARING: (P.LATE, P.PREPARING, P.PREPARING, P.PREPARING),
    S.IN_TRANSIT: (P.LATE, P.ON_ITS_WAY, P.ON_ITS_WAY, P.ON_ITS_WAY),
    S.OUT_FOR_DELIVERY: (P.LATE, P.TODAY, P.TODAY, P.TODAY),
    S.CUSTOMER_ABSENT: (P.CUSTOMER_ABSENT,) * 4,
    S.AT_PICKUP_POINT: (P.AT_PICKUP_POINT,) * 4,
    S.DELIVERED: (P.DELIVERED,) * 4,
    S.RETURNED_TO_SENDER: (P.RETURNED_TO_SENDER,) * 4,
}


@pytest.mark.parametrize("state", ShipmentState)
def test_situation(state: ShipmentState) -> None:
    promises = (YESTERDAY, DAY, TOMORROW, None)
    assert tuple(situation(parcel(state, promised=promised), DAY) for promised in promises) == SITUATIONS[state]


@pytest.mark.parametrize(
    ("delivered", "expected"),
    [
        pytest.param([], None, id="no parcel"),
        pytest.param([DAY], DAY, id="one parcel"),
        pytest.param([DAY, YESTERDAY], DAY, id="the last of two"),
        pytest.param([YESTERDAY, None], None, id="one still to come"),
    ],
)
def test_last_delivery(delivered: list[date | None], expected: date | None) -> None:
    assert last_delivery(order(*(parcel(delivered=day) for day in delivered))) == expected


@pytest.mark.parametrize("state", set(OrderState) - {OrderState.DELIVERED}, ids=str)
def test_an_order_not_delivered_as_a_whole_has_no_last_delivery(state: OrderState) -> None:
    assert last_delivery(order(parcel(delivered=DAY), state=state)) is None


def test_total_counts_quantities_and_carriage() -> None:
    placed = Order(shipping_cents=590, lines=[line(1, quantity=2, cents=8990), line(2, cents=1990)])
    assert total_cents(placed) == 590 + 17980 + 1990


def test_unshipped_lines_are_what_no_parcel_holds() -> None:
    packed, split, waiting = line(1, quantity=1), line(2, quantity=3), line(3, quantity=2)
    parcels = [
        Shipment(contents=[ShipmentLine(order_line_id=1, quantity=1), ShipmentLine(order_line_id=2, quantity=1)]),
        Shipment(contents=[ShipmentLine(order_line_id=2, quantity=1)]),
    ]
    placed = Order(lines=[packed, split, waiting], shipments=parcels)
    assert unshipped_lines(placed) == [(split, 1), (waiting, 2)]


def test_a_line_without_parcels_is_unshipped() -> None:
    only = line(1, quantity=4)
    assert isinstance(only.product, Product)
    assert unshipped_lines(Order(lines=[only], shipments=[])) == [(only, 4)]
