"""The catalogue: products found from a customer's sentence, by type, brand, model, category and price, however they are typed.

The catalogue is public: nothing here needs proof, and nothing here looks at orders.
"""

import enum
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from guichet.faq_search import fold
from guichet.models import Product
from guichet.prices import PriceRange, price_range
from guichet.product_words import GENERIC, LINKS, SAID_AROUND, likeness, word_at, words

MOST_SHOWN = 5
_LONGEST = 400
"""Characters of a message that are read."""
_MOST_UNKNOWN_WORDS = 4
_NAMING, _FAMILY, _MODEL, _TELLING = 4, 3, 2, 1
"""What it counts that a product has a word of the sentence: of its name or brand, of its category, a number, a word that only tells apart."""
_OF = frozenset(("a", "au", "aux", "d", "de", "du", "en", "pour"))
"""What makes a word the complement of the one before: a « salon de jardin » is nothing of the garden shelf."""
_TOKEN = re.compile(r"[a-z]+|\d+|[^\w\s'-]")
_ASKED_FOR = re.compile(
    r"(?:vend\w*|avez|cherch\w*|trouv\w*|trouvait|faites|proposez|besoin|sont|faut|faudrait|reste\w*|restez|rayon|voudrai\w*|veux|acheter|dispo\w*|stock)"
    r"(?:[ -](?:t-il|vous|il|pas|plus|encore|toujours|aussi|bien|en stock))* (?:(?:des?|les?|la|une?|du|vos|votre) |[dl]')"
    r"|rayon "
)
_ARTICLE = re.compile(r"^(?:(?:bonjour|bonsoir|svp),? )?(?:(?:des?|les?|la|une?|du|vos|votre) |[dl]')?$")
_CODE = re.compile(r"\b(?=[a-z]*\d)[a-z\d]{3,}\b")


class Outcome(enum.StrEnum):
    """How a search went."""

    FOUND = "found"
    NEAR = "near"
    """Not all that was said fits: these come nearest."""
    OTHER_PRICE = "other_price"
    """What was asked for exists, but not at this price."""
    UNKNOWN = "unknown"
    """Something was named, and it is not in the catalogue."""
    NOTHING_NAMED = "nothing_named"


@dataclass(frozen=True)
class Findings:
    """What a search gives.

    Attributes:
        products: best first, `MOST_SHOWN` at most.
        total: how many fit.
        unknown: the name that was not found, as the customer wrote it, when it is plain which words are one.
    """

    outcome: Outcome
    products: tuple[Product, ...] = ()
    total: int = 0
    price: PriceRange | None = None
    unknown: str | None = None


@dataclass(frozen=True)
class _Word:
    """A word of the sentence.

    Attributes:
        chunk: the group of words it stands in; words that name nothing stand between groups.
        head: the word of the group that this one completes (« casque » for the « chantier » of « casque de chantier »).
    """

    word: str
    chunk: int
    start: int
    end: int
    head: str | None = None


async def search(session: AsyncSession, text: str, amount_cents: int | None = None) -> Findings:
    """The products that ``text`` names; ``amount_cents`` is the amount understood in it."""
    return find(list(await session.scalars(select(Product).order_by(Product.id))), text, amount_cents)


def find(products: Sequence[Product], text: str, amount_cents: int | None = None) -> Findings:
    """The products among ``products`` that ``text`` names."""
    typed = " ".join(text[:_LONGEST].split())
    wanted, folded = price_range(fold(typed), amount_cents)
    said = _said(folded)
    name = _unknown(typed, folded, said)
    ranked = _ranked(products, said, folded)
    if ranked and (ranked[0].names or name is None or _is_had(name, ranked[0])):
        return _within(ranked, said, wanted)
    if wanted is not None and not said and products:
        inside = sorted((each for each in products if not wanted.distance(each.price_cents)), key=lambda each: each.price_cents)
        return _shown(Outcome.FOUND if inside else Outcome.NOTHING_NAMED, inside, wanted)
    return Findings(Outcome.UNKNOWN if name else Outcome.NOTHING_NAMED, unknown=name, price=wanted)


def _shown(outcome: Outcome, products: Sequence[Product], wanted: PriceRange | None) -> Findings:
    return Findings(outcome, tuple(products[:MOST_SHOWN]), len(products), wanted)


def _said(folded: str) -> list[_Word]:
    """The words that may name something, in their groups; a number before a group says how many."""
    found: list[_Word] = []
    chunk, is_complement = 0, False
    for match in _TOKEN.finditer(folded):
        token = match[0]
        if token in LINKS:
            is_complement = token in _OF
            continue
        if token in SAID_AROUND or not token.isalnum():
            chunk += 1
            continue
        word = word_at(folded, match.start(), match.end())
        if word is not None:
            before = found[-1] if found and found[-1].chunk == chunk else None
            if before is not None and before.word.isdigit() and before.end < match.start() and (len(found) == 1 or found[-2].chunk != chunk):
                found.pop()
                before = None
            found.append(_Word(word, chunk, match.start(), match.end(), before.word if before is not None and is_complement else None))
        is_complement = False
    return found


