"""Counts of things in the plain spelling of `written_numbers`: « deux perceuses », « x4 », « les 2 », « il en manque 3 ».

Products are anybody's: there is no list of them. A number counts what follows when its neighbours say so: a usual thing
after it (carton, pièce, article…), or any noun after it and a word before it that a count may follow (« j'ai reçu 3 rabots »);
a name before a number makes it part of that name (« étape 2 », « GSB 18 »).
"""

import re
from collections.abc import Iterator
from itertools import islice

from bot.nlu.measures import MEASURE
from bot.nlu.written_numbers import GROUPED, ROUND_NUMBERS, SPOKEN, Found, number_value

_NUMBER = re.compile(rf"(?:(?<![\w+*#°º\-/])(?<!\d[.,/\- ])(?<!\d x )(?P<digits>{GROUPED})(?!\d)(?![.,/\-]\d)|(?P<spoken>{SPOKEN}))")
_BY_SIGN = re.compile(
    r"(?:(?<!\w)(?<!\d )x ?(?P<after>\d{1,4})|(?<![\w.,/+\-])(?<!\d )(?P<before>\d{1,4}) ?x(?= [a-z]{3}))"
    r"(?!\w)(?![.,/]\d)(?! ?(?:\d|x|[cm]?m|v|w)(?!\w))"
)
_ROUND = re.compile(
    rf"(?<!\w)(?:(?P<times>une?|1|deux|trois|quatre|[2-9]) )(?P<round>{'|'.join(ROUND_NUMBERS)})s?(?!\w)"
    rf"(?! (?:de |d')(?:{MEASURE}|euros?|kms?|kilometres?|gens))"
)
_THINGS = re.compile(
    r"(?:autres? |petite?s? |grande?s? |gros(?:ses)? |memes? )?(?:articles?|produits?|colis|cartons?|boites?|paquets?|pieces?|pcs?|pces?|unites?"
    r"|exemplaires?|ex|sacs?|sachets?|lots?|packs?|kits?|coffrets?|rouleaux?|bidons?|pots?|tubes?|palettes?|paires?|commandes?|cmds?|cdes?|references?|outils?"
    r"|machines?|appareils?|vis|clous|chevilles|forets|perceuses?|visseuses?|batteries?|piles?|scies?|ponceuses?|meuleuses?|disques?|lames?|gants|chargeurs?"
    r"|tournevis|cles|marteaux|factures?|bons|cheques?|cartes?)(?!\w)"
)
_NO_MEASURE = re.compile(rf" ?(?:(?:derniere?s?|premiere?s?|prochaine?s?|autres|bons|bonnes) )?{MEASURE}")
_NEXT_WORD = re.compile(r" {1,2}([a-z'\-]+)")
_SMALL = """
    a ai ainsi alors ans apres arrive arrivent as au aussi autant aux avant avec avez avoir bonjour bosch c ca car ce cela ces cet cette chez
    ci comme comment contre d dans de deja depuis dernier des dessus dewalt dit donc dont du elle elles en encore entre environ est et etaient
    etait ete etre eu fait faut fleche fonctionne fonctionnent hors ici il ils j jamais je l la le les leur leurs lors m ma mais makita marche
    marchent max maxi me meme merci mes mini minimum moi moins mois mon n ne ni non nos notre nous on ont or ou oui oups par pas pendant plus
    pour pourquoi premier pro puis qu quand que qui quoi ryobi s sa sans se sera seront ses seul seule seulement si sinon son sont sous stp
    sur svp ta te tes toi ton toujours tout toute tres trop tu un une va vers via voici voila vont vos votre vous y
"""
_SMALL_WORDS = frozenset(_SMALL.split())
"""Words that are no things; some trade names that numbers stand beside."""
_MAKES_A_NAME = re.compile(
    r"(?<!\w)(?:l[ea]|une?|du|au|ce|cet|cette|mon|ma|ton|ta|son|sa|notre|votre|etapes?|page|numero|num|n°|no|nr|ligne|niveau|taille|modele|version|type"
    r"|classe|code|erreur|etage|appartement|appt|apt|bat|batiment|porte|hall|chapitre|option|article|art|lot|colis|carton|paquet|windows|iphone|android|ref"
    r"|reference|point|cas|choix|reponse|question|phase|serie|puissance|norme|indice|grain|diametre|pointure|coef|tva|covid|facture|dossier) $"
)
_ORDER_BEFORE = re.compile(r"(?<!\w)(?<!ai )(?<!avez )(?<!avons )(?<!\Wa )(?<!avait )(?<!avais )commande $")
"""« commande 4 » is the order's name, « j'ai commandé 4 » and « commandé 4 cartons » are not."""
_ONE_OF_THESE_DAYS = re.compile(r"(?<!\w)un de ces $")
_PLURAL_BEFORE = re.compile(r"(?<!\w)(?:les|ces|mes|tes|ses|nos|vos|leurs|des|aux|ceux|celles|autres) $")
_COUNTING = (
    r"(?:(?:re)?(?:command|achet|pri[st]|prend|livr|expedi|envoy|renvo|retourn|rend|gard|vend|ajout|mi[st]|mett|mang|manqu|rest|recev|recoi|rajout|perdu|cass"
    r"|echang|annul|enlev|supprim|chang|rembours|trouv|compt|contien|contenai|souhait)[a-z]{0,4}|recu(?:e?s?)|ai|jai|as|avons|avez|ont|avais|avait|avaient|aurais|aurai"
    r"|veu[xt]|voulons|voulez|voudrai[st]?|voulai[st]|aimerais|faut|faudrait|faudra|fallait|vois|besoin (?:de|d'))"
)
_A_COUNT_MAY_FOLLOW = re.compile(
    rf"(?:^|[^\w\s'°\-]\s*|\n\s*|'|(?<!\w)(?:d[e']|et|ou|avec|pour|contre|que?|dont|soit|{_COUNTING}"
    r"|(?:y|il|elle|on|ca|qui|m'|n'|l'|t'|s') ?a|sont|seulement|encore|environ"
    r"|deja|aussi|plutot|juste|uniquement|exactement|plus|moins|pas|non|oui|ok|tous|toutes|voila|voici"
    r"|bonjour|devis|retour|lieu de|ces|mes|les|des)\s)$"
)
_LAST_COUNT = re.compile(
    rf"(?<!\w)(?:{_COUNTING}(?<!ai)(?<!jai)(?<!as)(?<!avons)(?<!avez)(?<!ont)(?<!avais)(?<!avait)"
    r"|en (?:ai|as|a|avons|avez|ont|avais|avait|aurais|voudrais|veux|veut|prends|prend|voulais)(?: (?:pas|deja|encore|aussi))?"
    r"|(?:recue?s?|commandee?s?|livree?s?|reste|manque|en) (?:\w+ )?(?:que|seulement|uniquement|juste)|au lieu de|plus que) $"
)
_AT_THE_END = re.compile(
    r"\s*(?:$|[^\w\s/%°²\"']|\s(?:sur|au lieu|et|mais|seulement|dans|de plus|en|svp|stp|merci|pas|pour|ou|avec|alors|a la place|le|la|par)(?!\w))"
)
_PARTS = re.compile(
    rf"(?! de ces quatre(?! [a-z])) (?:des|sur(?: les| mes| ces)?|de (?:ces|mes|vos|nos|ceux)|d'entre(?: les)?)"
    rf" (?:{GROUPED}|{SPOKEN})(?!\w)(?! ?(?:{MEASURE}))"
)
_ONLY_ONE = re.compile(r"(?<!\w)une? seule?(?!\w)(?! (?:fois|jour|coup|mot|personne|question|instant|moment|chose))")
_PER_CENT = re.compile(rf"(?:\d|{SPOKEN}) pour $")
_TAKEN_NEXT = re.compile(r" ?(?:et|ou|,|a|au|-|/) ?\0")
_LARGEST, _LARGEST_ALONE, _LARGEST_FEW = 99_999, 99, 20
_MODEL_BEFORE = re.compile(r"[a-z]\d|\d$|[a-z] $")
_LEAST_MODEL = 10
_MOST_NUMBERS = 100
"""Numbers of a text whose neighbours are looked at; more are a table or noise."""
_YEARS = range(1950, 2100)
_ONE = {"un", "une"}


