"""The FAQ: reading ``faq/*.yml``, checking it with precise French messages, and giving its answers.

Raises:
    FaqError: the files do not make a valid FAQ; carries every problem found, not only the first.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from guichet.faq_files import FACTS_FILE, FaqError, Problem, line_of, load_facts, parse_yaml, short_name
from guichet.french import typeset
from guichet.shop import ShopFacts

TRANSACTIONS = {
    "order_status": "Où en est ma commande ?",
    "open_sav_case": "Ouvrir un dossier SAV",
    "sav_case_status": "Suivre mon dossier SAV",
    "start_return": "Retourner un article",
    "refund_status": "Suivre mon remboursement",
    "contact_human": "Parler à une personne",
}
"""What the assistant can do, by intent, with the label of its button."""

MAX_ANSWER, MAX_LABEL, MIN_PHRASINGS = 400, 60, 5
_REQUIRED = {"id": str, "question": str, "reponse": str, "formulations": list}
_OPTIONAL = {"en_savoir_plus": str, "tests": list, "suites": list, "validite": dict, "a_revoir_le": date}
_KIND = {str: "un texte", list: "une liste", dict: "un bloc de clés", date: "une date AAAA-MM-JJ"}
_ID = re.compile(r"^[a-z][a-z0-9_]*$")
_FACT = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_RESERVED = {*TRANSACTIONS, "affirm", "deny", "greet", "goodbye", "thank", "bot_challenge", "help", "insult"}
_RESERVED |= {"inform", "nlu_fallback", "out_of_scope"}


@dataclass(frozen=True)
class Entry:
    """One question and its answer, facts filled in, ready to be shown."""

    id: str
    theme: str
    question: str
    answer: str
    more: str | None
    phrasings: tuple[str, ...]
    tests: tuple[str, ...]
    follow_ups: tuple[str, ...]
    valid_from: date | None
    valid_until: date | None

    def is_valid(self, day: date) -> bool:
        """Whether the answer may be given on ``day``."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_until is None or day <= self.valid_until)


@dataclass(frozen=True)
class Faq:
    """The whole FAQ of a shop."""

    facts: ShopFacts
    entries: dict[str, Entry]

    def label(self, intent: str) -> str:
        """The button label of an entry or transaction.

        Raises:
            KeyError: ``intent`` is neither.
        """
        return TRANSACTIONS[intent] if intent in TRANSACTIONS else self.entries[intent].question

    def fill(self, text: str) -> str:
        """``text`` with the shop's facts in place of ``{{ … }}``, typeset."""
        return _fill(text, self.facts.values())


@dataclass
class _Reader:
    """Collects entries and problems over all files."""

    facts: dict[str, str]
    entries: dict[str, Entry] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    where: dict[str, tuple[str, int]] = field(default_factory=dict)
    ids: set[str] = field(default_factory=set)
    """Every id met, that of an entry with mistakes too: whoever leads to it is not to blame."""
    has_broken_file: bool = False
    follow_up_lines: list[tuple[str, int, str]] = field(default_factory=list)
    phrasings: dict[str, tuple[str, str, int]] = field(default_factory=dict)

    def wrong(self, file: str, line: int, message: str) -> None:
        self.problems.append(Problem(file, line, typeset(message)))


def load_faq(directory: Path) -> Faq:
    """Read and check every file of ``directory``.

    Raises:
        FaqError: with all problems, in file and line order.
    """
    facts = load_facts(directory)
    reader = _Reader(facts.values())
    files = sorted(path for path in directory.glob("*.yml") if path.name != FACTS_FILE)
    if not files:
        reader.wrong(directory.name, 1, "aucun fichier .yml de questions dans ce dossier")
    for path in files:
        _read_file(reader, path)
    for file, line, intent in reader.follow_up_lines:
        if not reader.has_broken_file and intent not in reader.ids and intent not in TRANSACTIONS:
            known = ", ".join([*TRANSACTIONS, "ou l’identifiant d’une entrée"])
            reader.wrong(file, line, f"suite inconnue « {intent} » ; attendu : {known}")
    if reader.problems:
        raise FaqError(reader.problems)
    return Faq(facts, reader.entries)


def _read_file(reader: _Reader, path: Path) -> None:
    file = short_name(path)
    try:
        data = parse_yaml(path)
    except FaqError as error:
        reader.problems += error.problems
        reader.has_broken_file = True
        return
    for key in data:
        if key not in ("theme", "entrees"):
            reader.wrong(file, line_of(data, key), f"clé inconnue « {key} » ; attendu : theme, entrees")
    theme, entries = data.get("theme"), data.get("entrees")
    if not isinstance(theme, str) or not theme.strip():
        reader.wrong(file, 1, "la clé « theme » est obligatoire (un texte)")
        theme = ""
    if not isinstance(entries, CommentedSeq) or not entries:
        reader.wrong(file, 1, "la clé « entrees » est obligatoire (une liste d’entrées commençant par « - id: »)")
        return
    for index, raw in enumerate(entries):
        line = int(entries.lc.item(index)[0]) + 1
        if isinstance(raw, CommentedMap):
            _read_entry(reader, file, line, theme, raw)
        else:
            reader.wrong(file, line, "une entrée commence par « - id: » suivi de ses clés")


