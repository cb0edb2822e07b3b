"""The emergency search finds entries in spite of typing errors, and says nothing rather than anything."""

from datetime import date

import pytest

from guichet.faq import Faq
from guichet.faq_search import CONFIDENT, POSSIBLE, fold, search

from .builders import entry, faq_of

DAY = date(2026, 7, 8)
FAQ = faq_of(
    entry("forgot_password", "g oublié mon mot de passe", "mdp perdu"),
    entry("track_order", "où en est ma commande", "suivre mon colis"),
    entry("cancel_order", "annuler ma commande", question="Puis-je annuler ma commande ?"),
    entry("return_fees", "qui paie les frais de retour"),
    entry("sales", "quand commencent les soldes", valid_until=date(2026, 7, 7)),
)


def found(text: str, faq: Faq = FAQ, day: date = DAY, limit: int = 3) -> list[str]:
    return [each.id for each, _ in search(faq, text, day, limit)]


@pytest.mark.parametrize(
    ("text", "ident"),
    [
        ("g oublié mon mot de passe", "forgot_password"),
        ("j'ai oublier mon mot de pase", "forgot_password"),
        ("MDP PERDU !!", "forgot_password"),
        ("ou en est ma comande", "track_order"),
        ("OÙ EN EST MA COMMANDE ?", "track_order"),
        ("suivre mon coli", "track_order"),
        ("puis je annulé ma commande", "cancel_order"),
        ("qui paye les frais de retours", "return_fees"),
        ("les frais de retour qui paie", "return_fees"),
    ],
)
def test_typing_errors_and_accents_find_the_entry(text: str, ident: str) -> None:
    ((best, score), *_) = search(FAQ, text, DAY)
    assert best.id == ident
    assert CONFIDENT <= score <= 100


@pytest.mark.parametrize("text", ["", "?", "xqzv wkjh prtx", "azertyuiop", "12345678", "🤖🤖🤖", "le ciel est bleu au-dessus des toits"])
def test_gibberish_finds_nothing(text: str, real_faq: Faq) -> None:
    assert found(text) == []
    assert found(text, real_faq) == []


def test_best_first_and_no_entry_twice() -> None:
    results = search(FAQ, "en est ma commande annuler", DAY)
    scores = [score for _, score in results]
    assert [each.id for each, _ in results] == ["cancel_order", "track_order"]
    assert scores == sorted(scores, reverse=True)
    assert scores[-1] >= POSSIBLE


def test_no_more_than_asked_for() -> None:
    assert found("annuler ma commande", limit=1) == ["cancel_order"]


def test_outdated_entries_are_not_found() -> None:
    assert found("quand commencent les soldes", day=date(2026, 7, 7)) == ["sales"]
    assert found("quand commencent les soldes") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [("  Où  EST\tl’Été ? ", "ou est l'ete ?"), ("où", "ou"), ("o\u0075\u0300", "ou"), ("STRASSE", "strasse"), ("Straße", "strasse"), ("ﬁn", "fin")],
)
def test_fold(text: str, expected: str) -> None:
    assert fold(text) == expected
