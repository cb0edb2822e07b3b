"""Does a sentence speak of the past or of the future? What tells the « mardi » of a complaint from that of a delivery to come.

In customer service a day named by itself is the nearest past one: « commandé mardi », « rien reçu le 14 ». It is the coming
one where a future is said. What decides, in this order:

1. what stands directly before the day: « depuis » or « commande de » say the past; « pour », « d'ici », « jusqu'au », « dès »
   the future, unless an imperfect governs it (« c'était pour mardi »);
2. the nearest verb or adverb before the day in the same clause, else the nearest after it: « vous livrez mardi »,
   « je serai là », « demain » against « j'ai reçu », « était », « dernier »;
3. the same in the whole sentence; « avant » and « entre » say the future if nothing else does.
"""

import re

PAST, UNKNOWN, FUTURE = -1, 0, 1

_HORIZON = 150
"""Characters of a sentence that are read on either side of a day: endless ones would cost too much."""

DOCUMENT = (
    r"(?:commandes?|comandes?|cmde?|cde|factures?|achats?|colis|mails?|courriels?|courriers?|lettre|sms|messages?|appels?|devis|paiement|virement|reception"
    r"|demandes?|reclamations?|reserves|declaration|signalement|relance|accord|annulation|prelevement|ticket|dossier)"
)
"""Pattern of what bears the day on which it was made."""
_BEFORE_PAST = re.compile(rf"(?<!\w)(?:depuis?|dat(?:ee?|ant)|{DOCUMENT} en date|{DOCUMENT}(?: passee?)?(?= d))(?: d[eu'])?(?: le)? ?$")
_BEFORE_FUTURE = re.compile(
    r"(?<!\w)(?:(?:p(?:ou)?r|puor|d'ici|jusqu'?(?:au?)?|jusque|a partir d[eu]|des)(?: le| a| au)?|(?P<weak>avant?|entre)(?: le)?) $"
)
_SENTENCE_END = re.compile(r"[.!?;\n]")
_CLAUSE_END = re.compile(r"[,()\n]| (?:et|mais|donc|car) ")

