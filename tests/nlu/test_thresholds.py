"""The command that draws the lines keeps its promises and leaves the rest of the configuration as it is."""

from pathlib import Path

import pytest

from bot.nlu.decision import Thresholds
from bot.nlu.thresholds import Promises, choose, outcome, write


def question(truth: str, guess: str, confidence: float) -> "tuple[str, list[dict]]":
    return truth, [{"name": guess, "confidence": confidence}, {"name": "covid", "confidence": 0.01}]


RANKED = (
    [question("cancel_order", "cancel_order", 0.9)] * 90
    + [question("cancel_order", "modify_order", 0.5)] * 10
    + [question("out_of_scope", "modify_order", 0.3)] * 19
    + [question("out_of_scope", "modify_order", 0.95)]
)


def test_outcome_counts_by_scope() -> None:
    result = outcome(RANKED, Thresholds(0.6, 0.2))
    assert (result.right, result.wrong, result.declined, result.refused) == (0.9, 0.0, 0.0, 0.95)


def test_chosen_lines_keep_the_promises() -> None:
    result = outcome(RANKED, choose(RANKED, Promises()))
    assert result.right == pytest.approx(0.9)
    assert result.wrong <= 0.04
    assert result.refused >= 0.9


def test_write_touches_the_two_numbers_only(tmp_path: Path) -> None:
    config = tmp_path / "config.yml"
    config.write_text("# à garder\npipeline:\n  - name: x\n    answer_threshold: 0.5  # oui\n    decline_threshold: 0.2\n", "utf-8")
    write(config, Thresholds(0.71, 0.13))
    assert config.read_text("utf-8") == ("# à garder\npipeline:\n  - name: x\n    answer_threshold: 0.71  # oui\n    decline_threshold: 0.13\n")


def test_write_refuses_a_configuration_without_the_lines(tmp_path: Path) -> None:
    config = tmp_path / "config.yml"
    config.write_text("pipeline: []\n", "utf-8")
    with pytest.raises(ValueError, match="answer_threshold"):
        write(config, Thresholds(0.7, 0.1))


def test_no_customer_is_declined_for_nothing() -> None:
    sure = [question("cancel_order", "cancel_order", 0.9)] * 50
    unsure = [question("cancel_order", "cancel_order", 0.15)] * 5
    far = [question("out_of_scope", "covid", 0.05)] * 5
    assert 0.05 < choose(sure + unsure + far, Promises()).decline <= 0.15
