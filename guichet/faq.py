"""The FAQ: reading ``faq/*.yml``, checking it with precise French messages, and giving its answers.

Raises:
    FaqError: the files do not make a valid FAQ; carries every problem found, not only the first.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from guichet.french import typeset
from guichet.shop import ShopFacts

FACTS_FILE = "boutique.yml"
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
_FACT = re.compile(r"\{\{\s*(\w*)\s*\}\}")


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong in one file, for a person to mend."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}, ligne {self.line}\u00a0: {self.message}"


class FaqError(Exception):
    """The FAQ cannot be used as it is."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


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
        if intent not in reader.entries and intent not in TRANSACTIONS:
            known = ", ".join([*TRANSACTIONS, "ou l’identifiant d’une entrée"])
            reader.wrong(file, line, f"suite inconnue « {intent} » ; attendu : {known}")
    if reader.problems:
        raise FaqError(reader.problems)
    return Faq(facts, reader.entries)


def load_facts(directory: Path) -> ShopFacts:
    """Read ``boutique.yml``.

    Raises:
        FaqError: the file is missing or a fact is missing or ill-formed.
    """
    path = directory / FACTS_FILE
    data = _parse(path)
    try:
        return ShopFacts.model_validate(data)
    except ValidationError as error:
        raise FaqError([_fact_problem(path, data, dict(e)) for e in error.errors()]) from None


_FACT_MESSAGES = {
    "missing": "ce fait est obligatoire",
    "string_type": "un texte est attendu",
    "int_type": "un nombre entier est attendu",
    "int_parsing": "un nombre entier est attendu",
    "string_too_short": "ce fait ne peut pas être vide",
    "greater_than_equal": "la valeur est trop petite (minimum {ge})",
    "extra_forbidden": "jour inconnu ; attendu : lundi à dimanche",
    "tuple_type": 'une liste de plages horaires est attendue, par exemple ["09:00-12:30"]',
}


def _fact_problem(path: Path, data: CommentedMap, error: dict[str, Any]) -> Problem:
    name = str(error["loc"][0])
    template = _FACT_MESSAGES.get(error["type"], str(error["msg"]).removeprefix("Value error, "))
    message = template.format(**error.get("ctx", {})) if "{" in template else template
    location = ".".join(str(part) for part in error["loc"])
    line = _line(data, name) if name in data else 1
    return Problem(_name(path), line, typeset(f"« {location} » : {message}"))


def _parse(path: Path) -> CommentedMap:
    yaml = YAML(typ="rt")
    try:
        data = yaml.load(path.read_text("utf-8"))
    except FileNotFoundError:
        raise FaqError([Problem(_name(path), 1, "fichier introuvable")]) from None
    except UnicodeDecodeError:
        message = "le fichier n’est pas en UTF-8 ; enregistrez-le avec cet encodage"
        raise FaqError([Problem(_name(path), 1, typeset(message))]) from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        detail = _yaml_message(error)
        raise FaqError([Problem(_name(path), line, typeset(detail))]) from None
    except YAMLError as error:
        raise FaqError([Problem(_name(path), 1, typeset(f"YAML illisible : {error}"))]) from None
    if not isinstance(data, CommentedMap):
        raise FaqError([Problem(_name(path), 1, typeset("le fichier doit être un bloc de clés (« theme: », …)"))])
    return data


def _yaml_message(error: MarkedYAMLError) -> str:
    problem = error.problem or ""
    if "duplicate key" in problem:
        return "cette clé est écrite deux fois dans le même bloc"
    if "mapping values are not allowed" in problem:
        return "deux-points inattendu ; mettez le texte entre guillemets doubles, ou après « >- » à la ligne"
    if "tab" in problem or "\\t" in problem:
        return "tabulation interdite ; indentez avec des espaces"
    return f"YAML illisible ({problem}) ; vérifiez l’indentation et les guillemets"


