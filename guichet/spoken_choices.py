"""Buttons that are said instead of pressed: « oui, ouvrez une recherche » under the button « Ouvrir une recherche »."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rapidfuzz import fuzz

from guichet.faq_search import fold

MOST_WORDS = 16
"""A longer message says more than a button does."""
_YES = r"^(?:oui|ouais|ok|d'accord|volontiers|allez|je veux bien|avec plaisir|carrement|bien sur|vas y|allez y)\b"
_EMPTY = frozenset(
    " ".join(
        [
            "oui ouais okay accord volontiers allez alors donc bien voila voici bonjour merci svp stp plait vous votre vos moi mon",
            "mes une des les aux cette ces pour avec dans par sur que qui plus tout tous toute faire fait faites veux voudrais",
            "souhaite souhaiterais peux pouvez faut aimerais prefere sera serait ouvrir ouvrez ouvre demander demande avoir est sont",
            "etre suis avez ainsi sinon juste simplement commande colis article produit",
        ]
    ).split()
)
"""Words that say nothing of which button is meant."""
_OPPOSITE = re.compile(r"^(?:non|nan|pas|surtout pas)\b|\b(?:pas|jamais|ni|aucune?|sans|plutot que|au lieu)\b")
_QUESTION = re.compile(r"\b(?:ou en est|ou est|ou sont|quand|comment|combien|pourquoi|quel\w*|est-ce|nouvelles|c'est quoi)\b")
_EXPLAINED, _NAMED, _ALIKE = 0.75, 0.5, 84.0


def said(text: str, choices: Sequence[Mapping[str, Any]]) -> str | None:
    """The payload of the one button that ``text`` names; None when it names none, several, or says more than that.

    Args:
        choices: ``{"label", "payload"}`` as stored with an event, and perhaps ``"said"``, a pattern of other ways to say it, which is looked
            for in the folded text; a pattern that begins with ``YES`` takes a plain yes for the button as well.
    """
    folded = fold(text).strip(" .!")
    if not folded or len(folded.split()) > MOST_WORDS:
        return None
    exact = [choice["payload"] for choice in choices if _words(choice["label"]) == _words(text)]
    if len(exact) == 1:
        return str(exact[0])
    if "?" in folded or _QUESTION.match(folded):
        return None
    meant = [choice["payload"] for choice in choices if _matches(choice, folded)] or _named(folded, choices)
    return str(meant[0]) if len(set(meant)) == 1 else None


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", fold(text))


def _matches(choice: Mapping[str, Any], folded: str) -> bool:
    pattern = str(choice.get("said") or "")
    return bool(pattern) and re.search(pattern.replace("YES", _YES), folded) is not None


def _named(folded: str, choices: Iterable[Mapping[str, Any]]) -> list[str]:
    """The payloads of the buttons whose labels ``folded`` says, and little else."""
    if _OPPOSITE.search(folded) or _QUESTION.search(folded):
        return []
    words = _content(folded)
    scores: dict[str, float] = {}
    for choice in choices:
        label = _content(fold(choice["label"]))
        if not label or not words:
            continue
        named = sum(_is_among(word, words) for word in label) / len(label)
        explained = sum(_is_among(word, label) for word in words) / len(words)
        if named >= _NAMED and explained >= _EXPLAINED:
            scores[choice["payload"]] = named
    best = max(scores.values(), default=0.0)
    return [payload for payload, score in scores.items() if score == best]


def _content(folded: str) -> list[str]:
    words = re.findall(r"[a-z]{3,}", folded)
    return [word for word in words if word not in _EMPTY]


def _is_among(word: str, others: Iterable[str]) -> bool:
    return any(word == other or (len(word) > 4 and (word[:5] == other[:5] or fuzz.ratio(word, other) >= _ALIKE)) for other in others)
