"""Contacts are told back without giving them away, and questions imply motives."""

import pytest

from bot.actions.case_tasks import MOTIVE_OF_INTENT, masked_contact, motive_said
from bot.actions.contact_tasks import asks_for_hours
from guichet.faq import Faq
from guichet.models import CaseMotive


@pytest.mark.parametrize(
    ("contact", "masked"),
    [
        ("camille.fontaine@example.com", "c•••@example.com"),
        ("contact@petit-renovation.example.com", "c•••@petit-renovation.example.com"),
        ("a@b.fr", "a•••@b.fr"),
        ("+33 6 39 98 01 42", "votre numéro finissant par 42"),
    ],
)
def test_masked_contact(contact: str, masked: str) -> None:
    assert masked_contact(contact) == masked


def test_every_question_that_implies_a_motive_exists(real_faq: Faq) -> None:
    assert MOTIVE_OF_INTENT.keys() <= real_faq.entries.keys()


@pytest.mark.parametrize(
    ("text", "motive"),
    [
        ("Rien ne manque : deux articles sont arrivés abîmés", CaseMotive.DAMAGED),
        ("elle est arrivée cassée", CaseMotive.DAMAGED),
        ("la boîte était éventrée à la livraison", CaseMotive.DAMAGED),
        ("c'est abîmé, et pas cassé, le colis", CaseMotive.DAMAGED),
        ("c'est pas la bonne référence", CaseMotive.WRONG_ITEM),
        ("reçu une scie au lieu de la ponceuse", CaseMotive.WRONG_ITEM),
        ("elle ne démarre plus depuis hier", CaseMotive.DEFECTIVE),
        ("il manque une pièce", CaseMotive.INCOMPLETE),
        ("c'est la meuleuse", None),
        ("le colis n'est pas là", None),
    ],
)
def test_a_motive_said(text: str, motive: CaseMotive | None) -> None:
    assert motive_said(text) is motive


@pytest.mark.parametrize("text", ["vous êtes ouverts jusqu'à quelle heure ?", "vos horaires svp", "votre numéro de téléphone ?"])
def test_asking_for_the_hours_is_not_asking_for_a_person(text: str) -> None:
    assert asks_for_hours(text)


@pytest.mark.parametrize("text", ["je veux un humain", "passez-moi quelqu'un", ""])
def test_asking_for_a_person(text: str) -> None:
    assert not asks_for_hours(text)
