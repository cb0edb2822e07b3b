"""The featurizers and the classifier learn, survive storage and never fail on a strange message."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix

from bot.nlu.classifier import CalibratedIntentClassifier
from bot.nlu.feature_matrix import FeatureLayout, FeatureMatrix
from bot.nlu.intent_model import IntentModel
from bot.nlu.ngrams import NgramFeaturizer
from bot.nlu.sentence_vectors import RememberingEncoder, SentenceVectorFeaturizer

EXAMPLES = {
    "cancel_order": ["annuler ma commande", "je veux annuler", "annulez tout svp", "annulation de commande", "stop annuler"],
    "forgot_password": ["mot de passe oublié", "j'ai perdu mon mot de passe", "oublié le mot de passe", "mot de passe perdu", "passe oublié"],
    "greet": ["bonjour", "bonjour à vous", "salut bonjour", "salut", "bonjour salut"],
}


def letter_counts(texts: Sequence[str]) -> np.ndarray:
    return np.asarray([[text.count(letter) for letter in "abcdefghijklmnopqrstuvwxyz"] for text in texts], dtype=np.float32)


class Pipeline:
    """The three components, with an encoder that counts letters."""

    def __init__(self, directory: Path) -> None:
        self.storage = LocalModelStorage(directory)
        self.context = ExecutionContext(GraphSchema({}), node_name="node")
        self.configs = {component: component.get_default_config() for component in (NgramFeaturizer, CalibratedIntentClassifier)}
        vector_config = {**SentenceVectorFeaturizer.get_default_config(), "alias": "letters"}
        self.configs[NgramFeaturizer]["alias"] = "ngrams"
        self.vectors = SentenceVectorFeaturizer("letters", vector_config, letter_counts)

    def train(self) -> None:
        data = TrainingData([Message({"text": text, "intent": intent}) for intent, texts in EXAMPLES.items() for text in texts])
        ngrams = NgramFeaturizer.create(self.configs[NgramFeaturizer], self.storage, Resource("ngrams"), self.context)
        ngrams.train(data)
        ngrams.process_training_data(data)
        self.vectors.process_training_data(data)
        classifier = self.configs[CalibratedIntentClassifier]
        CalibratedIntentClassifier.create(classifier, self.storage, Resource("intents"), self.context).train(data)

    def parse(self, text: str) -> Message:
        ngrams = NgramFeaturizer.load(self.configs[NgramFeaturizer], self.storage, Resource("ngrams"), self.context)
        config = self.configs[CalibratedIntentClassifier]
        classifier = CalibratedIntentClassifier.load(config, self.storage, Resource("intents"), self.context)
        messages = [Message({"text": text})]
        for component in (ngrams, self.vectors, classifier):
            messages = component.process(messages)
        return messages[0]


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    trained = Pipeline(tmp_path_factory.mktemp("model"))
    trained.train()
    return trained


@pytest.mark.parametrize(
    ("text", "intent"),
    [("je voudrais annuler la commande", "cancel_order"), ("le mot de passe est perdu", "forgot_password"), ("bonjour", "greet")],
)
def test_learns_and_survives_storage(pipeline: Pipeline, text: str, intent: str) -> None:
    message = pipeline.parse(text)
    assert message.get("intent")["name"] == intent
    assert sum(item["confidence"] for item in message.get("intent_ranking")) == pytest.approx(1)


def test_two_featurizers_of_one_name_are_refused() -> None:
    vectors = SentenceVectorFeaturizer("same", SentenceVectorFeaturizer.get_default_config(), letter_counts)
    messages = vectors.process(vectors.process([Message({"text": "bonjour"})]))
    with pytest.raises(ValueError, match="name of its own"):
        FeatureLayout.learn(messages, 1.0, 8).matrix(messages)


def test_each_featurizer_fills_columns_of_its_own(tmp_path: Path) -> None:
    trained = Pipeline(tmp_path)
    for config in trained.configs.values():
        config.pop("alias", None)
    trained.configs[NgramFeaturizer] = NgramFeaturizer.get_default_config()
    trained.vectors = SentenceVectorFeaturizer("letters", SentenceVectorFeaturizer.get_default_config(), letter_counts)
    trained.train()
    assert trained.parse("annuler").get("intent")["name"] == "cancel_order"


def test_leave_one_out_is_what_training_without_the_example_gives() -> None:
    generator = np.random.default_rng(1)
    dense = generator.normal(size=(12, 6)).astype(np.float32)
    matrix = FeatureMatrix(csr_matrix((12, 0), dtype=np.float32), dense / np.linalg.norm(dense, axis=1, keepdims=True))
    intents = ["a", "b", "c"] * 4
    whole = IntentModel.fit(matrix, intents, sharpness=1.0, ridge=0.2)
    assert whole.held_out is not None
    for left_out in range(12):
        rest = np.delete(np.arange(12), left_out)
        # The targets' offset is the same in both: one third.
        fewer = IntentModel.fit(matrix.rows(rest), [intents[row] for row in rest], sharpness=1.0, ridge=0.2)
        fewer.temperature, fewer.kernel = whole.temperature, whole.kernel
        np.testing.assert_allclose(fewer.probabilities(matrix.rows(np.array([left_out])))[0], whole.held_out[left_out], rtol=2e-3)


def test_nothing_to_read_means_every_intent_is_as_likely(pipeline: Pipeline) -> None:
    confidences = [item["confidence"] for item in pipeline.parse("").get("intent_ranking")]
    assert confidences == pytest.approx([1 / 3] * 3)


@pytest.mark.parametrize("text", ["日本語", "👻", "12345", "?" * 5_000, "\x00"])
def test_strange_messages_get_a_ranking(pipeline: Pipeline, text: str) -> None:
    assert len(pipeline.parse(text).get("intent_ranking")) == 3


def test_an_untrained_classifier_finds_no_intent(tmp_path: Path) -> None:
    config = CalibratedIntentClassifier.get_default_config()
    classifier = CalibratedIntentClassifier(config, LocalModelStorage(tmp_path), Resource("none"))
    message = classifier.process([Message({"text": "bonjour"})])[0]
    assert message.get("intent") == {"name": None, "confidence": 0.0}


def test_unknown_encoder_is_refused() -> None:
    config = {**SentenceVectorFeaturizer.get_default_config(), "encoder": "none"}
    with pytest.raises(ValueError, match="Unknown encoder"):
        SentenceVectorFeaturizer.validate_config(config)


def test_encoder_encodes_a_batch_once_and_keeps_no_single_text() -> None:
    calls: list[list[str]] = []

    def encode(texts: Sequence[str]) -> np.ndarray:
        calls.append(list(texts))
        return letter_counts(texts)

    encoder = RememberingEncoder(encode)
    assert encoder(["a", "b", "a"]).shape == (3, 26)
    encoder(["b", "a"])
    encoder(["a"])
    encoder(["a"])
    assert calls == [["a", "b"], ["a"], ["a"]]