@lru_cache(maxsize=50_000)
def _known_words(name: str, brand: str, category: str) -> dict[str, int]:
    """The words of a product with what each counts; what follows a number in its name (« 6 tiroirs ») only tells apart."""
    known = {word: _weight(word, _FAMILY) for word in words(category) if word not in LINKS}
    before = ""
    for word in words(name):
        if word not in LINKS:
            known[word] = max(_TELLING if before.isdigit() else _weight(word, _NAMING), known.get(word, 0))
        before = word
    return known | {word: _weight(word, _NAMING) for word in words(brand)}


def _weight(word: str, naming: int) -> int:
    return _MODEL if word.isdigit() else _TELLING if word in GENERIC or len(word) < 2 else naming


@dataclass(frozen=True)
class _Fit:
    """How a product answers what is said: what the words it has count, how sure they are, which they are."""

    product: Product
    count: int
    sure: float
    had: frozenset[_Word]
    names: bool
    """By its name or brand, not only its category."""


def _fit(product: Product, said: Iterable[_Word]) -> _Fit | None:
    """None when no word of the sentence names the product."""
    known = _known_words(product.name, product.brand, product.category)
    best = 0
    count, sure, had = 0, 0.0, set()
    for each in said:
        alike, word = max(((likeness(each.word, word), word) for word in known), default=(0.0, ""))
        if not alike:
            continue
        weight = known[word]
        if each.head is not None and not any(likeness(each.head, other) for other in known):
            weight = _TELLING
        had.add(each)
        best = max(best, weight)
        count += weight
        sure += weight * alike
    return _Fit(product, count, sure, frozenset(had), best == _NAMING) if best >= _FAMILY else None


def _ranked(products: Sequence[Product], said: list[_Word], folded: str) -> list[_Fit]:
    """The products that have most of what is said, the surest first; those in stock before others, then by price."""
    codes = set(_CODE.findall(folded))
    coded = [product for product in products if fold(product.sku) in codes]
    if coded:
        return [_Fit(product, 0, 0.0, frozenset(said), names=True) for product in coded]
    fits = [fit for product in products if (fit := _fit(product, said)) is not None]
    most = max((fit.count for fit in fits), default=0)
    best = [fit for fit in fits if fit.count == most]
    return sorted(best, key=lambda fit: (-fit.sure, fit.product.stock == 0, fit.product.price_cents))


def _within(ranked: list[_Fit], said: list[_Word], wanted: PriceRange | None) -> Findings:
    products = [fit.product for fit in ranked]
    if wanted is not None:
        inside = [product for product in products if not wanted.distance(product.price_cents)]
        if not inside:
            return _shown(Outcome.OTHER_PRICE, sorted(products, key=lambda product: wanted.distance(product.price_cents)), wanted)
        products = inside
    had = ranked[0].had
    chunks = {each.chunk for each in had}
    is_all = all(each in had for each in said if each.chunk in chunks and (len(each.word) > 2 or each.word.isdigit()))
    return _shown(Outcome.FOUND if is_all else Outcome.NEAR, products, wanted)


def _unknown(typed: str, folded: str, said: list[_Word]) -> str | None:
    """The words that are asked for, as typed, when the sentence makes it plain which they are."""
    if len(folded) != len(typed):
        return None
    ends = {match.end() for match in _ASKED_FOR.finditer(folded)}
    first = next((each for each in said if each.start in ends and len(each.word) > 2), None)
    if first is None and _is_all_named(said, folded):
        first = said[0]
    if first is None:
        return None
    phrase = [each for each in said if each.chunk == first.chunk and each.start >= first.start]
    is_name = len(phrase) <= _MOST_UNKNOWN_WORDS and any(each.word not in GENERIC and not each.word.isdigit() for each in phrase)
    return typed[first.start : phrase[-1].end] if is_name else None


def _is_all_named(said: list[_Word], folded: str) -> bool:
    """A message of a few words, all of one group: « des friteuses ? »."""
    is_one = bool(said) and len(folded.split()) <= _MOST_UNKNOWN_WORDS and len({each.chunk for each in said}) == 1 and len(said[0].word) > 2
    return is_one and _ARTICLE.match(folded[: said[0].start]) is not None


def _is_had(name: str, fit: _Fit) -> bool:
    """Whether the product has the first word of what is asked for: « rayon soudure »."""
    first = words(name)[0]
    return any(each.word == first for each in fit.had)
