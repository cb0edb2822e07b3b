"""The return slip: everything is on it, it prints on A4, and no text breaks it."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PageObject, PdfReader

from guichet import mail_texts
from guichet.french import typeset
from guichet.models import Address, Customer, CustomerKind, Order, OrderLine, Product, ReturnWish
from guichet.paper import printable
from guichet.return_slip import return_slip
from guichet.shop import ShopFacts

from .builders import FACTS

NUMBER = "RET-2026-000012"
REGISTERED_AT = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
A4 = (595, 842)
HOSTILE = "<b>Œuvre & Cie</i> <font size=99> \U0001f600\x00\u202e Дом Dvořák l'été"


def article(name: str = "Ponceuse excentrique 300 W", sku: str = "PEX300") -> OrderLine:
    return OrderLine(product=Product(name=name, sku=sku))


def slip(
    lines: Sequence[tuple[OrderLine, int]] | None = None,
    *,
    name: str = "Camille Fontaine",
    company: str | None = None,
    street: str = "14 rue des Tanneurs",
    city: str = "Lille",
    wish: ReturnWish | None = ReturnWish.EXCHANGE,
    send_back_by: date | None = date(2026, 12, 8),
    facts: ShopFacts = FACTS,
) -> bytes:
    order = Order(
        number="10025873",
        placed_at=datetime(2026, 11, 2, 23, 30, tzinfo=UTC),
        customer=Customer(kind=CustomerKind.PRIVATE, name=name, company=company),
        delivery_address=Address(street=street, postcode="59000", city=city),
    )
    return return_slip(NUMBER, REGISTERED_AT, order, lines or [(article(), 2)], wish, send_back_by, facts)


def pages(pdf: bytes) -> list[PageObject]:
    return list(PdfReader(BytesIO(pdf)).pages)


def text(pdf: bytes) -> str:
    """All that can be read, blanks and line breaks made equal."""
    return " ".join(" ".join(page.extract_text() for page in pages(pdf)).split())


def bars(page: PageObject) -> list[int]:
    """How many filled bars each barcode of a page has, from top to bottom."""
    content = page.get_contents()
    assert content is not None
    return [len(re.findall(rb"\bre f\*?", block)) for block in content.get_data().split(b"BT") if block.count(b" re f") > 20]


def plain(words: str) -> str:
    return " ".join(typeset(words).replace("\u00a0", " ").replace("\u202f", " ").split())


def test_every_fact_is_on_the_slip() -> None:
    said = text(slip())
    for expected in (
        "Topaz.pro Bordereau de retour RET-2026-000012",
        "Commande 10025873, passée le mardi 3 novembre 2026",
        "Client Camille Fontaine",
        "Rétractation reçue le mardi 24 novembre 2026 à 9 h 30",
        "Souhait Un échange",
        "À renvoyer au plus tard le mardi 8 décembre 2026",
        "accusé de réception de votre rétractation",
        "Ponceuse excentrique 300 W PEX300 2",
        "Expéditeur Camille Fontaine 14 rue des Tanneurs 59000 Lille",
        "Destinataire 12 rue de l’Exemple 59000 Lille",
    ):
        assert expected in said
    assert said.count(NUMBER) == 3  # beside the barcode, in the steps, on the label


def test_how_to_prepare_the_parcel_is_said_as_in_the_mail() -> None:
    said = text(slip())
    for step in (mail_texts.RETURN_TITLE, *mail_texts.RETURN_STEPS, mail_texts.RETURN_AFTER):
        assert plain(step.format(numero=NUMBER, **FACTS.values())) in said


@pytest.mark.parametrize(("wish", "name"), [(ReturnWish.REFUND, "Un remboursement"), (ReturnWish.CREDIT, "Un avoir")])
def test_each_wish_has_its_name(wish: ReturnWish, name: str) -> None:
    assert f"Souhait {name}" in text(slip(wish=wish))


def test_what_is_not_known_leaves_no_label_behind() -> None:
    said = text(slip(wish=None, send_back_by=None))
    assert "Souhait" not in said
    assert "au plus tard" not in said


def test_a_company_stands_with_its_buyer() -> None:
    assert "Client Inès Caron, Atelier Caron" in text(slip(name="Inès Caron", company="Atelier Caron"))


def test_one_a4_page_with_the_document_told_to_readers() -> None:
    reader = PdfReader(BytesIO(slip()))
    (page,) = reader.pages
    assert (round(page.mediabox.width), round(page.mediabox.height)) == A4
    assert reader.metadata is not None
    assert reader.metadata.title == "Bordereau de retour RET-2026-000012"
    assert reader.metadata.author == "Topaz.pro"
    assert reader.metadata.subject == "Retour RET-2026-000012 de la commande 10025873"
    assert reader.root_object["/Lang"] == "fr"


def test_every_font_is_in_the_file() -> None:
    fonts = [font.get_object() for page in pages(slip([(article(), 1)] * 40)) for font in page["/Resources"]["/Font"].values()]
    assert {font["/BaseFont"].partition("+")[2] for font in fonts} == {"BitstreamVeraSans-Roman", "BitstreamVeraSans-Bold"}
    assert all("/FontFile2" in font["/FontDescriptor"] for font in fonts)


def test_both_barcodes_are_drawn_as_bars() -> None:
    (page,) = pages(slip())
    large, small = bars(page)
    assert large == small
    assert large % 3 == 1  # Code 128: three bars a symbol, four for the stop
    assert "/XObject" not in page["/Resources"]


def test_the_same_return_gives_the_same_bytes() -> None:
    assert slip() == slip()
    assert slip() != slip(name="Camille Fontaines")


def test_eight_articles_fit_on_one_page() -> None:
    assert len(pages(slip([(article(), 1)] * 8))) == 1


def test_fifteen_articles_take_a_second_page_with_the_label_in_one_piece() -> None:
    names = [f"Article numéro {rank}" for rank in range(1, 16)]
    first, second = pages(slip([(article(name), rank) for rank, name in enumerate(names, 1)]))
    listed = first.extract_text()
    assert all(name in listed for name in names)
    assert "page 1 sur 2" in listed.replace("\u00a0", " ")
    label = second.extract_text()
    for word in ("Préparer le colis", "Expéditeur", "Destinataire", "12 rue de l’Exemple", NUMBER):
        assert word in label
    assert [len(bars(page)) for page in (first, second)] == [1, 1]


def test_a_long_list_repeats_its_head_on_each_page() -> None:
    every = pages(slip([(article(), 1)] * 100))
    assert len(every) > 3
    assert all("Référence" in page.extract_text() for page in every[:-1])
    assert Counter(text(slip([(article(), 1)] * 100)).split())["PEX300"] == 100


def test_a_single_page_has_no_page_number() -> None:
    assert "page 1" not in text(slip())


def test_markup_is_printed_and_foreign_letters_are_kept_as_far_as_they_go() -> None:
    said = text(slip([(article(HOSTILE, HOSTILE), 1)], name=HOSTILE, street=HOSTILE, city=HOSTILE))
    assert "<b>Œuvre & Cie</i> <font size=99> ??? Dvorák l’été" in said


@pytest.mark.parametrize(
    "much", [HOSTILE * 200, "W" * 5000, "mot " * 2000, "1, " * 1000, ""], ids=["hostile", "one word", "words", "commas", "empty"]
)
def test_endless_texts_do_not_break_the_page(much: str) -> None:
    facts = FACTS.model_copy(update={"adresse_retour": f"{much}, 59000 Lille", "nom": much or "x"})
    pdf = slip([(article(much, much), 10**9)] * 3, name=much, company=much, street=much, city=much, facts=facts)
    assert len(pages(pdf)) <= 3
    assert "Destinataire" in text(pdf)


@settings(max_examples=40)
@given(st.text(max_size=300))
def test_any_text_can_be_printed(words: str) -> None:
    assert pages(slip([(article(words, words), 1)], name=words, company=words, street=words, city=words))


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("l'été : 1 295,00 €", "l’été\u00a0: 1\u00a0295,00\u00a0€"),
        ("59000 Lille", "59000\u00a0Lille"),
        ("e\u0301te\u0301", "été"),
        ("Dvořák, Łódź", "Dvorák, Łódz"),
        ("\U0001f4e6 Colis", "Colis"),
        ("Дом", "???"),
        ("a\x00\u202e\tb\nc", "a b c"),
        ("a" * 200, "a" * 159 + "…"),
    ],
)
def test_printable(written: str, shown: str) -> None:
    assert printable(written) == shown


def test_a_street_number_followed_by_a_comma_stays_with_its_street() -> None:
    label = text(slip(facts=FACTS.model_copy(update={"adresse_retour": "Topaz.pro – Service retours, 12, rue de l’Exemple, 59000 Lille"})))
    assert "Destinataire Topaz.pro Service retours 12, rue de l’Exemple 59000 Lille" in label
