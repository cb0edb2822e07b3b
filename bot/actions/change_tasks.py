"""Requests about an order under way: other contents, another address, giving it up, being away when it comes."""

import re

from bot.actions import texts
from bot.actions.case_tasks import MAX_DESCRIPTION, ConfirmField, DescriptionField, masked_contact, shortened, whole_description
from bot.actions.fields import OrderField
from bot.actions.order_report import case_card, tell_order
from bot.actions.speech import payload
from bot.actions.tasks import ABANDON_CHOICE, CASE_CHOICE, PERSON_CHOICE, RETURN_CHOICE, Context, Field, Task
from guichet import clock
from guichet.cases import CaseRequest, add_to_case, open_case
from guichet.changes import Feasibility, feasibility, may_withdraw, pending_request
from guichet.french import full_instant, long_date
from guichet.models import CaseMotive, Order
from guichet.orders import ParcelSituation, situation

_STREET = re.compile(
    r"\b\d{1,4}\s*(?:bis|ter)?\s*,?\s*(?:rue|av\.?|avenue|bd|bld|boulevard|chemin|impasse|all[ée]e|place|route|quai|cours|square|zone|za|zi|lotissement|passage)\b",
    re.IGNORECASE,
)
_WHAT = re.compile(
    r"\b(?:ajout|rajout|oubli|retir|enl[eè]v|supprim|rempla|chang\w+ la (?:couleur|taille|quantit)|au lieu|plut[oô]t|quantit|couleur|taille)\w*"
    r"|\b(?:\d+|un|une|deux|trois|quatre|cinq)\b.{0,30}\b(?:de plus|en plus|en moins|seulement|et (?:non|pas)|pas \w+)"
    r"|\b(?:mettez|met[sz]|ce serait|finalement)\b.{0,20}\b(?:\d+|un|une|deux|trois|quatre|cinq)\b",
    re.IGNORECASE,
)


def says_address(text: str) -> bool:
    """Whether a sentence holds a postal address."""
    return bool(_STREET.search(text))


class ChangedOrderField(OrderField):
    """The order to change; the postcode of a new address is no proof of the old one."""

    async def read(self, context: Context) -> bool:
        """Leave alone the postcode that stands in an address."""
        if says_address(context.turn.text):
            context.turn = context.turn.without("postcode")
        return await super().read(context)


class FeasibleField(Field):
    """Never asked for: ends the task, with the reason and what remains, when the order has gone too far."""

    name = "feasible"

    def __init__(self, motive: CaseMotive) -> None:
        self._motive = motive

    async def read(self, context: Context) -> bool:
        """Nothing to read."""
        return False

    async def ask(self, context: Context) -> None:
        """Nothing to ask."""

    async def is_needed(self, context: Context) -> bool:
        """Look at the order once."""
        assert context.order is not None  # noqa: S101 - the order field comes first
        if context.data.get("looked_at") == context.order.number:
            return False
        context.data["looked_at"] = context.order.number
        known = pending_request(context.order, self._motive)
        if known is not None and self._motive is CaseMotive.ORDER_CHANGE and _WHAT.search(context.turn.text):
            await add_to_case(context.session, known, context.turn.text.strip(), [])
            context.say(texts.ADDED_TO_REQUEST, numero=known.number, cards=[case_card(known)])
            context.end()
            return False
        if known is not None:
            context.say(texts.ALREADY_REQUESTED, numero=known.number, cards=[case_card(known)], choices=[PERSON_CHOICE])
            context.end()
            return False
        self._tell(context, context.order, feasibility(context.order))
        return False

    def _tell(self, context: Context, order: Order, found: Feasibility) -> None:
        if self._motive is CaseMotive.ORDER_CANCELLATION and may_withdraw(order):
            context.data["withdrawal"] = True
            context.say(texts.CANCEL_TOO_LATE_WITHDRAW, numero=order.number)
            return
        text = texts.CHANGE_IMPOSSIBLE[self._motive].get(found)
        if text is None:
            if found is Feasibility.REST_ONLY:
                context.say(texts.CHANGE_REST_ONLY, numero=order.number)
            return
        choices = [PERSON_CHOICE]
        if found is Feasibility.DELIVERED:
            choices = [RETURN_CHOICE, CASE_CHOICE, PERSON_CHOICE]
        context.say(text, numero=order.number, choices=choices)
        context.end()


class ChangeDetailField(DescriptionField):
    """What is to be changed, in the customer's words; giving an order up needs none."""

    name = "detail"

    def __init__(self, question: str) -> None:
        self._question = question

    async def is_needed(self, context: Context) -> bool:
        """Until said."""
        return "description" not in context.data

    async def ask(self, context: Context) -> None:
        """Ask for it."""
        context.say(self._question, choices=[ABANDON_CHOICE])


