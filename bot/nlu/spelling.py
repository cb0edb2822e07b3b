"""Spelling learned from training examples and a French vocabulary: accents put back, typos corrected."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import OSA

WORD = re.compile(r"[^\W\d_]+")
_SHORTEST_TYPO = 5
_LONG_WORD = 8
_ACCENT_ADVANTAGE = 4
_KNOWN_WORDS = 120_000


def strip_accents(word: str) -> str:
    """Returns `word` without diacritics ("reçu" → "recu", "œuf" → "oeuf")."""
    decomposed = unicodedata.normalize("NFD", word.replace("œ", "oe").replace("æ", "ae"))
    return "".join(character for character in decomposed if not unicodedata.combining(character))


@dataclass
class Spelling:
    """What the assistant knows about how words are written.

    Attributes:
        accents: Accented spelling by unaccented one, unambiguous pairs only.
        known: Words that are never corrected.
        targets: Words a typo may be corrected to, the training examples' own.
    """

    accents: dict[str, str] = field(default_factory=dict)
    known: frozenset[str] = frozenset()
    targets: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._corrected: dict[str, str] = {}
        self._by_plain: dict[str, list[str]] = {}
        for target in self.targets:
            self._by_plain.setdefault(strip_accents(target), []).append(target)
        self._plain = list(self._by_plain)

    @classmethod
    def learn(cls, texts: Iterable[str], frequent_words: Sequence[str]) -> "Spelling":
        """Learns from training examples and from French words, the most frequent first.

        Args:
            texts: Training examples, in lower case.
            frequent_words: Vocabulary with the rank as its order.
        """
        counts = Counter(word for text in texts for word in WORD.findall(text))
        ranks = _ranks(frequent_words)
        accents = _accent_table(counts, ranks)
        known = frozenset(word for word, rank in ranks.items() if rank < _KNOWN_WORDS and len(word) >= _SHORTEST_TYPO)
        targets = sorted(
            {
                accents.get(word, word)
                for word, count in counts.items()
                if len(word) >= _SHORTEST_TYPO and (word in known or count >= 3) and (count >= 2 or ranks.get(word, _KNOWN_WORDS) < 20_000)
            }
        )
        return cls(accents, known | frozenset(targets), targets)

    def correct(self, word: str) -> str:
        """Returns the likely intended spelling of a lower-case word, or the word itself."""
        if word in self.accents:
            return self.accents[word]
        if len(word) < _SHORTEST_TYPO or len(word) > 25 or word in self.known:
            return word
        if word not in self._corrected:
            if len(self._corrected) > 20_000:
                self._corrected.clear()
            self._corrected[word] = self._closest(word)
        return self._corrected[word]

    def _closest(self, word: str) -> str:
        """Looks for the only training word within one edit (two for long words) with the same initial."""
        plain = strip_accents(word)
        allowed = 1 if len(plain) < _LONG_WORD else 2
        nearest = {target for near in _nearest(self._plain, plain, allowed) if near[0] == plain[0] for target in self._by_plain[near]}
        return nearest.pop() if len(nearest) == 1 else word

    def to_dict(self) -> dict[str, Any]:
        """Returns what `from_dict` needs, as JSON values."""
        return {"accents": self.accents, "known": sorted(self.known), "targets": self.targets}

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> "Spelling":
        """Rebuilds a spelling from `to_dict`.

        Raises:
            KeyError: A part is missing.
        """
        return cls(dict(stored["accents"]), frozenset(stored["known"]), list(stored["targets"]))


def _ranks(frequent_words: Sequence[str]) -> dict[str, int]:
    ranks: dict[str, int] = {}
    for rank, word in enumerate(frequent_words):
        if word.islower() and WORD.fullmatch(word):
            ranks.setdefault(word, rank)
    return ranks


def _accent_table(counts: Mapping[str, int], ranks: Mapping[str, int]) -> dict[str, str]:
    """Maps an unaccented spelling to the one accented word that is far more usual than it and than its rivals."""
    rivals: dict[str, list[str]] = {}
    candidates = {word for word, rank in ranks.items() if rank < 60_000} | {word for word, count in counts.items() if count >= 2}
    for word in candidates:
        plain = strip_accents(word)
        if plain != word and len(plain) >= 3:
            rivals.setdefault(plain, []).append(word)
    worst = len(ranks) * 10
    table: dict[str, str] = {}
    for plain, accented in rivals.items():
        accented.sort(key=lambda word: (ranks.get(word, worst), -counts.get(word, 0), word))
        best = ranks.get(accented[0], worst)
        others = min([ranks.get(plain, worst)] + [ranks.get(word, worst) for word in accented[1:]])
        if best * _ACCENT_ADVANTAGE <= others or (best == others == worst and counts.get(plain, 0) == 0):
            table[plain] = accented[0]
    return table


def _nearest(words: Sequence[str], word: str, edits: int) -> set[str]:
    """Returns the nearest of `words`, all at the same distance of at most `edits` (letters inserted, dropped, replaced or swapped)."""
    matches = process.extract(word, words, scorer=OSA.distance, score_cutoff=edits, limit=None)
    return {near for near, distance, _ in matches if distance == matches[0][1]}
