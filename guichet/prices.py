"""Prices as customers limit them: « moins de 200 € », « entre 100 et 200 euros », « à partir de 50 € », « dans les 150 € »."""

import re
from dataclasses import dataclass

_NUMBER = r"(?P<{0}>\d{{1,3}}(?:[ .]\d{{3}})+|\d{{1,6}})(?:[.,](?P<{0}_cents>\d{{1,2}}))?"
_EURO = r"\s*(?:€|euros?\b|eur\b|e\b|balles\b)"
_ALONE = r"(?=\s*(?:$|[?!.;,)]|(?:et|pour|chez|svp|stp|merci|s'il|vous|en|ou)\b))"
_PRICED = rf"(?:{_EURO}|{_ALONE})"
_SPOKEN = r"(?:[a-z]+[ -]){1,6}?(?=euros?\b|balles\b)(?:euros?|balles)\b"
_UP_TO = (
    r"(?:moins de|moins d'|moins cher que|max(?:i|imum)?(?: de)?|jusqu'?a|sous(?: les)?|pas plus de|pas plus que|ne depass\w+ pas|en[- ]dessous de"
    r"|au[- ]dessous de|inferieure?s? a|budget(?: max\w*)?(?: (?:de|est de|c'est|d'environ))?|<)"
)
_FROM = r"(?:a partir de|(?<!pas )plus de|au moins|min(?:i|imum)?(?: de)?|au[- ]dessus de|superieure?s? a|des(?= \d)|>)"
_AROUND = r"(?:environ|autour de|aux alentours de|a peu pres|dans les|vers)"
_LESS_AFTER, _MORE_AFTER = r"\s*(?:max(?:i|imum)?\b|ou moins\b|grand maximum)", r"\s*(?:min(?:i|imum)?\b|et plus\b|ou plus\b)"
_LOW, _HIGH = _NUMBER.format("low"), _NUMBER.format("high")
_PATTERNS = [
    re.compile(rf"\b(?:entre|de) {_LOW}(?:{_EURO})? (?:et|a) {_HIGH}{_PRICED}"),
    re.compile(rf"(?:(?<!\w){_UP_TO}) ?{_HIGH}{_PRICED}"),
    re.compile(rf"(?<![\d.,]){_HIGH}{_EURO}{_LESS_AFTER}"),
    re.compile(rf"(?:(?<!\w){_FROM}) ?{_LOW}{_PRICED}"),
    re.compile(rf"(?<![\d.,]){_LOW}{_EURO}{_MORE_AFTER}"),
    re.compile(rf"(?:(?<!\w){_AROUND}) {_NUMBER.format('about')}{_EURO}"),
]
_IN_WORDS = [(re.compile(rf"(?<!\w){_UP_TO} {_SPOKEN}"), "high"), (re.compile(rf"(?<!\w){_FROM} {_SPOKEN}"), "low")]
_ANY_AMOUNT = re.compile(rf"(?<![\w.,]){_NUMBER.format('amount')}{_EURO}")
_TOLERANCE = 20
"""What « environ » allows on either side, in percent."""


@dataclass(frozen=True)
class PriceRange:
    """Prices wanted, in cents, both ends included; None: no limit on that side."""

    least_cents: int | None = None
    most_cents: int | None = None

    def distance(self, cents: int) -> int:
        """How far a price is from the range, in cents; 0 inside."""
        below = (self.least_cents or 0) - cents
        above = cents - self.most_cents if self.most_cents is not None else 0
        return max(below, above, 0)


def price_range(text: str, amount_cents: int | None = None) -> tuple[PriceRange | None, str]:
    """The prices that folded ``text`` (see ``faq_search.fold``) asks for, and the text with all amounts blanked.

    Args:
        amount_cents: the amount understood in the text, for one that is written in words.
    """
    for pattern in _PATTERNS:
        match = pattern.search(text)
        if match:
            return _range(match), _blanked(text, match)
    for pattern, side in _IN_WORDS:
        match = pattern.search(text)
        if match and amount_cents is not None:
            found = PriceRange(most_cents=amount_cents) if side == "high" else PriceRange(least_cents=amount_cents)
            return found, _blanked(text, match)
    return None, _ANY_AMOUNT.sub(_blanks, text)


def _range(match: "re.Match[str]") -> PriceRange:
    about, low, high = (_cents(match, name) for name in ("about", "low", "high"))
    if about is not None:
        margin = about * _TOLERANCE // 100
        return PriceRange(about - margin, about + margin)
    if low is not None and high is not None and low > high:
        low, high = high, low
    return PriceRange(low, high)


def _cents(match: "re.Match[str]", name: str) -> int | None:
    groups = match.groupdict()
    if groups.get(name) is None:
        return None
    whole = int(re.sub(r"\D", "", groups[name]))
    return whole * 100 + int((groups[f"{name}_cents"] or "0").ljust(2, "0"))


def _blanked(text: str, match: "re.Match[str]") -> str:
    blanked = text[: match.start()] + _blanks(match) + text[match.end() :]
    return _ANY_AMOUNT.sub(_blanks, blanked)


def _blanks(match: "re.Match[str]") -> str:
    return "," + " " * (len(match[0]) - 1)
