"""By when money goes back, and what is late."""

from datetime import UTC, date, datetime

import pytest
from pydantic import ValidationError

from guichet.models import Order, Refund, RefundState, Return, ReturnState, ReturnWish
from guichet.refunds import due_on, is_late, late_refund, late_return, return_due_on
from guichet.shop import ShopFacts

from .builders import FACTS, order

DECIDED_ON, DUE_ON = date(2026, 3, 2), date(2026, 3, 16)


def refund(decided_on: date = DECIDED_ON, state: RefundState = RefundState.DECIDED) -> Refund:
    return Refund(state=state, decided_on=decided_on, issued_on=decided_on if state is RefundState.ISSUED else None)


def returned(
    state: ReturnState = ReturnState.RECEIVED, wish: ReturnWish | None = ReturnWish.REFUND, at: datetime = datetime(2026, 3, 2, 9, tzinfo=UTC)
) -> Return:
    return Return(number=f"RET-{at:%m%d}", state=state, wish=wish, registered_at=at)


def with_money(*refunds: Refund, returns: tuple[Return, ...] = ()) -> Order:
    found = order()
    found.refunds, found.returns = list(refunds), list(returns)
    return found


def test_a_refund_is_due_fourteen_days_after_it_was_decided() -> None:
    assert due_on(refund(), FACTS) == DUE_ON


def test_the_delay_is_the_shops_fact_when_it_is_shorter_than_the_laws() -> None:
    assert due_on(refund(), FACTS.model_copy(update={"delai_remboursement_jours": 7})) == date(2026, 3, 9)


def test_the_delay_is_never_longer_than_the_laws() -> None:
    with pytest.raises(ValidationError, match="delai_remboursement_jours"):
        ShopFacts.model_validate({**FACTS.model_dump(), "delai_remboursement_jours": 15})


@pytest.mark.parametrize(("day", "expected"), [(DECIDED_ON, False), (DUE_ON, False), (date(2026, 3, 17), True), (date(2027, 3, 2), True)], ids=str)
def test_a_refund_is_late_from_the_day_after_the_last_one(day: date, *, expected: bool) -> None:
    assert is_late(refund(), day, FACTS) is expected


def test_an_issued_refund_is_never_late() -> None:
    assert not is_late(refund(state=RefundState.ISSUED), date(2027, 1, 1), FACTS)


def test_the_refund_that_is_late_for_the_longest_time_is_found() -> None:
    oldest, issued = refund(date(2026, 2, 2)), refund(date(2026, 1, 5), RefundState.ISSUED)
    assert late_refund(with_money(issued, refund(), oldest, refund(date(2026, 3, 31))), date(2026, 4, 1), FACTS) is oldest
    assert late_refund(with_money(refund(date(2026, 3, 31))), date(2026, 4, 1), FACTS) is None


@pytest.mark.parametrize("state", ReturnState)
@pytest.mark.parametrize("wish", [*ReturnWish, None])
def test_a_return_is_to_be_refunded_once_the_goods_are_back_unless_something_else_is_wished(state: ReturnState, wish: ReturnWish | None) -> None:
    is_due = state in (ReturnState.RECEIVED, ReturnState.ACCEPTED) and wish in (ReturnWish.REFUND, None)
    assert return_due_on(returned(state, wish), FACTS) == (DUE_ON if is_due else None)


def test_the_delay_of_a_return_is_counted_in_days_of_the_shop() -> None:
    just_after_midnight_in_paris = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    assert return_due_on(returned(at=just_after_midnight_in_paris), FACTS) == DUE_ON


def test_a_return_is_late_while_nothing_is_refunded() -> None:
    late, younger = returned(), returned(at=datetime(2026, 3, 3, 9, tzinfo=UTC))
    day = date(2026, 3, 20)
    assert late_return(with_money(returns=(younger, late)), day, FACTS) is late
    assert late_return(with_money(returns=(late,)), DUE_ON, FACTS) is None
    assert late_return(with_money(returns=(returned(ReturnState.REGISTERED),)), day, FACTS) is None
    assert late_return(with_money(refund(), returns=(late,)), day, FACTS) is None
