"""What a case says beside motive and description: reserves made at delivery, the solution wished for."""

import re

from bot.actions import texts
from bot.actions.speech import payload
from bot.actions.tasks import ABANDON_CHOICE, PERSON_CHOICE, Context, Field
from guichet import labels
from guichet.attachments import unclaimed
from guichet.models import CaseMotive, CaseWish, Reserves

WITH_WISH = frozenset({CaseMotive.DEFECTIVE, CaseMotive.INCOMPLETE, CaseMotive.DAMAGED, CaseMotive.WRONG_ITEM, CaseMotive.MISSING_ITEM})
_WRITTEN = r"(?:not|[ée]mis|fait|inscri|[ée]crit|mis)"
_RESERVES_MADE = re.compile(
    rf"\bsous r[ée]serve|\br[ée]serves? (?:(?:a|ont|bien|été|ete) ){{0,3}}{_WRITTEN}|{_WRITTEN}\w* (?:des|une|mes) r[ée]serve",
    re.IGNORECASE,
)
_RESERVES_NOT_MADE = re.compile(
    r"\b(?:sans|aucune|pas (?:\w+ ){0,2}de) r[ée]serve|\bsign[ée] sans (?:regarder|v[ée]rifier|contr[oô]ler)",
    re.I,
)
_WISHED = {
    CaseWish.REFUND: re.compile(r"\brembours|\brendre (?:mon|l')argent", re.I),
    CaseWish.PART: re.compile(
        r"\b(?:envo\w+|recevoir|avoir|veux|voudrais) (?:que |seulement |juste )?(?:la|une|cette|les) pi[èe]ces?\b"
        r"|pi[èe]ces? (?:de rechange|manquante|[àa] (?:re)?(?:mplacer|changer|monter))|[ée]change de pi[èe]ce|^\W*(?:la |une )?pi[èe]ce\b",
        re.I,
    ),
    CaseWish.NEW_PRODUCT: re.compile(r"\b[ée]chang|\brempla[cç]|\bun (?:autre|neuf|nouveau)\b", re.I),
    CaseWish.GESTURE: re.compile(r"geste commercial|\bune remise\b|d[ée]dommag", re.I),
}
_EXAMINE = re.compile(r"^\W*(?:oui|ouais|ok|d'accord)\b|\bexamin|\bregard|quand m[êe]me", re.IGNORECASE)
_UNDECIDED = re.compile(
    r"peu (?:m')?importe|comme vous voulez|vous (?:me |laisse (?:me )?)?propos|je (?:ne )?sais pas|[àa] vous de voir|n'importe", re.I
)


def reserves_said(text: str) -> Reserves | None:
    """What a sentence says of reserves on the delivery slip, if anything."""
    plain = text.replace("’", "'")
    if _RESERVES_NOT_MADE.search(plain):
        return Reserves.NOT_MADE
    return Reserves.MADE if _RESERVES_MADE.search(plain) else None


def wish_said(text: str) -> CaseWish | None:
    """The solution that a sentence names, if any."""
    plain = text.replace("’", "'")
    return next((wish for wish, words in _WISHED.items() if words.search(plain)), None)


class PhotosField(Field):
    """Photos sent along the way; the case takes them when it is opened. Never asked for: the question for a description invites them."""

    name = "photos"

    async def is_needed(self, context: Context) -> bool:
        """Never; counts them for the recap."""
        context.data["photo_count"] = len(await unclaimed(context.session, context.conversation_id))
        return False

    async def ask(self, context: Context) -> None:
        """Nothing to ask."""

    async def read(self, context: Context) -> bool:
        """Photos without words are acknowledged, then the task goes on where it was."""
        if not context.turn.entities.get("photos"):
            return False
        context.say(texts.photos_received(len(await unclaimed(context.session, context.conversation_id))))
        return True


