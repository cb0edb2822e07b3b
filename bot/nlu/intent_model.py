"""The mathematics of intent classification: a linear model with honest probabilities, without Rasa."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix
from scipy.special import log_softmax, softmax
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

_FOLDS = 3


@dataclass
class IntentModel:
    """Multinomial logistic regression whose scores are divided by a temperature.

    Attributes:
        labels: Intents, in the order of the columns.
        weights: One column an intent, one row a feature.
        bias: One number an intent.
        temperature: Above 1 for a model too sure of itself, below 1 for one too shy.
    """

    labels: list[str]
    weights: np.ndarray
    bias: np.ndarray
    temperature: float = 1.0

    @classmethod
    def fit(cls, features: csr_matrix, intents: Sequence[str], strength: float, calibrate: bool = True) -> "IntentModel":
        """Learns from examples.

        Args:
            features: One row an example.
            intents: The label of each row.
            strength: Inverse of the regularisation (scikit-learn's `C`).
            calibrate: Whether to measure the temperature on held-out thirds of the examples (costs three more fits).

        Raises:
            ValueError: There are fewer than two intents.
        """
        names = np.asarray(intents)
        model = cls._fit_once(features, names, strength)
        if calibrate and min(np.unique(names, return_counts=True)[1]) >= _FOLDS:
            model.temperature = _temperature(features, names, strength)
        return model

    @classmethod
    def _fit_once(cls, features: csr_matrix, intents: np.ndarray, strength: float) -> "IntentModel":
        regression = LogisticRegression(C=strength, max_iter=400, class_weight="balanced", random_state=0)
        regression.fit(features, intents)
        weights, bias = regression.coef_, regression.intercept_
        if len(regression.classes_) == 2:
            weights, bias = np.vstack([-weights, weights]) / 2, np.concatenate([-bias, bias]) / 2
        return cls(regression.classes_.tolist(), weights.T.astype(np.float32), bias.astype(np.float32))

    def scores(self, features: csr_matrix) -> np.ndarray:
        """Returns the logits, one row an example."""
        return np.asarray(features @ self.weights) + self.bias

    def probabilities(self, features: csr_matrix) -> np.ndarray:
        """Returns one distribution a row; a row without any feature gets the same for every intent."""
        result = softmax(self.scores(features).astype(np.float64) / self.temperature, axis=1)
        result[np.diff(features.indptr) == 0] = 1 / len(self.labels)
        return result

    def save(self, path: Path) -> None:
        """Writes the model as plain numpy arrays, nothing that could run when read."""
        np.savez(
            path,
            labels=np.asarray(self.labels, dtype=np.str_),
            weights=self.weights,
            bias=self.bias,
            temperature=np.float64(self.temperature),
        )

    @classmethod
    def load(cls, path: Path) -> "IntentModel":
        """Reads what `save` wrote.

        Raises:
            OSError: There is no such file.
            ValueError: The file holds anything else than plain arrays.
        """
        with np.load(path, allow_pickle=False) as stored:
            return cls(stored["labels"].tolist(), stored["weights"], stored["bias"], float(stored["temperature"]))


def _temperature(features: csr_matrix, intents: np.ndarray, strength: float) -> float:
    """Returns the temperature under which held-out examples are the least surprising."""
    scores: list[np.ndarray] = []
    truths: list[np.ndarray] = []
    for train, test in StratifiedKFold(_FOLDS, shuffle=True, random_state=0).split(features, intents):
        fold = IntentModel._fit_once(features[train], intents[train], strength)
        columns = {label: column for column, label in enumerate(fold.labels)}
        scores.append(fold.scores(features[test]))
        truths.append(np.asarray([columns[intent] for intent in intents[test]]))
    logits, truth = np.vstack(scores).astype(np.float64), np.concatenate(truths)

    def surprise(log_temperature: float) -> float:
        likelihoods = log_softmax(logits / np.exp(log_temperature), axis=1)
        return -float(likelihoods[np.arange(len(truth)), truth].mean())

    return float(np.exp(minimize_scalar(surprise, bounds=(-2.5, 1.5), method="bounded").x))