_PARTICIPLE = (
    r"(?:re)?(?:command|achet|pay|pass|envoy|retourn|livr|depos|expedi|appel|arriv|rendu|signal|relanc|contact|ecrit|eu|ete|venu|valid|regl"
    r"|rembours|pri[st]|mi[st]|fait|dit|cass|tomb|lach|annul|demand|trouv|repond|promis|annonc|post|prelev|debit|parti|cu|ouvert|vendu|perdu|souscri)"
    r"[a-z]{0,3}"
)
_IMPERFECT = (
    r"(?<!\w)(?:avai(?:s|t|ent)|aviez) (?:dit|promis|annonce|assure|indique|confirme|ecrit)(?: qu[e'][^,]{0,25})?"
    r"|(?<!\w)(?:etai(?:s|t|ent)|avai(?:s|t|ent)|devai(?:s|t|ent)|deviez|allai(?:s|t|ent)|fallait|voulai[st]|pensai[st]|attendai[st]"
    rf"|aurai(?:s|t|ent)|auriez)(?: etre)?(?: {_PARTICIPLE})?(?!\w)"
)
"""What was expected by then, and what somebody had said would be."""
_FUTURE_VERB = (
    r"(?<!\w)(?:(?!(?:camera|opera|retire|desire|tire|mesure|assure|prepare)(?:z|s|ons)?(?!\w))"
    r"[a-z]{1,12}(?:er|ir|dr|vr|rr|tr|ur)(?:ai|as|a|ez|ons|ont)|irai|iras|ira|irons|irez|iront|seras?|serai|serons|serez|seront"
    r"|doi(?:s|t|vent)|devez|devrai(?:s|t|ent)|peu[xt]|peuvent|pouv(?:ez|ons)|pourri?ez|pourrai[st]|va|vais|vas|vont|allez|allons|veu[xt]|voulez"
    r"|voudrai[st]|souhaite|faut|faudrait|compte[zs]?)"
    r"(?: (?:bien|donc|vous|on|elle|il|ils|elles))?(?: etre)?(?: (?!ont )[a-z]{3,12})?(?!\w)"
)
"""Future tense, « aller » and modal verbs, with the infinitive or participle they govern."""
_FUTURE_WORD = (
    r"(?<!\w)(?:prochaine?s?|demain|bientot|livr(?:ez|er|ent)|(?:me|nous|on) livre|recevoir|venir|venez|vien(?:s|t|nent)"
    r"|(?<!bien )arrive(?:nt)?(?! chez vous)|part(?:ent)?|absente?s?|dispo(?:nible)?s?|commence(?:nt)?|demarre(?:nt)?|demonte"
    r"|(?:suis|est|sommes|etes) (?:pas )?la"
    r"|(?:etes(?:-| )?(?:vous)?|c'est|sera|magasins?|boutique|depot|accueil)(?: bien| est| sera)? (?:ouverte?s?|fermee?s?)"
    r"|(?:est|sont)(?:-elle|-il|-ils|-elles)?(?: bien| toujours| donc)? prevue?s?|je (?:pars|rentre|recois|travaille|bosse|prends)"
    r"|(?:camion|livreur|transporteur|chauffeur|facteur|technicien|je|il|elle|vous) passe[zs]?)(?!\w)"
)
_PAST = (
    r"(?<!\w)(?:(?:ai|jai|as|avons|avez|ont|a|suis|sommes|etes|est|sont|ete|g|c'est)(?:-(?:je|il|elle|t-on|t-il|t-elle))?"
    rf"(?: (?!les? |la |des? |un |une |mon |ma )[a-z']{{1,12}}){{0,2}} {_PARTICIPLE}"
    r"|recue?s?|commandee?s|achetee?s?|livrees?|livres|passees?|arrivees?|expediee?s?|envoyee?s?|debitee?s?|prelevee?s?|remboursee?s?|deposee?s?"
    r"|ouverte?s?|partie?s?|derniere?s?|passe|hier"
    r"|(?:command|livr|declar|cre|regl|valid|post|annul|renvoy|pay|sign|accord|accept|enlev|recuper|confirm|adress|saisi|rendu|pris|ferm)"
    r"(?:e?(?:e|s|es)?)(?= (?:le |ce )?$))(?!\w)"
)
"""Passé composé, participles that are nothing else or stand right before the day, and adverbs."""
_CUE = re.compile(rf"(?P<imperfect>{_IMPERFECT})|(?P<future>{_FUTURE_VERB}|{_FUTURE_WORD})|(?P<past>{_PAST})")


def day_direction(text: str, start: int, end: int) -> int:
    """Tells whether the day named at `start:end` of a plain `text` lies in the `PAST` or the `FUTURE`; `UNKNOWN` if nothing says so."""
    farthest = max(0, start - _HORIZON)
    left = max((match.end() for match in _SENTENCE_END.finditer(text, farthest, start)), default=farthest)
    found = _SENTENCE_END.search(text, end, end + _HORIZON)
    right = found.start() if found else min(len(text), end + _HORIZON)
    clause_left = max((match.end() for match in _CLAUSE_END.finditer(text, left, start)), default=left)
    after = _CLAUSE_END.search(text, end, right)
    cue = _nearest(text, clause_left, start, end, after.start() if after else right) or _nearest(text, left, start, end, right)
    return _prefixed(text[max(0, start - 40) : start], cue) or _DIRECTIONS[cue]


_DIRECTIONS = {"imperfect": PAST, "past": PAST, "future": FUTURE, None: UNKNOWN}


def _prefixed(before: str, cue: str | None) -> int:
    if _BEFORE_PAST.search(before):
        return PAST
    match = _BEFORE_FUTURE.search(before)
    if match is None or cue == "imperfect" or (match["weak"] is not None and cue is not None):
        return UNKNOWN
    return FUTURE


def _nearest(text: str, left: int, start: int, end: int, right: int) -> str | None:
    """Names the cue that ends last before `start`, or else comes first after `end`."""
    before = [match.lastgroup for match in _CUE.finditer(text, left, start)]
    if before:
        return before[-1]
    after = _CUE.search(text, end, right)
    return after.lastgroup if after else None
