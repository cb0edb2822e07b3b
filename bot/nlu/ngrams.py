"""Words and pieces of words, weighted by how telling they are (TF-IDF)."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.sparse_featurizer.sparse_featurizer import SparseFeaturizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

from bot.nlu.normalizer import normalized_text
from bot.nlu.requests import with_requests
from bot.nlu.source import source_fingerprint

_WORD_OR_SIGN = r"[^\W_]+|[?!]"
_SHORTEST_PIECE = 3
"""Pairs of letters occur everywhere: they cost half of the time and tell nothing more."""


class NgramVectorizer:
    """Turns texts into TF-IDF weights of word n-grams and of character n-grams within words, accents aside."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        """Makes an unfitted vectorizer.

        Args:
            settings: `word_ngrams` and `char_ngrams` (longest n-gram), `min_count` (examples an n-gram must occur in).
        """
        common = {
            "strip_accents": "unicode",
            "sublinear_tf": True,
            "min_df": settings["min_count"],
            "dtype": np.float32,
        }
        self._parts = {
            "words": TfidfVectorizer(ngram_range=(1, settings["word_ngrams"]), token_pattern=_WORD_OR_SIGN, **common),
            "characters": TfidfVectorizer(
                ngram_range=(min(_SHORTEST_PIECE, settings["char_ngrams"]), settings["char_ngrams"]), analyzer="char_wb", **common
            ),
        }
        self._idf: dict[str, np.ndarray] = {}

    def fit(self, texts: Sequence[str]) -> "NgramVectorizer":
        """Learns the n-grams of `texts` and their weights.

        Raises:
            ValueError: The texts hold no n-gram that is frequent enough.
        """
        for name, part in self._parts.items():
            self._idf[name] = part.fit(texts).idf_
        return self

    def transform(self, texts: Sequence[str]) -> csr_matrix:
        """Returns one sparse row a text."""
        return hstack([_weighted(part, self._idf[name], texts) for name, part in self._parts.items()], format="csr")

    def to_dict(self) -> dict[str, Any]:
        """Returns what `load` needs, as JSON values."""
        return {name: {"ngrams": part.get_feature_names_out().tolist(), "idf": self._idf[name].tolist()} for name, part in self._parts.items()}

    def load(self, stored: Mapping[str, Any]) -> "NgramVectorizer":
        """Takes over what `to_dict` gave.

        Raises:
            KeyError: A part is missing.
        """
        for name, part in self._parts.items():
            part.vocabulary = {ngram: index for index, ngram in enumerate(stored[name]["ngrams"])}
            self._idf[name] = np.asarray(stored[name]["idf"], dtype=np.float32)
        return self


def _weighted(part: TfidfVectorizer, idf: np.ndarray, texts: Sequence[str]) -> csr_matrix:
    """Does what `part.transform` does; scikit-learn checks and copies so much that a single text takes it three times as long."""
    counts = CountVectorizer.transform(part, texts)
    counts.data = (np.log(counts.data) + 1) * idf[counts.indices]
    rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    lengths = np.sqrt(np.bincount(rows, weights=np.square(counts.data), minlength=counts.shape[0])).astype(np.float32)
    counts.data /= lengths[rows]
    return counts


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class NgramFeaturizer(SparseFeaturizer, GraphComponent):
    """Adds TF-IDF weights of a message's n-grams as a sparse sentence feature.

    Rasa's own `CountVectorsFeaturizer` gives raw counts: without the weights a linear classifier listens too much to
    the words that everybody uses.
    """

    def __init__(
        self,
        name: str,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        vectorizer: NgramVectorizer,
    ) -> None:
        """Makes a featurizer around `vectorizer`."""
        super().__init__(name, config)
        self._model_storage = model_storage
        self._resource = resource
        self._vectorizer = vectorizer

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """See `NgramVectorizer`."""
        return {**SparseFeaturizer.get_default_config(), "word_ngrams": 3, "char_ngrams": 5, "min_count": 2}

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Checks the settings.

        Raises:
            ValueError: A setting is not a positive number.
        """
        for key in ("word_ngrams", "char_ngrams", "min_count"):
            if not isinstance(config[key], int) or config[key] < 1:
                raise ValueError(f"NgramFeaturizer: '{key}' must be a positive whole number.")

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
    ) -> "NgramFeaturizer":
        """Creates an untrained featurizer."""
        cls.validate_config(config)
        return cls(execution_context.node_name, config, model_storage, resource, NgramVectorizer(config))

    def train(self, training_data: TrainingData) -> Resource:
        """Learns n-grams and weights, and stores them as JSON."""
        self._vectorizer.fit([normalized_text(example) for example in training_data.intent_examples])
        with self._model_storage.write_to(self._resource) as directory:
            content = json.dumps(self._vectorizer.to_dict(), ensure_ascii=False)
            (directory / "ngrams.json").write_text(content, encoding="utf-8")
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "NgramFeaturizer":
        """Loads a trained featurizer.

        Raises:
            ValueError: The model holds no n-grams.
        """
        with model_storage.read_from(resource) as directory:
            stored = json.loads((directory / "ngrams.json").read_text(encoding="utf-8"))
        vectorizer = NgramVectorizer(config).load(stored)
        return cls(execution_context.node_name, config, model_storage, resource, vectorizer)

    def process(self, messages: list[Message]) -> list[Message]:
        """Adds the sparse feature to the messages that have something to read."""
        readable = [message for message in with_requests(messages) if normalized_text(message)]
        if readable:
            rows = self._vectorizer.transform([normalized_text(message) for message in readable])
            origin = self._identifier
            for index, message in enumerate(readable):
                message.add_features(Features(rows[index], FEATURE_TYPE_SENTENCE, TEXT, origin))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Does the same for the training examples."""
        self.process(training_data.training_examples)
        return training_data
