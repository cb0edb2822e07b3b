"""Reading the YAML of ``faq/``: the shop's facts, and mistakes told with file and line, in French."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from guichet.french import typeset
from guichet.shop import ShopFacts

FACTS_FILE = "boutique.yml"


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


def load_facts(directory: Path) -> ShopFacts:
    """Read ``boutique.yml``.

    Raises:
        FaqError: the file is missing or a fact is missing or ill-formed.
    """
    path = directory / FACTS_FILE
    data = parse_yaml(path)
    try:
        return ShopFacts.model_validate(data)
    except ValidationError as error:
        raise FaqError([_fact_problem(path, data, dict(e)) for e in error.errors()]) from None


_FACT_MESSAGES = {
    "missing": "ce fait est obligatoire",
    "string_type": "un texte est attendu",
    "int_type": "un nombre entier est attendu",
    "int_parsing": "un nombre entier est attendu",
    "int_from_float": "un nombre entier est attendu",
    "model_type": 'un bloc de jours est attendu, par exemple « lundi: ["09:00-12:30"] »',
    "invalid_key": "une clé doit être un texte",
    "string_too_short": "ce fait ne peut pas être vide",
    "greater_than_equal": "la valeur est trop petite (minimum {ge})",
    "extra_forbidden": "jour inconnu ; attendu : lundi à dimanche",
    "tuple_type": 'une liste de plages horaires est attendue, par exemple ["09:00-12:30"]',
}


def _fact_problem(path: Path, data: CommentedMap, error: dict[str, Any]) -> Problem:
    name = str(error["loc"][0])
    template = _FACT_MESSAGES.get(error["type"], str(error["msg"]).removeprefix("Value error, "))
    message = template.format(**error.get("ctx", {})) if "{" in template else template
    if name == "courriel_service_client" and error["type"] == "value_error":
        message = "une adresse e-mail est attendue, par exemple service@exemple.fr"
    location = ".".join(str(part) for part in error["loc"])
    line = line_of(data, name) if name in data else 1
    return Problem(short_name(path), line, typeset(f"« {location} » : {message}"))


def parse_yaml(path: Path) -> CommentedMap:
    """The block of keys that a file holds, with the lines they stand on.

    Raises:
        FaqError: missing, not UTF-8, not YAML, or something else than a block of keys.
    """
    yaml = YAML(typ="rt")
    try:
        data = yaml.load(path.read_text("utf-8"))
    except FileNotFoundError:
        raise FaqError([Problem(short_name(path), 1, "fichier introuvable")]) from None
    except UnicodeDecodeError:
        message = "le fichier n’est pas en UTF-8 ; enregistrez-le avec cet encodage"
        raise FaqError([Problem(short_name(path), 1, typeset(message))]) from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        detail = _yaml_message(error)
        raise FaqError([Problem(short_name(path), line, typeset(detail))]) from None
    except YAMLError as error:
        raise FaqError([Problem(short_name(path), 1, typeset(f"YAML illisible : {error}"))]) from None
    except ValueError:
        message = "une date impossible est écrite dans ce fichier ; attendu : AAAA-MM-JJ"
        raise FaqError([Problem(short_name(path), 1, typeset(message))]) from None
    if not isinstance(data, CommentedMap):
        raise FaqError([Problem(short_name(path), 1, typeset("le fichier doit être un bloc de clés (« theme: », …)"))])
    return data


def _yaml_message(error: MarkedYAMLError) -> str:
    problem, mark = error.problem or "", error.problem_mark
    if "duplicate key" in problem:
        return "cette clé est écrite deux fois dans le même bloc"
    if "<block end>" in problem and mark and mark.buffer and re.search(r"^[ -]*(\w+:)? *\{\{[^\n]*\Z", mark.buffer[: mark.pointer], re.MULTILINE):
        return "texte commençant par « {{ » ; mettez-le entre guillemets doubles, ou après « >- » à la ligne"
    if "mapping values are not allowed" in problem:
        return "deux-points inattendu ; mettez le texte entre guillemets doubles, ou après « >- » à la ligne"
    if "tab" in problem or "\\t" in problem:
        return "tabulation interdite ; indentez avec des espaces"
    return f"YAML illisible ({problem}) ; vérifiez l’indentation et les guillemets"


def line_of(node: CommentedMap | CommentedSeq, key: Any) -> int:
    """The line, from 1, of a key or item."""
    position = node.lc.item(key) if isinstance(node, CommentedSeq) else node.lc.key(key)
    return int(position[0]) + 1


def short_name(path: Path) -> str:
    """A file as editors know it: ``faq/compte.yml``."""
    return f"{path.parent.name}/{path.name}"
