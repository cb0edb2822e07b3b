"""Amounts in euros, and payments in several times, in the plain spelling of `written_numbers`."""

import re
from collections.abc import Iterator
from decimal import Decimal

from bot.nlu.written_numbers import ROUND_NUMBERS, SPOKEN, Found, number_value

_EURO_WORD = (
    r"(?:€uros?|euros?|eurs?|euors?|(?<!a deux )(?<!a 2 )balles(?! de(?!\w)(?! (?:plus|moins|port|frais|trop|remise|reduction)))|boules)(?!\w)"
)
_EURO = rf"(?:€(?!uro)|{_EURO_WORD})"
_FREE = r"(?<!\w)(?<!\d[.,])"
_DIGITS = r"(?P<whole>\d{1,3}(?:[ .]\d{3}){1,2}(?!\d)|\d{1,3}(?:,\d{3}){1,2}(?=\.\d\d(?!\d))|\d{1,9})"
_DECIMALS = r"(?:[.,](?P<decimals>\d{1,2})(?!\d))?"
_END = (
    r"(?=\s*(?:$|[^\w\s]|(?:centimes?|cents?|cts?|de|pour|au|a|en|et|mais|par|sur|sans|avec|chez|ttc|ht|svp|stp|merci|alors|la|le|l'|c'est|est|sont|que"
    r"|qui|je|on|vous|il|elle)(?!\w)))"
)
_CENTS_WORD = r"(?: ?(?:centimes?|cents?|cts?)(?!\w))"
_CENTS = rf"(?: ?(?:et )?(?P<cents>\d\d)(?!\d){_END}{_CENTS_WORD}?|(?P<glued>(?<=[€s])\d\d)(?!\w))?"

_IN_DIGITS = re.compile(rf"{_FREE}{_DIGITS}{_DECIMALS} ?(?P<thousands>k ?)?{_EURO}{_CENTS}")
_IN_WORDS = re.compile(rf"(?P<whole>{SPOKEN}) {_EURO}(?: (?:et )?(?P<cents>{SPOKEN}|\d\d(?!\d)){_END}{_CENTS_WORD}?)?")
_ROUND = re.compile(rf"(?<!\w)(?:une? |1 )?(?P<round>{'|'.join(ROUND_NUMBERS)})(?: d'| de |s d')(?:euros?|€|balles|eurs?)(?!\w)")
_SIGN_FIRST = re.compile(rf"(?<!\w)(?<!\d )(?:€|eur) ?(?<!\w){_DIGITS}{_DECIMALS}(?! ?{_EURO})(?![\w])")
_ONLY_CENTS = re.compile(rf"(?:{_FREE}(?P<cents>\d\d?)|(?P<spoken>{SPOKEN})){_CENTS_WORD}")
_LETTER = re.compile(rf"{_FREE}{_DIGITS}{_DECIMALS}(?: ?(?P<thousands>k) ?)?(?P<blank> ?)e(?P<cents>\d\d)?(?![\w'\-.@])(?!\.\w)")
_RANK_BEFORE = re.compile(r"(?<!\w)(?:le|la|l'|mon|ma|ton|ta|son|sa|ce|cet|cette|du|au|notre|votre|une?|paris|lyon|marseille) $")
_RANK_AFTER = re.compile(
    r" (?:arrondissement|arr|etage|fois|jour|semaine|mois|annee|etape|colis|commande|appel|mail|message|relance|demande|panne|retour|rue|siecle"
    r"|anniversaire|partie|version|place|position|article|produit|livraison|tentative|rendez-vous|rdv|dossier|echeance|mensualite|prelevement)"
)
_PRICE_BEFORE = re.compile(
    r"(?:(?<!\w)(?:paye[rs]?|paie|coute[rsn]?t?|prix|vaut|pour|a|de|d'|facturee?s?|rembourse[rs]?|moins de|plus de) ?|[=:] ?)$"
)
_LEAST_SURE, _LEAST_SURE_APART = 10, 20

_TIMES = rf"(?:(?<![\w.,/+\-])(?<!\d )(?P<digits>\d\d?)|(?P<spoken>{SPOKEN}))"
_INSTALMENTS = re.compile(
    rf"(?P<by>(?<!\w)en (?:{SPOKEN} ou |\d\d? ?(?:ou|,|/) ?)?)?{_TIMES} ?(?P<unit>fois?|x)(?!\w)(?! ?(?:\d|[+=\-*]))"
    r"(?P<free> (?:sans frais|par (?:cb|carte|cheque)|oney|alma|klarna|paypal|cb)(?!\w))?"
)
_PAYING = re.compile(
    r"(?<!\w)(?:pai?ements?|payment|payer|payable|payee?s?|payez|paie|regler|reglement|reglee?s?|reglez|echelonn\w*|etal\w*|oney|alma|klarna|paypal|cofidis"
    r"|floa|mensualites?|echeances?|echeancier|facilites?|credit|financ\w*|cb|carte|sans frais)(?!\w)"
)
_SHIPPING = re.compile(
    r"(?<!\w)(?:livr|recu|recev|recoi|expedi|envoy|envoi|colis|coli|arriv|vien|venu|voyag|part|scind|separ|paquet|carton|achemin)\w*"
)
_PAYMENT_IN = re.compile(r"(?<!\w)(?:payer|payable|pai?ement|regler|reglement|cb|carte|oney|alma|le|du|\d ou) $")
_NOTHING_MORE = re.compile(r"\s*(?:$|[^\w\s]|(?:sans|avec|par|c'est|est|possible|svp|stp|merci|marche|dispo|chez|oney|alma|ou|pour)(?!\w))")
_AGAIN = re.compile(
    r"(?<!\w)(?:debit|prelev|factur|encaiss|appel|relanc|ecri|essa[iy]|tent|contact|signal|reclam|telephon|refus|cli(?:qu|k)|compt)\w*"
)
_FEWEST, _MOST = 2, 48
_FEWEST_BY_SIGN = 3
_HORIZON = 150
"""Characters of a text that are read on either side of "en 3 fois"."""


