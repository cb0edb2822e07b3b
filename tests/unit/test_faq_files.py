"""The facts file, and how mistakes are told. One mistake per rule, of the facts as well, is made in test_faq."""

from collections.abc import Callable
from pathlib import Path

import pytest

from guichet.faq import load_faq
from guichet.faq_files import FaqError, Problem, load_facts


@pytest.mark.parametrize("load", [load_facts, load_faq])
def test_missing_facts_file(faq_dir: Path, load: Callable[[Path], object]) -> None:
    (faq_dir / "boutique.yml").unlink()
    with pytest.raises(FaqError) as caught:
        load(faq_dir)
    assert caught.value.problems == [Problem("faq/boutique.yml", 1, "fichier introuvable")]


def test_a_problem_reads_as_a_sentence() -> None:
    assert str(Problem("faq/compte.yml", 12, "cette clé est écrite deux fois")) == "faq/compte.yml, ligne 12\u00a0: cette clé est écrite deux fois"


def test_facts_are_read_without_the_questions(faq_dir: Path) -> None:
    (faq_dir / "compte.yml").write_text("nothing of an entry", "utf-8")
    facts = load_facts(faq_dir)
    assert (facts.nom, facts.delai_retractation_jours, facts.values()["minimum_euros"]) == ("Topaz.pro", 14, "150")
    assert facts.horaires.vendredi == ("09:00-12:30", "13:30-17:00")