def find_counts(text: str) -> Iterator[Found]:
    """Yields counts of things as whole numbers; the offsets are those of the number, without the things."""
    for match in _ROUND.finditer(text):
        times = 1 if match["times"] in _ONE else number_value(match["times"])
        if times is not None and text[max(0, match.start() - 2) : match.start()] != "d'":
            yield str(times * ROUND_NUMBERS[match["round"]]), match.start(), match.end()
    for match in _BY_SIGN.finditer(text):
        yield str(int(match["after"] or match["before"])), match.start(), match.end()
    for match in _ONLY_ONE.finditer(text):
        yield "1", match.start(), match.end()
    for match in islice(_NUMBER.finditer(text), _MOST_NUMBERS):
        value = number_value(match[0])
        if value and value <= _LARGEST and not match[0].startswith("0") and _counts(text, match, value):
            yield str(value), match.start(), match.end()


def _counts(text: str, match: "re.Match[str]", value: int) -> bool:
    """Tells whether the neighbours of a number make it a count."""
    start, end = match.span()
    before = text[max(0, start - 40) : start]
    is_part = _PARTS.match(text, end) is not None
    if match[0] in _ONE:
        return is_part and not re.search(r"(?<!\w)(?:en|pour) $", before)
    has_usual_thing = _THINGS.match(text, end + (text[end : end + 1] == " ")) is not None
    if _is_something_else(text, match, before, has_usual_thing):
        return False
    if is_part:
        return _A_COUNT_MAY_FOLLOW.search(before) is not None
    if _PLURAL_BEFORE.search(before):
        return value <= _LARGEST_FEW or _is_thing(text, end)
    if has_usual_thing:
        return _A_COUNT_MAY_FOLLOW.search(before) is not None or value < _LEAST_MODEL or not _MODEL_BEFORE.search(before)
    if match[0] == "neuf" or (value in _YEARS and match["digits"]):
        return False
    if _is_thing(text, end):
        return _A_COUNT_MAY_FOLLOW.search(before) is not None
    largest = _LARGEST_ALONE if re.search(r"(?<!\w)en ", before) else _LARGEST_FEW
    return value <= largest and _LAST_COUNT.search(before) is not None and _AT_THE_END.match(text, end) is not None


def _is_something_else(text: str, match: "re.Match[str]", before: str, has_usual_thing: bool) -> bool:
    """Tells a measure, the second half of a range, a name's number ("étape 2") and idioms from a count."""
    end = match.end()
    return bool(
        _NO_MEASURE.match(text, end)
        or _TAKEN_NEXT.match(text, end)
        or _MAKES_A_NAME.search(before)
        or (match[0] == "quatre" and _ONE_OF_THESE_DAYS.search(before))
        or (match[0] == "cent" and _PER_CENT.search(before))
        or (not has_usual_thing and (_ORDER_BEFORE.search(before) or (match["digits"] and text[end : end + 1].isalpha())))
    )


def _is_thing(text: str, end: int) -> bool:
    """Tells whether the word after a number may be a thing's name."""
    word = _NEXT_WORD.match(text, end)
    return word is not None and len(word[1]) > 2 and word[1].split("'")[0] not in _SMALL_WORDS
