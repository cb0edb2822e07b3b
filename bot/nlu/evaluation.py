"""Measuring understanding: test questions, what becomes of them, and the figures the project is judged by."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.importers.utils import training_data_from_paths
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.decision import ANSWER, CLARIFY, OUT_OF_SCOPE, Thresholds, decide
from bot.nlu.pipeline import TrainedPipeline


@dataclass(frozen=True)
class Judged:
    """A question whose answer is known, and what a model made of it.

    Attributes:
        text: As typed.
        labels: Intents that satisfy the customer, the likeliest first.
        voice: How it is written (sms, formal…); empty for training phrasings.
        ranking: Intents with their probability, the likeliest first.
    """

    text: str
    labels: tuple[str, ...]
    voice: str
    ranking: list[dict[str, Any]]

    @property
    def inside(self) -> bool:
        """Whether the assistant is meant to have an answer."""
        return OUT_OF_SCOPE not in self.labels

    @property
    def candidates(self) -> list[str]:
        """Intents in scope, the likeliest first."""
        return [item["name"] for item in self.ranking if item["name"] != OUT_OF_SCOPE]


@dataclass(frozen=True)
class Outcome:
    """Shares of questions by what would happen to them.

    Attributes:
        understood: In scope, the best intent is right and the question is answered or asked back (not declined).
        among_three: In scope, a right intent is among the first three.
        answered: In scope, answered with the right entry.
        wrong: In scope, answered with another entry.
        declined: In scope, declined.
        refused: Out of scope, not answered.
    """

    understood: float
    among_three: float
    answered: float
    wrong: float
    declined: float
    refused: float

    def __str__(self) -> str:
        return (
            f"in scope: right intent {self.understood:.1%}, among three {self.among_three:.1%}, answered right {self.answered:.1%}, "
            f"answered wrong {self.wrong:.1%}, declined {self.declined:.1%}; out of scope: not answered {self.refused:.1%}"
        )


def outcome(questions: Sequence[Judged], thresholds: Thresholds) -> Outcome:
    """Counts what `thresholds` would do to judged questions; a share of no questions is 0."""
    inside = [(question, decide(question.ranking, thresholds)) for question in questions if question.inside]
    outside = [decide(question.ranking, thresholds)["decision"] for question in questions if not question.inside]
    return Outcome(
        understood=_share(verdict["intent"] in question.labels and verdict["decision"] in (ANSWER, CLARIFY) for question, verdict in inside),
        among_three=_share(bool(set(question.candidates[:3]) & set(question.labels)) for question, _ in inside),
        answered=_share(verdict["decision"] == ANSWER and verdict["intent"] in question.labels for question, verdict in inside),
        wrong=_share(verdict["decision"] == ANSWER and verdict["intent"] not in question.labels for question, verdict in inside),
        declined=_share(verdict["decision"] not in (ANSWER, CLARIFY) for _, verdict in inside),
        refused=_share(decision != ANSWER for decision in outside),
    )


def _share(facts: Iterable[bool]) -> float:
    values = list(facts)
    return sum(values) / len(values) if values else 0.0


def training_examples(root: Path) -> list[Message]:
    """Loads the training phrasings of a repository: the compiled FAQ and `bot/data/nlu.yml`."""
    data: TrainingData = training_data_from_paths([str(root / "build" / "nlu"), str(root / "bot" / "data" / "nlu.yml")], language="fr")
    return [example for example in data.intent_examples if example.get(TEXT)]


def unseen_questions(root: Path) -> list[tuple[str, tuple[str, ...], str]]:
    """Returns text, labels and voice of every test question: `tests/nlu/*.tsv`, and `tests` of the FAQ's entries (voice "faq").

    Raises:
        ValueError: A file lacks the columns text and label.
    """
    questions = [question for path in sorted((root / "tests" / "nlu").glob("*.tsv")) for question in read_questions(path)]
    for path in sorted((root / "faq").glob("*.yml")):
        content = yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)
        questions += [(text, (entry["id"],), "faq") for entry in content.get("entrees", []) for text in entry.get("tests", [])]
    return questions


def read_questions(path: Path) -> list[tuple[str, tuple[str, ...], str]]:
    """Reads a file of test questions: columns text, label (several acceptable ones joined by `|`) and, if there is one, voice.

    Raises:
        ValueError: The file lacks the columns text and label.
    """
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        if not {"text", "label"} <= set(rows.fieldnames or ()):
            raise ValueError(f"{path}: the first line should name the columns text and label, separated by a tab.")
        return [(row["text"], tuple(row["label"].split("|")), row.get("voice") or path.stem) for row in rows]


def ask(pipeline: TrainedPipeline, questions: Sequence[tuple[str, tuple[str, ...], str]]) -> list[Judged]:
    """Has `pipeline` rank the test questions."""
    return [Judged(text, labels, voice, _ranking(pipeline.parse(text))) for text, labels, voice in questions]


def held_out(pipeline: TrainedPipeline) -> list[Judged]:
    """Returns each training phrasing with the ranking it gets from the model of all the others."""
    return [Judged(message.get(TEXT), (message.get(INTENT),), "", ranking) for message, ranking in pipeline.held_out]


def _ranking(message: Message) -> list[dict[str, Any]]:
    """Returns the classifier's ranking, without what the decision put in front of it."""
    ranking: list[dict[str, Any]] = message.get(INTENT_RANKING_KEY)
    return [item for item in ranking if item["name"] != DEFAULT_NLU_FALLBACK_INTENT_NAME]
