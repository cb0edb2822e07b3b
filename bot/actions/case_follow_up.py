"""Cases after they were opened: their news, and photos or words that are added later."""

import re

from bot.actions import texts
from bot.actions.case_tasks import MAX_DESCRIPTION, DescriptionField
from bot.actions.fields import OrderField
from bot.actions.order_report import ADD_TO_CASE, case_card
from bot.actions.speech import Choices, payload
from bot.actions.tasks import ABANDON_CHOICE, CASE_CHOICE, OFFERED_CASE_CHOICE, PERSON_CHOICE, Context, Field, Task
from guichet.attachments import unclaimed
from guichet.cases import add_to_case, case_by_number, cases_of_conversation
from guichet.models import CaseState, SavCase
from guichet.orders import proved_orders

MOST_CASES = 5
_ADDS = re.compile(
    r"\b(?:r?ajout|compl[ée]t)\w*|\b(?:joindre|joins\b|envo[iy]\w*|transm\w*|pr[ée]cis\w*).{0,40}\b(?:photo|image|pi[èe]ce|message|info|d[ée]tail|document)",
    re.IGNORECASE,
)
_ADDED = re.compile(r"\br?ajout\w*.{0,60}?(?:\bque\b|:)\s*(.{8,})", re.IGNORECASE | re.DOTALL)


def wants_to_add(text: str) -> bool:
    """Whether a sentence about a case asks to add something to it."""
    return bool(_ADDS.search(text))


async def visible_cases(context: Context) -> list[SavCase]:
    """The cases this conversation may see: the one whose number was given, else those of the order, else its own."""
    number = context.data.get("case_number")
    if number:
        orders = await proved_orders(context.session, context.conversation_id)
        case = await case_by_number(context.session, context.conversation_id, number, [order.id for order in orders])
        if case is not None:
            return [case]
    if context.order is not None:
        return list(context.order.cases)
    return [] if number else await cases_of_conversation(context.session, context.conversation_id)


class CaseOrOrderField(OrderField):
    """A case number of this conversation, or an order whose cases are wanted."""

    async def is_needed(self, context: Context) -> bool:
        """Not when cases can be shown already."""
        return not await visible_cases(context) and await super().is_needed(context)

    async def read(self, context: Context) -> bool:
        """Also takes a case number."""
        number = context.turn.entities.get("case_number")
        if number:
            context.data["case_number"] = number
            if not await visible_cases(context) and context.order is None:
                context.say(texts.CASE_UNKNOWN)
            return True
        return await super().read(context)


class CaseStatus(Task):
    """News of a case."""

    intent = "sav_case_status"
    fields: tuple[Field, ...] = (CaseOrOrderField(),)

    async def finish(self, context: Context) -> None:
        """The cases that may be seen, the one asked for first."""
        cases = await visible_cases(context)
        if not cases:
            _say_no_case(context)
            return
        text = texts.CASES_ARE if len(cases) == 1 else texts.CASES_ARE_MANY
        context.say(text, cards=[case_card(case) for case in cases], choices=_add_choices(cases))


class WhichCaseField(Field):
    """Which of several cases something is added to."""

    name = "which_case"

    async def is_needed(self, context: Context) -> bool:
        """Not for a single one; ends the task when there is none."""
        cases = await visible_cases(context)
        if not cases:
            _say_no_case(context)
            context.end()
        return len(cases) > 1

    async def read(self, context: Context) -> bool:
        """The number is read by the field before."""
        return False

    async def ask(self, context: Context) -> None:
        """One button per case."""
        context.say(texts.WHICH_CASE, choices=[*_add_choices(await visible_cases(context), texts.CASE_TITLE), ABANDON_CHOICE])


class AdditionField(DescriptionField):
    """What is added: words, or photos."""

    name = "addition"
    hint = texts.SAY_MORE

    async def is_needed(self, context: Context) -> bool:
        """Not when photos wait to be put into a case."""
        return "description" not in context.data and not await unclaimed(context.session, context.conversation_id)

    async def read(self, context: Context) -> bool:
        """Photos wait in the conversation until the case takes them."""
        return bool(context.turn.entities.get("photos")) or await super().read(context)

    async def ask(self, context: Context) -> None:
        """Ask for either."""
        context.say(texts.ASK_ADDITION, choices=[ABANDON_CHOICE])


class AddToCase(Task):
    """Photos or words for a case that is open: by its button, by a photo sent alone, or by saying so."""

    intent = ADD_TO_CASE
    fields = (CaseOrOrderField(), WhichCaseField(), AdditionField())

    async def prepare(self, context: Context) -> None:
        """Photos that come by themselves are never met with a question about an order."""
        words = _ADDED.search(context.turn.text)
        if words is not None:
            context.data["description"] = words[1].strip()
        if context.turn.entities.get("photos"):
            await receive_photos(context)
            context.end()

    async def finish(self, context: Context) -> None:
        """Write it into the case."""
        (case,) = await visible_cases(context)
        await _add(context, case, context.data.get("description", ""))


async def receive_photos(context: Context) -> None:
    """Photos without words: into the case under way, or kept for the one to come."""
    known = {case.id: case for case in await visible_cases(context)}
    for order in await proved_orders(context.session, context.conversation_id):
        known |= {case.id: case for case in order.cases}
    cases = [case for case in known.values() if case.state is not CaseState.SETTLED]
    awaited = [case for case in cases if case.state is CaseState.AWAITING_CUSTOMER]
    cases = awaited if len(awaited) == 1 else cases
    if len(cases) == 1:
        await _add(context, cases[0], "")
    elif cases:
        context.say(texts.PHOTOS_WHICH_CASE, choices=_add_choices(cases, texts.CASE_TITLE))
    else:
        context.say(texts.PHOTOS_KEPT, choices=[CASE_CHOICE, (texts.ADD_TO_CASE, payload("inform", answer=ADD_TO_CASE)), PERSON_CHOICE])


async def _add(context: Context, case: SavCase, text: str) -> None:
    photos = await unclaimed(context.session, context.conversation_id)
    was_settled = case.state is CaseState.SETTLED
    await add_to_case(context.session, case, text[:MAX_DESCRIPTION], photos)
    template = texts.ADDED_AND_REOPENED if was_settled else texts.ADDED_TO_CASE
    context.say(template, numero=case.number, cards=[case_card(case)], choices=_add_choices([case]))


def _say_no_case(context: Context) -> None:
    assert context.order is not None  # noqa: S101 - without a case, the order was asked for
    context.say(texts.NO_CASE, numero=context.order.number, choices=[OFFERED_CASE_CHOICE, PERSON_CHOICE])


def _add_choices(cases: list[SavCase], label: str = texts.ADD_TO_CASE) -> Choices:
    if label == texts.ADD_TO_CASE and len(cases) > 1:
        return [(label, payload("inform", answer=ADD_TO_CASE))]
    return [(label.format(numero=case.number), payload("inform", answer=ADD_TO_CASE, case_number=case.number)) for case in cases[:MOST_CASES]]
