"""Where understanding fails, for whoever improves it: `python -m bot.nlu.report`. Prints Markdown; trains a model of its own."""

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import yaml

from bot.nlu.decision import Thresholds
from bot.nlu.evaluation import Judged, ask, held_out, outcome, training_examples, unseen_questions
from bot.nlu.pipeline import TrainedPipeline

_SHOWN = 12
_NEAREST = 15
_LONGEST = 110
BAR = {"understood": 0.93, "among_three": 0.98, "wrong": 0.04, "refused": 0.90}
"""What this project asks of its own test questions; `wrong` at most, the others at least."""


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Returns a Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def summary(questions: Sequence[Judged], thresholds: Thresholds) -> str:
    """Returns the figures the project is judged by, against the bar."""
    result = outcome(questions, thresholds)
    titles = {
        "understood": "in scope: right intent, answered or asked back",
        "among_three": "in scope: right intent among the first three",
        "wrong": "in scope: answered with the wrong entry",
        "refused": "out of scope: not answered",
    }
    rows = []
    for name, title in titles.items():
        value, bar = getattr(result, name), BAR[name]
        met = value <= bar if name == "wrong" else value >= bar
        rows.append([title, f"{value:.1%}", f"{'≤' if name == 'wrong' else '≥'} {bar:.0%}", "yes" if met else "no"])
    return table(["measure", "value", "bar", "met"], rows)


def by(questions: Sequence[Judged], thresholds: Thresholds, group: Callable[[Judged], str], title: str) -> str:
    """Returns a table of outcomes by intent or voice, the least understood first."""
    rows = []
    for name in sorted({group(question) for question in questions}):
        part = [question for question in questions if group(question) == name]
        result, inside = outcome(part, thresholds), any(question.inside for question in part)
        outside = any(not question.inside for question in part)
        shares = [result.understood, result.among_three, result.answered, result.wrong]
        cells = [f"{share:.0%}" if inside else "–" for share in shares] + [f"{result.refused:.0%}" if outside else "–"]
        rows.append((result.understood if inside else 2, [name, str(len(part)), *cells]))
    header = [title, "questions", "right intent", "among three", "answered right", "answered wrong", "out of scope not answered"]
    return table(header, [row for _, row in sorted(rows, key=lambda row: row[0])])


def confusions(questions: Sequence[Judged]) -> str:
    """Returns the intents most often taken for one another, with examples."""
    pairs = Counter((question.labels[0], question.ranking[0]["name"]) for question in questions if _missed(question))
    rows = []
    for (meant, understood), count in pairs.most_common(_SHOWN):
        examples = [q.text for q in questions if _missed(q) and (q.labels[0], q.ranking[0]["name"]) == (meant, understood)]
        rows.append([meant, understood, str(count), " · ".join(_short(text) for text in examples[:2])])
    return table(["meant", "understood", "times", "for example"], rows)


def nearest(questions: Sequence[Judged], thresholds: Thresholds) -> str:
    """Returns the questions nearest to the answer threshold: a little more data tips them."""
    closest = sorted(questions, key=lambda question: abs(question.ranking[0]["confidence"] - thresholds.answer))[:_NEAREST]
    rows = [[f"{q.ranking[0]['confidence']:.2f}", q.ranking[0]["name"], "|".join(q.labels), _short(q.text)] for q in closest]
    return table(["probability", "best intent", "meant", "question"], rows)


def _missed(question: Judged) -> bool:
    return question.ranking[0]["name"] not in question.labels


def _short(text: str) -> str:
    clean = " ".join(text.split()).replace("|", "/")
    return clean if len(clean) <= _LONGEST else f"{clean[:_LONGEST]}…"


def parse_times(pipeline: TrainedPipeline, questions: Sequence[Judged]) -> "tuple[float, float]":
    """Returns the median and the 95th percentile of the time to parse a question on one core, in milliseconds."""
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    try:
        times = []
        for question in questions:
            start = time.perf_counter()
            pipeline.parse(question.text)
            times.append((time.perf_counter() - start) * 1000)
    finally:
        os.sched_setaffinity(0, cores)
    return float(np.percentile(times, 50)), float(np.percentile(times, 95))


def main(arguments: Sequence[str]) -> int:
    """Trains, measures, prints; returns 0 if the bar is met, 1 if not."""
    parser = argparse.ArgumentParser(prog="python -m bot.nlu.report", description="Where understanding fails.")
    parser.add_argument("--root", type=Path, default=Path(), help="the repository")
    root: Path = parser.parse_args(arguments).root
    pipeline_settings = yaml.safe_load((root / "config.yml").read_text("utf-8"))["pipeline"]
    decision = next(item for item in pipeline_settings if item["name"].endswith("IntentDecisionClassifier"))
    thresholds = Thresholds(decision["answer_threshold"], decision["decline_threshold"])
    examples = training_examples(root)
    start = time.perf_counter()
    pipeline = TrainedPipeline.train(root / "config.yml", examples)
    seconds = time.perf_counter() - start
    phrasings, questions = held_out(pipeline), ask(pipeline, unseen_questions(root))
    median, slow = parse_times(pipeline, questions)
    inside = sum(question.inside for question in questions)
    print(f"{len(phrasings)} training phrasings; {inside} test questions in scope, {len(questions) - inside} out of scope.\n")
    print(f"Training {seconds:.0f} s; parse on one core: median {median:.1f} ms, 95th percentile {slow:.1f} ms.\n")
    for title, text in (
        ("Test questions", summary(questions, thresholds)),
        ("By voice", by(questions, thresholds, lambda question: question.voice, "voice")),
        ("By intent", by(questions, thresholds, lambda question: question.labels[0], "intent")),
        ("Worst confusions", confusions(questions)),
        ("Nearest to the answer threshold", nearest(questions, thresholds)),
        ("Cross-validation: each training phrasing under the model of all the others", f"{outcome(phrasings, thresholds)}"),
        ("Training phrasings by intent", by(phrasings, thresholds, lambda question: question.labels[0], "intent")),
        ("Worst confusions among the training phrasings", confusions(phrasings)),
    ):
        print(f"### {title}\n\n{text}\n")
    result = outcome(questions, thresholds)
    met = [getattr(result, name) <= bar if name == "wrong" else getattr(result, name) >= bar for name, bar in BAR.items()]
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
