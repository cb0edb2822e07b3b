"""Durations in the plain spelling of `written_numbers`, as ISO 8601: « 14 jours » is P14D, « 48h » PT48H."""

import re
from collections.abc import Iterator

from bot.nlu.written_numbers import ROUND_NUMBERS, SPOKEN, Found, number_value

_UNITS = {
    "D": r"j|jrs?|jours?|journees?",
    "W": r"semaines?|sem",
    "M": r"mois",
    "Y": r"ans?|annees?",
    "TH": r"h|heures?|hrs?",
    "TM": r"min|mins|mn|minutes?",
    "TS": r"secondes?|sec",
}
_UNIT = "|".join(f"(?P<{name}>{unit})" for name, unit in _UNITS.items())
_COUNT = rf"\d{{1,3}}|{SPOKEN}"
_DURATION = re.compile(
    rf"(?<![\w/+])(?<!\d[.,\-])(?:(?P<least>{_COUNT}) ?(?:a|ou|-|/) ?)?"
    rf"(?:(?P<count>{_COUNT})|(?:une |1 )?(?P<round>{'|'.join(ROUND_NUMBERS)}) (?:de |d')) ?(?:{_UNIT})"
    r"(?!\w)(?P<half> et demie?(?!\w))?(?! ?/ ?\d)(?! (?:sur|/) (?:\d|sept|vingt))"
)
_HALVES = {"M": "P{}M15D", "Y": "P{}Y6M", "TH": "PT{}H30M"}
_IN_SPAN = re.compile(
    r"(?:(?<!\w)(?:sous|depuis|pendant|durant|en|dans|y a|ya|fait|au bout de|delais? de|d'ici"
    r"|plus d[e']|moins d[e']|environ|les|faut|met|duree de)) ?$"
)
_AT = re.compile(r"(?:(?<!\w)(?:a|vers|avant|entre|jusqu'a|pour|des|de|et) |-|/)$")
_OF = re.compile(r" (?:de(?! \d)|d')")
_AGE = re.compile(r"(?<!\w)(?:j'? ?ai|agee? de|mes|ses|tes) $")
_ONE = {"un", "une"}
_DAY_OF_HOURS = 24
_LEAST_DAYS = 14
"""From here on "14 j" is days; a tool's "3 J" are joules, unless « depuis » and the like stand before it."""


def find_durations(text: str) -> Iterator[Found]:
    """Yields durations; of a range ("2 à 3 jours") the longer one. Times of day and ages are none."""
    for match in _DURATION.finditer(text):
        count = ROUND_NUMBERS[match["round"]] if match["round"] else number_value(match["count"])
        name = next(unit for unit in _UNITS if match[unit])
        if count and _is_duration(text, match, name, count):
            yield _iso(name, count, match["half"]), match.start(), match.end()


def _iso(name: str, count: int, half: str | None) -> str:
    if half and name in _HALVES:
        return _HALVES[name].format(count)
    return f"PT{count}{name[1]}" if len(name) > 1 else f"P{count}{name}"


def _is_duration(text: str, match: "re.Match[str]", name: str, count: int) -> bool:
    before = text[max(0, match.start() - 20) : match.start()]
    is_said = _IN_SPAN.search(before) is not None or _OF.match(text, match.end()) is not None
    if name == "TH":
        return is_said or (count >= _DAY_OF_HOURS and not (count == _DAY_OF_HOURS and _AT.search(before)))
    if match["D"] == "j" and text[match.start("D") - 1] == " ":
        return is_said or count >= _LEAST_DAYS
    if match["count"] in _ONE and name in {"D", "TM", "TS"}:
        return is_said
    return not (name == "Y" and not is_said and _AGE.search(before))
