"""Compares Guichet's understanding with its peers', side by side: `make bench-nlu [TEST=path.tsv] [ARGS="--limit 15"]`.

The repository's configuration, the one `rasa init` writes and nlp.js are trained on the same lines and asked the same questions, each in
processes of its own (`tools/bench/`). One Markdown table goes to standard output, everything else to standard error. Nothing of the results
is kept: each run trains anew, under `var/bench`. What `rasa init` writes trains for long, about half a second an example on two cores, and
comes last: interrupted, the command prints the table of the systems measured until then.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import LiteralScalarString

from tools.bench.scores import Answer, BenchError, Question, Result, read_questions, table

ROOT = Path(__file__).resolve().parent.parent
PEERS = Path(__file__).resolve().parent / "bench"
WORK = ROOT / "var" / "bench"
TRAINING = (ROOT / "build" / "nlu" / "faq.yml", ROOT / "bot" / "data" / "nlu.yml")
TESTS = ROOT / "tests" / "nlu"
RASA, NODE = ROOT / ".venv-rasa" / "bin" / "python", ROOT / ".venv" / "bin" / "node"

TRAINING_CORES, PARSING_CORES = 2, 1
_WARM_UP = 10
_ENTITY = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})")


@dataclass(frozen=True)
class System:
    """How a system is trained and asked: its name in the table and, for a folder to work in, the two commands."""

    title: str
    training: Callable[[Path], list[str]]
    asking: Callable[[Path], list[str]]


def prepare_training(sources: Sequence[Path], target: Path, limit: int | None) -> list[tuple[str, str]]:
    """Copies the training files, each intent cut to its first `limit` examples, and returns the examples as (text, intent).

    Raises:
        BenchError: A file is missing.
    """
    target.mkdir(parents=True)
    examples: list[tuple[str, str]] = []
    for source in sources:
        if not source.is_file():
            raise BenchError(f"The training file {source} is missing; `make bench-nlu` compiles it")
        data = YAML(typ="safe").load(source)
        for item in data["nlu"]:
            if "intent" in item:
                lines = item["examples"].splitlines()[:limit]
                item["examples"] = LiteralScalarString("\n".join(lines) + "\n")
                examples += [(_ENTITY.sub(r"\1", line[1:].strip()), item["intent"]) for line in lines]
        if limit is None:
            shutil.copy(source, target / source.name)
        else:
            _dump(data, target / source.name)
    return examples


def _dump(data: Any, path: Path) -> None:
    yaml = YAML()
    yaml.width = 10_000
    yaml.dump(data, path)


def _train_rasa(folder: Path) -> list[str]:
    files = ["--config", str(folder / "config.yml"), "--nlu", str(WORK / "nlu"), "--out", str(folder)]
    return [str(RASA), "-W", "ignore", "-m", "rasa", "train", "nlu", *files, "--fixed-model-name", "model"]


def _train_guichet(folder: Path) -> list[str]:
    # A copy: Rasa may write into the configuration it trains.
    shutil.copy(ROOT / "config.yml", folder)
    return _train_rasa(folder)


def _train_rasa_init(folder: Path) -> list[str]:
    """Takes the installed template, whose empty pipeline Rasa fills with its defaults, in French."""
    template = next((RASA.parent.parent / "lib").glob("python3*/site-packages/rasa/cli/initial_project/config.yml"))
    config, count = re.subn(r"(?m)^language: \w+$", "language: fr", template.read_text("utf-8"))
    if count != 1:
        raise BenchError(f"{template} is not the template that was expected: it has {count} lines `language: …`")
    (folder / "config.yml").write_text(config, "utf-8")
    return _train_rasa(folder)


def _ask_rasa(kind: str) -> Callable[[Path], list[str]]:
    def command(folder: Path) -> list[str]:
        files = [str(folder / "model.tar.gz"), str(WORK / "questions.json"), str(folder / "answers.json")]
        return [str(RASA), "-W", "ignore", str(PEERS / "rasa_peer.py"), kind, *files]

    return command


def _nlpjs(step: str, file: str) -> Callable[[Path], list[str]]:
    def command(folder: Path) -> list[str]:
        return [str(NODE), str(PEERS / "nlpjs_peer.mjs"), step, str(folder / "model.json"), str(WORK / file), str(folder / "answers.json")]

    return command


SYSTEMS = {
    "guichet": System("Guichet", _train_guichet, _ask_rasa("guichet")),
    "nlpjs": System("nlp.js", _nlpjs("train", "examples.json"), _nlpjs("parse", "questions.json")),
    "rasa-init": System("`rasa init`, French", _train_rasa_init, _ask_rasa("rasa-init")),
}


def measure(name: str) -> Result:
    """Trains a system, then asks it everything in a new process on one core.

    Raises:
        BenchError: One of its commands failed.
    """
    system, folder = SYSTEMS[name], WORK / name
    folder.mkdir()
    training = _run(f"{name}: training", system.training(folder), folder / "train.log", TRAINING_CORES)
    _run(f"{name}: questions", system.asking(folder), folder / "parse.log", PARSING_CORES)
    found = json.loads((folder / "answers.json").read_text("utf-8"))
    answers = [Answer(item["intent"], tuple(item["ranking"]), item["milliseconds"]) for item in found["answers"]]
    return Result(system.title, answers, training, found["memory"])


def _run(step: str, command: Sequence[str], log: Path, cores: int) -> float:
    """Runs a command on so many cores, its output in `log`; returns how many seconds it took."""
    started = time.monotonic()
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=_settings(cores), stdout=output, stderr=subprocess.STDOUT, preexec_fn=_pin(cores))
        try:
            code = process.wait()
        finally:
            process.kill()
    taken = time.monotonic() - started
    if code:
        tail = "\n".join(log.read_text("utf-8", "replace").replace("\r", "\n").splitlines()[-15:])
        raise BenchError(f"{step} failed; the end of {log.relative_to(ROOT)} says:\n{tail}")
    print(f"  {step}: done in {taken:.0f} s", file=sys.stderr, flush=True)
    return taken


def _pin(cores: int) -> Callable[[], None]:
    chosen = sorted(os.sched_getaffinity(0))[-cores:]
    return lambda: os.sched_setaffinity(0, chosen)


def _settings(cores: int) -> Mapping[str, str]:
    threads = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "TF_INTRA_OP_PARALLELISM_THREADS", "TF_INTER_OP_PARALLELISM_THREADS")
    # No cache: a component that Rasa finds trained would cost no time.
    rasa = {"RASA_TELEMETRY_ENABLED": "false", "RASA_MAX_CACHE_SIZE": "0", "RASA_CACHE_DIRECTORY": str(WORK / "cache")}
    return {**os.environ, **dict.fromkeys(threads, str(cores)), **rasa, "TF_CPP_MIN_LOG_LEVEL": "2", "PYTHONPATH": str(ROOT)}


def prepare(tests: Sequence[Path], limit: int | None) -> list[Question]:
    """Lays out under `WORK` the training files and the questions; returns the questions.

    Raises:
        BenchError: A training or a test file is missing or ill-formed.
    """
    if not tests:
        raise BenchError(f"There is no test file in {TESTS.relative_to(ROOT)}")
    shutil.rmtree(WORK, ignore_errors=True)
    examples = prepare_training(TRAINING, WORK / "nlu", limit)
    intents = {intent for _, intent in examples}
    questions = [question for path in tests for question in read_questions(path, intents)]
    # Asked before the clock runs, and never among the questions: systems remember texts.
    warm_up = [text for text, _ in examples[:: max(1, len(examples) // _WARM_UP)]]
    _write_json("examples.json", [{"text": text, "intent": intent} for text, intent in examples])
    _write_json("questions.json", {"warm_up": warm_up, "questions": [question.text for question in questions]})
    inside = sum(question.in_scope for question in questions)
    print(
        f"{len(examples)} examples of {len(intents)} intents; {len(questions)} questions, {inside} in scope, of "
        + ", ".join(path.name for path in tests),
        file=sys.stderr,
    )
    return questions


def _write_json(name: str, data: Any) -> None:
    (WORK / name).write_text(json.dumps(data, ensure_ascii=False), "utf-8")


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench-nlu", description="Compares Guichet's understanding with its peers'.")
    parser.add_argument("--test", type=Path, help="test file; default: every tests/nlu/*.tsv")
    parser.add_argument("--systems", type=_systems, default=list(SYSTEMS), help="some of " + ",".join(SYSTEMS))
    parser.add_argument("--limit", type=_positive, help="at most so many examples of each intent in each training file, for a quick trial")
    return parser.parse_args(arguments)


def _systems(names: str) -> list[str]:
    chosen = names.split(",")
    unknown = [name for name in chosen if name not in SYSTEMS]
    if unknown:
        raise argparse.ArgumentTypeError(f"unknown system {', '.join(unknown)}; expected some of {','.join(SYSTEMS)}")
    return chosen


def _positive(number: str) -> int:
    if not number.isdecimal() or int(number) < 1:
        raise argparse.ArgumentTypeError(f"'{number}' is no number of examples; expected 1 or more")
    return int(number)


def main(arguments: Sequence[str]) -> int:
    """Prints the table of the systems that could be measured; returns the exit status, 1 if one could not."""
    options = _parse(arguments)
    try:
        questions = prepare([options.test] if options.test else sorted(TESTS.glob("*.tsv")), options.limit)
    except BenchError as error:
        print(error, file=sys.stderr)
        return 1
    results: list[Result] = []
    try:
        for name in options.systems:
            try:
                results.append(measure(name))
            except BenchError as error:
                print(error, file=sys.stderr)
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
    if results:
        print(table(questions, results))
    return 0 if len(results) == len(options.systems) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
