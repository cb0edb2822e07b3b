"""French typography, dates and amounts."""

import re
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.french import euros, full_date, full_instant, long_date, long_instant, typeset

PIECES = (
    *("a", "l'été", "12", "000", "345", "3", ".", "-", "(", ")", "*", "«", "»", ":", ";", "!", "?", "€", "%"),
    *("h", "jours", "fois", " ", "  ", "\u00a0", "\u202f", "\n", "http", "https://a.fr/b?c=1:2!"),
)
NOT_YET_IDEMPOTENT = re.compile(r"[;!?]\s*[;!?]|:\s*»|[\u00a0\u202f]{2}")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Bonjour !", "Bonjour\u202f!"),
        ("Bonjour!", "Bonjour\u202f!"),
        ("Prêt ? Oui ; allons-y !", "Prêt\u202f? Oui\u202f; allons-y\u202f!"),
        ("Vraiment ?!", "Vraiment\u202f?!"),
        ("(vous savez ?)", "(vous savez\u202f?)"),
        ("**Prêt ?**", "**Prêt\u202f?**"),
        ("Voici : un, deux", "Voici\u00a0: un, deux"),
        ("à 9:30", "à 9:30"),
        ("« Mon compte »", "«\u00a0Mon compte\u00a0»"),
        ("«Mon compte»", "«\u00a0Mon compte\u00a0»"),
        ("« Mon compte ? »", "«\u00a0Mon compte\u202f?\u00a0»"),
        ("l'article qu'on m'a livré", "l’article qu’on m’a livré"),
        ("les 'guillemets' anglais", "les 'guillemets' anglais"),
        ("1 000 000 €", "1\u202f000\u202f000\u00a0€"),
        ("59000 Lille", "59000 Lille"),
        ("14 jours, 48 heures, 2 ans, 9 h et 20 %", "14\u00a0jours, 48\u00a0heures, 2\u00a0ans, 9\u00a0h et 20\u00a0%"),
        ("à 12 h 30 ou 9 h", "à 12\u00a0h\u00a030 ou 9\u00a0h"),
        ("Sur https://a.example.com/b : vu ? https://c.example.com ?", "Sur https://a.example.com/b\u00a0: vu\u202f? https://c.example.com\u202f?"),
        ("en 3 fois", "en 3\u00a0fois"),
        ("01 99 00 12 34", "01 99 00 12 34"),
        ("", ""),
    ],
)
def test_typeset(typed: str, expected: str) -> None:
    assert typeset(typed) == expected


@given(st.lists(st.sampled_from(PIECES)).map("".join) | st.text())
def test_typeset_is_idempotent(text: str) -> None:
    once = typeset(text)
    assert typeset(once) == once


@given(st.text("abc :!?'«»12€\n"), st.text("abé/:;!?'=&«»%12", min_size=1), st.text("abc :!?'«»12€\n"))
def test_links_are_untouched(before: str, path: str, after: str) -> None:
    link = f"https://topaz.example.com/{path}"
    assert link in typeset(f"{before} {link} {after}").split()


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 5, 1), "vendredi 1er mai"),
        (date(2026, 11, 24), "mardi 24 novembre"),
        (date(2026, 2, 11), "mercredi 11 février"),
        (date(2026, 8, 31), "lundi 31 août"),
        (date(2026, 12, 20), "dimanche 20 décembre"),
    ],
)
def test_long_date(day: date, expected: str) -> None:
    assert long_date(day) == expected


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        ("2026-11-24T08:30+00:00", "mardi 24 novembre à 9\u00a0h\u00a030"),
        ("2026-11-24T08:05+00:00", "mardi 24 novembre à 9\u00a0h\u00a005"),
        ("2026-07-01T07:00+00:00", "mercredi 1er juillet à 9\u00a0h"),
        ("2026-12-31T23:30+00:00", "vendredi 1er janvier à 0\u00a0h\u00a030"),
    ],
)
def test_long_instant_is_told_in_paris_time(instant: str, expected: str) -> None:
    assert long_instant(datetime.fromisoformat(instant)) == expected


@pytest.mark.parametrize(
    ("cents", "expected"),
    [
        (129500, "1\u202f295,00\u00a0€"),
        (0, "0,00\u00a0€"),
        (5, "0,05\u00a0€"),
        (1990, "19,90\u00a0€"),
        (99999, "999,99\u00a0€"),
        (123456789, "1\u202f234\u202f567,89\u00a0€"),
    ],
)
def test_euros(cents: int, expected: str) -> None:
    assert euros(cents) == expected
    assert typeset(expected) == expected


def test_what_is_kept_for_long_has_its_year() -> None:
    assert full_date(date(2026, 12, 1)) == "mardi 1er décembre 2026"
    assert full_instant(datetime.fromisoformat("2026-12-31T23:30:00+00:00")) == "vendredi 1er janvier 2027 à 0\u00a0h\u00a030"
