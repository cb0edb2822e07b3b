"""Intent classification on whatever sentence features the pipeline provides."""

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix, hstack, vstack

from bot.nlu.intent_model import IntentModel
from bot.nlu.source import source_fingerprint

_WEIGHTS = "intents.npz"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class CalibratedIntentClassifier(GraphComponent, IntentClassifier):
    """Sets the intent and the ranking of a message, with probabilities one can put thresholds on."""

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, model: IntentModel | None = None) -> None:
        """Makes a classifier; without `model` it finds no intent until trained."""
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._model = model

    @classmethod
    def required_components(cls) -> list[type]:
        """At least one featurizer must come first."""
        return [Featurizer]

    @staticmethod
    def required_packages() -> list[str]:
        """Training needs scikit-learn."""
        return ["sklearn"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`strength`: inverse regularisation; `dense_scale`: weight of dense features; `ranking_length`: intents kept."""
        return {"strength": 10.0, "dense_scale": 2.0, "ranking_length": 10}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Makes Rasa train again when this package changes."""
        return source_fingerprint()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "CalibratedIntentClassifier":
        """Creates an untrained classifier."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Learns the intents of the training examples.

        Raises:
            ValueError: There are fewer than two intents or no features.
        """
        examples = [example for example in training_data.intent_examples if example.get(INTENT) and _features(example, 1.0).nnz]
        features = vstack([_features(example, self._config["dense_scale"]) for example in examples], format="csr")
        self._model = IntentModel.fit(features, [example.get(INTENT) for example in examples], self._config["strength"])
        with self._model_storage.write_to(self._resource) as directory:
            self._model.save(directory / _WEIGHTS)
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "CalibratedIntentClassifier":
        """Loads a trained classifier.

        Raises:
            ValueError: The model holds no classifier.
        """
        with model_storage.read_from(resource) as directory:
            return cls(config, model_storage, resource, IntentModel.load(directory / _WEIGHTS))

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets `intent` and `intent_ranking` on `messages`."""
        for message in messages:
            ranking = self._ranking(message)
            message.set(INTENT, dict(ranking[0]) if ranking else {"name": None, "confidence": 0.0}, add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking[: self._config["ranking_length"]], add_to_output=True)
        return messages

    def _ranking(self, message: Message) -> list[dict[str, Any]]:
        if self._model is None:
            return []
        width = self._model.weights.shape[0]
        row = _features(message, self._config["dense_scale"])
        probabilities = self._model.probabilities(row if row.shape[1] == width else csr_matrix((1, width)))[0]
        order = np.argsort(-probabilities, kind="stable")
        return [{"name": self._model.labels[index], "confidence": float(probabilities[index])} for index in order]


def _features(message: Message, dense_scale: float) -> csr_matrix:
    """Returns the sentence features of a message side by side, dense ones multiplied by `dense_scale`."""
    _, sparse = message.get_sparse_features(TEXT)
    _, dense = message.get_dense_features(TEXT)
    blocks = [csr_matrix(sparse.features)] if sparse else []
    blocks += [csr_matrix(dense.features * dense_scale)] if dense else []
    return hstack(blocks, format="csr", dtype=np.float32) if blocks else csr_matrix((1, 0), dtype=np.float32)
