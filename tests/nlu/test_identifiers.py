"""What customers quote is found in every usual spelling, and nothing else is taken for it."""

import time

import pytest
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.identifiers import IdentifierExtractor, find_identifiers


def found(text: str) -> "list[tuple[str, str]]":
    return [(identifier.kind, identifier.value) for identifier in find_identifiers(text)]


@pytest.mark.parametrize(
    "text",
    [
        "10025873",
        "n° 10 025 873",
        "N°10025873.",
        "#TPZ-10025873",
        "TPZ 10025873",
        "tpz10025873",
        "TPZ n° 10025873",
        "commande numero 10.025.873",
        "numéro de commande : 10025873",
        "no10025873",
        "#10025873",
        "ma cmd 1002-5873 svp",
        "commande 10 02 58 73",
        "commande\u00a010\u202f025\u202f873",
        "１００２５８７３",
        "où est la 10025873 ?",
        "commande du 12/05/2026 n°10025873",
        "commande 10025873 de 199 €",
        "appelez le 06 12 34 56 78 pour la 10025873",
    ],
)
def test_order_number_in_every_spelling(text: str) -> None:
    assert found(text) == [("order_number", "10025873")]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "06 12 34 56 78",
        "0612345678",
        "06.12.34.56.78",
        "+33 6 12 34 56 78",
        "0033612345678",
        "SIRET 732 829 320 00074",
        "73282932000074",
        "siren 732829320",
        "4970 1012 3456 7890",
        "4970101234567890",
        "FR76 3000 6000 0112 3456 7890 189",
        "15000 €",
        "15 000 euros",
        "12 345 678 euros",
        "le 12/05/2026",
        "12 05 2026",
        "12.05.2026",
        "2026-05-12",
        "1002587",
        "100258731",
        "TPZ-1002587",
        "18000 tr/min",
        "batterie 20000 mAh",
        "modèle 45210",
        "DHP45210",
        "99000",
        "00100",
        "j'ai payé 15 000 pour ça",
        "compte @topaz sur instagram",
        "facture 10025873",
        "tel 10025873",
    ],
)
def test_other_numbers_are_no_identifiers(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Jean.Dupont@Example.com.", "jean.dupont@example.com"),
        ("mon mail (jean@example.com), merci", "jean@example.com"),
        ("jean.dupont @ example.com", "jean.dupont@example.com"),
        ("jean@example . com", "jean@example.com"),
        ("jean point dupont arobase example point com merci", "jean.dupont@example.com"),
        ("Jean tiret du bas dupont arobase mon-site point fr", "jean_dupont@mon-site.fr"),
        ("jean at example point com", "jean@example.com"),
        ("jean+topaz@sub.example.co.uk", "jean+topaz@sub.example.co.uk"),
        ("ｊｅａｎ＠example.com", "jean@example.com"),
    ],
)
def test_email_typed_or_dictated(text: str, value: str) -> None:
    assert found(text) == [("email", value)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("59000", "59000"),
        ("59 000", "59000"),
        ("code postal 59 000 merci", "59000"),
        ("75001 Paris", "75001"),
        ("j'habite à 97411 Saint-Paul", "97411"),
        ("F-67000 Strasbourg", "67000"),
        ("98000", "98000"),
    ],
)
def test_postcode(text: str, value: str) -> None:
    assert found(text) == [("postcode", value)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SAV-2026-000123", ("case_number", "SAV-2026-000123")),
        ("sav 2026 123", ("case_number", "SAV-2026-000123")),
        ("dossier SAV2026000123", ("case_number", "SAV-2026-000123")),
        ("dossier n° 2026-000123", ("case_number", "SAV-2026-000123")),
        ("RET-2026-000123", ("return_number", "RET-2026-000123")),
        ("retour ret 2026 45", ("return_number", "RET-2026-000045")),
    ],
)
def test_case_and_return_numbers(text: str, expected: "tuple[str, str]") -> None:
    assert found(text) == [expected]


def test_several_identifiers_in_reading_order() -> None:
    assert found("10025873 jean@example.com 59000") == [
        ("order_number", "10025873"),
        ("email", "jean@example.com"),
        ("postcode", "59000"),
    ]


def test_offsets_point_into_the_text_as_typed() -> None:
    text = "Bonjour 👋\u202f! Commande n°\u00a010\u202f025\u202f873, mail Jean@Example.com."
    assert [text[item.start : item.end] for item in find_identifiers(text)] == [
        "n°\u00a010\u202f025\u202f873",
        "Jean@Example.com",
    ]


@pytest.mark.parametrize("piece", ["1", "1 ", "a", "@", "a@", "a.", "point ", "12 345 ", "sav", "\ud800", "é"])
def test_long_input_is_read_in_linear_time(piece: str) -> None:
    text = (piece * 20_000)[:20_000]
    start = time.perf_counter()
    find_identifiers(text)
    assert time.perf_counter() - start < 2


def test_extractor_adds_rasa_entities() -> None:
    message = Message({"text": "ma commande 10025873"})
    IdentifierExtractor().process([message])
    assert message.get("entities") == [{"entity": "order_number", "value": "10025873", "start": 12, "end": 20, "extractor": "IdentifierExtractor"}]


def test_extractor_leaves_payloads_alone() -> None:
    message = Message({"text": '/inform{"order_number": "10025873"}'})
    IdentifierExtractor().process([message])
    assert message.get("entities") is None
