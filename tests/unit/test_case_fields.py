"""Reserves and wishes as customers say them."""

import pytest

from bot.actions.case_fields import reserves_said, wish_said
from guichet.models import CaseWish, Reserves


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("j’ai signé sous réserve de déballage", Reserves.MADE),
        ("j'ai noté des réserves sur le bordereau", Reserves.MADE),
        ("les réserves ont été faites devant le livreur", Reserves.MADE),
        ("j'ai émis des réserves", Reserves.MADE),
        ("aucune réserve, il est parti trop vite", Reserves.NOT_MADE),
        ("sans reserve", Reserves.NOT_MADE),
        ("j'ai pas mis de réserve", Reserves.NOT_MADE),
        ("je n’ai pas émis de réserves", Reserves.NOT_MADE),
        ("j'ai signé sans regarder", Reserves.NOT_MADE),
        ("la perceuse est cassée", None),
        ("vous en avez en réserve ?", None),
    ],
)
def test_reserves(text: str, expected: Reserves | None) -> None:
    assert reserves_said(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("je veux être remboursé", CaseWish.REFUND),
        ("un remboursement svp", CaseWish.REFUND),
        ("renvoyez-moi la pièce manquante", CaseWish.PART),
        ("juste la pièce de rechange", CaseWish.PART),
        ("un échange", CaseWish.NEW_PRODUCT),
        ("j'en veux un autre", CaseWish.NEW_PRODUCT),
        ("remplacez-le", CaseWish.NEW_PRODUCT),
        ("un geste commercial suffira", CaseWish.GESTURE),
        ("elle ne démarre plus", None),
    ],
)
def test_wishes(text: str, expected: CaseWish | None) -> None:
    assert wish_said(text) is expected
