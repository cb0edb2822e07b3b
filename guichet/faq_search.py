"""The emergency search: the FAQ by fuzzy matching (rapidfuzz), for when the assistant is down."""

import unicodedata
from datetime import date

from rapidfuzz import fuzz, process

from guichet.faq import Entry, Faq

CONFIDENT, POSSIBLE = 82.0, 62.0
"""Similarities, 0 to 100: above the first an answer is given, above the second a question is offered."""


def fold(text: str) -> str:
    """Lower case without accents or typographic apostrophes, single blanks."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().replace("’", "'"))
    return " ".join("".join(char for char in decomposed if not unicodedata.combining(char)).split())


def search(faq: Faq, text: str, day: date, limit: int = 3) -> list[tuple[Entry, float]]:
    """The entries valid on ``day`` whose questions or phrasings look most like ``text``, best first, with similarities 0 to 100."""
    phrasings = {
        f"{entry.id}/{index}": fold(phrasing)
        for entry in faq.entries.values()
        if entry.is_valid(day)
        for index, phrasing in enumerate((entry.question, *entry.phrasings))
    }
    best: dict[str, float] = {}
    matches = process.extract(fold(text), phrasings, scorer=fuzz.token_sort_ratio, limit=30, score_cutoff=POSSIBLE)
    for _, score, key in matches:
        best.setdefault(key.partition("/")[0], score)
    return [(faq.entries[ident], score) for ident, score in list(best.items())[:limit]]
