"""Sentence features of many messages as one matrix, whichever featurizers the pipeline has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
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

    def products(self, others: "FeatureMatrix") -> np.ndarray:
        """Returns the scalar products of these rows (rows of the result) with those of `others` (columns), float32."""
        sparse = (self.sparse @ others.sparse_columns).toarray()
        return np.asarray(sparse + self.dense @ others.dense.T, dtype=np.float32)

    @cached_property
    def sparse_columns(self) -> csr_matrix:
        """The sparse part transposed: one row a column, so that a message looks up its own n-grams only."""
        return self.sparse.T.tocsr()

    def squared_lengths(self) -> np.ndarray:
        """Returns the squared length of each row."""
        return np.asarray(self.sparse.multiply(self.sparse).sum(axis=1)).ravel() + np.square(self.dense).sum(axis=1)

    def to_arrays(self) -> dict[str, np.ndarray]:
        """Returns what `from_arrays` needs."""
        sparse = self.sparse
        return {
            "sparse_values": sparse.data,
            "sparse_columns": sparse.indices,
            "sparse_starts": sparse.indptr,
            "sparse_shape": np.asarray(sparse.shape),
            "dense": self.dense,
        }

    @classmethod
    def from_arrays(cls, stored: Mapping[str, np.ndarray]) -> "FeatureMatrix":
        """Rebuilds a matrix from `to_arrays`."""
        parts = (stored["sparse_values"], stored["sparse_columns"], stored["sparse_starts"])
        return cls(csr_matrix(parts, shape=tuple(stored["sparse_shape"])), stored["dense"])

    @property
    def empty_rows(self) -> np.ndarray:
        """Tells which rows hold nothing but zeros."""
        return (np.diff(self.sparse.indptr) == 0) & ~self.dense.any(axis=1)


@dataclass
class FeatureLayout:
    """Which features stand in which columns, as learned from the training examples.

    Dense vectors are centred on the training examples' mean, turned to the directions in which these differ most and brought
    to the same length: sentence encoders place all texts in a narrow cone, and what tells intents apart is small beside what
    all texts share.

    Attributes:
        widths: Number of columns by featurizer, sparse ones.
        centres: Mean vector by featurizer, dense ones.
        axes: Principal directions by featurizer, dense ones, one a column.
        scale: Length of a dense vector; that of each sparse part is 1.
    """

    widths: dict[str, int]
    centres: dict[str, np.ndarray]
    axes: dict[str, np.ndarray]
    scale: float

    @classmethod
    def learn(cls, messages: Sequence[Message], scale: float, dimensions: int) -> "FeatureLayout":
        """Learns the layout from training examples.

        Args:
            messages: The examples, with features.
            scale: See above.
            dimensions: How many directions of each dense featurizer are kept.

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
        centres = {origin: np.mean(rows, axis=0) for origin, rows in vectors.items()}
        axes = {origin: _principal_axes(np.vstack(rows) - centres[origin], dimensions) for origin, rows in vectors.items()}
        return cls(widths, centres, axes, scale)

    def matrix(self, messages: Sequence[Message]) -> FeatureMatrix:
        """Returns the features of `messages`; features that a message lacks are zeros."""
        features = [_by_origin(message) for message in messages]
        sparse = [vstack([_fitting(row.get(origin), width) for row in features], format="csr") for origin, width in self.widths.items()]
        dense = [np.vstack([self._turned(row.get(origin), origin) for row in features]) for origin in self.centres]
        return FeatureMatrix(
            hstack(sparse, format="csr", dtype=np.float32) if sparse else csr_matrix((len(messages), 0), dtype=np.float32),
            np.hstack(dense).astype(np.float32) if dense else np.zeros((len(messages), 0), dtype=np.float32),
        )

    def _turned(self, vector: Any, origin: str) -> np.ndarray:
        centre, axes = self.centres[origin], self.axes[origin]
        if vector is None or vector.shape[1] != len(centre):
            return np.zeros(axes.shape[1], dtype=np.float32)
        difference = vector[0] - centre
        return (difference @ axes) * (self.scale / max(1e-9, float(np.linalg.norm(difference))))

    def to_arrays(self) -> dict[str, np.ndarray]:
        """Returns what `from_arrays` needs."""
        arrays = {f"centre:{origin}": centre for origin, centre in self.centres.items()}
        arrays.update({f"axes:{origin}": axes for origin, axes in self.axes.items()})
        arrays.update({f"width:{origin}": np.asarray(width) for origin, width in self.widths.items()})
        return {**arrays, "scale": np.asarray(self.scale)}

    @classmethod
    def from_arrays(cls, stored: Mapping[str, np.ndarray]) -> "FeatureLayout":
        """Rebuilds a layout from `to_arrays`."""
        named = {kind: {key.split(":", 1)[1]: stored[key] for key in stored if key.startswith(f"{kind}:")} for kind in ("width", "centre", "axes")}
        return cls({origin: int(width) for origin, width in named["width"].items()}, named["centre"], named["axes"], float(stored["scale"]))


def _principal_axes(differences: np.ndarray, dimensions: int) -> np.ndarray:
    """Returns the directions in which rows differ most, one a column."""
    covariance = differences.T @ differences
    return np.ascontiguousarray(np.linalg.eigh(covariance)[1][:, ::-1][:, :dimensions]).astype(np.float32)


def _by_origin(message: Message) -> dict[str, Any]:
    """Returns a message's features by featurizer.

    Raises:
        ValueError: Two featurizers go by the same name: one would silently take the other's place.
    """
    features = _sentence_features(message)
    result = {str(feature.origin): feature.features for feature in features}
    if len(result) < len(features):
        raise ValueError(f"Each featurizer needs a name of its own; these are given: {[feature.origin for feature in features]}.")
    return result


def _sentence_features(message: Message) -> list[Features]:
    return [feature for feature in message.features if feature.attribute == TEXT and feature.type == FEATURE_TYPE_SENTENCE]


def _fitting(row: Any, width: int) -> csr_matrix:
    return csr_matrix(row) if row is not None and row.shape[1] == width else csr_matrix((1, width), dtype=np.float32)
