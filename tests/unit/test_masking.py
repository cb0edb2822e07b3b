"""Payment data is masked however it is typed; what the assistant needs stays readable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from guichet.masking import MASK, mask_payment_data

IBAN = "FR76 3000 6000 0112 3456 7890 189"
SEPARATORS = ["", " ", "-", ".", "\u00a0", "\u202f"]


@pytest.mark.parametrize("separator", SEPARATORS)
@pytest.mark.parametrize(
    "number",
    [
        pytest.param("4111 1111 1111 1111", id="Visa"),
        pytest.param("5555 5555 5555 4444", id="Mastercard"),
        pytest.param("3782 822463 10005", id="American Express"),
        pytest.param(IBAN, id="French IBAN"),
        pytest.param(IBAN.lower(), id="lower case IBAN"),
        pytest.param("DE89 3704 0044 0532 0130 00", id="German IBAN"),
        pytest.param("GB29 NWBK 6016 1331 9268 19", id="British IBAN"),
    ],
)
def test_payment_data_is_masked_with_any_separator(number: str, separator: str) -> None:
    text = f"voici : {number.replace(' ', separator)}, merci"
    assert mask_payment_data(text) == f"voici : {MASK}, merci"


@given(st.text("0123456789", min_size=12, max_size=18).filter(lambda digits: len(digits) != 13))
def test_every_valid_card_number_is_masked(digits: str) -> None:
    assert mask_payment_data(f"ma carte {digits}{luhn.calc_check_digit(digits)}.") == f"ma carte {MASK}."


@given(st.text("0123456789", min_size=15, max_size=15), st.sampled_from(SEPARATORS))
def test_every_valid_card_number_in_groups_of_four_is_masked(digits: str, separator: str) -> None:
    number = digits + luhn.calc_check_digit(digits)
    groups = separator.join(number[start : start + 4] for start in range(0, 16, 4))
    assert mask_payment_data(f"ma carte {groups}.") == f"ma carte {MASK}."


def test_several_numbers_in_one_message() -> None:
    assert mask_payment_data(f"{IBAN}, ou 4111111111111111 ?") == f"{MASK}, ou {MASK} ?"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("10025873", id="order number"),
        pytest.param("10026208 69003", id="order number and postcode that pass Luhn together"),
        pytest.param("TPZ-10 025 873", id="order number in groups"),
        pytest.param("SAV-2026-000123", id="case number"),
        pytest.param("06 39 98 01 01", id="phone"),
        pytest.param("+33 6 39 98 01 01", id="international phone"),
        pytest.param("73282932000074", id="SIRET"),
        pytest.param("732 829 320 00074", id="SIRET in groups"),
        pytest.param("4111 1111 1111 1112", id="card with a wrong check digit"),
        pytest.param("FR76 3000 6000 0112 3456 7890 188", id="IBAN with a wrong check digit"),
        pytest.param("FR 40 303 265 045", id="VAT number"),
        pytest.param("le 12/05/2026, 1 295,00 €, 59000 Lille", id="dates and amounts"),
        pytest.param("", id="nothing"),
    ],
)
def test_other_numbers_are_kept(text: str) -> None:
    assert mask_payment_data(text) == text


@given(st.text().filter(lambda text: not any(char.isdigit() for char in text)))
def test_text_without_digits_is_unchanged(text: str) -> None:
    assert mask_payment_data(text) == text


@pytest.mark.parametrize("text", ["{} 12/27", "{} 123", "le 12/05 {}", "{}\n12/27 123"])
def test_a_card_is_masked_beside_its_date_and_code(text: str) -> None:
    assert mask_payment_data(text.format("4111 1111 1111 1111")) == text.format(MASK)


def test_the_words_after_an_iban_are_kept_apart() -> None:
    assert mask_payment_data(f"{IBAN} merci") == f"{MASK} merci"
