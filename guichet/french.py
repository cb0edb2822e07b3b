"""How French is written for customers: dates, amounts, quantities, non-breaking spaces."""

import re
from datetime import date, datetime

from guichet.clock import PARIS
from guichet.shop import WEEKDAYS

NBSP, NNBSP = "\u00a0", "\u202f"
_LINK = re.compile(r"https?://\S+")
_PLACE_OF_LINK = "\ue000"
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip


def typeset(text: str) -> str:
    """Put curly apostrophes and the non-breaking spaces that French wants; idempotent. Links keep their addresses."""
    links = iter(_LINK.findall(text))
    return re.sub(_PLACE_OF_LINK, lambda place: next(links, place[0]), _typeset(_LINK.sub(_PLACE_OF_LINK, text)))


def _typeset(text: str) -> str:
    text = re.sub(r"(?<=\w)'(?=\w)", "’", text)
    text = re.sub(r"(?<=[^\s;!?])[ \u00a0\u202f]*([;!?]+)(?=\s|$|[)»*])", f"{NNBSP}\\1", text)
    text = re.sub(r"(?<=\S)[ \u00a0\u202f]+:(?=[\s»]|$)", f"{NBSP}:", text)
    text = re.sub(r"«[ \u00a0\u202f]*", f"«{NBSP}", text)
    text = re.sub(r"[ \u00a0\u202f]*»", f"{NBSP}»", text)
    text = re.sub(r"(?<=\d)[ ](?=\d{3}(?!\d))", NNBSP, text)
    text = re.sub(r"(?<=\d[ \u00a0]h)[ ](?=\d\d\b)", NBSP, text)
    return re.sub(r"(?<=\d)[ ](?=[€%]|h\b|jours?\b|heures?\b|ans?\b|fois\b)", NBSP, text)


def long_date(day: date) -> str:
    """``mardi 24 novembre``; the first of a month is « 1er »."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{WEEKDAYS[day.weekday()]} {number} {MONTHS[day.month - 1]}"


def long_instant(instant: datetime) -> str:
    """``mardi 24 novembre à 9 h 30`` (Paris time)."""
    local = instant.astimezone(PARIS)
    minutes = f"{NBSP}{local.minute:02d}" if local.minute else ""
    return f"{long_date(local.date())} à {local.hour}{NBSP}h{minutes}"


def full_date(day: date) -> str:
    """``mardi 24 novembre 2026``, for what is kept for long."""
    return f"{long_date(day)} {day.year}"


def full_instant(instant: datetime) -> str:
    """``mardi 24 novembre 2026 à 9 h 30`` (Paris time)."""
    local = instant.astimezone(PARIS)
    return long_instant(instant).replace(long_date(local.date()), full_date(local.date()), 1)


def euros(cents: int) -> str:
    """``1 295,00 €`` from an amount in cents."""
    whole, rest = divmod(cents, 100)
    return f"{whole:,}".replace(",", NNBSP) + f",{rest:02d}{NBSP}€"
