"""Quantities customers name: amounts, counts of things, payments in times, durations, days.

Each finder reads the text in its plain spelling (`written_numbers.plain`, one character per character typed), in
which what an earlier finder took is blanked by `_TAKEN`: nothing overlaps, and the order of `_FINDERS` says what wins.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from zoneinfo import ZoneInfo

from rasa.engine.recipes.default_recipe import DefaultV1Recipe

from bot.nlu.counts import find_counts
from bot.nlu.days import find_days
from bot.nlu.durations import find_durations
from bot.nlu.number_noise import noise_spans
from bot.nlu.payments import find_amounts, find_instalments
from bot.nlu.rule_extractor import RuleExtractor
from bot.nlu.written_numbers import Found, plain

AMOUNT = "amount"
QUANTITY = "quantity"
INSTALMENTS = "instalments"
DURATION = "duration"
DATE = "date"

LONGEST = 2_000
"""Characters of a message that are read; a budget of milliseconds does not allow for more."""
_PARIS = ZoneInfo("Europe/Paris")
_MOST = 20
"""Quantities of one kind that are looked for: nobody names more, and each day costs a look at its sentence."""
_TAKEN = "\0"
_DIGIT = re.compile(r"\d")
_LONG_NUMBER = 9
"""Digits from which a number is a telephone's, a bank's or a company's."""
_MARKUP = re.compile(r"<[^<>]{1,300}>|(?:https?://|www\.)\S{1,300}", re.IGNORECASE)


@dataclass(frozen=True)
class Quantity:
    """One quantity found in a text.

    Attributes:
        kind: Entity name, one of this module's constants.
        value: Euros with two decimals ("95.00"), a whole number of things or of payments ("3"), an ISO 8601 duration
            ("P14D") or day ("2026-03-14").
        start: Offset of the first character in the text as typed. Units are part of an amount, a duration or a payment in
            times; the things counted, articles and « depuis » are not part of a count or a day.
        end: Offset after the last character.
    """

    kind: str
    value: str
    start: int
    end: int


def today_in_paris() -> date:
    """Returns the day in the shop (Europe/Paris)."""
    return datetime.now(_PARIS).date()


def find_quantities(text: str, today: date, taken: Sequence[tuple[int, int]] = ()) -> list[Quantity]:
    """Returns the quantities of `text` in reading order; they never overlap.

    Args:
        text: A message as typed; what is beyond its first `LONGEST` characters is not read.
        today: The day in the shop, that « hier » is told from.
        taken: Offsets of what is something else, identifiers for example.
    """
    shortened = text[:LONGEST]
    readable = plain(shortened)
    readable = _blanked(readable, [*taken, *_not_quantities(shortened, readable)])
    found: list[Quantity] = []
    for kind, finder in _FINDERS:
        spans: list[tuple[int, int]] = []
        for value, start, end in islice(finder(readable, today), _MOST):
            if _TAKEN not in readable[start:end] and not any(start < last and first < end for first, last in spans):
                found.append(Quantity(kind, value, start, end))
                spans.append((start, end))
        readable = _blanked(readable, spans)
    return sorted(found, key=lambda quantity: quantity.start)


def _not_quantities(text: str, readable: str) -> Iterator[tuple[int, int]]:
    """Yields the spans of markup, addresses of pages, and numbers too long to count anything."""
    if "<" in text or "http" in readable or "www" in readable:
        for match in _MARKUP.finditer(text):
            yield match.span()
    if len(_DIGIT.findall(readable)) >= _LONG_NUMBER:
        for start, end in noise_spans(readable):
            if len(_DIGIT.findall(readable, start, end)) >= _LONG_NUMBER:
                yield start, end


def _blanked(text: str, spans: Sequence[tuple[int, int]]) -> str:
    for start, end in spans:
        text = text[:start] + _TAKEN * (min(end, len(text)) - start) + text[end:]
    return text


_FINDERS: list[tuple[str, Callable[[str, date], Iterator[Found]]]] = [
    (AMOUNT, lambda text, today: find_amounts(text)),
    (INSTALMENTS, lambda text, today: find_instalments(text)),
    (DATE, find_days),
    (DURATION, lambda text, today: find_durations(text)),
    (QUANTITY, lambda text, today: find_counts(text)),
]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class QuantityExtractor(RuleExtractor):
    """Adds the quantities of a message to its entities; comes after the identifiers."""

    def __init__(self, today: Callable[[], date] = today_in_paris) -> None:
        """Makes an extractor; `today` tells the day in the shop."""
        self._today = today

    def find(self, text: str, taken: Sequence[tuple[int, int]]) -> list[Quantity]:
        """See `find_quantities`."""
        return find_quantities(text, self._today(), taken)
