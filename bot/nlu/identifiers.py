"""Identifiers customers quote: order, case and return numbers, e-mail addresses, postcodes.

Each finder works on `folded` text: one output character per input character (digits to ASCII, exotic blanks to
spaces, lower case), so that offsets stay those of the text as typed.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from rasa.engine.recipes.default_recipe import DefaultV1Recipe

from bot.nlu.number_noise import UNIT, noise_spans
from bot.nlu.rule_extractor import RuleExtractor

ORDER_NUMBER = "order_number"
EMAIL = "email"
POSTCODE = "postcode"
CASE_NUMBER = "case_number"
RETURN_NUMBER = "return_number"

_SEP = r"[ .\-_/]"
_NUMBER_WORD = r"(?:n\s?[°ºo](?:\s?[.:])?|n[.:]|num[ée]ro|num|nr|no|#|:)"

_FILE_NUMBER = re.compile(r"(?<![a-z0-9])(?P<kind>sav|ret)(?:[ \-_.:/#°]|n[°ºo]){0,4}(?P<year>20\d\d)" + _SEP + r"{0,3}(?P<rank>\d{1,6})(?![\d])")
_FILE_BY_NAME = re.compile(
    r"(?<!\w)(?P<kind>dossier|retour)\s+(?:" + _NUMBER_WORD + r"\s?){0,2}(?P<number>(?P<year>20\d\d)[ \-/](?P<rank>\d{6}))(?!\d)"
)
_ORDER_BRANDED = re.compile(r"(?<![a-z0-9])#?\s?tpz[ \-_.:#]{0,3}(?:" + _NUMBER_WORD + r"\s{0,2})?(?P<digits>\d(?:" + _SEP + r"{0,2}\d){7})(?!\d)")
_ORDER_LABELLED = re.compile(
    r"(?<!\w)(?:(?:ma |la |une |de |ma )?(?:commande|comande|cmd|cde|cmde)\s{0,2}:?\s{0,2}(?P<number>(?:"
    + _NUMBER_WORD
    + r"\s{0,2}){0,2})|(?P<label>(?:"
    + _NUMBER_WORD
    + r"\s{0,2}){1,2}))(?P<digits>\d(?:[ .\-_]{0,2}\d){7})(?![\d])"
)
_ORDER_PLAIN = re.compile(r"(?<!\d)\d{8}(?!\d)")
_ORDER_GROUPED = re.compile(
    r"(?<!\d)(?<!\d[ .,\-])(?:\d\d([ .\-])\d{3}\1\d{3}|[1-9]\d{3}[ .\-]\d{4}|[1-9]\d([ .\-])\d\d\2\d\d\2\d\d)(?!\d)(?!,\d)(?![ .\-]\d{1,4}(?!\d))"
)
_ORDER_FOREIGN = re.compile(
    r"(?:siret|siren|tva|iban|rib|t[ée]l|t[ée]l[ée]phone|portable|mobile|fax|carte|ean|code[- ]barres?|s[ée]rie|facture)"
    r"[\s:°.\-]{0,4}(?:" + _NUMBER_WORD + r"|est|c'est|le|de)?[\s:]{0,3}$"
)
_POSTCODE = re.compile(r"(?<![\w/#.,+\-])(?:f-)?(?P<digits>\d\d( )?\d{3})(?![\w/\-])(?![.,]\d)(?! ?\d{2,3}(?!\d))")
_POSTCODE_LABEL = re.compile(r"(?:code postal|codepostal|postal|\bcp\b)[^\d]{0,20}$")
_REFERENCE = re.compile(r"(?:r[ée]f(?:[ée]rence)?|article|mod[èe]le|devis|facture|client|produit)\.?\s?(?:" + _NUMBER_WORD + r")?\s?:?\s?$")

_LOCAL = r"[a-z0-9à-ÿ._%+\-]{1,64}"
_EMAIL = re.compile(
    r"(?<![a-z0-9à-ÿ._%+\-])(?P<local>" + _LOCAL + r")\s{0,2}@\s{0,2}"
    r"(?P<domain>[a-z0-9\-]{1,63}(?:\.[a-z0-9\-]{1,63}){0,4}\.[a-z]{2,12}(?![a-z0-9])|[a-z0-9\-]{1,63}(?:\s?[.,]\s?[a-z0-9\-]{1,63})?\s?[.,]\s?[a-z]{2,12}(?![a-z0-9]))"
)
_SPOKEN = {
    "point": ".",
    "dot": ".",
    "tiret du bas": "_",
    "tiret bas": "_",
    "underscore": "_",
    "tiret du 8": "_",
    "tiret du 6": "-",
    "tiret": "-",
    "plus": "+",
}
_SPOKEN_SIGN = "|".join(sorted(map(re.escape, _SPOKEN), key=len, reverse=True))
_ATOM = r"[a-z0-9à-ÿ._\-]{1,40}"
_EMAIL_SPOKEN = re.compile(
    r"(?<![a-z0-9à-ÿ._\-])(?P<local>" + _ATOM + r"(?: (?:" + _SPOKEN_SIGN + r") " + _ATOM + r"){0,5}) ?"
    r"(?: arr?obase?s? | arr?obaze | a commercial | at |@) ?"
    r"(?P<domain>[a-z0-9\-]{1,63}(?:(?: (?:tiret) )[a-z0-9\-]{1,63}){0,3}(?:(?: point | dot |\.)[a-z0-9\-]{1,63}){1,3})(?![a-z0-9\-])"
)


@dataclass(frozen=True)
class Identifier:
    """One identifier found in a text.

    Attributes:
        kind: Entity name, one of this module's constants.
        value: Canonical form: 8 digits, lower-case address, 5 digits, "SAV-2026-000123", "RET-2026-000123".
        start: Offset of the first character in the text as typed.
        end: Offset after the last character.
    """

    kind: str
    value: str
    start: int
    end: int


def fold(text: str) -> str:
    """Simplifies each character of `text` on its own; the length is kept."""
    return text.lower() if text.isascii() else "".join(map(_fold_character, text))


def _fold_character(character: str) -> str:
    if character.isascii():
        return character.lower()
    category = unicodedata.category(character)
    if category == "Zs":
        return " "
    if category == "Pd":
        return "-"
    if category == "Nd":
        return str(unicodedata.decimal(character))
    lowered = unicodedata.normalize("NFKC", character).lower()
    return lowered if len(lowered) == 1 else character


def find_identifiers(text: str) -> list[Identifier]:
    """Returns the identifiers of `text` in reading order; they never overlap."""
    folded = fold(text)
    found: list[Identifier] = []
    taken = bytearray(len(folded))
    for finder in _FINDERS:
        for identifier in finder(folded):
            if not any(taken[identifier.start : identifier.end]):
                _take(taken, identifier.start, identifier.end)
                if identifier.value:
                    found.append(identifier)
    return sorted(found, key=lambda identifier: identifier.start)


def _take(taken: bytearray, start: int, end: int) -> None:
    taken[start:end] = b"\1" * (end - start)


def _emails(folded: str) -> Iterator[Identifier]:
    for match in _EMAIL.finditer(folded):
        domain = re.sub(r"\s", "", match["domain"]).replace(",", ".")
        local = match["local"].lstrip(".-")
        if local:
            yield Identifier(EMAIL, f"{local}@{domain}", match.start(), match.end())


def _spoken_emails(folded: str) -> Iterator[Identifier]:
    if not re.search(r"obas|obaz|commercial| at |@", folded):
        return
    for match in _EMAIL_SPOKEN.finditer(folded):
        value = f"{_written(match['local'])}@{_written(match['domain'])}"
        if re.search(r"\.[a-z]{2,12}$", value):
            yield Identifier(EMAIL, value, match.start(), match.end())


def _written(spoken: str) -> str:
    signs = re.sub(rf" ?\b({_SPOKEN_SIGN})\b ?", lambda match: _SPOKEN[match[1]], spoken)
    return signs.replace(" ", "")


def _file_numbers(folded: str) -> Iterator[Identifier]:
    for match in _FILE_NUMBER.finditer(folded):
        kind = CASE_NUMBER if match["kind"] == "sav" else RETURN_NUMBER
        yield Identifier(kind, _file_value(kind, match), match.start(), match.end())
    for match in _FILE_BY_NAME.finditer(folded):
        kind = CASE_NUMBER if match["kind"] == "dossier" else RETURN_NUMBER
        yield Identifier(kind, _file_value(kind, match), match.start("number"), match.end("number"))


def _file_value(kind: str, match: "re.Match[str]") -> str:
    prefix = "SAV" if kind == CASE_NUMBER else "RET"
    return f"{prefix}-{match['year']}-{int(match['rank']):06d}"


def _branded_orders(folded: str) -> Iterator[Identifier]:
    for match in _ORDER_BRANDED.finditer(folded):
        yield Identifier(ORDER_NUMBER, _digits(match["digits"]), match.start(), match.end())


def _noise(folded: str) -> Iterator[Identifier]:
    for start, end in noise_spans(folded):
        yield Identifier("", "", start, end)


def _orders(folded: str) -> Iterator[Identifier]:
    for match in _ORDER_LABELLED.finditer(folded):
        start = match.start("label") if match["label"] else match.start("number")
        if not _is_foreign(folded, match.start("digits")):
            yield Identifier(ORDER_NUMBER, _digits(match["digits"]), start, match.end())
    for pattern in (_ORDER_PLAIN, _ORDER_GROUPED):
        for match in pattern.finditer(folded):
            if not _is_foreign(folded, match.start()):
                yield Identifier(ORDER_NUMBER, _digits(match[0]), match.start(), match.end())


def _is_foreign(folded: str, start: int) -> bool:
    """Tells whether the words before a number say that it is not an order's."""
    return _ORDER_FOREIGN.search(folded[max(0, start - 40) : start]) is not None


