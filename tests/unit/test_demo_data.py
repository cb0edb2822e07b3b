"""The demo shop shows everything, invents everybody, and docs/demo.md tells it as it is."""

import re
from itertools import pairwise

import pytest

from guichet.demo_data import CUSTOMERS, PRODUCTS, SCENARIOS, Scenario, describe_demo, number_of
from guichet.models import OrderState, ShipmentState

from .builders import ROOT


def test_the_page_is_what_guichet_demo_describe_prints() -> None:
    assert (ROOT / "docs" / "demo.md").read_text("utf-8") == describe_demo()


def test_every_order_state_is_shown() -> None:
    assert {scenario.state for scenario in SCENARIOS} == set(OrderState)


def test_every_shipment_state_is_shown() -> None:
    assert {parcel.state for scenario in SCENARIOS for parcel in scenario.parcels} == set(ShipmentState)


@pytest.mark.parametrize("phone", [customer[3] for customer in CUSTOMERS])
def test_phone_numbers_are_those_of_fiction(phone: str) -> None:
    assert re.fullmatch(r"(01 99 00|06 39 98)( \d\d){2}", phone)


@pytest.mark.parametrize("email", [customer[2] for customer in CUSTOMERS])
def test_emails_belong_to_nobody(email: str) -> None:
    assert re.fullmatch(r"[a-z.]+@([a-z-]+\.)?example\.com", email)


def test_order_numbers_are_eight_digits_all_different_and_far_apart() -> None:
    numbers = [int(number_of(index)) for index in range(len(SCENARIOS))]
    assert len(set(numbers)) == len(SCENARIOS) >= 40
    assert all(10_000_000 <= number <= 99_999_999 for number in numbers)
    assert all(later - earlier > 1 for earlier, later in pairwise(numbers))


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.shows)
def test_a_scenario_is_consistent(scenario: Scenario) -> None:
    assert scenario.customer < len(CUSTOMERS)
    assert all(product < len(PRODUCTS) and quantity > 0 for product, quantity in scenario.lines)
    for parcel in scenario.parcels:
        assert all(line < len(scenario.lines) for line in parcel.lines)
        assert (parcel.delivered is not None) == (parcel.state is ShipmentState.DELIVERED)
        assert (parcel.shipped is None) == (parcel.state is ShipmentState.PREPARING)
        days = [day for day in (scenario.placed, parcel.shipped, parcel.delivered) if day is not None]
        assert days == sorted(days)
        assert days[-1] <= 0