def _read_entry(reader: _Reader, file: str, line: int, theme: str, raw: CommentedMap) -> None:
    before = len(reader.problems)
    reader.ids.add(str(raw.get("id")))
    _check_keys(reader, file, line, raw)
    if len(reader.problems) > before:
        return
    _check_id(reader, file, raw)
    _check_texts(reader, file, raw)
    phrasings = tuple(_strings(reader, file, raw, "formulations"))
    tests = tuple(_strings(reader, file, raw, "tests"))
    follow_ups = tuple(_strings(reader, file, raw, "suites"))
    _check_phrasings(reader, file, raw)
    valid_from, valid_until = _validity(reader, file, raw)
    for index, intent in enumerate(raw.get("suites", ())):
        reader.follow_up_lines.append((file, line_of(raw["suites"], index), str(intent)))
    if raw["id"] in reader.entries:
        return
    reader.entries[raw["id"]] = Entry(
        id=raw["id"],
        theme=theme,
        question=_fill(raw["question"], reader.facts),
        answer=_fill(raw["reponse"], reader.facts),
        more=_fill(raw["en_savoir_plus"], reader.facts) if raw.get("en_savoir_plus") else None,
        phrasings=phrasings,
        tests=tests,
        follow_ups=follow_ups,
        valid_from=valid_from,
        valid_until=valid_until,
    )


def _check_keys(reader: _Reader, file: str, line: int, raw: CommentedMap) -> None:
    known = _REQUIRED | _OPTIONAL
    for key, value in raw.items():
        if key not in known:
            reader.wrong(file, line_of(raw, key), f"clé inconnue « {key} » ; attendu : {', '.join(known)}")
        elif not isinstance(value, known[key]) or (isinstance(value, str) and not value.strip()):
            reader.wrong(file, line_of(raw, key), f"« {key} » doit être {_KIND[known[key]]}")
    for key in _REQUIRED:
        if key not in raw:
            reader.wrong(file, line, f"il manque la clé « {key} »")


def _is_day(value: object) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


def _check_id(reader: _Reader, file: str, raw: CommentedMap) -> None:
    ident, line = raw["id"], line_of(raw, "id")
    if not _ID.match(ident):
        reader.wrong(file, line, f"identifiant « {ident} » : lettres minuscules sans accent, chiffres et _ seulement")
    if ident in _RESERVED:
        reader.wrong(file, line, f"« {ident} » est un nom réservé à l’assistant ; choisissez-en un autre")
    if ident in reader.where:
        first_file, first_line = reader.where[ident]
        reader.wrong(file, line, f"identifiant « {ident} » déjà pris ({first_file}, ligne {first_line})")
    reader.where.setdefault(ident, (file, line))


def _check_texts(reader: _Reader, file: str, raw: CommentedMap) -> None:
    for key in ("question", "reponse", "en_savoir_plus"):
        for name in _FACT.findall(raw.get(key) or ""):
            if name not in reader.facts:
                reader.wrong(file, line_of(raw, key), f"fait inconnu « {name} » ; les faits sont dans {FACTS_FILE}")
    length = len(_fill(raw["reponse"], reader.facts))
    if length > MAX_ANSWER:
        reader.wrong(
            file,
            line_of(raw, "reponse"),
            f"réponse de {length} caractères ; {MAX_ANSWER} au plus, le reste va dans « en_savoir_plus »",
        )
    if len(raw["question"]) > MAX_LABEL:
        reader.wrong(file, line_of(raw, "question"), f"question trop longue pour un bouton ({MAX_LABEL} caractères au plus)")
    if len(raw["formulations"]) < MIN_PHRASINGS:
        reader.wrong(file, line_of(raw, "formulations"), f"au moins {MIN_PHRASINGS} formulations sont attendues")


def _strings(reader: _Reader, file: str, raw: CommentedMap, key: str) -> Iterator[str]:
    for index, value in enumerate(raw.get(key, ())):
        if isinstance(value, str) and value.strip():
            yield value.strip()
        else:
            reader.wrong(file, line_of(raw[key], index), f"« {key} » : un texte est attendu ; ajoutez des guillemets")


def _check_phrasings(reader: _Reader, file: str, raw: CommentedMap) -> None:
    for key in ("formulations", "tests"):
        for index, phrasing in enumerate(raw.get(key, ())):
            folded = " ".join(str(phrasing).casefold().split())
            line = line_of(raw[key], index)
            if folded in reader.phrasings:
                ident, first_file, first_line = reader.phrasings[folded]
                reader.wrong(
                    file,
                    line,
                    f"« {phrasing} » est déjà écrit dans l’entrée {ident} ({first_file}, ligne {first_line})",
                )
            else:
                reader.phrasings[folded] = (raw["id"], file, line)


def _validity(reader: _Reader, file: str, raw: CommentedMap) -> tuple[date | None, date | None]:
    block = raw.get("validite", {})
    for key, value in block.items():
        if key not in ("du", "au") or not _is_day(value):
            reader.wrong(file, line_of(block, key), "« validite » attend « du » et « au », des dates AAAA-MM-JJ")
            return None, None
    start, end = block.get("du"), block.get("au")
    if start and end and end < start:
        reader.wrong(file, line_of(raw, "validite"), "la validité finit avant de commencer")
    return start, end


def _fill(text: str, facts: dict[str, str]) -> str:
    return typeset(_FACT.sub(lambda match: facts.get(match[1], match[0]), text.strip()))
