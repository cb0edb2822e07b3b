"""The FAQ is read with its facts, and whatever is wrong in it is told with file, line and a French sentence."""

from datetime import date
from pathlib import Path

import pytest

from guichet.faq import TRANSACTIONS, Entry, Faq, load_faq
from guichet.faq_files import FaqError, Problem

from .builders import FAQ_FILES, entry, faq_of
from .faq_mistakes import MISTAKES, Mistake

CONTRACT = {
    "create_account", "forgot_password", "forgot_identifier", "change_password", "update_personal_info", "required_fields",
    "billing_vs_delivery_address", "change_email", "defective_product", "incomplete_product", "withdrawal_period", "how_to_return",
    "return_fees", "dispute_solutions", "search_product", "filter_products", "stock_availability", "payment_installments",
    "payment_methods", "place_order", "signature_delivery", "track_order", "modify_order", "cancel_order", "change_delivery_address",
    "missing_parcel", "multiple_parcels", "absent_at_delivery", "partial_order", "wrong_item", "damaged_on_arrival", "covid",
}  # fmt: skip


def problems_of(directory: Path) -> list[Problem]:
    with pytest.raises(FaqError) as caught:
        load_faq(directory)
    assert str(caught.value) == "\n".join(map(str, caught.value.problems))
    return caught.value.problems


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.rule)
def test_each_rule_tells_file_line_and_what_to_mend(faq_dir: Path, mistake: Mistake) -> None:
    content = FAQ_FILES[mistake.file]
    assert content.count(mistake.old) == 1
    (faq_dir / mistake.file).write_text(content.replace(mistake.old, mistake.new), "utf-8")
    assert problems_of(faq_dir) == [mistake.problem()]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param("theme: Été".encode("latin-1"), "le fichier n’est pas en UTF-8\u202f; enregistrez-le avec cet encodage", id="latin-1"),
        pytest.param(b"", "le fichier doit être un bloc de clés («\u00a0theme:\u00a0», …)", id="empty"),
        pytest.param(b"- a\n", "le fichier doit être un bloc de clés («\u00a0theme:\u00a0», …)", id="a list"),
        pytest.param(
            b"theme: Compte\n",
            "la clé «\u00a0entrees\u00a0» est obligatoire (une liste d’entrées commençant par «\u00a0- id:\u00a0»)",
            id="no entries",
        ),
    ],
)
def test_a_file_that_is_no_theme(faq_dir: Path, content: bytes, message: str) -> None:
    (faq_dir / "vide.yml").write_bytes(content)
    assert problems_of(faq_dir) == [Problem("faq/vide.yml", 1, message)]


def test_facts_without_questions(faq_dir: Path) -> None:
    for name in ("compte.yml", "sante.yml"):
        (faq_dir / name).unlink()
    assert problems_of(faq_dir) == [Problem("faq", 1, "aucun fichier .yml de questions dans ce dossier")]


def test_every_problem_is_told_at_once_in_order(faq_dir: Path) -> None:
    for file, old, new in [
        ("compte.yml", "[covid, contact_human]", "[covid, nulle_part]"),
        ("compte.yml", "question: J’ai", f"question: {'a' * 60}"),
        ("sante.yml", "{{ horaires_texte }}", "{{ horaire }}"),
    ]:
        path = faq_dir / file
        path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    assert [(problem.file, problem.line) for problem in problems_of(faq_dir)] == [("faq/compte.yml", 4), ("faq/compte.yml", 14), ("faq/sante.yml", 6)]


def test_entries_are_ready_to_be_shown(faq_dir: Path) -> None:
    entries = load_faq(faq_dir).entries
    assert list(entries) == ["forgot_password", "covid"]
    assert entries["forgot_password"] == Entry(
        id="forgot_password",
        theme="Compte client",
        question="J’ai oublié mon mot de passe",
        answer="Appelez-nous au 01 99 00 12 34\u202f!",
        more=None,
        phrasings=("mot de passe oublié", "g oublié mon mdp", "plus moyen de me connecter", "mdp perdu", "quel est mon mot de passe ?"),
        tests=("mon secret ne me revient pas",),
        follow_ups=("covid", "contact_human"),
        valid_from=date(2026, 1, 1),
        valid_until=date(2026, 12, 31),
    )
    covid = entries["covid"]
    assert (covid.answer, covid.more) == ("Oui, et dès 150\u00a0€ en plusieurs fois.", "Nous sommes ouverts du lundi au vendredi.")
    assert (covid.tests, covid.follow_ups, covid.valid_from, covid.valid_until) == ((), (), None, None)


@pytest.mark.parametrize(
    ("valid_from", "valid_until", "valid"),
    [
        (None, None, True),
        (date(2026, 5, 1), None, True),
        (date(2026, 5, 2), None, False),
        (None, date(2026, 5, 1), True),
        (None, date(2026, 4, 30), False),
        (date(2026, 5, 1), date(2026, 5, 1), True),
    ],
)
def test_an_entry_is_valid_from_its_first_to_its_last_day(valid_from: date | None, valid_until: date | None, *, valid: bool) -> None:
    assert entry("soldes", valid_from=valid_from, valid_until=valid_until).is_valid(date(2026, 5, 1)) is valid


def test_labels_of_entries_and_transactions() -> None:
    faq = faq_of(entry("covid", question="Livrez-vous\u202f?"))
    assert faq.label("covid") == "Livrez-vous\u202f?"
    assert {intent: faq.label(intent) for intent in TRANSACTIONS} == TRANSACTIONS
    with pytest.raises(KeyError):
        faq.label("nulle_part")


def test_fill_puts_facts_in_and_leaves_the_unknown() -> None:
    assert faq_of().fill("Chez {{nom}} : {{  telephone }} ou {{ fax }} !") == "Chez Topaz.pro\u00a0: 01 99 00 12 34 ou {{ fax }}\u202f!"


def test_the_real_faq_keeps_the_contract(real_faq: Faq) -> None:
    assert len(CONTRACT) == 32
    assert real_faq.entries.keys() == CONTRACT


@pytest.mark.parametrize("ident", sorted(CONTRACT))
def test_a_real_entry_has_enough_phrasings(real_faq: Faq, ident: str) -> None:
    assert len(real_faq.entries[ident].phrasings) >= 25
