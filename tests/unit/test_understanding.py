"""What the customer just said, read from the tracker Rasa sends."""

from typing import Any

import pytest
from rasa_sdk import Tracker

from bot.actions.understanding import Turn


def turn_of(**message: Any) -> Turn:
    return Turn.of(Tracker.from_dict({"sender_id": "c", "slots": {}, "events": [], "latest_message": message}))


def saying(text: str) -> Turn:
    return turn_of(text=text)


def test_a_turn_holds_what_the_nlu_understood() -> None:
    turn = turn_of(
        text="où est la 10025873, non la 10025874",
        intent={"name": "order_status", "confidence": 0.9},
        entities=[
            {"entity": "order_number", "value": "10025873"},
            {"entity": "order_number", "value": 10025874},
            {"entity": "email", "value": "a@b.fr"},
        ],
        decision={"intent": "track_order", "alternatives": [{"intent": "order_status"}, {"intent": "track_order"}, {"intent": "missing_parcel"}]},
    )
    assert turn == Turn(
        text="où est la 10025873, non la 10025874",
        intent="order_status",
        guesses=("track_order", "order_status", "missing_parcel"),
        entities={"order_number": "10025874", "email": "a@b.fr"},
    )


@pytest.mark.parametrize("message", [{}, {"text": None, "intent": None, "entities": None, "decision": None}, {"intent": {"name": None}}], ids=str)
def test_an_empty_message_is_a_fallback(message: dict[str, Any]) -> None:
    assert turn_of(**message) == Turn(text="", intent="nlu_fallback", guesses=(), entities={})


def test_alternatives_alone_are_guesses_too() -> None:
    decision = {"intent": None, "alternatives": [{"intent": "covid"}]}
    assert turn_of(text="?", decision=decision).guesses == ("covid",)


def test_a_button_says_nothing_in_words() -> None:
    turn = turn_of(text='/inform{"answer": "abandon"}', intent={"name": "inform"}, entities=[{"entity": "answer", "value": "abandon"}])
    assert (turn.text, turn.intent, turn.is_abandon) == ("", "inform", True)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "annuler",
            "Annulez !",
            "je veux annuler",
            "je veux tout annuler",
            "abandonner",
            "abandonne",
            "stop",
            "STOP.",
            "arrête",
            "arretez",
            "arrêter",
        ),
        *("laisse tomber", "Laissez tomber…", "tant pis", "oublie", "oubliez ça", "oubliez ca", "rien", "non merci", "finalement non"),
        *("c'est bon laissez", "C’est bon laissez."),
    ],
)
def test_abandon(text: str) -> None:
    assert saying(text).is_abandon


@pytest.mark.parametrize(
    "text",
    [
        *("", "non", "merci", "annuler ma commande", "je veux annuler ma commande 10025873", "comment arrêter la livraison ?", "la scie s'arrête"),
        *("rien reçu", "tant pis pour la notice", "je ne veux pas abandonner mon colis", "n'oubliez pas la facture", "stop à la perceuse qui fume"),
    ],
)
def test_not_an_abandon(text: str) -> None:
    assert not saying(text).is_abandon


@pytest.mark.parametrize(
    "text",
    [
        *("je ne sais pas", "je sais pas", "je ne l'ai plus", "je l’ai plus", "j'ai pas le numéro", "je n’ai pas mon numéro", "pas de numéro"),
        *("je n'ai plus mon mail de confirmation", "j'ai perdu le numéro", "je ne le retrouve plus", "je trouve pas", "aucune idée", "aucune idee"),
        *("c'est quoi ce numéro ?", "où est le numéro ?", "ou se trouve ce numéro", "Où le trouver ?"),
    ],
)
def test_a_lost_number(text: str) -> None:
    assert saying(text).has_lost_number


@pytest.mark.parametrize(
    "text",
    [
        *("", "10025873", "mon numéro est le 10025873", "camille@example.com", "59000", "oui", "bonjour", "merci"),
        *("la commande de mardi dernier", "ma perceuse ne marche pas", "je veux être remboursé", "est-ce possible ou non ?"),
    ],
)
def test_not_a_lost_number(text: str) -> None:
    assert not saying(text).has_lost_number


@pytest.mark.parametrize(
    ("entity", "identifies"),
    [("order_number", True), ("email", True), ("postcode", True), ("case_number", True), ("answer", False), ("article", False)],
)
def test_what_identifies(entity: str, *, identifies: bool) -> None:
    assert turn_of(text="x", entities=[{"entity": entity, "value": "1"}]).identifies is identifies


@pytest.mark.parametrize("known", [None, {}, {"order_number": "10025801", "field": "order"}], ids=str)
def test_what_is_said_of_an_order_is_remembered(known: dict[str, str] | None) -> None:
    entities = {"order_number": "10025873", "email": "a@b.fr", "answer": "yes"}
    turn = turn_of(text="x", entities=[{"entity": name, "value": value} for name, value in entities.items()])
    assert turn.remember(known) == {**(known or {}), "order_number": "10025873", "email": "a@b.fr"}


@pytest.mark.parametrize(("text", "question"), [("Et la garantie ?", True), ("garantie? ", True), ("Elle fume.", False), ("", False)])
def test_questions(text: str, *, question: bool) -> None:
    assert saying(text).is_question is question


@pytest.mark.parametrize("text", ["annulez tout", "j'abandonne", "je laisse tomber", "on arrête", "stop merci", "c'est bon, laissez tomber"])
def test_more_ways_to_give_up(text: str) -> None:
    assert Turn(text, "nlu_fallback", (), {}).is_abandon


@pytest.mark.parametrize("text", ["je n'ai pas reçu mon colis", "mon colis est perdu", "je l'ai passée hier"])
def test_a_missing_parcel_is_no_lost_number(text: str) -> None:
    assert not Turn(text, "missing_parcel", (), {}).has_lost_number
