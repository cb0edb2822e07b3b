"""What the assistant understands, one JSON line per question: `python -m bot.predict < questions.txt`.

Runs the newest trained model exactly as the bot process would. Only results go to standard output.
"""

import argparse
import asyncio
import json
import logging
import os
import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from rasa.core.agent import Agent

_INTERNAL_INTENTS = frozenset({"inform", "nlu_fallback"})
_OUT_OF_SCOPE = "out_of_scope"
_ALTERNATIVES = 5


def main(arguments: Sequence[str] = ()) -> int:
    """Answers each line of standard input; returns the exit status."""
    options = _parse(arguments)
    with _results_only() as results:
        agent = _load(options.model)
        if agent is None:
            print(f"No trained model in '{options.model}'.", file=sys.stderr)
            return 1
        asyncio.run(_answer_all(agent, _questions(), results))
    return 0


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bot.predict", description="Prints what the assistant understands.")
    parser.add_argument("--model", default="models", help="a model, or a directory whose newest model is taken")
    return parser.parse_args(arguments)


@contextmanager
def _results_only() -> Iterator[TextIO]:
    """Gives the real standard output to the results and sends whatever libraries print to standard error."""
    sys.stdout.flush()
    saved = os.dup(1)
    os.dup2(2, 1)
    try:
        with open(saved, "w", encoding="utf-8", errors="replace", newline="\n", closefd=False) as results:
            yield results
    finally:
        sys.stdout.flush()
        os.dup2(saved, 1)
        os.close(saved)


def _load(path: str) -> "Agent | None":
    """Loads the newest model under `path` as `rasa run` would; None if there is none."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    warnings.simplefilter("ignore")
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    from rasa.core.agent import Agent
    from rasa.exceptions import ModelNotFound
    from rasa.model import get_local_model
    from rasa.utils.log_utils import configure_structlog

    # Rasa's debug lines would repeat every question.
    configure_structlog(logging.WARNING)
    try:
        agent = Agent.load(get_local_model(path))
    except ModelNotFound:
        return None
    return agent if agent.is_ready() else None


def _questions() -> Iterator[str]:
    with open(0, encoding="utf-8", errors="replace", newline="\n", closefd=False) as lines:
        for line in lines:
            yield line.rstrip("\r\n")


async def _answer_all(agent: "Agent", questions: Iterator[str], results: TextIO) -> None:
    for question in questions:
        # The service never hands Rasa a text that Rasa would obey as a command.
        parsed = await agent.parse_message(question.strip().lstrip("/ "))
        print(json.dumps(prediction(question, parsed), ensure_ascii=False), file=results, flush=True)


def prediction(text: str, parsed: Mapping[str, Any]) -> dict[str, Any]:
    """Puts a Rasa parse result in terms of the intents that are documented.

    Args:
        text: The question as it was read.
        parsed: What `Agent.parse_message` returned.

    Returns:
        `text`, `decision`, `intent`, `confidence` and `alternatives`, the next likeliest intents in scope;
        `second`, the other intent of a message that asks two things.
    """
    ranking = [item for item in parsed.get("intent_ranking", []) if item["name"] not in _INTERNAL_INTENTS]
    in_scope = [item for item in ranking if item["name"] != _OUT_OF_SCOPE]
    verdict = parsed.get("decision", {})
    decision = verdict.get("decision", "decline")
    if decision == "decline" or not in_scope:
        confidence = parsed.get("intent", {}).get("confidence", 0.0)
        return _line(text, "decline", _OUT_OF_SCOPE, confidence, in_scope)
    line = _line(text, decision, in_scope[0]["name"], in_scope[0]["confidence"], in_scope[1:])
    return {**line, "second": verdict["second"]["intent"]} if "second" in verdict else line


def _line(text: str, decision: str, intent: str, confidence: float, others: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    alternatives: list[dict[str, Any]] = [{"intent": item["name"], "confidence": round(item["confidence"], 4)} for item in others[:_ALTERNATIVES]]
    return {
        "text": text,
        "decision": decision,
        "intent": intent,
        "confidence": round(confidence, 4),
        "alternatives": alternatives,
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
