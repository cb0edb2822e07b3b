"""After-sales cases and parcel enquiries, step by step."""

import re
import textwrap

from bot.actions import texts
from bot.actions.case_fields import PhotosField, ReservesField, WishField, wish_said, wishes_said
from bot.actions.fields import ADD_ARTICLE, ArticleField, OrderField, article_names, chosen_lines, named_articles
from bot.actions.order_report import ADD_TO_CASE, case_card
from bot.actions.speech import payload
from bot.actions.tasks import ABANDON_CHOICE, CONFIRM, Context, Field, Task
from guichet import clock, labels
from guichet.cases import CaseRequest, case_by_number, open_case
from guichet.french import long_date
from guichet.models import CaseMotive, CaseWish, Reserves, SavCase, ShipmentState

MOTIVE_OF_INTENT = {
    "defective_product": CaseMotive.DEFECTIVE,
    "incomplete_product": CaseMotive.INCOMPLETE,
    "damaged_on_arrival": CaseMotive.DAMAGED,
    "dispute_solutions": CaseMotive.DAMAGED,
    "wrong_item": CaseMotive.WRONG_ITEM,
    "partial_order": CaseMotive.MISSING_ITEM,
    "multiple_parcels": CaseMotive.MISSING_ITEM,
    "missing_parcel": CaseMotive.PARCEL_NOT_RECEIVED,
}
"""The motive that a question implies."""
MAX_DESCRIPTION = 1500
MIN_DESCRIPTION = 8
MAX_QUOTED = 140
"""Characters of a description in a recap."""
TELLING_WORDS = 8
"""A sentence of so many words that implies a motive describes the problem: it is not asked for again."""


FEW_WORDS = 5
"""An answer of so many words to the question for the motive describes the problem as well."""
_MOTIVES_SAID = {
    CaseMotive.WRONG_ITEM: r"(?:mauvaise?|pas la bonne|erreur de) r[ée]f[ée]rence|(?:mauvais|pas le bon) (?:article|produit|mod[èe]le)|au lieu d",
    CaseMotive.DAMAGED: r"\b(?:ab[îi]m|cass|fendu|[ée]ventr|bris|endommag)\w*.{0,25}(?:arriv|r[ée]cept|livr|carton|colis|d[ée]ball)"
    r"|(?:arriv|re[cç]u|livr|d[ée]ball)\w*.{0,25}\b(?:ab[îi]m|cass|fendu|bris|endommag)",
    CaseMotive.DEFECTIVE: r"\bd[ée]fectueu|\ben panne\b|(?:ne |n')?(?:marche|fonctionne|d[ée]marre|s'allume|charge)\w* (?:pas|plus)",
    CaseMotive.INCOMPLETE: r"\bincompl[eè]t|manque (?:une|la|le|des|les) (?:pi[èe]ce|poign[ée]e|vis|notice|chargeur|batterie|accessoire)",
}
_NOT_SO = re.compile(
    r"\b(?:rien ne manque|(?:il )?ne manque rien|(?:et |c'?est |n'?est )pas (?:\w+ ){0,2}(?:cass|ab[îi]m|d[ée]fectueu|en panne)\w*)", re.IGNORECASE
)


def motive_said(text: str) -> CaseMotive | None:
    """The motive that a sentence names, what it denies left aside."""
    plain = _NOT_SO.sub(" ", text.replace("’", "'"))
    return next((motive for motive, words in _MOTIVES_SAID.items() if re.search(words, plain, re.IGNORECASE)), None)


class MotiveField(Field):
    """Why the case is opened."""

    name = "motive"

    async def is_needed(self, context: Context) -> bool:
        """Until known; a question asked just before, or the first sentence, often tells it."""
        return "motive" not in context.data

    async def read(self, context: Context) -> bool:
        """A button, or a sentence the NLU puts under a question that implies a motive."""
        given = context.turn.entities.get("motive")
        if given in set(CaseMotive):
            context.data["motive"] = given
            return True
        told = motive_said(context.turn.text)
        guessed = next((MOTIVE_OF_INTENT[guess] for guess in context.turn.guesses[:1] if guess in MOTIVE_OF_INTENT), None)
        implied = told or guessed
        if implied is None or ("motive" in context.data and (told is None or context.data.get("field") != ConfirmField.name)):
            return False
        if context.data.get("field") == self.name and len(context.turn.text.split()) >= FEW_WORDS:
            context.data.setdefault("description", context.turn.text.strip()[:MAX_DESCRIPTION])
        context.data["motive"] = implied.value
        return True

    def is_answer(self, text: str) -> bool:
        """A sentence that names one."""
        return motive_said(text) is not None

    async def ask(self, context: Context) -> None:
        """One button per motive."""
        choices = [(label, payload("inform", motive=motive)) for motive, label in texts.MOTIVES.items()]
        context.say(texts.ASK_MOTIVE, article=article_names(context), choices=[*choices, ABANDON_CHOICE])


