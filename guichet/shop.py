"""The shop's facts (``faq/boutique.yml``) and what follows from them: opening hours, working days, deadlines.

Public holidays are the French ones (Code du travail, article L.3133-1), by the ``holidays`` library.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Annotated

import holidays
from pydantic import AfterValidator, BaseModel, ConfigDict, EmailStr, Field, ValidationInfo, field_validator

from guichet.clock import PARIS

WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
SATURDAY, SUNDAY = 5, 6
DAYS_TO_SEND_BACK = 14
_SPAN = re.compile(r"^(\d\d):(\d\d)-(\d\d):(\d\d)$")


def _check_span(text: str) -> str:
    match = _SPAN.match(text)
    if not match:
        raise ValueError("plage horaire attendue sous la forme « 09:00-12:30 »")
    hours = [int(part) for part in match.groups()]
    if hours[0] > 23 or hours[2] > 23 or hours[1] > 59 or hours[3] > 59 or hours[:2] >= hours[2:]:
        raise ValueError("plage horaire impossible : le début doit précéder la fin, entre 00:00 et 23:59")
    return text


Span = Annotated[str, AfterValidator(_check_span)]


def _check_day(spans: tuple[str, ...]) -> tuple[str, ...]:
    if any(later[:5] < earlier[-5:] for earlier, later in pairwise(spans)):
        raise ValueError("les plages horaires d’un jour se suivent sans se chevaucher, de la première à la dernière")
    return spans


Day = Annotated[tuple[Span, ...], AfterValidator(_check_day)]


class OpeningHours(BaseModel):
    """Opening spans by weekday, local time of the shop; a missing day is closed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    lundi: Day = ()
    mardi: Day = ()
    mercredi: Day = ()
    jeudi: Day = ()
    vendredi: Day = ()
    samedi: Day = ()
    dimanche: Day = ()

    def spans(self, day: date) -> list[tuple[datetime, datetime]]:
        """The opening spans of a day as aware instants, none on a public holiday."""
        if is_holiday(day):
            return []
        spans = []
        for span in getattr(self, WEEKDAYS[day.weekday()]):
            start, end = (time.fromisoformat(part) for part in span.split("-"))
            spans.append((datetime.combine(day, start, PARIS), datetime.combine(day, end, PARIS)))
        return spans


class ShopFacts(BaseModel):
    """The facts the code itself computes with. The file may hold more, for the FAQ's answers."""

    model_config = ConfigDict(extra="allow", frozen=True)

    nom: str = Field(min_length=1)
    telephone: str = Field(min_length=1)
    courriel_service_client: EmailStr
    adresse_retour: str = Field(min_length=1)
    horaires: OpeningHours
    horaires_texte: str = Field(min_length=1)
    delai_retractation_jours: int = Field(ge=14)
    """Working days. Never less than the fourteen days of article L.221-18 of the Code de la consommation."""
    delai_reliquat_jours: int = Field(ge=1)
    delai_solution_heures: int = Field(ge=1)
    delai_remboursement_jours: int = Field(default=14, ge=1, le=14)
    """Calendar days. Never more than the fourteen of article L.221-24 of the Code de la consommation, which are also the default."""
    partenaire_financement: str | None = None
    solution_financement: str | None = None
    financement_min_euros: int | None = Field(default=None, ge=1)
    """From what amount payment in several times is offered, up to ``financement_max_euros``, both included; None: it is not."""
    financement_max_euros: int | None = Field(default=None, ge=1)

    @field_validator("financement_max_euros")
    @classmethod
    def _check_financing(cls, most: int | None, info: ValidationInfo) -> int | None:
        if most is None:
            return None
        for name in ("financement_min_euros", "partenaire_financement", "solution_financement"):
            if name in info.data and not info.data[name]:
                raise ValueError(f"« {name} » est attendu aussi")
        if most < info.data.get("financement_min_euros", most):
            raise ValueError("le maximum est inférieur à « financement_min_euros »")
        return most

    def values(self) -> dict[str, str]:
        """Every scalar fact by name, as answers show it: thousands apart, decimal comma."""
        return {name: _shown(value) for name, value in self.model_dump().items() if isinstance(value, str | int | float)}

    def is_open(self, instant: datetime) -> bool:
        """Whether somebody answers at ``instant`` (aware)."""
        local = instant.astimezone(PARIS)
        return any(start <= local < end for start, end in self.horaires.spans(local.date()))

    def next_opening(self, instant: datetime) -> datetime | None:
        """The next instant (Paris time) when somebody answers, at or after ``instant``; None if no day of the week is open."""
        local = instant.astimezone(PARIS)
        for offset in range(60):
            for start, end in self.horaires.spans(local.date() + timedelta(days=offset)):
                if local < end:
                    return max(start, local)
        return None

    def solution_due(self, instant: datetime) -> datetime:
        """When a proposal is due for a case opened at ``instant`` (aware): ``delai_solution_heures`` hours that only run on open days.

        The clock starts with the next opening, and stands still on days when nobody is there: two days of the shop's 48 h
        are two opening days.
        """
        start = self.next_opening(instant)
        if start is None:
            return instant + timedelta(hours=self.delai_solution_heures)
        day, rest = start.date(), timedelta(hours=self.delai_solution_heures)
        moment = start
        while True:
            midnight = datetime.combine(day + timedelta(days=1), time(), PARIS)
            if self.horaires.spans(day):
                if moment + rest <= midnight:
                    return (moment + rest).astimezone(UTC)
                rest -= midnight - moment
            day, moment = midnight.date(), midnight


def _shown(value: str | float) -> str:
    if isinstance(value, bool):
        return "oui" if value else "non"
    return value if isinstance(value, str) else f"{value:_}".replace(".", ",").replace("_", "\u202f")


@lru_cache
def _french_holidays(year: int) -> holidays.HolidayBase:
    return holidays.country_holidays("FR", years=year)


def is_holiday(day: date) -> bool:
    """Whether ``day`` is a French public holiday."""
    return day in _french_holidays(day.year)


def is_working_day(day: date) -> bool:
    """Jour ouvrable: every day but Sundays and public holidays; Saturdays count."""
    return day.weekday() != SUNDAY and not is_holiday(day)


def add_working_days(day: date, count: int) -> date:
    """The ``count``-th jour ouvrable after ``day``, which itself does not count."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


@dataclass(frozen=True)
class WithdrawalWindow:
    """Until when articles can be sent back, for a delivery on ``delivered_on``."""

    delivered_on: date
    last_day: date

    @classmethod
    def after(cls, delivered_on: date, facts: ShopFacts) -> "WithdrawalWindow":
        """The window of the shop's FAQ: ``delai_retractation_jours`` jours ouvrables, day of receipt not counted."""
        return cls(delivered_on, add_working_days(delivered_on, facts.delai_retractation_jours))

    def is_open(self, day: date) -> bool:
        """Whether a return may still be asked for on ``day``."""
        return day <= self.last_day

    def send_back_by(self, told_on: date) -> date:
        """The last day to send the article back: the window's own, or fourteen days after the customer told of the return when that is
        later (Code de la consommation, article L.221-23)."""
        return max(self.last_day, told_on + timedelta(days=DAYS_TO_SEND_BACK))
