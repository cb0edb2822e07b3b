"""One mistake per rule of the FAQ, made in the small FAQ of ``builders``, with what the editor must be told."""

from dataclasses import dataclass

from guichet.faq_files import Problem

KEYS = "id, question, reponse, formulations, en_savoir_plus, tests, suites, validite, a_revoir_le"
FOLLOW_UPS = "order_status, open_sav_case, sav_case_status, start_return, refund_status, contact_human, ou l’identifiant d’une entrée"


@dataclass(frozen=True)
class Mistake:
    """An edit of one file, and the only problem it must give (``told_in`` another file, sometimes)."""

    rule: str
    file: str
    old: str
    new: str
    line: int
    message: str
    told_in: str = ""

    def problem(self) -> Problem:
        return Problem(f"faq/{self.told_in or self.file}", self.line, self.message)


def account(rule: str, old: str, new: str, line: int, message: str, told_in: str = "") -> Mistake:
    return Mistake(rule, "compte.yml", old, new, line, message, told_in)


def shop(rule: str, old: str, new: str, line: int, message: str) -> Mistake:
    return Mistake(rule, "boutique.yml", old, new, line, message)


MISTAKES = [
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
    account(
        "date expected",
        "validite: {du: 2026-01-01, au: 2026-12-31}",
        "a_revoir_le: bientôt",
        15,
        "«\u00a0a_revoir_le\u00a0» doit être une date AAAA-MM-JJ",
    ),
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
        "«\u00a0order_status\u00a0» est un nom réservé à l’assistant\u202f; choisissez-en un autre",
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
    account(
        "validity with another key",
        "{du: 2026-01-01",
        "{de: 2026-01-01",
        15,
        "«\u00a0validite\u00a0» attend «\u00a0du\u00a0» et «\u00a0au\u00a0», des dates AAAA-MM-JJ",
    ),
    account(
        "validity without dates",
        "du: 2026-01-01",
        "du: demain",
        15,
        "«\u00a0validite\u00a0» attend «\u00a0du\u00a0» et «\u00a0au\u00a0», des dates AAAA-MM-JJ",
    ),
    account("validity backwards", "au: 2026-12-31", "au: 2025-12-31", 15, "la validité finit avant de commencer"),
    account(
        "unknown key of the file",
        "theme: Compte client",
        "theme: Compte client\nautre: 1",
        2,
        "clé inconnue «\u00a0autre\u00a0»\u202f; attendu\u00a0: theme, entrees",
    ),
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
    shop(
        "fact is a number",
        "delai_reliquat_jours: 15",
        "delai_reliquat_jours: quinze",
        13,
        "«\u00a0delai_reliquat_jours\u00a0»\u00a0: un nombre entier est attendu",
    ),
    shop(
        "fact is one number",
        "delai_reliquat_jours: 15",
        "delai_reliquat_jours: [15]",
        13,
        "«\u00a0delai_reliquat_jours\u00a0»\u00a0: un nombre entier est attendu",
    ),
    shop(
        "fact too small",
        "retractation_jours: 14",
        "retractation_jours: 13",
        12,
        "«\u00a0delai_retractation_jours\u00a0»\u00a0: la valeur est trop petite (minimum 14)",
    ),
    shop(
        "hours are a list",
        '["09:00-12:30", "13:30-17:00"]',
        '"09:00-12:30"',
        5,
        '«\u00a0horaires.vendredi\u00a0»\u00a0: une liste de plages horaires est attendue, par exemple ["09:00-12:30"]',
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
    shop(
        "hours out of order",
        '["09:00-12:30", "13:30-17:00"]',
        '["13:30-17:00", "09:00-12:30"]',
        5,
        "«\u00a0horaires.vendredi\u00a0»\u00a0: les plages horaires d’un jour se suivent sans se chevaucher, de la première à la dernière",
    ),
    shop("unknown day", "vendredi:", "friday:", 5, "«\u00a0horaires.friday\u00a0»\u00a0: jour inconnu\u202f; attendu\u00a0: lundi à dimanche"),
]
