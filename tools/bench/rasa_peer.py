"""Asks a Rasa model questions and writes what it made of them, in Rasa's environment.

Usage: python rasa_peer.py guichet|rasa-init MODEL QUESTIONS ANSWERS   (see tools/bench_nlu.py, which runs it)
"""
# mypy: disable-error-code="import-not-found"

import asyncio
import json
import logging
import resource
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.predict import prediction


def main(kind: str, model: str, questions: str, answers: str) -> None:
    """Loads `model` freshly, warms it up, asks `questions` one by one and writes `answers`."""
    from rasa.core.agent import Agent
    from rasa.utils.log_utils import configure_structlog

    # As bot/predict.py does: printing every question would take time.
    logging.basicConfig(level=logging.WARNING)
    configure_structlog(logging.WARNING)
    read = json.loads(Path(questions).read_text("utf-8"))
    agent = Agent.load(model)
    if not agent.is_ready():
        sys.exit(f"Rasa cannot load {model}")
    found = asyncio.run(_ask_all(agent, read["warm_up"], read["questions"], _guichet if kind == "guichet" else _rasa))
    # Linux counts in kibibytes.
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    Path(answers).write_text(json.dumps({"answers": found, "memory": memory}), "utf-8")


async def _ask_all(agent: Any, warm_up: Sequence[str], questions: Sequence[str], reading: Any) -> list[dict[str, Any]]:
    for text in warm_up:
        await agent.parse_message(text)
    found = []
    for text in questions:
        started = time.perf_counter()
        # As bot/predict.py does: no text is a command.
        parsed = await agent.parse_message(text.strip().lstrip("/ "))
        taken = time.perf_counter() - started
        found.append({**reading(parsed), "milliseconds": 1000 * taken})
    return found


def _guichet(parsed: Mapping[str, Any]) -> dict[str, Any]:
    line = prediction("", parsed)
    ranking = [line["intent"], *(other["intent"] for other in line["alternatives"])]
    return {"intent": "nlu_fallback" if line["decision"] == "clarify" else line["intent"], "ranking": ranking}


def _rasa(parsed: Mapping[str, Any]) -> dict[str, Any]:
    return {"intent": parsed["intent"]["name"] or "nlu_fallback", "ranking": [item["name"] for item in parsed["intent_ranking"]]}


if __name__ == "__main__":
    main(*sys.argv[1:])
