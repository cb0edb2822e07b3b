"""Buttons said in words."""

from typing import Any

import pytest

from guichet.spoken_choices import said

ENQUIRY = [
    {"label": "Ouvrir une recherche", "payload": "enquiry", "said": r"YES|\b(?:re)?cherch"},
    {"label": "Parler à une personne", "payload": "person"},
    {"label": "Une autre commande", "payload": "other", "said": r"\bautre\b.{0,12}commande"},
]
NEWS = [
    {"label": "Me prévenir par e-mail", "payload": "notify", "said": r"\bpreven|\bavert|\bnotif"},
    {"label": "Une autre commande", "payload": "other", "said": r"\bautre\b.{0,12}commande|\bl'autre\b"},
]
CASE = [
    {"label": "Enregistrer le dossier", "payload": "confirm"},
    {"label": "Modifier la description", "payload": "redo"},
    {"label": "Abandonner", "payload": "abandon"},
]
RESERVES = [
    {"label": "Oui, j’ai noté des réserves", "payload": "made"},
    {"label": "Non, aucune réserve", "payload": "none"},
    {"label": "Je ne sais plus", "payload": "unknown"},
]
STEPS = [{"label": "Ouvrir un dossier SAV", "payload": "open"}, {"label": "Retourner un article", "payload": "return"}]


@pytest.mark.parametrize(
    ("text", "choices", "payload"),
    [
        ("oui ouvre une recherche", ENQUIRY, "enquiry"),
        ("oui recherche stp", ENQUIRY, "enquiry"),
        ("Oui, cherchez-le", ENQUIRY, "enquiry"),
        ("Je veux que vous lanciez la recherche du colis que je n'ai pas reçu", ENQUIRY, "enquiry"),
        ("d'accord", ENQUIRY, "enquiry"),
        ("une autre commande", ENQUIRY, "other"),
        ("Non, l’autre commande.", NEWS, "other"),
        ("non, l'autre, celle en route", NEWS, "other"),
        ("Parfait, prévenez-moi par mail alors", NEWS, "notify"),
        ("me prevenir par email", NEWS, "notify"),
        ("bon prévenez-moi par mail quand ça bouge", NEWS, "notify"),
        ("enregistre", CASE, "confirm"),
        ("Enregistrez.", CASE, "confirm"),
        ("abandonne", CASE, "abandon"),
        ("modifier la descripsion", CASE, "redo"),
        ("oui j'en ai noté", RESERVES, "made"),
        ("non aucune réserve", RESERVES, "none"),
        ("ouvrez un dossier sav", STEPS, "open"),
    ],
)
def test_a_button_said(text: str, choices: list[dict[str, Any]], payload: str) -> None:
    assert said(text, choices) == payload


@pytest.mark.parametrize(
    ("text", "choices"),
    [
        ("", ENQUIRY),
        ("ok", CASE),
        ("où en est ma commande", NEWS),
        ("où en est mon dossier ?", STEPS),
        ("je veux retourner la ponceuse et la meuleuse", STEPS),
        ("la perceuse ne démarre plus", CASE),
        ("pas de dossier", CASE),
        ("non", ENQUIRY),
        ("je veux changer mon adresse mail", NEWS),
        ("oui " * 20, ENQUIRY),
        ("oui", []),
    ],
)
def test_something_else_said(text: str, choices: list[dict[str, Any]]) -> None:
    assert said(text, choices) is None
