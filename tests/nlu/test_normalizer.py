"""Chat French becomes French, identifiers become neutral words, nothing makes it fail."""

import pytest
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.normalizer import NORMALIZED_TEXT, FrenchNormalizer, clean, expand_chat_spellings, normalize
from bot.nlu.spelling import Spelling

FREQUENT = [
    "de",
    "la",
    "été",
    "a",
    "à",
    "ou",
    "où",
    "colis",
    "reçu",
    "problème",
    "commande",
    "livraison",
    "perceuse",
    "marche",
    "marché",
    "remboursement",
    "mot",
    "passe",
    "numéro",
    "perceuses",
    "tondeuse",
]
EXAMPLES = [
    "ma perceuse ne marche plus",
    "perceuse en panne",
    "délai de remboursement",
    "mon remboursement",
    "livraison du colis",
]


@pytest.fixture(scope="module")
def spelling() -> Spelling:
    return Spelling.learn(EXAMPLES, FREQUENT)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("g pas reçu ma cmd", "j'ai pas reçu ma commande"),
        ("jai oublié mon mdp", "j'ai oublié mon mot de passe"),
        ("c koi ce pb", "c'est quoi ce problème"),
        ("c est pas l adresse qu il faut", "c'est pas l'adresse qu'il faut"),
        ("ouiiiii", "oui"),
        ("MERCIIII !!!!", "merci !"),
        ("J’AI RIEN", "j'ai rien"),
        ("bjr svp qd", "bonjour s'il vous plaît quand"),
        ("keske je fais", "qu'est-ce que je fais"),
        ("ya un souci", "il y a un souci"),
        ("500 g de vis", "500 g de vis"),
        ("cb ca coûte", "combien ca coûte"),
        ("payer par cb", "payer par carte bancaire"),
        ("par tel svp", "par téléphone s'il vous plaît"),
        ("un tel produit", "un tel produit"),
    ],
)
def test_chat_spellings(typed: str, read: str) -> None:
    assert expand_chat_spellings(clean(typed)) == read


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("👍", "ok"),
        ("👎🏽", "non"),
        ("🙏", "merci"),
        ("❤️", "merci"),
        ("😡", "en colère"),
        ("🦄", ""),
        ("merci 🦄 beaucoup", "merci beaucoup"),
        ("<b>bonjour</b> &amp; merci", "bonjour & merci"),
        ("je suis la 10025873", "je suis la"),
        ("ma commande n° 10025873 mon mail c'est jean@example.com merci", "ma commande merci"),
        ("changer mon adresse mail jean@example.com", "changer mon adresse mail"),
        ("mon mail jean@example.com", "mon mail"),
        ("59 000", ""),
        ("dossier SAV-2026-000123", "dossier numérodossier"),
        ("a\u00a0b\u202fc", "a b c"),
        ("l’été", "l'été"),
    ],
)
def test_cleaning(typed: str, read: str) -> None:
    assert clean(typed) == read


def test_accents_come_back_when_only_one_spelling_is_usual(spelling: Spelling) -> None:
    assert spelling.correct("recu") == "reçu"
    assert spelling.correct("numero") == "numéro"


def test_ambiguous_accents_are_left(spelling: Spelling) -> None:
    assert [spelling.correct(word) for word in ("a", "ou", "marche")] == ["a", "ou", "marche"]


def test_typos_go_to_the_only_near_word(spelling: Spelling) -> None:
    assert spelling.correct("perceuze") == "perceuse"
    assert spelling.correct("rembousrement") == "remboursement"


def test_real_words_and_strangers_are_left(spelling: Spelling) -> None:
    assert spelling.correct("perceuses") == "perceuses"
    assert spelling.correct("aquarium") == "aquarium"
    assert spelling.correct("coli") == "coli"


def test_spelling_survives_json(spelling: Spelling) -> None:
    again = Spelling.from_dict(spelling.to_dict())
    assert again.correct("perceuze") == "perceuse"
    assert again.correct("recu") == "reçu"


@pytest.mark.parametrize("text", ["", " ", "\ud800", "👻", "12345", "日本語", "مرحبا", "<" * 500, "\x00", "a" * 20_000, "é 😡" * 5_000])
def test_never_raises(text: str, spelling: Spelling) -> None:
    normalize(text, spelling).encode("utf-8")


def test_component_keeps_the_text_as_typed(spelling: Spelling) -> None:
    component = FrenchNormalizer(None, None, spelling, "fr_core_news_md")
    message = Message({"text": "g pas reçu 10025873"})
    component.process([message])
    assert message.get("text") == "g pas reçu 10025873"
    assert message.get(NORMALIZED_TEXT) == "j'ai pas reçu"


def test_component_reads_nothing_in_a_payload(spelling: Spelling) -> None:
    message = Message({"text": "/greet"})
    FrenchNormalizer(None, None, spelling, "fr_core_news_md").process([message])
    assert message.get(NORMALIZED_TEXT) == ""
    assert message.get("text") == "/greet"
