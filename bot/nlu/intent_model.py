"""The mathematics of intent classification: multinomial logistic regression with honest probabilities."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize, minimize_scalar
from scipy.special import log_softmax, softmax
from sklearn.model_selection import StratifiedKFold

from bot.nlu.feature_matrix import FeatureMatrix

_FOLDS = 3
_ITERATIONS = 150


@dataclass
class IntentModel:
    """Multinomial logistic regression whose scores are divided by a temperature.

    Attributes:
        labels: Intents, in the order of the columns.
        weights: One row a feature and a last one for the bias; one column an intent.
        temperature: Above 1 for a model too sure of itself, below 1 for one too shy.
    """

    labels: list[str]
    weights: np.ndarray
    temperature: float = 1.0

    @classmethod
    def fit(cls, features: FeatureMatrix, intents: Sequence[str], strength: float) -> "IntentModel":
        """Learns from examples, every intent counting the same however many examples it has.

        Args:
            features: One row an example.
            intents: The label of each row.
            strength: Inverse of the regularisation (what scikit-learn calls `C`).

        Raises:
            ValueError: There are fewer than two intents.
        """
        labels, truth = np.unique(np.asarray(intents), return_inverse=True)
        if len(labels) < 2:
            raise ValueError("An intent classifier needs examples of two intents at least.")
        model = cls(labels.tolist(), _optimal_weights(features, truth, len(labels), strength))
        if np.bincount(truth).min() >= _FOLDS:
            model.temperature = _temperature(features, truth, len(labels), strength)
        return model

    def probabilities(self, features: FeatureMatrix) -> np.ndarray:
        """Returns one distribution a row; a row without any feature gets the same for every intent."""
        result = softmax(_scores(features, self.weights).astype(np.float64) / self.temperature, axis=1)
        result[features.empty_rows] = 1 / len(self.labels)
        return result

    def to_arrays(self) -> dict[str, np.ndarray]:
        """Returns what `from_arrays` needs: plain arrays, nothing that could run when read."""
        labels = np.asarray(self.labels, dtype=np.str_)
        return {"labels": labels, "weights": self.weights, "temperature": np.asarray(self.temperature)}

    @classmethod
    def from_arrays(cls, stored: Mapping[str, Any]) -> "IntentModel":
        """Rebuilds a model from `to_arrays`."""
        return cls(stored["labels"].tolist(), stored["weights"], float(stored["temperature"]))


def _scores(features: FeatureMatrix, weights: np.ndarray) -> np.ndarray:
    return features.times(weights[:-1]) + weights[-1]


def _optimal_weights(features: FeatureMatrix, truth: np.ndarray, classes: int, strength: float) -> np.ndarray:
    """Minimises the weighted log loss plus the squared weights (the bias is free), as scikit-learn does.

    scikit-learn takes one matrix, sparse or dense, in double precision: with ours it needs four times as long.
    """
    shape = (features.shape[1] + 1, classes)
    counts = np.bincount(truth, minlength=classes)
    importance = (len(truth) / (classes * np.maximum(counts, 1)))[truth].astype(np.float32)
    rows = np.arange(len(truth))
    penalty = 1 / (strength * len(truth))

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        weights = flat.reshape(shape).astype(np.float32)
        logs = log_softmax(_scores(features, weights), axis=1)
        residuals = np.exp(logs)
        residuals[rows, truth] -= 1
        residuals *= importance[:, None] / len(truth)
        gradient = np.vstack([features.transposed_times(residuals) + penalty * weights[:-1], residuals.sum(axis=0)])
        value = -float(importance @ logs[rows, truth]) / len(truth) + penalty / 2 * float(np.square(weights[:-1]).sum())
        return value, gradient.astype(np.float64).ravel()

    options = {"maxiter": _ITERATIONS, "gtol": 1e-6, "ftol": 1e-7}
    result = minimize(loss, np.zeros(shape[0] * classes), jac=True, method="L-BFGS-B", options=options)
    return result.x.reshape(shape).astype(np.float32)


def _temperature(features: FeatureMatrix, truth: np.ndarray, classes: int, strength: float) -> float:
    """Returns the temperature under which examples held out in turn are the least surprising."""
    logits = np.zeros((len(truth), classes))
    for train, test in StratifiedKFold(_FOLDS, shuffle=True, random_state=0).split(truth, truth):
        held_out = _optimal_weights(features.rows(train), truth[train], classes, strength)
        logits[test] = _scores(features.rows(test), held_out)

    def surprise(log_temperature: float) -> float:
        likelihoods = log_softmax(logits / np.exp(log_temperature), axis=1)
        return -float(likelihoods[np.arange(len(truth)), truth].mean())

    return float(np.exp(minimize_scalar(surprise, bounds=(-2.5, 1.5), method="bounded").x))
