"""Numbers as customers write them, in digits or in French words, and the spelling in which the rules read a text."""

import re

from text_to_num import text2num

from bot.nlu.identifiers import fold

_PLAIN = str.maketrans("àâäáãåçéèêëíìîïñóòôöõúùûüýÿ’‘ʼ`´′×\t", "aaaaaaceeeeiiiinooooouuuuyy''''''x ")
_MISTYPED = {
    "catre": "quatre",
    "cinquente": "cinquante",
    "katre": "quatre",
    "quarente": "quarante",
    "quatres": "quatre",
    "sinq": "cinq",
    "trante": "trente",
    "troi": "trois",
    "vint": "vingt",
}
_WORD = (
    r"(?:une?|deux|trois?|[ck]atre|quatres?|[cs]inq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingts?|vint|tr[ea]nte"
    r"|quar[ea]nte|cinqu[ae]nte|soixante|septante|huitante|octante|nonante|cents?|mille)"
)
SPOKEN = rf"(?<![\w\-]){_WORD}(?:(?:[ \-]et[ \-](?:une?|onze)|[ \-]{_WORD})(?!\w)){{0,7}}(?!\w)"
"""Pattern of a number in words, in plain text."""
GROUPED = r"(?:\d{1,3}(?: \d{3}){1,2}(?!\d)|\d{1,6})"
"""Pattern of a whole number in digits, thousands in groups or not; the caller sees to what stands on either side."""


ROUND_NUMBERS = {
    "demi-douzaine": 6,
    "dizaine": 10,
    "douzaine": 12,
    "quinzaine": 15,
    "vingtaine": 20,
    "trentaine": 30,
    "quarantaine": 40,
    "cinquantaine": 50,
    "soixantaine": 60,
    "centaine": 100,
    "millier": 1000,
}
"""What « une dizaine » and its like are taken to mean."""
Found = tuple[str, int, int]
"""Canonical value, and the offsets of its first character and after its last one."""


def plain(text: str) -> str:
    """Returns `text` in lower case, without accents, apostrophes and blanks of one kind; the length is kept."""
    return fold(text).translate(_PLAIN)


def number_value(written: str) -> int | None:
    """Returns the value of a match of `SPOKEN` or `GROUPED`; None for words that are no number together ("deux trois")."""
    if written[:1].isdigit():
        return int(written.replace(" ", ""))
    words = re.findall(r"[a-z]+", written)
    try:
        return text2num(" ".join(_MISTYPED.get(word, word) for word in words), "fr")
    except ValueError:
        return None