class ReservesField(Field):
    """Reserves on the delivery slip, for a damage: without them the shop cannot take a transport damage into account (FAQ)."""

    name = "reserves"

    async def is_needed(self, context: Context) -> bool:
        """Only for a damage."""
        return context.data.get("motive") == CaseMotive.DAMAGED and "reserves" not in context.data

    def is_answer(self, text: str) -> bool:
        """A sentence about reserves."""
        return reserves_said(text) is not None

    async def read(self, context: Context) -> bool:
        """A button, a yes or a no to the question, or a sentence that says it."""
        given = context.turn.entities.get("reserves")
        found = Reserves(given) if given in set(Reserves) else None
        asked_again = context.data.get("no_reserves") and context.data.get("field") == self.name
        if context.turn.entities.get("answer") == "examine" or (asked_again and found is None and self._insists(context)):
            context.data["reserves"] = Reserves.NOT_MADE.value
            return True
        found = found or self._said(context)
        if found is None:
            return False
        if found is Reserves.NOT_MADE:
            context.data.pop("reserves", None)
            context.data["no_reserves"] = True
        else:
            context.data["reserves"] = found.value
        return True

    def _insists(self, context: Context) -> bool:
        """Told what follows without reserves, the customer wants the case all the same."""
        text = context.turn.text.replace("’", "'")
        return reserves_said(text) is None and (context.turn.intent == "affirm" or _EXAMINE.search(text) is not None)

    def _said(self, context: Context) -> Reserves | None:
        text = context.turn.text.replace("’", "'")
        said = reserves_said(text)
        if said is not None:
            return said
        if context.data.get("field") != self.name:
            return None
        if _UNDECIDED.search(text) or "sais plus" in text:
            return Reserves.UNKNOWN
        first = re.match(r"\W*(oui|ouais|si|non|nan|aucune?|pas)\b", text, re.I)
        if first is not None:
            return Reserves.MADE if first[1].lower() in ("oui", "ouais", "si") else Reserves.NOT_MADE
        return {"affirm": Reserves.MADE, "deny": Reserves.NOT_MADE}.get(context.turn.intent)

    async def ask(self, context: Context) -> None:
        """Ask; after a no, say what follows from it and leave the choice."""
        if context.data.get("no_reserves"):
            choices = [(texts.EXAMINE_ANYWAY, payload("inform", answer="examine")), PERSON_CHOICE, ABANDON_CHOICE]
            context.say(texts.NO_RESERVES, choices=choices)
            return
        choices = [(label, payload("inform", reserves=value)) for value, label in texts.RESERVES.items()]
        context.say(texts.ASK_RESERVES, choices=[*choices, ABANDON_CHOICE])


class WishField(Field):
    """The solution the customer would like best."""

    name = "wish"

    async def is_needed(self, context: Context) -> bool:
        """For after-sales motives."""
        return context.data.get("motive") in WITH_WISH and "wish" not in context.data

    def is_answer(self, text: str) -> bool:
        """A sentence that names a solution."""
        return wish_said(text) is not None

    async def read(self, context: Context) -> bool:
        """A button, or words that name a solution; not knowing is an answer to the question."""
        given = context.turn.entities.get("wish")
        text = context.turn.text.replace("’", "'")
        if given not in set(CaseWish):
            given = wish_said(text)
        if given is None and context.data.get("field") == self.name and (_UNDECIDED.search(text) or context.turn.intent == "deny"):
            given = CaseWish.UNDECIDED.value
        if given is None:
            return False
        context.data["wish"] = CaseWish(given).value
        return True

    async def ask(self, context: Context) -> None:
        """One button per solution of the FAQ."""
        choices = [(label, payload("inform", wish=value)) for value, label in texts.WISHES.items()]
        context.say(texts.ASK_WISH, choices=[*choices, ABANDON_CHOICE])


def wishes_said(context: Context) -> str:
    """Reserves, wish and photos, as the recap says them after the motive."""
    parts = []
    if "reserves" in context.data:
        parts.append(texts.RECAP_RESERVES[Reserves(context.data["reserves"])])
    if "wish" in context.data:
        parts.append(texts.RECAP_WISH.format(souhait=labels.CASE_WISHES[CaseWish(context.data["wish"])]))
    photos = context.data.get("photo_count", 0)
    if photos:
        parts.append(texts.RECAP_PHOTOS_ONE if photos == 1 else texts.RECAP_PHOTOS.format(nombre=photos))
    return "".join(parts)
