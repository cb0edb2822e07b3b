"""Words a few typing errors away from another."""

from collections.abc import Iterable
from itertools import combinations

_EDITS = 2


def edit_distance(first: str, second: str) -> int:
    """Returns the number of letters inserted, dropped, replaced or swapped with their neighbour between two words."""
    before: list[int] = []
    previous = list(range(len(second) + 1))
    for i, letter in enumerate(first, 1):
        current = [i]
        for j, other in enumerate(second, 1):
            cost = min(previous[j] + 1, current[j - 1] + 1, previous[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == second[j - 2] and first[i - 2] == other:
                cost = min(cost, before[j - 2] + 1)
            current.append(cost)
        before, previous = previous, current
    return previous[-1]


class NearWords:
    """Finds the nearest of many words without comparing with each: near words share what remains after deletions."""

    def __init__(self, words: Iterable[str]) -> None:
        """Indexes `words` by what remains of each after up to two deletions."""
        self._by_remainder: dict[str, list[str]] = {}
        for word in words:
            for remainder in _remainders(word, _EDITS):
                self._by_remainder.setdefault(remainder, []).append(word)

    def within(self, word: str, edits: int) -> set[str]:
        """Returns the nearest indexed words, all at the same distance of at most `edits` (0 to 2)."""
        candidates = {near for remainder in _remainders(word, edits) for near in self._by_remainder.get(remainder, ())}
        distances = {candidate: edit_distance(word, candidate) for candidate in candidates}
        best = min(distances.values(), default=edits + 1)
        return {candidate for candidate, distance in distances.items() if distance == best <= edits}


def _remainders(word: str, deletions: int) -> set[str]:
    kept = range(max(0, len(word) - deletions), len(word) + 1)
    return {"".join(letters) for length in kept for letters in combinations(word, length)}
