"""The mathematics of intent classification: kernel ridge regression on the training phrasings, with honest probabilities.

Every phrasing votes for its intent, the more the nearer it is to the message; how much each may say is the solution of one
linear system. See C. E. Rasmussen and C. K. I. Williams, "Gaussian Processes for Machine Learning" (2006), sections 2.2,
5.4.2 (leave-one-out predictions in closed form) and 6.5 (least-squares classification).
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.linalg import cho_factor, cho_solve
from scipy.linalg.lapack import strtri
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax

from bot.nlu.feature_matrix import FeatureMatrix

_ROWS_AT_A_TIME = 1_000


@dataclass(frozen=True)
class Kernel:
    """Likeness of two messages: 1 for the same features, less the further apart, `exp(-sharpness)` for nothing in common.

    Attributes:
        sharpness: How fast likeness fades.
        length: Squared length of a whole feature row.
    """

    sharpness: float
    length: float

    def between(self, messages: FeatureMatrix, examples: FeatureMatrix) -> np.ndarray:
        """Returns one row a message, one column an example, float32."""
        products = messages.products(examples)
        return np.exp(np.float32(self.sharpness) * (products / np.float32(self.length) - 1), out=products)


@dataclass
class IntentModel:
    """Kernel ridge regression whose scores are divided by a temperature.

    Attributes:
        labels: Intents, in the order of the columns.
        kernel: What makes a phrasing like another.
        examples: Features of the training phrasings.
        weights: One row a phrasing, one column an intent.
        temperature: Divides the scores before they become probabilities.
        held_out: Probabilities of each training phrasing under the model of all others (one row a phrasing); not stored.
    """

    labels: list[str]
    kernel: Kernel
    examples: FeatureMatrix
    weights: np.ndarray
    temperature: float = 1.0
    held_out: np.ndarray | None = None

    @classmethod
    def fit(cls, features: FeatureMatrix, intents: Sequence[str], sharpness: float, ridge: float) -> "IntentModel":
        """Learns from examples. Needs `4 n²` bytes for `n` examples.

        Args:
            features: One row an example.
            intents: The label of each row.
            sharpness: How fast the say of a phrasing fades with distance.
            ridge: How far the model may stray from what single phrasings say; also keeps the system solvable when two are alike.

        Raises:
            ValueError: There are fewer than two intents.
        """
        labels, truth = np.unique(np.asarray(intents), return_inverse=True)
        if len(labels) < 2:
            raise ValueError("An intent classifier needs examples of two intents at least.")
        kernel = Kernel(sharpness, max(1e-6, float(features.squared_lengths().mean())))
        targets = np.eye(len(labels), dtype=np.float32)[truth] - np.float32(1 / len(labels))
        weights, own = _solve(_system(kernel, features, ridge), targets)
        held_out = targets - weights / own[:, None]
        temperature = _temperature(held_out, truth)
        return cls(labels.tolist(), kernel, features, weights, temperature, softmax(held_out / temperature, axis=1))

    def probabilities(self, features: FeatureMatrix) -> np.ndarray:
        """Returns one distribution a row; a row without any feature gets the same for every intent."""
        scores = self.kernel.between(features, self.examples) @ self.weights
        result: np.ndarray = softmax(scores.astype(np.float64) / self.temperature, axis=1)
        result[features.empty_rows] = 1 / len(self.labels)
        return result

    def to_arrays(self) -> dict[str, np.ndarray]:
        """Returns what `from_arrays` needs: plain arrays, nothing that could run when read."""
        numbers = np.asarray([self.kernel.sharpness, self.kernel.length, self.temperature])
        return {"labels": np.asarray(self.labels, dtype=np.str_), "weights": self.weights, "numbers": numbers, **self.examples.to_arrays()}

    @classmethod
    def from_arrays(cls, stored: Mapping[str, Any]) -> "IntentModel":
        """Rebuilds a model from `to_arrays`."""
        sharpness, length, temperature = stored["numbers"].tolist()
        return cls(stored["labels"].tolist(), Kernel(sharpness, length), FeatureMatrix.from_arrays(stored), stored["weights"], temperature)


def _system(kernel: Kernel, features: FeatureMatrix, ridge: float) -> np.ndarray:
    """Returns the lower triangle of the examples' likeness to each other, the ridge on its diagonal."""
    count = features.shape[0]
    system = np.zeros((count, count), dtype=np.float32)

    def fill(start: int) -> None:
        end = min(count, start + _ROWS_AT_A_TIME)
        system[start:end, :end] = kernel.between(features.rows(np.arange(start, end)), features.rows(np.arange(end)))

    # SciPy multiplies sparse matrices on one core, but lets go of the interpreter meanwhile.
    with ThreadPoolExecutor() as pool:
        list(pool.map(fill, range(0, count, _ROWS_AT_A_TIME)))
    system[np.diag_indices(count)] += np.float32(ridge)
    return system


def _solve(system: np.ndarray, targets: np.ndarray) -> "tuple[np.ndarray, np.ndarray]":
    """Solves a symmetric system given by its lower triangle, which is overwritten.

    Returns:
        The solution, and the diagonal of the system's inverse.
    """
    # LAPACK wants columns first: the transpose of our rows, where the lower triangle is the upper one. Nothing is copied.
    factor = cho_factor(system.T, lower=False, overwrite_a=True, check_finite=False)
    solution = cho_solve(factor, targets, check_finite=False)
    inverse, failed = strtri(factor[0], lower=0, overwrite_c=1)
    if failed:
        raise ValueError("Two training examples are alike and the ridge is 0: no single solution.")
    # The system is RᵀR, so its inverse is R⁻¹R⁻ᵀ, whose diagonal needs R⁻¹ only: a third of the work less than the whole inverse.
    diagonal = np.zeros(len(targets), dtype=np.float32)
    for index, column in enumerate(inverse.T):
        diagonal[: index + 1] += np.square(column[: index + 1])
    return solution, diagonal


def _temperature(scores: np.ndarray, truth: np.ndarray) -> float:
    """Returns the temperature under which examples held out are the least surprising."""
    rows = np.arange(len(truth))

    def surprise(log_temperature: float) -> float:
        return -float(log_softmax(scores / np.exp(log_temperature), axis=1)[rows, truth].mean())

    return float(np.exp(minimize_scalar(surprise, bounds=(-5.0, 1.5), method="bounded").x))
