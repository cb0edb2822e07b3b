"""Days as customers name them, resolved against today: « mardi dernier », « le 14 », « 14/03 », « il y a 3 jours ».

Only what denotes one day is found: « la semaine dernière », « le mardi » (a habit), « du lundi au vendredi » (opening
hours) give nothing. Without a year or a month the direction of time decides, see `day_direction`:

- a weekday is one to seven days away, never today;
- « le 14 » is the nearest 14th, today included; a weekday beside it (« mardi 14 ») must fit if it can;
- « 14 mars » is the nearest past one, but the coming one where the future is said and it is within nine months, or
  where nothing is said and the past one is more than nine months away;
- days said together (« mardi et jeudi ») are on the same side of today.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from bot.nlu.day_direction import DOCUMENT, FUTURE, UNKNOWN, day_direction
from bot.nlu.measures import MEASURE
from bot.nlu.written_numbers import SPOKEN, Found, number_value

_LONG = timedelta(days=270)
_WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_WEEKDAY = r"(?:lundi|mardi|m[ea]r?[ck]redi|jeudi|vendredi|samedi|dimanche)"
_MONTHS = ("jan", "fev", "mar", "avr", "mai", "juin", "juil", "aou", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?:janvier|janv?\.?|fevriere?|fevr?\.?|mars|avril|avr\.?|mai|juin|juillet|juil\.?|aout|septembre|sept\.?|octobre|oct\.?"
    r"|novembre|nov\.?|decembre|dec\.?)(?!\w)"
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?!\d)"
_SAID_DAY = rf"(?:1er|{_DAY}|premier|{SPOKEN})"
_YEAR = r"(?:19|20)\d\d(?!\d)"
_FREE = r"(?<![\w/.,+\-])"
_NAMED = rf"(?:(?P<weekday>{_WEEKDAY}),?(?: le)? )?"

_ISO = re.compile(rf"{_FREE}(?P<year>{_YEAR})-(?P<month>0[1-9]|1[0-2])-(?P<day>{_DAY})(?![\w\-])")
_NUMERIC = re.compile(rf"{_FREE}{_NAMED}(?P<day>{_DAY})(?P<sign>[/.\- ])(?P<month>0?[1-9]|1[0-2])(?P=sign)(?P<year>{_YEAR})(?![\w/])")
_SHORT_YEAR = re.compile(rf"{_FREE}{_NAMED}(?P<day>{_DAY})(?P<sign>[/.])(?P<month>0[1-9]|1[0-2])(?P=sign)(?P<year>\d\d)(?![\w/])(?![.,]\d)")
_WRITTEN = re.compile(rf"(?<![\w/+\-])(?<!\d[.,]){_NAMED}(?P<day>{_SAID_DAY}) ?(?P<month>{_MONTH})(?: (?P<year>{_YEAR}))?")
_RANGE = re.compile(
    rf"(?<!\w)(?:les|du|le) (?P<day>{_SAID_DAY})(?=(?: au| et| ou|,| et le| ou le) {_SAID_DAY} ?(?P<month>{_MONTH})(?: (?P<year>{_YEAR}))?)"
)
_DAY_AND_MONTH = re.compile(
    rf"(?:(?:(?<!\w)(?:le|du|au|ce|avant|depuis|date|jour|entre) (?:le )?|{_FREE}(?P<weekday>{_WEEKDAY}),?(?: le)? )(?P<start>)"
    rf"(?P<day>{_DAY})(?P<sign>[/.\-])(?P<month>0?[1-9]|1[0-2])"
    rf"|{_FREE}(?P<bare>)(?P<bare_day>0[1-9]|[12]\d|3[01])/(?P<bare_month>0[1-9]))(?![\w/\-])(?![.,]\d)"
)
_NOT_A_DAY = rf"(?![\w/\-])(?![.,]\d)(?! ?(?:{MEASURE}))(?! pieces)(?! (?:en|sur) \d)(?! \d\d? \d\d)"
_EVENT = r"(?:date|livraison|rdv|rendez-vous|reunion|envoi|expedition|retour|remboursement|brocante|decision|echeance)"
_NUMBERED_DAY = re.compile(
    rf"(?:(?P<weekday>(?<!\w){_WEEKDAY}),? (?:le )?|(?<!\w)(?:le|jusqu'?au|jusqu'a|(?:{DOCUMENT}|{_EVENT})(?: passee?)? du) )"
    rf"(?P<day>1er|(?!0?1(?!\d)){_DAY}|premier(?= (?:de ce|du) mois)|(?!(?:une?|neuf)(?!\w)){SPOKEN}){_NOT_A_DAY}"
)
_FROM_TO = re.compile(rf"(?<!\w)du (?P<day>1er|{_DAY}) au (?P<last>{_DAY}){_NOT_A_DAY}")
_ALONE = re.compile(
    rf"(?<![\w\-])(?P<weekday>{_WEEKDAY})(?:,? (?:de )?(?:(?P<last>dernier|passe|la semaine (?:derniere|passee))"
    r"|(?P<next>prochain|la semaine prochaine)|(?P<this>cette semaine)))?(?![\w\-])(?! (?:de paques|de pentecote|saint|suivant|d'apres|d'avant))"
)
_WEEK = re.compile(r"la semaine|cette semaine")
_HABIT_BEFORE = re.compile(r"(?<!\w)(?:les?|chaque|du|au|des|un|notre|quel) $")
_IT_IS = re.compile(r"(?<!\w)(?:c'est|on est|nous sommes) $")
_AND_THEN = re.compile(r",? (?:et|ou|puis|voire)(?: le)? ")
_WEEK_RANGE = re.compile(rf"(?<!\w){_WEEKDAY} ?(?:au|a|-) ?{_WEEKDAY}(?!\w)")
_NEAR = re.compile(
    r"(?<![\w\-])(?:(?P<minus2>avant[ \-]?hier)|(?P<minus1>hier)|(?P<plus2>apres[ \-]?demain)|(?P<plus1>2?demain|2main|dmain)"
    r"|(?P<zero>aujourd'? ?h?ui|auj|ajd|ojd|ce (?:matin|midi|soir)|cet(?:te)? (?:apres[ \-]?midi|aprem)|ce jour(?![ \-]la)))(?!\w)"
)
_NEAR_DAYS = {"minus2": -2, "minus1": -1, "zero": 0, "plus1": 1, "plus2": 2}
_AGO = re.compile(
    rf"(?<!\w)(?:(?P<ago>(?:il ?)?y'? ?a)|(?P<ahead>dans)) (?P<count>\d{{1,3}}|{SPOKEN}) ?(?:jours?|jrs?|j)(?!\w)(?! (?:de|pour|ouvr)|/\d)(?! d')"
)


def find_days(text: str, today: date) -> Iterator[Found]:
    """Yields the days that a plain `text` names as ISO dates, `today` being the day in the shop; they may overlap, the surest first.

    Articles and « depuis » are left out of the offsets.
    """
    for finder in _FINDERS:
        yield from finder(text, today)


def _dated(text: str, today: date) -> Iterator[Found]:
    """Days with a year, in figures."""
    for pattern in (_ISO, _NUMERIC, _SHORT_YEAR):
        for match in pattern.finditer(text):
            year = int(match["year"]) + (2000 if len(match["year"]) == 2 else 0)
            yield from _on(_day(year, int(match["month"]), int(match["day"])), match.start(), match.end())


def _written(text: str, today: date) -> Iterator[Found]:
    for pattern in (_WRITTEN, _RANGE):
        for match in pattern.finditer(text):
            month = _month(match["month"])
            number = _day_number(match["day"])
            if number is None:
                continue
            start = match.start("day") if pattern is _RANGE else match.start()
            end = match.end() - match[0].endswith(".")
            if match["year"]:
                yield from _on(_day(int(match["year"]), month, number), start, end)
            else:
                yield from _on(_of_some_year(month, number, today, day_direction(text, start, end)), start, end)


def _days_and_months(text: str, today: date) -> Iterator[Found]:
    for match in _DAY_AND_MONTH.finditer(text):
        is_bare = match["bare"] is not None
        number, month = (match["bare_day"], match["bare_month"]) if is_bare else (match["day"], match["month"])
        start = match.start("weekday") if match["weekday"] else match.start("bare" if is_bare else "start")
        yield from _on(_of_some_year(int(month), int(number), today, day_direction(text, start, match.end())), start, match.end())


def _numbered(text: str, today: date) -> Iterator[Found]:
    for match in _NUMBERED_DAY.finditer(text):
        number = _day_number(match["day"])
        start = match.start("weekday") if match["weekday"] else match.start("day")
        if number is not None:
            direction = day_direction(text, match.start("day") if not match["weekday"] else start, match.end())
            if re.match(r"jusqu", match[0]):
                direction = FUTURE
            yield from _on(_of_some_month(number, today, direction, match["weekday"]), start, match.end())
    for match in _FROM_TO.finditer(text):
        direction = day_direction(text, match.start(), match.end())
        for group in ("day", "last"):
            number = _day_number(match[group])
            if number is not None:
                yield from _on(_of_some_month(number, today, direction, None), match.start(group), match.end(group))


def _weekdays(text: str, today: date) -> Iterator[Found]:
    if not re.search(r"di(?!\w)", text):
        return
    habits = [match.span() for match in _WEEK_RANGE.finditer(text)]
    rows: list[list[re.Match[str]]] = []
    for match in _ALONE.finditer(text):
        is_plain = not (match["last"] or match["next"] or match["this"])
        if is_plain and _HABIT_BEFORE.search(text, max(0, match.start() - 10), match.start()):
            continue
        if any(start <= match.start() < end for start, end in habits):
            continue
        if rows and is_plain and _AND_THEN.fullmatch(text, rows[-1][-1].end(), match.start()):
            rows[-1].append(match)
        else:
            rows.append([match])
    for row in rows:
        for day, match in zip(_row_of_weekdays(text, row, today), row):
            yield day.isoformat(), match.start(), match.end()


def _row_of_weekdays(text: str, row: "list[re.Match[str]]", today: date) -> list[date]:
    """The days of « mardi et jeudi »: on the same side of today, in the order said."""
    days = [_weekday(text, row[0], today)]
    numbers = [_weekday_number(match["weekday"]) for match in row]
    if len(row) == 1 or days[0] >= today:
        for number in numbers[1:]:
            days.append(_next_weekday(days[-1], number))
        return days
    days = [_last_weekday(today, numbers[-1])]
    for number in reversed(numbers[:-1]):
        days.append(_last_weekday(days[-1], number))
    return days[::-1]


def _weekday(text: str, match: "re.Match[str]", today: date) -> date:
    number = _weekday_number(match["weekday"])
    if match["this"] or _WEEK.search(match[0]):
        week = -7 if match["last"] else 7 if match["next"] else 0
        return today + timedelta(days=number - today.weekday() + week)
    if number == today.weekday() and _IT_IS.search(text, max(0, match.start() - 15), match.start()):
        return today
    if match["next"] or (not match["last"] and day_direction(text, match.start(), match.end()) == FUTURE):
        return _next_weekday(today, number)
    return _last_weekday(today, number)


def _last_weekday(day: date, number: int) -> date:
    return day - timedelta(days=(day.weekday() - number - 1) % 7 + 1)


def _next_weekday(day: date, number: int) -> date:
    return day + timedelta(days=(number - day.weekday() - 1) % 7 + 1)


def _near(text: str, today: date) -> Iterator[Found]:
    for match in _NEAR.finditer(text):
        if match.lastgroup:
            yield (today + timedelta(days=_NEAR_DAYS[match.lastgroup])).isoformat(), match.start(), match.end()


def _counted(text: str, today: date) -> Iterator[Found]:
    for match in _AGO.finditer(text):
        count = number_value(match["count"])
        if count is not None and count <= 999:
            yield (today + timedelta(days=-count if match["ago"] else count)).isoformat(), match.start(), match.end()


_FINDERS: list[Callable[[str, date], Iterator[Found]]] = [_counted, _dated, _written, _days_and_months, _numbered, _weekdays, _near]


def _on(day: date | None, start: int, end: int) -> Iterator[Found]:
    if day is not None:
        yield day.isoformat(), start, end


def _day(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None


def _day_number(written: str) -> int | None:
    value = 1 if written in {"1er", "premier"} else number_value(written)
    return value if value is not None and 1 <= value <= 31 else None


def _month(written: str) -> int:
    return next(rank for rank, name in enumerate(_MONTHS, start=1) if written.startswith(name))


def _weekday_number(written: str) -> int:
    return 2 if written.endswith("credi") or written.endswith("kredi") else _WEEKDAYS.index(written)


def _of_some_year(month: int, number: int, today: date, direction: int) -> date | None:
    """The nearest such day; 29 February may be years away."""
    past = next((day for back in range(9) if (day := _day(today.year - back, month, number)) and day <= today), None)
    coming = next((day for ahead in range(9) if (day := _day(today.year + ahead, month, number)) and day >= today), None)
    if past is None or coming is None:
        return None
    is_meant = direction == FUTURE or (direction == UNKNOWN and today - past > _LONG)
    return coming if is_meant and coming - today <= _LONG else past


def _of_some_month(number: int, today: date, direction: int, weekday: str | None) -> date:
    """The nearest such day of a month, in the past if nothing is said; one that is the weekday said comes first."""
    back, ahead = _monthly(number, today, -1), _monthly(number, today, 1)
    if weekday and direction == UNKNOWN:
        days = sorted(back + ahead, key=lambda day: abs(day - today))
    else:
        days = ahead + back if direction == FUTURE else back + ahead
    fitting = (day for day in days if weekday and day.weekday() == _weekday_number(weekday))
    return next(fitting, (ahead if direction == FUTURE else back)[0])


def _monthly(number: int, today: date, step: int) -> list[date]:
    """The days of this number in thirteen months, from today's on, today included."""
    months = (today.year * 12 + today.month - 1 + step * rank for rank in range(13))
    days = (_day(month // 12, month % 12 + 1, number) for month in months)
    return [day for day in days if day is not None and (day - today).days * step >= 0]
