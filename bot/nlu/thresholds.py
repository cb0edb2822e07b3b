"""Chooses the decision thresholds on the training data: `python -m bot.nlu.thresholds --nlu build/nlu bot/data/nlu.yml`.

Each example is classified by a model that has not seen it (cross-validation over the whole pipeline of `config.yml`).
Among all pairs of thresholds that keep the promises, the one with the most right answers is written to `config.yml`.
"""

import argparse
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.importers.utils import training_data_from_paths
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.model_selection import StratifiedKFold

from bot.nlu.decision import ANSWER, CLARIFY, CONVERSATION_INTENTS, DECLINE, OUT_OF_SCOPE, Thresholds, decide
from bot.nlu.pipeline import TrainedPipeline

_GRID = np.round(np.arange(0.02, 0.99, 0.01), 2)


@dataclass(frozen=True)
class Promises:
    """What must hold on unseen questions, as shares.

    Attributes:
        wrong: Highest share of in-scope questions answered with the wrong entry.
        refused: Lowest share of out-of-scope questions that are not answered.
    """

    wrong: float = 0.04
    refused: float = 0.90


@dataclass(frozen=True)
class Outcome:
    """Shares of questions by what would happen to them.

    Attributes:
        right: In scope, answered with the right entry.
        offered: In scope, not answered, the right entry among those offered.
        wrong: In scope, answered with another entry.
        declined: In scope, declined.
        refused: Out of scope, not answered.
    """

    right: float
    offered: float
    wrong: float
    declined: float
    refused: float

    def __str__(self) -> str:
        return (
            f"right {self.right:.1%}, right entry offered {self.offered:.1%}, wrong {self.wrong:.1%}, "
            f"declined {self.declined:.1%}; out of scope not answered {self.refused:.1%}"
        )


Ranked = tuple[str, list[dict[str, Any]]]
"""The true intent of a question and the ranking a model gave it."""


def cross_validate(examples: Sequence[Message], config: Path, folds: int) -> Iterator[Ranked]:
    """Ranks each example with a pipeline trained on the other folds.

    Raises:
        ValueError: There are fewer examples than folds.
    """
    truths = np.asarray([example.get(INTENT) for example in examples])
    splits = StratifiedKFold(folds, shuffle=True, random_state=0).split(truths, truths)
    for number, (train, test) in enumerate(splits, 1):
        print(f"fold {number} of {folds}", file=sys.stderr)
        pipeline = TrainedPipeline.train(config, [_copy(examples[index]) for index in train])
        for index in test:
            yield truths[index], _ranking(pipeline.parse(examples[index].get(TEXT)))


def _ranking(message: Message) -> list[dict[str, Any]]:
    """Returns the classifier's ranking, without what the decision put in front of it."""
    ranking: list[dict[str, Any]] = message.get(INTENT_RANKING_KEY)
    return [item for item in ranking if item["name"] != DEFAULT_NLU_FALLBACK_INTENT_NAME]


def _copy(example: Message) -> Message:
    return Message({TEXT: example.get(TEXT), INTENT: example.get(INTENT)})


def outcome(ranked: Sequence[Ranked], thresholds: Thresholds) -> Outcome:
    """Counts what `thresholds` would do to ranked questions."""
    counts = dict.fromkeys(("right", "offered", "wrong", "declined", "refused"), 0)
    for truth, ranking in ranked:
        fate = _fate(truth, decide(ranking, thresholds))
        if fate:
            counts[fate] += 1
    outside = sum(truth == OUT_OF_SCOPE for truth, _ in ranked)
    inside = len(ranked) - outside
    shares = {fate: count / max(1, outside if fate == "refused" else inside) for fate, count in counts.items()}
    return Outcome(**shares)


def _fate(truth: str, verdict: dict[str, Any]) -> str | None:
    """Names the field of `Outcome` in which a question counts; None if it is asked back in vain or wrongly answered."""
    if truth == OUT_OF_SCOPE:
        return None if verdict["decision"] == ANSWER else "refused"
    if verdict["decision"] == ANSWER:
        return "right" if verdict["intent"] == truth else "wrong"
    if verdict["decision"] == CLARIFY:
        return "offered" if truth in {offer["intent"] for offer in verdict["alternatives"]} else None
    return "declined"


