"""Opening hours, working days and deadlines, on real calendars."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from guichet.clock import PARIS
from guichet.shop import OpeningHours, ShopFacts, WithdrawalWindow, add_working_days, is_holiday, is_working_day

from .builders import FACTS

ILL_FORMED = "plage horaire attendue sous la forme « 09:00-12:30 »"
IMPOSSIBLE = "plage horaire impossible : le début doit précéder la fin, entre 00:00 et 23:59"
HOLIDAYS_2026 = [
    date(2026, month, day) for month, day in [(1, 1), (4, 6), (5, 1), (5, 8), (5, 14), (5, 25), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)]
]


def paris(text: str) -> datetime:
    """``2026-07-10 16:59`` on the shop's clock."""
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


@pytest.mark.parametrize(
    ("span", "message"),
    [
        ("9h-12h", ILL_FORMED),
        ("9:00-12:30", ILL_FORMED),
        ("09:00", ILL_FORMED),
        ("09:00 - 12:30", ILL_FORMED),
        ("", ILL_FORMED),
        ("18:00-09:00", IMPOSSIBLE),
        ("09:00-09:00", IMPOSSIBLE),
        ("09:00-24:00", IMPOSSIBLE),
        ("25:00-26:00", IMPOSSIBLE),
        ("09:60-10:00", IMPOSSIBLE),
        ("09:00-10:60", IMPOSSIBLE),
    ],
)
def test_a_bad_span_is_explained_in_french(span: str, message: str) -> None:
    with pytest.raises(ValidationError) as caught:
        OpeningHours(lundi=("09:00-12:30", span))
    (error,) = caught.value.errors()
    assert error["loc"] == ("lundi", 1)
    assert error["msg"] == f"Value error, {message}"


def test_an_unknown_day_is_refused() -> None:
    with pytest.raises(ValidationError, match="friday"):
        OpeningHours.model_validate({"friday": ["09:00-12:30"]})


@pytest.mark.parametrize(
    ("now", "opening"),
    [
        pytest.param("2026-07-08 08:59", "2026-07-08 09:00", id="before opening"),
        pytest.param("2026-07-08 12:30", "2026-07-08 13:30", id="lunch"),
        pytest.param("2026-07-08 18:00", "2026-07-09 09:00", id="evening"),
        pytest.param("2026-07-10 17:00", "2026-07-13 09:00", id="weekend"),
        pytest.param("2026-07-12 10:00", "2026-07-13 09:00", id="sunday"),
        pytest.param("2026-07-13 18:00", "2026-07-15 09:00", id="eve of 14 July"),
        pytest.param("2026-07-14 10:00", "2026-07-15 09:00", id="14 July"),
        pytest.param("2026-12-24 18:00", "2026-12-28 09:00", id="Christmas on a Friday"),
        pytest.param("2026-12-25 10:00", "2026-12-28 09:00", id="25 December"),
        pytest.param("2026-12-31 18:00", "2027-01-04 09:00", id="new year"),
    ],
)
def test_closed_until_the_next_opening(now: str, opening: str) -> None:
    assert not FACTS.is_open(paris(now))
    assert FACTS.next_opening(paris(now)) == paris(opening)
    assert FACTS.is_open(paris(opening))


@pytest.mark.parametrize("now", ["2026-07-08 09:00", "2026-07-08 12:29", "2026-07-08 17:59", "2026-07-10 16:59"])
def test_when_open_the_next_opening_is_now(now: str) -> None:
    assert FACTS.is_open(paris(now))
    assert FACTS.next_opening(paris(now)) == paris(now)


