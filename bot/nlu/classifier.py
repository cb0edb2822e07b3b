"""Intent classification on whatever sentence features the pipeline provides."""

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.feature_matrix import FeatureLayout
from bot.nlu.intent_model import IntentModel
from bot.nlu.requests import with_requests
from bot.nlu.source import source_fingerprint

_WEIGHTS = "intents.npz"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class CalibratedIntentClassifier(GraphComponent, IntentClassifier):
    """Sets the intent and the ranking of a message, with probabilities one can put thresholds on."""

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        layout: FeatureLayout | None = None,
        model: IntentModel | None = None,
    ) -> None:
        """Makes a classifier; without `layout` and `model` it finds no intent until trained."""
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._layout = layout
        self._model = model
        self.held_out: list[tuple[Message, list[dict[str, Any]]]] = []
        """After training: each example with the ranking it gets from the model of all the others."""

    @classmethod
    def required_components(cls) -> list[type]:
        """At least one featurizer must come first."""
        return [Featurizer]

    @staticmethod
    def required_packages() -> list[str]:
        """Training needs SciPy's linear algebra."""
        return ["scipy"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Settings of `IntentModel.fit` and `FeatureLayout.learn`, and `ranking_length`: how many intents are kept."""
        return {"sharpness": 1.0, "ridge": 0.06, "dense_scale": 1.4, "dense_dimensions": 96, "ranking_length": 10}

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
        examples = [example for example in training_data.intent_examples if example.get(INTENT) and example.features]
        self._layout = FeatureLayout.learn(examples, self._config["dense_scale"], self._config["dense_dimensions"])
        intents = [example.get(INTENT) for example in examples]
        self._model = IntentModel.fit(self._layout.matrix(examples), intents, self._config["sharpness"], self._config["ridge"])
        if self._model.held_out is not None:
            self.held_out = [(example, self._ranked(row)) for example, row in zip(examples, self._model.held_out, strict=True)]
        with self._model_storage.write_to(self._resource) as directory:
            np.savez(directory / _WEIGHTS, **self._model.to_arrays(), **self._layout.to_arrays())
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
        with model_storage.read_from(resource) as directory, np.load(directory / _WEIGHTS, allow_pickle=False) as stored:
            layout, model = FeatureLayout.from_arrays(stored), IntentModel.from_arrays(stored)
        return cls(config, model_storage, resource, layout, model)

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets `intent` and `intent_ranking` on `messages`."""
        whole = with_requests(messages)
        for message, ranking in zip(whole, self._rankings(whole), strict=True):
            message.set(INTENT, dict(ranking[0]) if ranking else {"name": None, "confidence": 0.0}, add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking[: self._config["ranking_length"]], add_to_output=True)
        return messages

    def _rankings(self, messages: list[Message]) -> list[list[dict[str, Any]]]:
        if self._model is None or self._layout is None or not messages:
            return [[] for _ in messages]
        return [self._ranked(row) for row in self._model.probabilities(self._layout.matrix(messages))]

    def _ranked(self, probabilities: np.ndarray) -> list[dict[str, Any]]:
        """Returns the intents, the likeliest first."""
        labels = self._model.labels if self._model else []
        return [{"name": labels[index], "confidence": float(probabilities[index])} for index in np.argsort(-probabilities, kind="stable")]