def choose(ranked: Sequence[Ranked], promises: Promises) -> Thresholds:
    """Returns the thresholds with the most right answers that keep the promises.

    Where no pair keeps them all, the lowest share of wrong answers counts most.
    """
    answer = max(_GRID, key=lambda line: _merit(outcome(ranked, Thresholds(line, 0.0)), promises))
    lines = [line for line in _GRID if line <= answer]
    decline = max(lines, key=lambda line: (_separation(ranked, Thresholds(answer, line)), line))
    return Thresholds(float(answer), float(decline))


def _separation(ranked: Sequence[Ranked], thresholds: Thresholds) -> float:
    """Returns the share declined of out-of-scope questions less that of in-scope ones.

    Declining a customer who could have been asked back is worth it only where it spares others a pointless question.
    """
    declined = {True: 0, False: 0}
    for truth, ranking in ranked:
        declined[truth == OUT_OF_SCOPE] += decide(ranking, thresholds)["decision"] == DECLINE
    outside = sum(truth == OUT_OF_SCOPE for truth, _ in ranked)
    return round(declined[True] / max(1, outside) - declined[False] / max(1, len(ranked) - outside), 4)


def _merit(result: Outcome, promises: Promises) -> tuple[float, float]:
    broken = max(0.0, result.wrong - promises.wrong) + max(0.0, promises.refused - result.refused)
    return (-round(broken, 4), result.right)


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


def evaluate(examples: Sequence[Message], tests: Sequence[Path], config: Path) -> list[Ranked]:
    """Ranks the questions of files of `text<TAB>intent` lines with a pipeline trained on all examples."""
    pipeline = TrainedPipeline.train(config, [_copy(example) for example in examples])
    lines = [line.split("\t") for path in tests for line in path.read_text(encoding="utf-8").splitlines() if "\t" in line]
    return [(intent, _ranking(pipeline.parse(text))) for text, intent in lines if intent != "label"]


def _load(paths: Sequence[str]) -> list[Message]:
    data: TrainingData = training_data_from_paths(paths, language="fr")
    return [example for example in data.intent_examples if example.get(TEXT)]


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bot.nlu.thresholds", description="Chooses the decision thresholds.")
    parser.add_argument("--config", type=Path, default=Path("config.yml"))
    parser.add_argument("--nlu", nargs="+", default=["build/nlu", "bot/data"], help="training files or directories")
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--tests", nargs="+", type=Path, help="choose on these files (text<TAB>intent) instead")
    parser.add_argument("--dry-run", action="store_true", help="print the figures, leave the configuration as it is")
    return parser.parse_args(arguments)


def _ranked(examples: Sequence[Message], options: argparse.Namespace) -> list[Ranked]:
    if options.tests:
        return evaluate(examples, options.tests, options.config)
    return list(cross_validate(examples, options.config, options.folds))


def main(arguments: Sequence[str]) -> int:
    """Chooses, prints and writes; returns the exit status."""
    options = _parse(arguments)
    examples = _load([str(path) for path in options.nlu if Path(path).exists()])
    ranked = _ranked(examples, options)
    thresholds = choose(ranked, Promises())
    first = np.mean([ranking[0]["name"] == truth for truth, ranking in ranked if truth != OUT_OF_SCOPE])
    three = np.mean([truth in [item["name"] for item in ranking[:3]] for truth, ranking in ranked if truth != OUT_OF_SCOPE])
    print(f"{len(examples)} examples, {len(ranked)} questions; in scope: first {first:.1%}, among three {three:.1%}")
    print(f"answer_threshold {thresholds.answer:.2f}, decline_threshold {thresholds.decline:.2f}")
    print(outcome(ranked, thresholds))
    for name in ("conversation", "business"):
        part = [item for item in ranked if (item[0] in CONVERSATION_INTENTS) == (name == "conversation")]
        print(f"{name}: {outcome(part, thresholds)}")
    if not options.dry_run:
        write(options.config, thresholds)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
