"""Chooses the decision thresholds and draws the pictures that justify them: `python -m bot.nlu.thresholds`.

Each training phrasing is ranked by the model of all the others. Among all pairs of thresholds that keep the promises, the one
with the most right answers is written to `config.yml`. The test questions have no say: they are there to be measured on.
"""

import argparse
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.nlu.decision import DECLINE, Thresholds, decide
from bot.nlu.evaluation import Judged, Outcome, ask, held_out, outcome, training_examples, unseen_questions
from bot.nlu.pictures import confusion_matrix, reliability_diagram
from bot.nlu.pipeline import TrainedPipeline

_GRID = np.round(np.arange(0.02, 0.99, 0.02), 2)


@dataclass(frozen=True)
class Promises:
    """What must hold on the training phrasings, each ranked by the model of all the others, as shares.

    They are harder than customers' questions: a good part was written in pairs that share the words and differ in what is wanted.

    Attributes:
        wrong: Highest share of in-scope questions answered with the wrong entry.
        refused: Lowest share of out-of-scope questions that are not answered.
    """

    wrong: float = 0.055
    refused: float = 0.92


def choose(questions: Sequence[Judged], promises: Promises) -> Thresholds:
    """Returns the thresholds with the most right answers that keep the promises.

    Where no pair keeps them all, the smallest breach counts most.
    """
    answer = max(_GRID, key=lambda line: _merit(outcome(questions, Thresholds(line, 0.0)), promises))
    lines = [line for line in _GRID if line <= answer]
    decline = max(lines, key=lambda line: (_separation(questions, Thresholds(answer, line)), line))
    return Thresholds(float(answer), float(decline))


def _separation(questions: Sequence[Judged], thresholds: Thresholds) -> float:
    """Returns the share declined of out-of-scope questions less ten times that of in-scope ones.

    A pointless question back costs a customer a click; declining one who could have been helped costs the help.
    """
    declined = {True: 0, False: 0}
    for question in questions:
        declined[question.inside] += decide(question.ranking, thresholds)["decision"] == DECLINE
    inside = sum(question.inside for question in questions)
    return round(declined[False] / max(1, len(questions) - inside) - 10 * declined[True] / max(1, inside), 4)


def _merit(result: Outcome, promises: Promises) -> tuple[float, float]:
    broken = max(0.0, result.wrong - promises.wrong) + max(0.0, promises.refused - result.refused)
    return (-round(broken, 4), result.answered)


def write(config: Path, thresholds: Thresholds) -> None:
    """Puts the thresholds into `config`, every other character left as it is.

    Raises:
        ValueError: `config` has no line for one of them.
    """
    content = config.read_text(encoding="utf-8")
    for key, value in (("answer_threshold", thresholds.answer), ("decline_threshold", thresholds.decline)):
        content, replaced = re.subn(rf"(?m)^(\s*{key}:\s*)[\d.]+", rf"\g<1>{value:.2f}", content)
        if replaced != 1:
            raise ValueError(f"{config} should have one line '{key}: …'.")
    config.write_text(content, encoding="utf-8")


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bot.nlu.thresholds", description="Chooses the decision thresholds.")
    parser.add_argument("--root", type=Path, default=Path(), help="the repository")
    parser.add_argument("--dry-run", action="store_true", help="print the figures, write nothing")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str]) -> int:
    """Chooses, prints and writes; returns the exit status."""
    options = _parse(arguments)
    config: Path = options.root / "config.yml"
    pipeline = TrainedPipeline.train(config, training_examples(options.root))
    phrasings, questions = held_out(pipeline), ask(pipeline, unseen_questions(options.root))
    thresholds = choose(phrasings, Promises())
    print(f"answer_threshold {thresholds.answer:.2f}, decline_threshold {thresholds.decline:.2f}")
    print(f"{len(phrasings)} phrasings, each by the model of the others: {outcome(phrasings, thresholds)}")
    print(f"{len(questions)} test questions: {outcome(questions, thresholds)}")
    if not options.dry_run:
        write(config, thresholds)
        pictures = options.root / "docs" / "pictures"
        reliability_diagram(questions, thresholds, pictures / "nlu-reliability.png")
        confusion_matrix(questions, pictures / "nlu-confusion.png")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
