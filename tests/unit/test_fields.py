"""Articles named with typing errors, and phone numbers as people write them."""

import pytest

from bot.actions.fields import dictated_number, named_articles, phone_number

from .builders import line

LINES = [
    line(1, "Ponceuse excentrique 300 W", "Bosch"),
    line(2, "Scie circulaire 165 mm", "Makita"),
    line(3, "Scie sauteuse pendulaire", "Makita"),
    line(4, "Échelle coulissante 3 × 8 barreaux", "Centaure"),
]


@pytest.mark.parametrize(
    ("text", "article"),
    [
        ("la ponceuse", "1"),
        ("ma Ponceuse excentrique 300 W", "1"),
        ("c'est la ponseuse.", "1"),
        ("la Bosch, svp", "1"),
        ("la circulere ne coupe plus droit", "2"),
        ("l'échelle", "4"),
        ("mon echelle est tordue", "4"),
        ("mon échele, tordue", "4"),
        ("la sauteuse", "3"),
        ("non pas la ponceuse, l'échelle", "4"),
    ],
)
def test_an_article_is_named(text: str, article: str) -> None:
    assert named_articles(LINES, text) == [article]


@pytest.mark.parametrize(
    "text", ["la makita", "les deux", "il ne marche plus", "arrivé sans emballage", "bonjour", "je veux un remboursement", "300", ""]
)
def test_no_article_or_several_are_named(text: str) -> None:
    assert named_articles(LINES, text) == []


@pytest.mark.parametrize(
    ("text", "articles"),
    [
        ("la ponceuse et l'échelle", ["1", "4"]),
        ("la circulaire, la sauteuse et aussi la ponseuse", ["1", "2", "3"]),
        ("j'ai reçu une ponceuse au lieu de l'échelle", []),
        ("je renvoie l'échelle, je garde la ponceuse", ["4"]),
        ("l'échelle oui, la ponceuse pas", ["4"]),
        ("enlève la ponceuse, c'est l'échelle", ["4"]),
        ("uniquement la circulaire et la sauteuse, pas l'échelle", ["2", "3"]),
    ],
)
def test_several_articles_are_named(text: str, articles: list[str]) -> None:
    assert named_articles(LINES, text) == articles


def test_an_order_without_lines_names_nothing() -> None:
    assert named_articles([], "la ponceuse") == []


@pytest.mark.parametrize(
    "text",
    [
        *("06 39 98 01 01", "0639980101", "06.39.98.01.01", "06-39-98-01-01", "06\u00a039\u00a098\u00a001\u00a001", "+33 6 39 98 01 01"),
        *("+33639980101", "0033 6 39 98 01 01", "+33 (0)6 39 98 01 01", "appelez-moi au 06 39 98 01 01 après 18 h, merci"),
        "06 39 98 01 01 ou 01 99 00 01 03",
    ],
)
def test_a_french_phone_number_is_found_however_written(text: str) -> None:
    assert phone_number(text) == "+33 6 39 98 01 01"


def test_a_foreign_phone_number_is_found() -> None:
    assert phone_number("mon numéro belge : +32 2 555 12 12") == "+32 2 555 12 12"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "jean@example.com",
        "10025873",
        "10 025 873",
        "59000",
        "06 39 98 01",
        "12/05/2026",
        "1 295,00 €",
        "SAV-2026-000123",
        "732 829 320 00074",
        "732829320",
        "100258731",
    ],
)
def test_other_numbers_are_no_phone_numbers(text: str) -> None:
    assert phone_number(text) is None


@pytest.mark.parametrize(
    ("text", "length", "number"),
    [
        ("100 25 839", 8, "10025839"),
        ("un zéro zéro deux six six cinq trois", 8, "10026653"),
        ("1 0 0 2 7 2 4 7", 8, "10027247"),
        ("treize zéro zéro six", 5, "13006"),
        ("le 69 003", 5, "69003"),
        ("100 25 83", 8, None),
        ("100 25 839 12", 8, None),
        ("deux articles", 5, None),
    ],
)
def test_a_number_dictated_in_groups_or_words(text: str, length: int, number: str | None) -> None:
    assert dictated_number(text, length) == number
