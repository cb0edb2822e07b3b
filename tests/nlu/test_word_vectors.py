"""Word vectors weighted by how telling the words are, stored with the model."""

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu import word_vectors
from bot.nlu.requests import REQUESTS
from bot.nlu.word_vectors import WeightedWords, WordVectorFeaturizer

ROWS = {"colis": 0, "paquet": 0, "mon": 1, "scie": 2}
VECTORS = np.asarray([[2.0, 0.0, 0.0], [0.0, 3.0, 0.0], [0.0, 0.0, 5.0]])


def words() -> WeightedWords:
    return WeightedWords.learn(["mon colis", "mon mon paquet", "mon bras"], ROWS, VECTORS)


def test_frequent_words_weigh_less_and_vectors_have_length_one() -> None:
    assert words().vector("mon") == pytest.approx([0, 1, 0])
    assert words().vector("colis") == pytest.approx([np.log(2) + 1, 0, 0])
    assert words().vector("mon paquet, inconnu ?") == pytest.approx([np.log(2) + 1, 1, 0])


def test_words_never_trained_on_weigh_most() -> None:
    assert words().vector("scie") == pytest.approx([0, 0, np.log(4) + 1])


@pytest.mark.parametrize("text", ["", "🤯", "12 ??", "inconnu"])
def test_no_known_word_gives_zeros(text: str) -> None:
    assert words().vector(text) == pytest.approx([0, 0, 0])


def test_a_stored_featurizer_gives_the_same_vectors(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word_vectors, "word_vectors", lambda name: (ROWS, VECTORS))
    storage, resource = LocalModelStorage(tmp_path), Resource("words")
    context = ExecutionContext(GraphSchema({}), node_name="words")
    config = WordVectorFeaturizer.get_default_config()
    trained = WordVectorFeaturizer.create(config, storage, resource, context)
    examples = [Message({"text": text, "intent": "a"}) for text in ("mon colis", "mon mon paquet", "mon bras")]
    trained.train(TrainingData(examples))
    loaded = WordVectorFeaturizer.load(config, storage, resource, context)
    message, part = Message({"text": "mon colis"}), Message({"text": "scie"})
    message.set(REQUESTS, [part])
    loaded.process([message, Message({"text": ""})])
    assert message.features[0].features == pytest.approx(np.asarray([[np.log(2) + 1, 1, 0]]), rel=1e-3)
    assert part.features[0].features[0] == pytest.approx([0, 0, np.log(4) + 1], rel=1e-3)
    assert trained.process_training_data(TrainingData(examples)).training_examples[0].features[0].features.shape == (1, 3)
