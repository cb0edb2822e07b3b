"""The command that draws the lines keeps its promises and leaves the rest of the configuration as it is."""

from pathlib import Path

import pytest

from bot.nlu.decision import Thresholds
from bot.nlu.evaluation import Judged, outcome, read_questions
from bot.nlu.pictures import confusion_matrix, reliability_diagram
from bot.nlu.report import by, confusions, nearest, summary
from bot.nlu.thresholds import Promises, choose, write


def question(truth: str, guess: str, confidence: float) -> Judged:
    ranking = [{"name": guess, "confidence": confidence}, {"name": "covid", "confidence": 0.01}]
    return Judged("et ma commande ?", tuple(truth.split("|")), "sms", ranking)


RANKED = (
    [question("cancel_order", "cancel_order", 0.9)] * 90
    + [question("cancel_order", "modify_order", 0.5)] * 10
    + [question("out_of_scope", "modify_order", 0.3)] * 19
    + [question("out_of_scope", "modify_order", 0.95)]
)


def test_outcome_counts_by_scope() -> None:
    result = outcome(RANKED, Thresholds(0.6, 0.2))
    assert (result.answered, result.wrong, result.declined, result.refused) == (0.9, 0.0, 0.0, 0.95)
    assert (result.understood, result.among_three) == (0.9, 0.9)


def test_chosen_lines_keep_the_promises() -> None:
    result = outcome(RANKED, choose(RANKED, Promises()))
    assert result.answered == pytest.approx(0.9)
    assert result.wrong <= Promises().wrong
    assert result.refused >= Promises().refused


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


def test_either_of_two_labels_satisfies() -> None:
    result = outcome([question("how_to_return|start_return", "start_return", 0.9)], Thresholds(0.5, 0.2))
    assert (result.understood, result.wrong) == (1.0, 0.0)


def test_a_declined_question_is_not_understood() -> None:
    result = outcome([question("cancel_order", "cancel_order", 0.1)], Thresholds(0.5, 0.2))
    assert (result.understood, result.among_three, result.declined) == (0.0, 1.0, 1.0)


def test_a_file_without_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "questions.tsv"
    path.write_text("où est mon colis ?\tmissing_parcel\n", "utf-8")
    with pytest.raises(ValueError, match="text and label"):
        read_questions(path)


def test_quotes_and_several_labels_are_read_as_they_stand(tmp_path: Path) -> None:
    path = tmp_path / "questions.tsv"
    path.write_text('text\tlabel\tvoice\n"en cours" depuis lundi\torder_status|missing_parcel\tphone\n', "utf-8")
    assert read_questions(path) == [('"en cours" depuis lundi', ("order_status", "missing_parcel"), "phone")]


def test_the_report_names_what_goes_wrong() -> None:
    lines = Thresholds(0.6, 0.2)
    assert "| cancel_order | modify_order | 10 | et ma commande ? · et ma commande ? |" in confusions(RANKED)
    assert "| sms | 120 | 90% | 90% | 90% | 0% | 95% |" in by(RANKED, lines, lambda judged: judged.voice, "voice")
    assert "| 0.50 | modify_order | cancel_order | et ma commande ? |" in nearest(RANKED, lines)
    assert "| in scope: right intent, answered or asked back | 90.0% | ≥ 93% | no |" in summary(RANKED, lines)


def test_pictures_are_drawn(tmp_path: Path) -> None:
    reliability_diagram(RANKED, Thresholds(0.6, 0.2), tmp_path / "reliability.png")
    confusion_matrix(RANKED, tmp_path / "confusion.png")
    for name in ("reliability.png", "confusion.png"):
        assert (tmp_path / name).read_bytes().startswith(b"\x89PNG")
