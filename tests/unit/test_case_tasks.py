"""Contacts are told back without giving them away, and questions imply motives."""

import pytest

from bot.actions.case_tasks import MOTIVE_OF_INTENT, masked_contact
from guichet.faq import Faq


@pytest.mark.parametrize(
    ("contact", "masked"),
    [
        ("camille.fontaine@example.com", "c•••@example.com"),
        ("contact@petit-renovation.example.com", "c•••@petit-renovation.example.com"),
        ("a@b.fr", "a•••@b.fr"),
        ("+33 6 39 98 01 42", "••42"),
    ],
)
def test_masked_contact(contact: str, masked: str) -> None:
    assert masked_contact(contact) == masked


def test_every_question_that_implies_a_motive_exists(real_faq: Faq) -> None:
    assert MOTIVE_OF_INTENT.keys() <= real_faq.entries.keys()
