"""Payment data never enters the store: card numbers and IBANs are masked on the way in.

A number is masked only when its check digits hold (Luhn, ISO 13616), so that order, phone and SIRET numbers stay readable.
"""

import re

from stdnum import iban, luhn

_SEPARATOR = r"[\s./\u2010-\u2015_-]"
_CARD = re.compile(
    rf"(?<!\d)(?:\d{{13,19}}|\d{{4}}(?:{_SEPARATOR}{{1,2}}\d{{4}}){{3}}"
    rf"|\d{{4}}{_SEPARATOR}{{1,2}}\d{{6}}{_SEPARATOR}{{1,2}}\d{{4,5}})(?!\d)"
)
"""In one block, or in the groups that cards are printed in: an order number beside a postcode is neither."""
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?:[ \u00a0\u202f.-]?[A-Za-z0-9]){11,30}(?![A-Za-z0-9])")
_SIRET_LENGTH = 14
MASK = "[numéro masqué]"


def mask_payment_data(text: str) -> str:
    """``text`` with every valid card number and IBAN replaced by « [numéro masqué] »."""
    text = _IBAN.sub(_mask_iban, text)
    return _CARD.sub(lambda match: MASK if _is_card(match[0]) else match[0], text)


def _is_card(text: str) -> bool:
    digits = re.sub(r"\D", "", text)
    return len(digits) != _SIRET_LENGTH and luhn.is_valid(digits)


def _mask_iban(match: re.Match[str]) -> str:
    """The longest valid IBAN at the start of the match is masked; words that follow it are kept."""
    text = match[0]
    for end in range(len(text), 14, -1):
        if text[end - 1].isalnum() and iban.is_valid(re.sub(r"[\u00a0\u202f.-]", " ", text[:end])):
            return MASK + text[end:]
    return text