class CaseArticleField(ArticleField):
    """The article, except for a parcel that never came."""

    def __init__(self) -> None:
        super().__init__(whole_order_label=texts.WHOLE_ORDER)

    async def is_needed(self, context: Context) -> bool:
        """Not for a parcel enquiry: it is about the parcel."""
        return context.data.get("motive") != CaseMotive.PARCEL_NOT_RECEIVED and await super().is_needed(context)


class DescriptionField(Field):
    """What happened, in the customer's words."""

    name = "description"
    hint = texts.SAY_MORE
    takes_free_text = True

    async def is_needed(self, context: Context) -> bool:
        """A parcel enquiry describes itself, from the carrier's data."""
        if context.data.get("motive") == CaseMotive.PARCEL_NOT_RECEIVED and context.order is not None:
            context.data.setdefault("description", _enquiry_description(context))
        return "description" not in context.data

    async def read(self, context: Context) -> bool:
        """Any sentence long enough."""
        text = context.turn.text.strip()
        if context.data.get("field") != self.name or len(text) < MIN_DESCRIPTION:
            return False
        context.data["description"] = text[:MAX_DESCRIPTION]
        return True

    async def ask(self, context: Context) -> None:
        """Ask for it, with what the SAV will want to know."""
        context.say(texts.ASK_DESCRIPTION, choices=[ABANDON_CHOICE])


def shortened(description: str) -> str:
    """A description as a recap has room for."""
    return textwrap.shorten(description, MAX_QUOTED, placeholder=" […]")


def whole_description(context: Context) -> str | None:
    """The description as it was written, when the recap has no room for it; its braces are the customer's."""
    description = context.data.get("description", "")
    if len(" ".join(description.split())) <= MAX_QUOTED:
        return None
    return f"« {description} »".replace("{", "{{").replace("}", "}}")


_YES = re.compile(
    r"^\W*(?:(?:soit|bon|alors|ah|bah|ben|euh)\W+)*(?:oui|ouais|ok|okay|d'accord|c'est (?:bon|[cç]a|cela|parfait)|parfait|je confirme|confirm\w+"
    r"|valide\w*|enregistre\w*|allez[- ]y|vas[- ]y)\b(?!.*\b(?:non|sauf|plut[oô]t|attend\w*|avant (?:[cç]a|cela))\b)",
    re.IGNORECASE | re.DOTALL,
)
_YES_BUT = re.compile(
    r"^\W*(?:oui|ouais|ok|d'accord|vas[- ]y)\b.*\b(?:mais|par contre|et (?:ajoutez|mettez|notez|pr[ée]cisez))\b", re.IGNORECASE | re.DOTALL
)
_ADDS_WORDS = re.compile(r"\b(?:r?ajoute[zr]?|mette[zr]|notez|pr[ée]cise[zr]|[ée]crivez)\b", re.IGNORECASE)


class ConfirmField(Field):
    """A yes to the recap."""

    name = CONFIRM

    def __init__(self, label: str) -> None:
        self._label = label

    def _names_articles(self, context: Context) -> bool:
        return context.order is not None and bool(named_articles(list(context.order.lines), context.turn.text))

    def is_answer(self, text: str) -> bool:
        """A yes without a but."""
        return bool(_YES.match(text.replace("’", "'"))) and not _YES_BUT.match(text)

    async def is_needed(self, context: Context) -> bool:
        """Always."""
        return not context.data.get("confirmed")

    async def read(self, context: Context) -> bool:
        """Yes, or no: no ends the task."""
        if context.data.get("field") != self.name:
            return False
        answer = context.turn.entities.get("answer")
        if answer == "redo":
            context.data.pop("description", None)
            return True
        is_more = _YES_BUT.match(context.turn.text) or (_ADDS_WORDS.search(context.turn.text) and not self._names_articles(context))
        if is_more and context.data.get("description") and not context.turn.is_question:
            context.data["description"] = f"{context.data['description']}\n{context.turn.text.strip()}"[:MAX_DESCRIPTION]
            return True
        if answer == "yes" or context.turn.intent == "affirm" or self.is_answer(context.turn.text):
            context.data["confirmed"] = True
            return True
        if context.turn.intent == "deny":
            context.say(texts.ABANDONED)
            context.end()
            return True
        return False

    async def ask(self, context: Context) -> None:
        """Read the request back."""
        await self.recap(context, [(self._label, payload("inform", answer="yes"))])

    async def recap(self, context: Context, choices: list[tuple[str, str]]) -> None:
        """Say what will be recorded."""
        motive = CaseMotive(context.data["motive"])
        if can_add_article(context):
            choices = [*choices, ADD_ARTICLE_CHOICE]
        context.say(
            texts.CASE_RECAP,
            numero=context.order.number if context.order else "",
            article=article_names(context),
            precisions=wishes_said(context),
            motif=labels.MOTIVES[motive],
            description=shortened(context.data["description"]),
            more=whole_description(context),
            choices=[*choices, (texts.CHANGE_DESCRIPTION, payload("inform", answer="redo")), ABANDON_CHOICE],
        )