def _postcodes(folded: str) -> Iterator[Identifier]:
    for match in _POSTCODE.finditer(folded):
        digits = _digits(match["digits"])
        before = folded[max(0, match.start() - 30) : match.start()]
        after = folded[match.end() : match.end() + 20]
        if not _is_french_postcode(digits) or _REFERENCE.search(before):
            continue
        if match[2] and not _is_spaced_postcode(before, after):
            continue
        yield Identifier(POSTCODE, digits, match.start(), match.end())


def _is_spaced_postcode(before: str, after: str) -> bool:
    """Accepts "59 000" only where it cannot be an amount: after "code postal", alone, or before a name."""
    if _POSTCODE_LABEL.search(before) or not (before.strip(" \n.,;:") or after.strip(" \n.,;:!")):
        return True
    return re.search(r"(?:\bà|\ba|\bsur|\bdans le|,|;|\n|\.com|\.fr)\s*$", before) is not None and not re.match(UNIT, after)


def _is_french_postcode(digits: str) -> bool:
    """Departments 01 to 95, overseas 971 to 978, 980 (Monaco) and 984 to 988."""
    if digits[:2] in {"97", "98"}:
        return digits[:3] in {f"97{n}" for n in range(1, 9)} | {"980", "984", "986", "987", "988"}
    return 1 <= int(digits[:2]) <= 95


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


_FINDERS: list[Callable[[str], Iterator[Identifier]]] = [
    _emails,
    _spoken_emails,
    _file_numbers,
    _branded_orders,
    _noise,
    _orders,
    _postcodes,
]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class IdentifierExtractor(RuleExtractor):
    """Adds the identifiers of a message to its entities."""

    def find(self, text: str, taken: Sequence[tuple[int, int]]) -> list[Identifier]:
        """See `find_identifiers`."""
        return find_identifiers(text)
