"""The FAQ as Rasa trains on it: plain files under ``build/``, one intent per entry, answers left out.

The model only knows the entries' ids; what is said is read from ``faq/`` when it is asked for.
"""

import shutil
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import LiteralScalarString

from guichet.faq import TRANSACTIONS, Faq

VERSION = "3.1"
ACTED_UPON = (
    "missing_parcel",
    *("modify_order", "cancel_order", "change_delivery_address", "absent_at_delivery"),
    *("payment_installments", "search_product", "stock_availability"),
)
"""Entries of the FAQ that start a task instead of only being answered."""
TASK_STARTERS = (*TRANSACTIONS, *ACTED_UPON, "affirm", "inform")


def compile_faq(faq: Faq, domain: Path, target: Path) -> None:
    """Write ``nlu/faq.yml``, ``rules/faq.yml`` and ``domain/`` (with a copy of ``domain``) under ``target``.

    Files that would not change are left alone, others that are there are removed.
    """
    answered = [ident for ident in faq.entries if ident not in ACTED_UPON]
    files = {
        "nlu/faq.yml": _dump({"version": VERSION, "nlu": [_examples(entry.id, entry.phrasings) for entry in faq.entries.values()]}),
        "domain/faq.yml": _dump({"version": VERSION, "intents": list(faq.entries)}),
        "domain/domain.yml": domain.read_text("utf-8"),
        "rules/faq.yml": _dump({"version": VERSION, "rules": _rules(answered)}),
    }
    for name, content in files.items():
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text("utf-8") != content:
            path.write_text(content, "utf-8")
    for path in target.rglob("*"):
        if path.is_file() and str(path.relative_to(target)) not in files:
            path.unlink()
    for path in target.iterdir():
        if path.is_dir() and not any(path.iterdir()):
            shutil.rmtree(path)


def _examples(intent: str, phrasings: tuple[str, ...]) -> dict[str, Any]:
    lines = "".join(f"- {' '.join(phrasing.split())}\n" for phrasing in phrasings)
    return {"intent": intent, "examples": LiteralScalarString(lines)}


def _rules(answered: list[str]) -> list[dict[str, Any]]:
    def any_of(intents: list[str]) -> dict[str, Any]:
        return {"or": [{"intent": intent} for intent in intents]}

    in_task = [{"active_loop": "task_form"}]
    starters = any_of(list(TASK_STARTERS))
    return [
        {"rule": "Une question de la FAQ", "steps": [any_of(answered), {"action": "action_faq"}]},
        {
            "rule": "Une question de la FAQ au milieu d'une démarche",
            "condition": in_task,
            "steps": [any_of(answered), {"action": "action_faq"}, {"action": "task_form"}, *in_task],
        },
        {
            "rule": "Une démarche commence",
            "steps": [
                starters,
                {"action": "action_start_task"},
                {"slot_was_set": [{"task_open": True}]},
                {"action": "task_form"},
                *in_task,
            ],
        },
        {
            "rule": "Une démarche est faite aussitôt",
            "steps": [starters, {"action": "action_start_task"}, {"slot_was_set": [{"task_open": False}]}],
        },
    ]


def _dump(data: dict[str, Any]) -> str:
    yaml = YAML()
    yaml.width = 10_000
    stream = StringIO()
    yaml.dump(data, stream)
    return "# Written by `guichet faq compile` from faq/: edit there.\n" + stream.getvalue()