@pytest.mark.parametrize(
    ("nine_in_paris", "season"),
    [
        ("2026-03-27T08:00+00:00", "the last Friday of winter time"),
        ("2026-03-30T07:00+00:00", "the first Monday of summer time"),
        ("2026-10-23T07:00+00:00", "the last Friday of summer time"),
        ("2026-10-26T08:00+00:00", "the first Monday of winter time"),
    ],
)
def test_opening_follows_the_change_of_clocks(nine_in_paris: str, season: str) -> None:
    opening = datetime.fromisoformat(nine_in_paris)
    assert FACTS.is_open(opening), season
    assert not FACTS.is_open(opening - timedelta(minutes=1)), season
    assert FACTS.next_opening(opening - timedelta(hours=5)) == opening, season


def test_the_change_of_clocks_over_a_weekend() -> None:
    assert FACTS.next_opening(datetime.fromisoformat("2026-03-28T12:00+00:00")) == datetime.fromisoformat("2026-03-30T07:00+00:00")
    assert FACTS.next_opening(datetime.fromisoformat("2026-10-24T12:00+00:00")) == datetime.fromisoformat("2026-10-26T08:00+00:00")


@pytest.mark.parametrize(
    ("opened", "due"),
    [
        pytest.param("2026-07-06 10:00", "2026-07-08 10:00", id="Monday"),
        pytest.param("2026-07-03 16:00", "2026-07-07 16:00", id="Friday"),
        pytest.param("2026-07-10 18:00", "2026-07-16 09:00", id="Friday evening, 14 July in between"),
        pytest.param("2026-07-11 12:00", "2026-07-16 09:00", id="Saturday"),
        pytest.param("2026-12-24 17:00", "2026-12-29 17:00", id="Christmas Eve"),
        pytest.param("2026-07-09 12:45", "2026-07-13 13:30", id="lunch"),
    ],
)
def test_the_promise_runs_on_open_days_only(opened: str, due: str) -> None:
    assert FACTS.solution_due(paris(opened)) == paris(due)


def test_a_shop_that_never_opens_promises_plain_hours() -> None:
    closed = FACTS.model_copy(update={"horaires": OpeningHours()})
    assert closed.solution_due(paris("2026-07-08 10:00")) == paris("2026-07-10 10:00")


def test_a_shop_that_never_opens_has_no_next_opening() -> None:
    closed = FACTS.model_copy(update={"horaires": OpeningHours()})
    assert closed.next_opening(paris("2026-07-08 10:00")) is None


def test_facts_for_answers_are_scalars_and_include_the_files_own() -> None:
    facts = ShopFacts.model_validate({**FACTS.model_dump(), "minimum_euros": 2000, "taux": 1.5, "partenaires": ["Oney"]})
    assert facts.values() == {
        "nom": "Topaz.pro",
        "telephone": "01 99 00 12 34",
        "courriel_service_client": "service-client@topaz.example.com",
        "adresse_retour": "12 rue de l’Exemple, 59000 Lille",
        "horaires_texte": "du lundi au vendredi",
        "delai_retractation_jours": "14",
        "delai_reliquat_jours": "15",
        "delai_solution_heures": "48",
        "delai_remboursement_jours": "14",
        "minimum_euros": "2\u202f000",
        "taux": "1,5",
    }


def test_the_withdrawal_delay_is_never_shorter_than_the_law() -> None:
    with pytest.raises(ValidationError, match="delai_retractation_jours"):
        ShopFacts.model_validate({**FACTS.model_dump(), "delai_retractation_jours": "13"})


def test_the_public_holidays_of_2026() -> None:
    year = (date(2026, 1, 1) + timedelta(days=offset) for offset in range(365))
    assert [day for day in year if is_holiday(day)] == HOLIDAYS_2026


@pytest.mark.parametrize("day", HOLIDAYS_2026, ids=str)
def test_a_public_holiday_is_no_working_day(day: date) -> None:
    assert not is_working_day(day)


def test_saturday_is_a_working_day_and_sunday_is_not() -> None:
    assert is_working_day(date(2026, 7, 11))
    assert not is_working_day(date(2026, 7, 12))


