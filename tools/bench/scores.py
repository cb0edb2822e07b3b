"""What the comparison counts: test questions read from files, what the systems answered, and the table of both."""

import difflib
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

OUT_OF_SCOPE = "out_of_scope"
FALLBACKS = frozenset({"nlu_fallback", "None"})
"""What the systems say instead of an intent when they are not sure: Guichet's question and Rasa's fallback, nlp.js's."""

_FORM = "expected UTF-8 lines `text<TAB>label` under a header that starts with these two words (several acceptable labels: `a|b`)"
_HEAD = ("system", "right first", "among three", "out of scope not answered", "answered wrong", "parse p50 / p95 (ms)", "training (s)", "memory (MB)")


class BenchError(Exception):
    """The comparison cannot be made; the message says why."""


@dataclass(frozen=True)
class Question:
    """A test question and the intents that are right for it."""

    text: str
    labels: frozenset[str]

    @property
    def in_scope(self) -> bool:
        """Whether some intent answers it."""
        return self.labels != {OUT_OF_SCOPE}


@dataclass(frozen=True)
class Answer:
    """What a system made of a question.

    Attributes:
        intent: The intent it acts on, or its fallback.
        ranking: Its intents, likeliest first.
        milliseconds: How long it took.
    """

    intent: str
    ranking: tuple[str, ...]
    milliseconds: float = 0.0

    @property
    def answered(self) -> bool:
        """Whether the customer gets the answer of an intent at once."""
        return self.intent not in FALLBACKS and self.intent != OUT_OF_SCOPE

    @property
    def candidates(self) -> list[str]:
        """The intents in the order in which they count: what is acted on, then those that could be offered."""
        others = [name for name in self.ranking if name not in FALLBACKS and name not in (OUT_OF_SCOPE, self.intent)]
        return others if self.intent in FALLBACKS else [self.intent, *others]


@dataclass(frozen=True)
class Result:
    """One system's run: training time in seconds, highest resident memory of the parsing process in MB."""

    system: str
    answers: Sequence[Answer]
    training: float
    memory: float


def read_questions(path: Path, intents: Iterable[str]) -> list[Question]:
    """Reads a test file; columns after the second are ignored.

    Args:
        path: The file, tab-separated, with a header.
        intents: The labels there can be.

    Raises:
        BenchError: The file is missing, has another form, or a label is no intent of the training files.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise BenchError(f"{path} cannot be read ({error}); {_FORM}") from error
    if [column.strip() for column in lines[0].split("\t")[:2]] != ["text", "label"]:
        raise BenchError(f"{path}, line 1: the header is {lines[0][:80]!r}; {_FORM}")
    known = frozenset(intents)
    questions = [_question(path, number, line, known) for number, line in enumerate(lines[1:], 2) if line.strip()]
    if not questions:
        raise BenchError(f"{path} has no question; {_FORM}")
    return questions


def _question(path: Path, number: int, line: str, intents: frozenset[str]) -> Question:
    text, *columns = (column.strip() for column in line.split("\t"))
    labels = frozenset(label.strip() for label in columns[0].split("|")) if columns else frozenset[str]()
    if not text or not labels or "" in labels:
        raise BenchError(f"{path}, line {number}: {line[:80]!r} lacks a text or a label; {_FORM}")
    for label in sorted(labels - intents):
        near = difflib.get_close_matches(label, intents, 1)
        hint = f"; did you mean '{near[0]}'?" if near else ""
        raise BenchError(f"{path}, line {number}: '{label}' is no intent of the training files{hint}")
    return Question(text, labels)


def table(questions: Sequence[Question], results: Sequence[Result]) -> str:
    """Returns the Markdown table, a line per system."""
    rule = ["---", *["---:"] * (len(_HEAD) - 1)]
    lines = [_HEAD, rule, *(_row(questions, result) for result in results)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _row(questions: Sequence[Question], result: Result) -> Sequence[str]:
    pairs = list(zip(questions, result.answers, strict=True))
    inside = [(question.labels, answer) for question, answer in pairs if question.in_scope]
    times = [answer.milliseconds for answer in result.answers]
    return (
        result.system,
        _share([not labels.isdisjoint(answer.candidates[:1]) for labels, answer in inside]),
        _share([not labels.isdisjoint(answer.candidates[:3]) for labels, answer in inside]),
        _share([not answer.answered for question, answer in pairs if not question.in_scope]),
        _share([answer.answered and answer.intent not in labels for labels, answer in inside]),
        f"{percentile(times, 50):.1f} / {percentile(times, 95):.1f}",
        f"{result.training:.0f}",
        f"{result.memory:.0f}",
    )


def _share(outcomes: Sequence[bool]) -> str:
    return f"{sum(outcomes) / len(outcomes):.1%}" if outcomes else "–"


def percentile(values: Sequence[float], percent: int) -> float:
    """Returns the smallest of `values` that at least `percent` % of them do not exceed."""
    return sorted(values)[math.ceil(percent * len(values) / 100) - 1]
