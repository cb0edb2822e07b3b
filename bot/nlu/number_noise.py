"""Numbers that are no identifiers: telephones, bank and company numbers, dates, amounts, measures."""

import re
from collections.abc import Iterator

UNIT = (
    r"\s?(?:€|eur(?:os?)?\b|e\b|£|\$|%|balles\b|frs?\b|chf\b|(?:k|m)?w(?:att|h)?s?\b|volts?\b|v\b|m?ah\b|k?g\b|kilos?\b|grammes?\b"
    r"|tonnes?\b|[kcm]?m[2²3³]?\b|m[eè]tres?\b|litres?\b|l\b|tr(?:s|/min)?\b|tours\b|rpm\b|bars?\b|pi[eè]ces?\b|vis\b|articles?\b|unit[ée]s?\b"
    r"|joules?\b|nm\b|h\b|heures?\b|jours?\b|fois\b|habitants?\b)"
)
_GROUPED = r"\d{1,3}(?:[ .]\d{3}){1,3}|\d{1,12}"

_PATTERNS = [
    re.compile(pattern)
    for pattern in (
        # International and French telephone numbers.
        r"(?<![\d+])(?:\+|00 ?)\d{2,3}[ .\-]?(?:\(0\) ?)?\d{1,3}(?:[ .\-]?\d{2,3}){3,4}(?!\d)",
        r"(?<!\d)0[1-9](?:[ .\-/]{0,2}\d\d){4}(?!\d)",
        # IBAN, payment cards (13 to 19 digits), SIRET, VAT number, SIREN.
        r"(?<![a-z0-9])[a-z]{2}\d\d(?: ?[a-z0-9]{4}){3,7}(?: ?[a-z0-9]{1,3})?(?![a-z0-9])",
        r"(?<!\d)\d{4}(?:[ \-.]?\d{4}){3}(?:[ \-.]?\d{1,3})?(?!\d)",
        r"(?<!\d)\d{4}[ \-]?\d{6}[ \-]?\d{5}(?!\d)",
        r"(?<!\d)(?:fr ?\d\d ?)?\d{3}([ .]?)\d{3}\1\d{3}(?:[ .]?\d{5}|[ .]?\d{2} ?\d{3})?(?!\d)(?! \d{3}(?!\d))",
        r"(?<!\d)\d{10,19}(?!\d)",
        # Dates.
        r"(?<!\d)(?:0?[1-9]|[12]\d|3[01])([/.\- ])(?:0?[1-9]|1[0-2])\1(?:19|20)\d\d(?!\d)",
        r"(?<!\d)(?:19|20)\d\d([/.\- ])(?:0?[1-9]|1[0-2])\1(?:0[1-9]|[12]\d|3[01])(?!\d)",
        # Amounts and measures.
        r"(?<![\d])(?<!\d[.,])(?:" + _GROUPED + r")(?:[.,]\d{1,3})?" + UNIT,
        r"(?:€|\beuros?|\beur|\$)\s?(?:" + _GROUPED + r")(?:[.,]\d{1,2})?(?!\d)",
    )
]


def noise_spans(folded: str) -> Iterator[tuple[int, int]]:
    """Yields the spans of `folded` (lower case, ASCII digits and blanks) that hold such a number."""
    for pattern in _PATTERNS:
        for match in pattern.finditer(folded):
            yield match.start(), match.end()