@given(st.dates(date(1990, 1, 1), date(2090, 12, 31)), st.integers(1, 60))
def test_working_days_are_added_exactly(day: date, count: int) -> None:
    result = add_working_days(day, count)
    after = (day + timedelta(days=offset) for offset in range(1, (result - day).days + 1))
    assert is_working_day(result)
    assert sum(map(is_working_day, after)) == count


def test_no_working_day_to_add() -> None:
    assert add_working_days(date(2026, 7, 12), 0) == date(2026, 7, 12)


# Worked out by hand, Sundays left out, the day of delivery not counted:
# - Friday 3 April: 4 | (6 Easter Monday) 7 8 9 10 11 | 13 14 15 16 17 18 | 20 21 → 1 + 5 + 6 + 2
# - Thursday 30 April: (1 May) 2 | 4 5 6 7 (8 May) 9 | 11 12 13 (14 Ascension) 15 16 | 18 19 20 → 1 + 5 + 5 + 3
# - Monday 11 May: 12 13 (14) 15 16 | 18 19 20 21 22 23 | (25 Whit Monday) 26 27 28 29 → 4 + 6 + 4
# - Monday 30 June 2025, no holiday but 14 July: 1 2 3 4 5 | 7 8 9 10 11 12 | (14) 15 16 17 → 5 + 6 + 3
# - Wednesday 23 December: 24 (25) 26 | 28 29 30 31 (1 January) 2 | 4 5 6 7 8 9 | 11 → 2 + 5 + 6 + 1
@pytest.mark.parametrize(
    ("delivered_on", "last_day"),
    [
        (date(2026, 4, 3), date(2026, 4, 21)),
        (date(2026, 4, 30), date(2026, 5, 20)),
        (date(2026, 5, 11), date(2026, 5, 29)),
        (date(2025, 6, 30), date(2025, 7, 17)),
        (date(2026, 12, 23), date(2027, 1, 11)),
    ],
    ids=str,
)
def test_the_withdrawal_window_on_real_calendars(delivered_on: date, last_day: date) -> None:
    window = WithdrawalWindow.after(delivered_on, FACTS)
    assert window == WithdrawalWindow(delivered_on, last_day)
    assert window.is_open(delivered_on)
    assert window.is_open(last_day)
    assert not window.is_open(last_day + timedelta(days=1))


def test_the_withdrawal_window_follows_the_shops_delay() -> None:
    generous = FACTS.model_copy(update={"delai_retractation_jours": 20})
    assert WithdrawalWindow.after(date(2026, 4, 3), generous).last_day == date(2026, 4, 28)


@pytest.mark.parametrize(
    ("told_on", "last_day"),
    [(date(2026, 4, 3), date(2026, 4, 21)), (date(2026, 4, 7), date(2026, 4, 21)), (date(2026, 4, 21), date(2026, 5, 5))],
    ids=str,
)
def test_there_are_fourteen_days_to_send_back_what_was_announced_in_time(told_on: date, last_day: date) -> None:
    assert WithdrawalWindow.after(date(2026, 4, 3), FACTS).send_back_by(told_on) == last_day


FINANCING = {
    "financement_min_euros": 150,
    "financement_max_euros": 2000,
    "partenaire_financement": "Oney Bank",
    "solution_financement": "3x 4x Oney",
}


def test_payment_in_several_times_is_an_option_of_the_shop() -> None:
    assert ShopFacts.model_validate(FACTS.model_dump() | FINANCING).financement_max_euros == 2000
    assert "financement_max_euros" not in FACTS.values()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"financement_max_euros": 100}, "le maximum est inférieur à « financement_min_euros »"),
        ({"financement_min_euros": None}, "« financement_min_euros » est attendu aussi"),
        ({"partenaire_financement": None}, "« partenaire_financement » est attendu aussi"),
        ({"solution_financement": ""}, "« solution_financement » est attendu aussi"),
    ],
)
def test_payment_in_several_times_is_told_whole(wrong: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        ShopFacts.model_validate(FACTS.model_dump() | FINANCING | wrong)
