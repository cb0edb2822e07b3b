"""The pictures of docs/nlu.md: are the probabilities honest, and which intents are taken for each other?"""

from collections.abc import Sequence
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.figure import Figure

from bot.nlu.decision import OUT_OF_SCOPE, Thresholds
from bot.nlu.evaluation import Judged

matplotlib.use("Agg")
_INK, _BLUE, _GREY = "#1f2933", "#1f6feb", "#9aa5b1"
_BINS = 10


def reliability_diagram(questions: Sequence[Judged], thresholds: Thresholds, path: Path) -> None:
    """Draws, by the probability the model gave its best intent, how often that intent was right.

    Args:
        questions: Judged questions, in and out of scope.
        thresholds: Drawn as vertical lines.
        path: PNG file to write.
    """
    given = np.asarray([question.ranking[0]["confidence"] for question in questions])
    right = np.asarray([question.ranking[0]["name"] in question.labels for question in questions])
    bins = np.minimum((given * _BINS).astype(int), _BINS - 1)
    figure = Figure(figsize=(6.4, 5.2), constrained_layout=True)
    above, below = figure.subplots(2, 1, sharex=True, gridspec_kw={"height_ratios": [3, 1]})
    above.plot([0, 1], [0, 1], color=_GREY, linestyle="--", linewidth=1, label="perfectly calibrated")
    filled = [number for number in range(_BINS) if (bins == number).any()]
    points = [(given[bins == number].mean(), right[bins == number].mean()) for number in filled]
    above.plot(*zip(*points, strict=True), color=_BLUE, marker="o", label="measured")
    for line, name in ((thresholds.decline, "decline"), (thresholds.answer, "answer")):
        above.axvline(line, color=_INK, linewidth=0.8, linestyle=":")
        above.text(line + 0.01, 0.02, name, color=_INK, fontsize=9)
    error = sum((bins == number).sum() * abs(x - y) for number, (x, y) in zip(filled, points, strict=True)) / len(given)
    above.set(ylabel="share right", ylim=(0, 1.02), title=f"{len(given)} unseen questions, calibration error {error:.3f}")
    above.legend(frameon=False, loc="upper left")
    below.bar((np.arange(_BINS) + 0.5) / _BINS, np.bincount(bins, minlength=_BINS), width=0.09, color=_GREY)
    below.set(xlabel="probability given to the best intent", ylabel="questions", xlim=(0, 1))
    for axes in (above, below):
        axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, dpi=120)


def confusion_matrix(questions: Sequence[Judged], path: Path) -> None:
    """Draws which intent came first (columns) for each true intent (rows); a question with several right intents counts for the one found.

    Args:
        questions: Judged questions.
        path: PNG file to write.
    """
    names = sorted({question.labels[0] for question in questions} | {question.ranking[0]["name"] for question in questions} - {OUT_OF_SCOPE})
    names = [*(name for name in names if name != OUT_OF_SCOPE), OUT_OF_SCOPE]
    place = {name: index for index, name in enumerate(names)}
    counts = np.zeros((len(names), len(names)), dtype=int)
    for question in questions:
        best = question.ranking[0]["name"]
        counts[place[best if best in question.labels else question.labels[0]], place[best]] += 1
    shares = counts / np.maximum(1, counts.sum(axis=1, keepdims=True))
    figure = Figure(figsize=(13, 12), constrained_layout=True)
    axes = figure.subplots()
    axes.imshow(shares**0.5, cmap="Blues", vmin=0, vmax=1)
    for row, column in zip(*np.nonzero(counts), strict=True):
        colour = "white" if shares[row, column] > 0.4 else _INK
        axes.text(column, row, str(counts[row, column]), ha="center", va="center", fontsize=7, color=colour)
    axes.set(xticks=range(len(names)), yticks=range(len(names)))
    axes.set_xticklabels(names, rotation=90, fontsize=8)
    axes.set_yticklabels(names, fontsize=8)
    axes.set(xlabel="understood as", ylabel="meant", title=f"{len(questions)} test questions: meant (rows), understood as (columns)")
    figure.savefig(path, dpi=100)
