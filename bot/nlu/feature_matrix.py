"""Sentence features of many messages as one matrix, whichever featurizers the pipeline has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from scipy.sparse import csr_matrix, hstack, vstack


@dataclass(frozen=True)
class FeatureMatrix:
    """One row a message; sparse and dense columns are kept apart because products with each are fast in its own way."""

    sparse: csr_matrix
    dense: np.ndarray

    @property
    def shape(self) -> "tuple[int, int]":
        """Number of rows and columns, the sparse columns first."""
        return self.sparse.shape[0], self.sparse.shape[1] + self.dense.shape[1]

    def rows(self, chosen: np.ndarray) -> "FeatureMatrix":
        """Returns the chosen rows."""
        return FeatureMatrix(self.sparse[chosen], self.dense[chosen])

    def times(self, weights: np.ndarray) -> np.ndarray:
        """Returns this matrix multiplied by `weights`."""
        width = self.sparse.shape[1]
        return np.asarray(self.sparse @ weights[:width]) + self.dense @ weights[width:]

    def transposed_times(self, residuals: np.ndarray) -> np.ndarray:
        """Returns the transpose of this matrix multiplied by `residuals`."""
        return np.vstack([np.asarray(self.sparse.T @ residuals), self.dense.T @ residuals])

    @property
    def empty_rows(self) -> np.ndarray:
        """Tells which rows hold nothing but zeros."""
        return (np.diff(self.sparse.indptr) == 0) & ~self.dense.any(axis=1)


@dataclass
class FeatureLayout:
    """Which features stand in which columns, as learned from the training examples.

    Dense vectors are centred on the training examples' mean and brought to the same length: sentence encoders place
    all texts in a narrow cone, and what tells intents apart is small beside what all texts share.

    Attributes:
        widths: Number of columns by featurizer, sparse ones.
        centres: Mean vector by featurizer, dense ones.
        scale: Length of a dense vector; that of a sparse one is about 1.4.
    """

    widths: dict[str, int]
    centres: dict[str, np.ndarray]
    scale: float

    @classmethod
    def learn(cls, messages: Sequence[Message], scale: float) -> "FeatureLayout":
        """Learns the layout from training examples.

        Raises:
            ValueError: No example has features.
        """
        widths: dict[str, int] = {}
        vectors: dict[str, list[np.ndarray]] = {}
        for message in messages:
            for feature in _sentence_features(message):
                if feature.is_sparse():
                    widths[str(feature.origin)] = feature.features.shape[1]
                else:
                    vectors.setdefault(str(feature.origin), []).append(feature.features[0])
        if not widths and not vectors:
            raise ValueError("No training example has sentence features: is there a featurizer in the pipeline?")
        return cls(widths, {origin: np.mean(rows, axis=0) for origin, rows in vectors.items()}, scale)

    def matrix(self, messages: Sequence[Message]) -> FeatureMatrix:
        """Returns the features of `messages`; features that a message lacks are zeros."""
        features = [{str(feature.origin): feature.features for feature in _sentence_features(message)} for message in messages]
        sparse = [vstack([_fitting(row.get(origin), width) for row in features], format="csr") for origin, width in self.widths.items()]
        dense = [np.vstack([self._centred(row.get(origin), centre) for row in features]) for origin, centre in self.centres.items()]
        return FeatureMatrix(
            hstack(sparse, format="csr", dtype=np.float32) if sparse else csr_matrix((len(messages), 0), dtype=np.float32),
            np.hstack(dense).astype(np.float32) if dense else np.zeros((len(messages), 0), dtype=np.float32),
        )

    def _centred(self, vector: Any, centre: np.ndarray) -> np.ndarray:
        if vector is None or vector.shape[1] != len(centre):
            return np.zeros_like(centre)
        difference = vector[0] - centre
        return difference * (self.scale / max(1e-9, float(np.linalg.norm(difference))))

    def to_arrays(self) -> dict[str, np.ndarray]:
        """Returns what `from_arrays` needs."""
        arrays = {f"centre:{origin}": centre for origin, centre in self.centres.items()}
        arrays.update({f"width:{origin}": np.asarray(width) for origin, width in self.widths.items()})
        return {**arrays, "scale": np.asarray(self.scale)}

    @classmethod
    def from_arrays(cls, stored: Mapping[str, np.ndarray]) -> "FeatureLayout":
        """Rebuilds a layout from `to_arrays`."""
        widths = {key[len("width:") :]: int(stored[key]) for key in stored if key.startswith("width:")}
        centres = {key[len("centre:") :]: stored[key] for key in stored if key.startswith("centre:")}
        return cls(widths, centres, float(stored["scale"]))


def _sentence_features(message: Message) -> list[Features]:
    return [feature for feature in message.features if feature.attribute == TEXT and feature.type == FEATURE_TYPE_SENTENCE]


def _fitting(row: Any, width: int) -> csr_matrix:
    return csr_matrix(row) if row is not None and row.shape[1] == width else csr_matrix((1, width), dtype=np.float32)
