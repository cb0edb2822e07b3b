"""The comparison's pure parts: reading test files, cutting the training files, counting. The systems themselves run in `make bench-nlu`."""

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tools.bench.scores import Answer, BenchError, Question, Result, percentile, read_questions, table
from tools.bench_nlu import prepare_training

INTENTS = ("greet", "order_status", "out_of_scope", "track_order")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "questions.tsv"


def test_several_labels_further_columns_and_blank_lines(file: Path) -> None:
    file.write_bytes('\ufefftext\tlabel\tvoice\r\n« ça va ? »\tgreet\tsms\r\n\r\n"où" est-il\torder_status|track_order\r\n'.encode())
    assert read_questions(file, INTENTS) == [
        Question("« ça va ? »", frozenset({"greet"})),
        Question('"où" est-il', frozenset({"order_status", "track_order"})),
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "line 1: the header is ''; expected UTF-8 lines"),
        ("bonjour\tgreet\n", "line 1: the header is"),
        ("text\tlabel\n\n", "has no question; expected"),
        ("text\tlabel\nbonjour\n", "line 2: 'bonjour' lacks a text or a label; expected"),
        ("text\tlabel\n\tgreet\n", "line 2: .* lacks a text or a label"),
        ("text\tlabel\nbonjour\tgreet|\n", "line 2: .* lacks a text or a label"),
        ("text\tlabel\nbonjour\tgreet\nsuivi\torder_statut\n", "line 3: 'order_statut' is no intent .* did you mean 'order_status'"),
    ],
)
def test_another_form_is_told_with_its_line(file: Path, content: str, message: str) -> None:
    file.write_text(content, "utf-8")
    with pytest.raises(BenchError, match=message):
        read_questions(file, INTENTS)


@pytest.mark.parametrize("content", [None, b"text\tlabel\nd\xe9j\xe0\tgreet\n"])
def test_a_file_that_cannot_be_read(file: Path, content: bytes | None) -> None:
    if content:
        file.write_bytes(content)
    with pytest.raises(BenchError, match=r"cannot be read .* expected UTF-8"):
        read_questions(file, INTENTS)


TRAINING = """\
version: "3.1"
nlu:
  - intent: greet
    examples: |
      - salut [Léa](name)
      - "bonjour" : à tous
      - coucou
  - synonym: colis
    examples: |
      - paquet
      - carton
"""


@pytest.mark.parametrize(("limit", "kept"), [(None, 3), (2, 2)])
def test_training_files_are_cut_to_the_first_examples(tmp_path: Path, limit: int | None, kept: int) -> None:
    source = tmp_path / "nlu.yml"
    source.write_text(TRAINING, "utf-8")
    examples = prepare_training([source], tmp_path / "cut", limit)
    assert examples == [("salut Léa", "greet"), ('"bonjour" : à tous', "greet"), ("coucou", "greet")][:kept]
    greet, synonym = YAML(typ="safe").load(tmp_path / "cut" / "nlu.yml")["nlu"]
    assert greet["examples"].splitlines() == ["- salut [Léa](name)", '- "bonjour" : à tous', "- coucou"][:kept]
    assert synonym == {"synonym": "colis", "examples": "- paquet\n- carton\n"}


def test_a_missing_training_file(tmp_path: Path) -> None:
    with pytest.raises(BenchError, match=r"faq\.yml is missing"):
        prepare_training([tmp_path / "faq.yml"], tmp_path / "cut", None)


@pytest.mark.parametrize(
    ("answer", "answered", "candidates"),
    [
        (Answer("greet", ("greet", "out_of_scope", "track_order")), True, ["greet", "track_order"]),
        (Answer("nlu_fallback", ("nlu_fallback", "out_of_scope", "greet")), False, ["greet"]),
        (Answer("None", ("greet", "None", "track_order")), False, ["greet", "track_order"]),
        (Answer("out_of_scope", ("out_of_scope", "greet")), False, ["out_of_scope", "greet"]),
        (Answer("None", ()), False, []),
    ],
)
def test_what_counts_as_an_answer(answer: Answer, answered: bool, candidates: list[str]) -> None:
    assert (answer.answered, answer.candidates) == (answered, candidates)


def test_the_table_counts_each_question_where_it_belongs() -> None:
    expected = [
        ("order_status|track_order", Answer("track_order", ("track_order", "greet"), 1.0)),  # right
        ("greet", Answer("track_order", ("track_order", "order_status", "greet"), 2.0)),  # answered wrong, among three
        ("greet", Answer("nlu_fallback", ("nlu_fallback", "greet"), 3.0)),  # right first, asked back
        ("greet", Answer("out_of_scope", ("out_of_scope", "order_status", "track_order", "greet"), 4.0)),  # declined
        ("out_of_scope", Answer("None", (), 5.0)),  # right not to answer
        ("out_of_scope", Answer("greet", ("greet",), 60.0)),  # should not have answered
    ]
    questions = [Question("?", frozenset(labels.split("|"))) for labels, _ in expected]
    lines = table(questions, [Result("A", [answer for _, answer in expected], 61.4, 512.6)]).splitlines()
    assert lines[1].count("---:") == 7
    assert lines[2:] == ["| A | 50.0% | 75.0% | 50.0% | 25.0% | 3.0 / 60.0 | 61 | 513 |"]


def test_no_question_of_a_kind_leaves_its_cells_empty() -> None:
    row = table([Question("?", frozenset({"greet"}))], [Result("A", [Answer("greet", ("greet",))], 0, 0)]).splitlines()[-1]
    assert row.split(" | ")[3] == "–"


@pytest.mark.parametrize(("percent", "value"), [(50, 2.0), (95, 4.0), (25, 1.0)])
def test_percentile(percent: int, value: float) -> None:
    assert percentile([4.0, 1.0, 3.0, 2.0], percent) == value
