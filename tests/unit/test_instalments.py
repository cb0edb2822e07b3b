"""Payment in 3 or 4 times: cents add up, days are a month apart, limits are included."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.faq import Faq
from guichet.instalments import COUNTS, Eligibility, Limits, months_later, schedule

from .builders import FACTS

DAY = date(2026, 11, 24)
days = st.dates(date(2020, 1, 1), date(2090, 12, 31))
cents = st.integers(15_000, 200_000)
counts = st.sampled_from(COUNTS)


@given(cents, counts, days)
def test_the_sum_is_exact_and_only_the_first_payment_differs_by_less_than_a_cent_each(amount: int, count: int, day: date) -> None:
    payments = [payment.cents for payment in schedule(amount, count, day)]
    assert sum(payments) == amount
    assert len(payments) == count
    assert len(set(payments[1:])) == 1
    assert 0 <= payments[0] - payments[1] < count


@given(cents, counts, days)
def test_payments_begin_on_the_day_of_the_order_and_come_once_in_each_following_month(amount: int, count: int, day: date) -> None:
    dates = [payment.day for payment in schedule(amount, count, day)]
    assert dates[0] == day
    months = [each.year * 12 + each.month for each in dates]
    assert months == list(range(months[0], months[0] + count))
    for each in dates:
        assert each.day == day.day or (each.day < day.day and (each + timedelta(days=1)).day == 1)


@pytest.mark.parametrize(
    ("amount", "count", "payments"),
    [
        (9500, 3, [3168, 3166, 3166]),
        (9500, 4, [2375, 2375, 2375, 2375]),
        (15_000, 3, [5000, 5000, 5000]),
        (125_050, 3, [41_684, 41_683, 41_683]),
        (125_050, 4, [31_264, 31_262, 31_262, 31_262]),
        (200_000, 3, [66_668, 66_666, 66_666]),
        (3, 3, [1, 1, 1]),
    ],
)
def test_schedules_by_hand(amount: int, count: int, payments: list[int]) -> None:
    assert [payment.cents for payment in schedule(amount, count, DAY)] == payments


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        (date(2026, 1, 31), [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]),
        (date(2028, 1, 30), [date(2028, 1, 30), date(2028, 2, 29), date(2028, 3, 30), date(2028, 4, 30)]),
        (date(2026, 11, 24), [date(2026, 11, 24), date(2026, 12, 24), date(2027, 1, 24), date(2027, 2, 24)]),
        (date(2026, 12, 31), [date(2026, 12, 31), date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31)]),
    ],
)
def test_ends_of_months_and_of_years(first: date, expected: list[date]) -> None:
    assert [payment.day for payment in schedule(40_000, 4, first)] == expected
    assert [months_later(first, rank) for rank in range(4)] == expected


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        (0, Eligibility.TOO_LOW),
        (14_999, Eligibility.TOO_LOW),
        (15_000, Eligibility.POSSIBLE),
        (200_000, Eligibility.POSSIBLE),
        (200_001, Eligibility.TOO_HIGH),
    ],
)
def test_the_limits_of_the_shop_are_included(real_faq: Faq, amount: int, expected: Eligibility) -> None:
    limits = Limits.of(real_faq.facts)
    assert limits is not None
    assert limits.eligibility(amount) is expected


def test_a_shop_without_such_payment_has_no_limits() -> None:
    assert Limits.of(FACTS) is None
    assert Limits.of(FACTS.model_copy(update={"financement_min_euros": 150})) is None


@pytest.mark.parametrize(("amount", "count"), [(40_000, 2), (40_000, 5), (40_000, 0), (2, 3), (0, 4), (-5, 3)])
def test_impossible_schedules_are_refused(amount: int, count: int) -> None:
    with pytest.raises(ValueError, match=r"payments"):
        schedule(amount, count, DAY)
