"""Payment in 3 or 4 times: whether an amount may be paid so, and what is debited when.

The limits are facts of the shop (``faq/boutique.yml``). The method is offered « sans frais » (FAQ entry ``payment_installments``): the
payments add up to the amount, and nothing else.
"""

import calendar
import enum
from dataclasses import dataclass
from datetime import date

from guichet.shop import ShopFacts

COUNTS = (3, 4)
"""Numbers of payments that are offered."""


class Eligibility(enum.StrEnum):
    """Whether an amount may be paid in several times."""

    POSSIBLE = "possible"
    TOO_LOW = "too_low"
    TOO_HIGH = "too_high"


@dataclass(frozen=True)
class Limits:
    """The amounts between which payment in several times is offered, in cents, both included."""

    least_cents: int
    most_cents: int

    @classmethod
    def of(cls, facts: ShopFacts) -> "Limits | None":
        """The limits of the shop (facts ``financement_min_euros`` and ``financement_max_euros``); None where it offers no such payment."""
        if facts.financement_min_euros is None or facts.financement_max_euros is None:
            return None
        return cls(facts.financement_min_euros * 100, facts.financement_max_euros * 100)

    def eligibility(self, cents: int) -> Eligibility:
        """Whether ``cents`` may be paid in several times."""
        if cents < self.least_cents:
            return Eligibility.TOO_LOW
        return Eligibility.TOO_HIGH if cents > self.most_cents else Eligibility.POSSIBLE


@dataclass(frozen=True)
class Payment:
    """One debit of the card."""

    day: date
    cents: int


def schedule(cents: int, count: int, first_day: date) -> list[Payment]:
    """The payments of ``cents`` in ``count`` times: the first on ``first_day``, carrying the cents that do not divide, then one a month.

    A month too short for the day of the first payment has it on its last day; the next long month has it on that day again.

    Raises:
        ValueError: ``count`` is not offered, or there is not a cent for each payment.
    """
    if count not in COUNTS:
        raise ValueError(f"{COUNTS} payments are offered, not {count}")
    if cents < count:
        raise ValueError(f"at least {count} cents are needed for {count} payments, not {cents}")
    each, rest = divmod(cents, count)
    return [Payment(months_later(first_day, rank), each + (rest if rank == 0 else 0)) for rank in range(count)]


def months_later(day: date, months: int) -> date:
    """The same day ``months`` later; the last of the month when that month has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