def find_amounts(text: str) -> Iterator[Found]:
    """Yields amounts as euros with two decimals; "1.250 €" is a thousand and "12e50" a price, but "le 3e" a rank."""
    if not re.search(r"€|eu[ro]|balle|boule|\de|\d e|\dke|cent|ct", text):
        return
    for pattern in (_IN_DIGITS, _SIGN_FIRST):
        for match in pattern.finditer(text):
            yield _euros(match), match.start(), match.end()
    yield from _spoken_amounts(text)
    for match in _LETTER.finditer(text):
        if _is_price(text, match):
            yield _euros(match), match.start(), match.end()
    for match in _ONLY_CENTS.finditer(text):
        cents = number_value(match["cents"] or match["spoken"])
        if cents is not None and 0 < cents < 100 and re.search(r"centimes?|cts?$", match[0]):
            yield f"0.{cents:02d}", match.start(), match.end()


def _euros(match: "re.Match[str]") -> str:
    groups = match.groupdict()
    decimals = groups["decimals"] or groups.get("cents") or groups.get("glued") or "0"
    value = Decimal(re.sub(r"\D", "", groups["whole"])) + Decimal("0." + decimals)
    return f"{value * 1000 if groups.get('thousands') else value:.2f}"


def _spoken_amounts(text: str) -> Iterator[Found]:
    for match in _IN_WORDS.finditer(text):
        value = number_value(match["whole"])
        cents = number_value(match["cents"]) if match["cents"] else 0
        if value is not None and cents is not None and cents < 100:
            yield f"{value}.{cents:02d}", match.start(), match.end()
    for match in _ROUND.finditer(text):
        yield f"{ROUND_NUMBERS[match['round']]}.00", match.start(), match.end()


def _is_price(text: str, match: "re.Match[str]") -> bool:
    """Tells "600e" from the rank "le 20e"."""
    if match["decimals"] or match["cents"] or match["thousands"]:
        return not (match["blank"] and match["cents"])
    before = text[max(0, match.start() - 20) : match.start()]
    if _RANK_BEFORE.search(before) or _RANK_AFTER.match(text, match.end()):
        return False
    least = _LEAST_SURE_APART if match["blank"] else _LEAST_SURE
    return int(re.sub(r"\D", "", match["whole"])) >= least or _PRICE_BEFORE.search(before) is not None


def find_instalments(text: str) -> Iterator[Found]:
    """Yields the number of payments of "en 3 fois", "4x"; not how often something happened ("débité 2 fois", "je vous ai appelés 3x")."""
    for match in _INSTALMENTS.finditer(text):
        count = number_value(match["digits"] or match["spoken"])
        if count is not None and _FEWEST <= count <= _MOST and _is_paid(text, match):
            end = match.start("free") if match["free"] else match.end()
            yield str(count), match.start("digits" if match["digits"] else "spoken"), end


def _is_paid(text: str, match: "re.Match[str]") -> bool:
    """Tells a payment in several times from what happened several times, and from what comes in several parcels."""
    if match["free"]:
        return True
    if match["by"]:
        return not _is_shipped(text, match.start(), match.end())
    if _AGAIN.search(text):
        return False
    is_alone = not re.search(r"[a-z0-9]{2}", text[: match.start()] + text[match.end() :].replace("svp", ""))
    if is_alone or (_PAYMENT_IN.search(text[: match.start()]) and _NOTHING_MORE.match(text, match.end())):
        return True
    is_by_sign = match["unit"] == "x" and match["digits"] is not None and int(match["digits"]) >= _FEWEST_BY_SIGN
    return is_by_sign and _NOTHING_MORE.match(text, match.end()) is not None


def _is_shipped(text: str, start: int, end: int) -> bool:
    """Tells whether the last word of shipping or paying before "en 2 fois", or else the first one after, is one of shipping."""
    left, right = max(0, start - _HORIZON), end + _HORIZON
    shipped = max((found.start() for found in _SHIPPING.finditer(text, left, start)), default=-1)
    paid = max((found.start() for found in _PAYING.finditer(text, left, start)), default=-1)
    if shipped == paid:
        return _SHIPPING.search(text, end, right) is not None and not _PAYING.search(text, end, right)
    return shipped > paid