class ConfirmChangeField(ConfirmField):
    """A yes to the request."""

    async def read(self, context: Context) -> bool:
        """A yes, a no, or what should be different, which is added to the request."""
        if await super().read(context):
            return True
        text = context.turn.text.strip()
        adds = context.data.get("field") == self.name and context.data.get("description") and _WHAT.search(text) and not context.turn.is_question
        if adds:
            context.data["description"] = f"{context.data['description']}\n{text}"[:MAX_DESCRIPTION]
        return bool(adds)

    def is_answer(self, text: str) -> bool:
        """A yes, or what should be different."""
        return super().is_answer(text) or bool(_WHAT.search(text))

    async def ask(self, context: Context) -> None:
        """Read it back; a withdrawal has the words of the law on its button."""
        label = texts.CONFIRM_WITHDRAWAL if context.data.get("withdrawal") else self._label
        await self.recap(context, [(label, payload("inform", answer="yes"))])

    async def recap(self, context: Context, choices: list[tuple[str, str]]) -> None:
        """What will be passed on."""
        assert context.order is not None  # noqa: S101 - the order field comes first
        if "description" in context.data:
            choices = [*choices, (texts.CHANGE_TEXT, payload("inform", answer="redo"))]
            text = texts.CHANGE_RECAP
        else:
            text = texts.WITHDRAWAL_RECAP if context.data.get("withdrawal") else texts.CANCEL_RECAP
        context.say(
            text,
            numero=context.order.number,
            description=shortened(context.data.get("description", "")),
            more=whole_description(context),
            choices=[*choices, ABANDON_CHOICE],
        )


class ChangeRequest(Task):
    """A request that the orders team carries out, registered at once while nothing has left."""

    def __init__(self, intent: str, motive: CaseMotive, question: str | None) -> None:
        self.intent, self._motive = intent, motive
        detail = [ChangeDetailField(question)] if question else []
        self.fields = (ChangedOrderField(), FeasibleField(motive), *detail, ConfirmChangeField(texts.CONFIRM_REQUEST))

    async def prepare(self, context: Context) -> None:
        """The first message may already say what is to be changed."""
        text = context.turn.text.strip()
        telling = {CaseMotive.ADDRESS_CHANGE: _STREET, CaseMotive.ORDER_CHANGE: _WHAT}.get(self._motive)
        if telling is not None and telling.search(text):
            context.data["description"] = text

    async def finish(self, context: Context) -> None:
        """Pass it on and give its number."""
        order = context.order
        assert order is not None  # noqa: S101 - the order field comes first
        withdrawal = bool(context.data.get("withdrawal"))
        motive = CaseMotive.WITHDRAWAL if withdrawal else self._motive
        case = await open_case(
            context.session,
            CaseRequest(
                conversation_id=context.conversation_id,
                motive=motive,
                description=context.data.get("description") or texts.REQUEST_DESCRIPTIONS[motive].format(numero=order.number),
                contact=order.customer.email,
                order_id=order.id,
            ),
            context.faq.facts,
        )
        text = texts.WITHDRAWAL_ACKNOWLEDGED if withdrawal else texts.REQUEST_REGISTERED
        context.say(
            text,
            numero=case.number,
            commande=order.number,
            instant=full_instant(case.opened_at),
            contact=masked_contact(case.contact),
            avant=long_date(case.due_at.astimezone(clock.PARIS).date()),
        )


class OptionalOrderField(OrderField):
    """The order when it is known; a general question needs none."""

    async def is_needed(self, context: Context) -> bool:
        """Only when the customer has begun to name it."""
        missing = await super().is_needed(context)
        return missing and bool(context.data.get("order_number"))


class AbsentAtDelivery(Task):
    """Away when the parcel comes: the general answer, then what is true of this order."""

    intent = "absent_at_delivery"
    fields = (OptionalOrderField(),)

    async def prepare(self, context: Context) -> None:
        """The answer of the FAQ, once."""
        entry = context.faq.entries.get(self.intent)
        if entry is not None and not context.ended:
            context.tell(entry.answer, more=entry.more, choices=[] if context.data.get("order_number") or context.order else _ABSENT_CHOICES)

    async def finish(self, context: Context) -> None:
        """Where the parcels are, when the order is known and one of them is still to be handed over."""
        order = context.order
        if order is None:
            return
        places = {situation(shipment, clock.today()) for shipment in order.shipments}
        if places - {ParcelSituation.DELIVERED}:
            tell_order(context, order, missing=False)


_ABSENT_CHOICES = [(texts.WHERE_IS_MY_PARCEL, payload("order_status")), PERSON_CHOICE]

CHANGE_TASKS = (
    ChangeRequest("modify_order", CaseMotive.ORDER_CHANGE, texts.ASK_CHANGE),
    ChangeRequest("cancel_order", CaseMotive.ORDER_CANCELLATION, None),
    ChangeRequest("change_delivery_address", CaseMotive.ADDRESS_CHANGE, texts.ASK_NEW_ADDRESS),
    AbsentAtDelivery(),
)
