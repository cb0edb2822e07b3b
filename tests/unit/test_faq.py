"""The FAQ is read with its facts, and whatever is wrong in it is told with file, line and a French sentence."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from guichet.faq import TRANSACTIONS, Entry, Faq, FaqError, Problem, load_facts, load_faq

from .builders import FAQ_FILES, entry, faq_of

CONTRACT = set(
    """
    create_account forgot_password forgot_identifier change_password update_personal_info required_fields billing_vs_delivery_address
    change_email defective_product incomplete_product withdrawal_period how_to_return return_fees dispute_solutions search_product
    filter_products stock_availability payment_installments payment_methods place_order signature_delivery track_order modify_order
    cancel_order change_delivery_address missing_parcel multiple_parcels absent_at_delivery partial_order wrong_item damaged_on_arrival covid
    """.split()
)
KEYS = "id, question, reponse, formulations, en_savoir_plus, tests, suites, validite, a_revoir_le"
FOLLOW_UPS = "order_status, open_sav_case, sav_case_status, start_return, refund_status, contact_human, ou l’identifiant d’une entrée"


@dataclass(frozen=True)
class Broken:
    """One edit that breaks the small FAQ, and the only problem it must give."""

    rule: str
    file: str
    old: str
    new: str
    line: int
    message: str
    told_in: str = ""

    def problem(self) -> Problem:
        return Problem(f"faq/{self.told_in or self.file}", self.line, self.message)


def account(rule: str, old: str, new: str, line: int, message: str, told_in: str = "") -> Broken:
    return Broken(rule, "compte.yml", old, new, line, message, told_in)


def shop(rule: str, old: str, new: str, line: int, message: str) -> Broken:
    return Broken(rule, "boutique.yml", old, new, line, message)


BROKEN = [
    account(
        "unknown key",
        "    tests:",
        "    essais:",
        12,
        f"clé inconnue «\u00a0essais\u00a0»\u202f; attendu\u00a0: {KEYS}",
    ),
    account("missing key", "    question: J’ai oublié mon mot de passe\n", "", 3, "il manque la clé «\u00a0question\u00a0»"),
    account("text expected", "question: J’ai oublié mon mot de passe", "question: 12", 4, "«\u00a0question\u00a0» doit être un texte"),
    account("empty text", "question: J’ai oublié mon mot de passe", 'question: " "', 4, "«\u00a0question\u00a0» doit être un texte"),
    account("list expected", "suites: [covid, contact_human]", "suites: covid", 14, "«\u00a0suites\u00a0» doit être une liste"),
    account("block expected", "{du: 2026-01-01, au: 2026-12-31}", "2026-12-31", 15, "«\u00a0validite\u00a0» doit être un bloc de clés"),
    account("date expected", "validite: {du: 2026-01-01, au: 2026-12-31}", "a_revoir_le: bientôt", 15, "«\u00a0a_revoir_le\u00a0» doit être une date AAAA-MM-JJ"),
    account(
        "bad id",
        "id: forgot_password",
        "id: Oubli-MDP",
        3,
        "identifiant «\u00a0Oubli-MDP\u00a0»\u00a0: lettres minuscules sans accent, chiffres et _ seulement",
    ),
    account(
        "transaction id",
        "id: forgot_password",
        "id: order_status",
        3,
        "«\u00a0order_status\u00a0» est le nom d’une démarche de l’assistant\u202f; choisissez-en un autre",
    ),
    account(
        "duplicate id across files",
        "id: forgot_password",
        "id: covid",
        3,
        "identifiant «\u00a0covid\u00a0» déjà pris (faq/compte.yml, ligne 3)",
        told_in="sante.yml",
    ),
    account("unknown fact", "telephone", "telefone", 5, "fait inconnu «\u00a0telefone\u00a0»\u202f; les faits sont dans boutique.yml"),
    account(
        "unknown suite",
        "[covid, contact_human]",
        "[covid, contacter]",
        14,
        f"suite inconnue «\u00a0contacter\u00a0»\u202f; attendu\u00a0: {FOLLOW_UPS}",
    ),
    account(
        "answer too long, facts filled in",
        "Appelez-nous au {{ telephone }} !",
        "Au {{ telephone }}" + "a" * 384,
        5,
        "réponse de 401 caractères\u202f; 400 au plus, le reste va dans «\u00a0en_savoir_plus\u00a0»",
    ),
    account("label too long", "J’ai oublié mon mot de passe", "a" * 61, 4, "question trop longue pour un bouton (60 caractères au plus)"),
    account("too few phrasings", "      - mdp perdu\n", "", 6, "au moins 5 formulations sont attendues"),
    account("phrasing is a text", "mdp perdu", "2026", 10, "«\u00a0formulations\u00a0»\u00a0: un texte est attendu\u202f; ajoutez des guillemets"),
    account(
        "phrasing in two entries",
        "mdp perdu",
        "Covid  et LIVRAISON",
        9,
        "«\u00a0covid et livraison\u00a0» est déjà écrit dans l’entrée forgot_password (faq/compte.yml, ligne 10)",
        told_in="sante.yml",
    ),
    account(
        "phrasing twice in an entry",
        "mdp perdu",
        "mot de passe oublié",
        10,
        "«\u00a0mot de passe oublié\u00a0» est déjà écrit dans l’entrée forgot_password (faq/compte.yml, ligne 7)",
    ),
    account(
        "test question also a phrasing",
        "mon secret ne me revient pas",
        "MDP perdu",
        13,
        "«\u00a0MDP perdu\u00a0» est déjà écrit dans l’entrée forgot_password (faq/compte.yml, ligne 10)",
    ),
    account("validity with another key", "{du: 2026-01-01", "{de: 2026-01-01", 15, "«\u00a0validite\u00a0» attend «\u00a0du\u00a0» et «\u00a0au\u00a0», des dates AAAA-MM-JJ"),
    account("validity without dates", "du: 2026-01-01", "du: demain", 15, "«\u00a0validite\u00a0» attend «\u00a0du\u00a0» et «\u00a0au\u00a0», des dates AAAA-MM-JJ"),
    account("validity backwards", "au: 2026-12-31", "au: 2025-12-31", 15, "la validité finit avant de commencer"),
    account("unknown key of the file", "theme: Compte client", "theme: Compte client\nautre: 1", 2, "clé inconnue «\u00a0autre\u00a0»\u202f; attendu\u00a0: theme, entrees"),
    account("missing theme", "theme: Compte client\n", "", 1, "la clé «\u00a0theme\u00a0» est obligatoire (un texte)"),
    account("entry without keys", "entrees:\n", "entrees:\n  - bonjour\n", 3, "une entrée commence par «\u00a0- id:\u00a0» suivi de ses clés"),
    account("duplicate key", "    tests:", "    question: Encore\n    tests:", 12, "cette clé est écrite deux fois dans le même bloc"),
    account("tab", "    reponse:", "\treponse:", 5, "tabulation interdite\u202f; indentez avec des espaces"),
    account(
        "unquoted colon",
        "Appelez-nous au {{ telephone }} !",
        "Appelez : {{ telephone }}",
        5,
        "deux-points inattendu\u202f; mettez le texte entre guillemets doubles, ou après «\u00a0>-\u00a0» à la ligne",
    ),
    account(
        "YAML error",
        "- mdp perdu",
        "- *mdp",
        10,
        "YAML illisible (found undefined alias 'mdp')\u202f; vérifiez l’indentation et les guillemets",
    ),
    shop("missing fact", "nom: Topaz.pro\n", "", 1, "«\u00a0nom\u00a0»\u00a0: ce fait est obligatoire"),
    shop("empty fact", "nom: Topaz.pro", 'nom: ""', 1, "«\u00a0nom\u00a0»\u00a0: ce fait ne peut pas être vide"),
    shop("fact is a text", "01 99 00 12 34", "0199001234", 2, "«\u00a0telephone\u00a0»\u00a0: un texte est attendu"),
    shop("fact is a number", "delai_reliquat_jours: 15", "delai_reliquat_jours: quinze", 13, "«\u00a0delai_reliquat_jours\u00a0»\u00a0: un nombre entier est attendu"),
    shop("fact is one number", "delai_reliquat_jours: 15", "delai_reliquat_jours: [15]", 13, "«\u00a0delai_reliquat_jours\u00a0»\u00a0: un nombre entier est attendu"),
    shop("fact too small", "retractation_jours: 14", "retractation_jours: 13", 12, "«\u00a0delai_retractation_jours\u00a0»\u00a0: la valeur est trop petite (minimum 14)"),
    shop(
        "hours are a list",
        '["09:00-12:30", "13:30-17:00"]',
        '"09:00-12:30"',
        5,
        "«\u00a0horaires.vendredi\u00a0»\u00a0: une liste de plages horaires est attendue, par exemple [\"09:00-12:30\"]",
    ),
    shop(
        "hours ill-formed",
        "13:30-17:00",
        "13h30-17h",
        5,
        "«\u00a0horaires.vendredi.1\u00a0»\u00a0: plage horaire attendue sous la forme «\u00a009:00-12:30\u00a0»",
    ),
    shop(
        "hours backwards",
        "13:30-17:00",
        "17:00-13:30",
        5,
        "«\u00a0horaires.vendredi.1\u00a0»\u00a0: plage horaire impossible\u00a0: le début doit précéder la fin, entre 00:00 et 23:59",
    ),
    shop("unknown day", "vendredi:", "friday:", 5, "«\u00a0horaires.friday\u00a0»\u00a0: jour inconnu\u202f; attendu\u00a0: lundi à dimanche"),
]


def problems_of(directory: Path) -> list[Problem]:
    with pytest.raises(FaqError) as caught:
        load_faq(directory)
    assert str(caught.value) == "\n".join(map(str, caught.value.problems))
    return caught.value.problems


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.rule)
def test_each_rule_tells_file_line_and_what_to_mend(faq_dir: Path, broken: Broken) -> None:
    content = FAQ_FILES[broken.file]
    assert content.count(broken.old) == 1
    (faq_dir / broken.file).write_text(content.replace(broken.old, broken.new), "utf-8")
    assert problems_of(faq_dir) == [broken.problem()]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param("theme: Été".encode("latin-1"), "le fichier n’est pas en UTF-8\u202f; enregistrez-le avec cet encodage", id="latin-1"),
        pytest.param(b"", "le fichier doit être un bloc de clés («\u00a0theme:\u00a0», …)", id="empty"),
        pytest.param(b"- a\n", "le fichier doit être un bloc de clés («\u00a0theme:\u00a0», …)", id="a list"),
        pytest.param(
            b"theme: Compte\n", "la clé «\u00a0entrees\u00a0» est obligatoire (une liste d’entrées commençant par «\u00a0- id:\u00a0»)", id="no entries"
        ),
    ],
)
def test_a_file_that_is_no_theme(faq_dir: Path, content: bytes, message: str) -> None:
    (faq_dir / "vide.yml").write_bytes(content)
    assert problems_of(faq_dir) == [Problem("faq/vide.yml", 1, message)]


@pytest.mark.parametrize("load", [load_facts, load_faq])
def test_missing_facts_file(faq_dir: Path, load: Callable[[Path], object]) -> None:
    (faq_dir / "boutique.yml").unlink()
    with pytest.raises(FaqError) as caught:
        load(faq_dir)
    assert caught.value.problems == [Problem("faq/boutique.yml", 1, "fichier introuvable")]


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


def test_a_problem_reads_as_a_sentence() -> None:
    assert str(Problem("faq/compte.yml", 12, "cette clé est écrite deux fois")) == "faq/compte.yml, ligne 12\u00a0: cette clé est écrite deux fois"


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