def _read_file(reader: _Reader, path: Path) -> None:
    file = _name(path)
    try:
        data = _parse(path)
    except FaqError as error:
        reader.problems += error.problems
        return
    for key in data:
        if key not in ("theme", "entrees"):
            reader.wrong(file, _line(data, key), f"clé inconnue « {key} » ; attendu : theme, entrees")
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
        reader.follow_up_lines.append((file, _line(raw["suites"], index), str(intent)))
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
            reader.wrong(file, _line(raw, key), f"clé inconnue « {key} » ; attendu : {', '.join(known)}")
        elif not isinstance(value, known[key]) or (isinstance(value, str) and not value.strip()):
            reader.wrong(file, _line(raw, key), f"« {key} » doit être {_KIND[known[key]]}")
    for key in _REQUIRED:
        if key not in raw:
            reader.wrong(file, line, f"il manque la clé « {key} »")


def _check_id(reader: _Reader, file: str, raw: CommentedMap) -> None:
    ident, line = raw["id"], _line(raw, "id")
    if not _ID.match(ident):
        reader.wrong(file, line, f"identifiant « {ident} » : lettres minuscules sans accent, chiffres et _ seulement")
    if ident in TRANSACTIONS:
        reader.wrong(file, line, f"« {ident} » est le nom d’une démarche de l’assistant ; choisissez-en un autre")
    if ident in reader.where:
        first_file, first_line = reader.where[ident]
        reader.wrong(file, line, f"identifiant « {ident} » déjà pris ({first_file}, ligne {first_line})")
    reader.where.setdefault(ident, (file, line))


def _check_texts(reader: _Reader, file: str, raw: CommentedMap) -> None:
    for key in ("question", "reponse", "en_savoir_plus"):
        for name in _FACT.findall(raw.get(key) or ""):
            if name not in reader.facts:
                reader.wrong(file, _line(raw, key), f"fait inconnu « {name} » ; les faits sont dans {FACTS_FILE}")
    length = len(_fill(raw["reponse"], reader.facts))
    if length > MAX_ANSWER:
        reader.wrong(
            file,
            _line(raw, "reponse"),
            f"réponse de {length} caractères ; {MAX_ANSWER} au plus, le reste va dans « en_savoir_plus »",
        )
    if len(raw["question"]) > MAX_LABEL:
        reader.wrong(file, _line(raw, "question"), f"question trop longue pour un bouton ({MAX_LABEL} caractères au plus)")
    if len(raw["formulations"]) < MIN_PHRASINGS:
        reader.wrong(file, _line(raw, "formulations"), f"au moins {MIN_PHRASINGS} formulations sont attendues")


def _strings(reader: _Reader, file: str, raw: CommentedMap, key: str) -> Iterator[str]:
    for index, value in enumerate(raw.get(key, ())):
        if isinstance(value, str) and value.strip():
            yield value.strip()
        else:
            reader.wrong(file, _line(raw[key], index), f"« {key} » : un texte est attendu ; ajoutez des guillemets")


def _check_phrasings(reader: _Reader, file: str, raw: CommentedMap) -> None:
    for key in ("formulations", "tests"):
        for index, phrasing in enumerate(raw.get(key, ())):
            folded = " ".join(str(phrasing).casefold().split())
            line = _line(raw[key], index)
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
        if key not in ("du", "au") or not isinstance(value, date):
            reader.wrong(file, _line(block, key), "« validite » attend « du » et « au », des dates AAAA-MM-JJ")
            return None, None
    start, end = block.get("du"), block.get("au")
    if start and end and end < start:
        reader.wrong(file, _line(raw, "validite"), "la validité finit avant de commencer")
    return start, end


def _fill(text: str, facts: dict[str, str]) -> str:
    return typeset(_FACT.sub(lambda match: facts.get(match[1], match[0]), text.strip()))


def _line(node: CommentedMap | CommentedSeq, key: Any) -> int:
    position = node.lc.item(key) if isinstance(node, CommentedSeq) else node.lc.key(key)
    return int(position[0]) + 1


def _name(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"