ADD_ARTICLE_CHOICE = (texts.ADD_ARTICLE, payload("inform", answer=ADD_ARTICLE))


def can_add_article(context: Context) -> bool:
    """Whether the order has articles that the task is not about yet."""
    lines = chosen_lines(context)
    return bool(lines) and context.order is not None and len(lines) < len(context.order.lines)


class OpenCase(Task):
    """An after-sales case, or a parcel enquiry."""

    intent = "open_sav_case"
    fields = (
        OrderField(),
        CaseArticleField(),
        MotiveField(),
        ReservesField(),
        DescriptionField(),
        PhotosField(),
        WishField(),
        ConfirmField(texts.CONFIRM_CASE),
    )

    async def prepare(self, context: Context) -> None:
        """The question asked just before tells the motive, and its words the problem."""
        implied = MOTIVE_OF_INTENT.get(context.data.get("last_entry") or "")
        if implied is not None:
            context.data.setdefault("motive", implied.value)
        said = motive_said(context.turn.text)
        if said is not None:
            context.data["motive"] = said.value
        problem = context.data.get("problem") or ""
        before = motive_said(problem)
        if before is not None:
            context.data.setdefault("motive", before.value)
        told = (context.turn.text if "motive" in context.data else "") or (problem if implied or before else "")
        if len(told.split()) >= TELLING_WORDS and not context.turn.entities.get("motive"):
            context.data.setdefault("description", told.strip()[:MAX_DESCRIPTION])
            if (wish := wish_said(told)) is not None:
                context.data.setdefault("wish", wish.value)

    async def finish(self, context: Context) -> None:
        """Open the case and give its number and the promise."""
        assert context.order is not None  # noqa: S101 - the order field comes first
        motive = CaseMotive(context.data["motive"])
        lines = [] if motive is CaseMotive.PARCEL_NOT_RECEIVED else chosen_lines(context)
        request = CaseRequest(
            conversation_id=context.conversation_id,
            motive=motive,
            description=context.data["description"],
            contact=context.order.customer.email,
            order_id=context.order.id,
            order_line_ids=tuple(line.id for line in lines),
            reserves=Reserves(context.data["reserves"]) if "reserves" in context.data else None,
            wish=CaseWish(context.data["wish"]) if "wish" in context.data else None,
        )
        case = await open_case(context.session, request, context.faq.facts)
        text = texts.ENQUIRY_OPENED if motive is CaseMotive.PARCEL_NOT_RECEIVED else texts.CASE_OPENED
        is_back = any(shipment.state is ShipmentState.RETURNED_TO_SENDER for shipment in context.order.shipments)
        context.say(
            texts.PARCEL_REQUEST_OPENED if motive is CaseMotive.PARCEL_NOT_RECEIVED and is_back and case.wish else text,
            souhait=labels.CASE_WISHES[case.wish] if case.wish else "",
            numero=case.number,
            contact=masked_contact(case.contact),
            avant=long_date(case.due_at.astimezone(clock.PARIS).date()),
            cards=await case_cards(context, case),
            choices=[(texts.ADD_TO_CASE, payload("inform", answer=ADD_TO_CASE, case_number=case.number))],
        )


def masked_contact(contact: str) -> str:
    """Enough of an e-mail for its owner to recognise it, and not more; a phone number keeps its last two digits."""
    name, at, domain = contact.partition("@")
    if at:
        return f"{name[0]}•••@{domain}"
    return texts.PHONE_MASKED.format(fin=contact[-2:])


def _enquiry_description(context: Context) -> str:
    assert context.order is not None  # noqa: S101 - the order field comes first
    parcels = []
    for shipment in context.order.shipments:
        if shipment.tracking_number is None:
            continue
        parts = [texts.ENQUIRY_PARCEL.format(transporteur=shipment.carrier, numero=shipment.tracking_number)]
        if shipment.promised_on:
            parts.append(texts.ENQUIRY_PROMISED.format(jour=long_date(shipment.promised_on)))
        if shipment.delivered_on:
            parts.append(texts.ENQUIRY_DELIVERED.format(jour=long_date(shipment.delivered_on)))
        if shipment.state is ShipmentState.RETURNED_TO_SENDER:
            parts.append(texts.ENQUIRY_RETURNED)
        parcels.append("".join(parts))
    return texts.ENQUIRY_DESCRIPTION.format(details=" ; ".join(parcels) or texts.ENQUIRY_NOTHING_SHIPPED)


async def case_cards(context: Context, case: SavCase) -> list[dict[str, object]]:
    """The card of a case that was just opened."""
    shown = await case_by_number(context.session, context.conversation_id, case.number, [])
    assert shown is not None  # noqa: S101 - this conversation has just opened it
    return [case_card(shown)]
