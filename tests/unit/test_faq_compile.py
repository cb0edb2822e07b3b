"""The FAQ becomes plain training files: nothing of the answers, nothing left over, nothing rewritten in vain."""

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from guichet.faq import TRANSACTIONS, Faq
from guichet.faq_compile import ACTED_UPON, compile_faq

from .builders import entry, faq_of

FAQ = faq_of(
    entry("covid", "covid et livraison", "gestes\n  barrières", answer="Nous livrons toujours."),
    entry("forgot_password", "mdp perdu", "« : # - ' un piège"),
    entry("missing_parcel", "où est mon colis ?"),
)


@pytest.fixture
def compiled(tmp_path: Path) -> "Compiler":
    return Compiler(tmp_path)


class Compiler:
    """Compiles into a temporary directory and reads the result back."""

    def __init__(self, directory: Path) -> None:
        self.target = directory / "build"
        self.domain = directory / "domain.yml"
        self.domain.write_text("intents: [greet]\n", "utf-8")

    def __call__(self, faq: Faq = FAQ) -> None:
        compile_faq(faq, self.domain, self.target)

    def read(self, name: str) -> Any:
        return YAML(typ="safe").load(self.target / name)

    def files(self) -> dict[str, int]:
        """Every file with the instant of its last change."""
        return {str(path.relative_to(self.target)): path.stat().st_mtime_ns for path in self.target.rglob("*") if path.is_file()}


def intents_of(step: dict[str, Any]) -> list[str]:
    return [choice["intent"] for choice in step["or"]]


def test_files(compiled: Compiler) -> None:
    compiled()
    assert compiled.files().keys() == {"nlu/faq.yml", "rules/faq.yml", "domain/faq.yml", "domain/domain.yml"}
    assert (compiled.target / "domain/domain.yml").read_text("utf-8") == "intents: [greet]\n"
    assert compiled.read("domain/faq.yml") == {"version": "3.1", "intents": ["covid", "forgot_password", "missing_parcel"]}


def test_examples_are_the_phrasings_one_a_line(compiled: Compiler) -> None:
    compiled()
    assert compiled.read("nlu/faq.yml") == {
        "version": "3.1",
        "nlu": [
            {"intent": "covid", "examples": "- covid et livraison\n- gestes barrières\n"},
            {"intent": "forgot_password", "examples": "- mdp perdu\n- « : # - ' un piège\n"},
            {"intent": "missing_parcel", "examples": "- où est mon colis ?\n"},
        ],
    }


def test_answers_stay_out_of_the_model(compiled: Compiler) -> None:
    compiled()
    texts = [(compiled.target / name).read_text("utf-8") for name in compiled.files()]
    assert not any("Nous livrons toujours" in text or "Question covid" in text for text in texts)


def test_rules_answer_entries_and_start_tasks(compiled: Compiler) -> None:
    compiled()
    answer, aside, begin, at_once = [rule["steps"] for rule in compiled.read("rules/faq.yml")["rules"]]
    for steps in (answer, aside):
        assert intents_of(steps[0]) == ["covid", "forgot_password"]
        assert steps[1] == {"action": "action_faq"}
    for steps in (begin, at_once):
        assert {*TRANSACTIONS, *ACTED_UPON, "affirm", "inform"} == set(intents_of(steps[0]))
        assert steps[1] == {"action": "action_start_task"}
    assert ACTED_UPON == ("missing_parcel", "payment_installments", "search_product", "stock_availability")
    assert [begin[2], at_once[2]] == [{"slot_was_set": [{"task_open": opened}]} for opened in (True, False)]


def test_only_what_changes_is_written(compiled: Compiler) -> None:
    compiled()
    for name in compiled.files():
        os.utime(compiled.target / name, ns=(0, 0))
    compiled()
    assert set(compiled.files().values()) == {0}
    edited = replace(FAQ.entries["covid"], answer="Plus de restrictions.", phrasings=("masque obligatoire ?",))
    compiled(Faq(FAQ.facts, FAQ.entries | {"covid": edited}))
    assert {name for name, changed_at in compiled.files().items() if changed_at} == {"nlu/faq.yml"}


def test_what_is_removed_vanishes(compiled: Compiler) -> None:
    compiled()
    for leftover in ("nlu/ancien.yml", "responses/faq.yml"):
        path = compiled.target / leftover
        path.parent.mkdir(exist_ok=True)
        path.write_text("intent: forgot_password\n", "utf-8")
    compiled(faq_of(FAQ.entries["covid"]))
    assert sorted(path.name for path in compiled.target.iterdir()) == ["domain", "nlu", "rules"]
    assert compiled.files().keys() == {"nlu/faq.yml", "rules/faq.yml", "domain/faq.yml", "domain/domain.yml"}
    assert not any("forgot_password" in (compiled.target / name).read_text("utf-8") for name in compiled.files())
