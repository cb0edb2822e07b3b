"""A person: how to reach one, the queue when somebody is there, or a message that one will answer."""

import re

from bot.actions import texts
from bot.actions.case_tasks import MOTIVE_OF_INTENT, DescriptionField, masked_contact
from bot.actions.fields import ContactField, wants_no_message
from bot.actions.order_report import ADD_TO_CASE
from bot.actions.speech import Choices, payload, say
from bot.actions.tasks import ABANDON_CHOICE, Context, Task
from guichet import clock
from guichet.cases import CaseRequest, cases_of_conversation, open_case
from guichet.conversations import PersonWanted
from guichet.french import long_date, long_instant
from guichet.models import QUEUES, CaseMotive, CaseQueue, CaseState, HandoverReason, SavCase
from guichet.presence import availability

TEAM_OF_TASK = {
    **dict.fromkeys(("open_sav_case", "sav_case_status", "start_return", "refund_status"), CaseQueue.SAV),
    **dict.fromkeys(("order_status", "missing_parcel", "notify"), CaseQueue.ORDERS),
}
TEAM_OF_THEME = {
    "Compte client": CaseQueue.ACCOUNTS,
    "Commande en cours": CaseQueue.ORDERS,
    "Commande reçue": CaseQueue.SAV,
    "Retours et remboursements": CaseQueue.SAV,
}
"""Teams of the themes of the FAQ; the other themes are anybody's."""


class MessageField(DescriptionField):
    """What to pass on to a person."""

    name = "message"

    async def read(self, context: Context) -> bool:
        """Any sentence, but a refusal."""
        if context.data.get("field") == self.name and wants_no_message(context):
            return True
        return await super().read(context)

    async def is_needed(self, context: Context) -> bool:
        """Until written."""
        return "description" not in context.data

    async def ask(self, context: Context) -> None:
        """Ask for the message."""
        context.say(texts.ASK_MESSAGE, choices=[ABANDON_CHOICE])


_HOURS = re.compile(
    r"\bhoraires?\b|\bouver(?:t|ts|te|ture)\b|\bouvr|\bferm[ée]|\bfermeture|quelle heure"
    r"|num[ée]ro (?:de )?t[ée]l|\bvotre t[ée]l[ée]phone|\bvous (?:appeler|t[ée]l[ée]phoner)",
    re.IGNORECASE,
)
LEAVE_MESSAGE_CHOICE = (texts.LEAVE_MESSAGE, payload("contact_human"))


def asks_for_hours(text: str) -> bool:
    """Whether somebody who might want a person just asks when or how one can be reached."""
    return bool(_HOURS.search(text))


def tell_hours(context: Context, choices: Choices = ()) -> None:
    """Phone and hours, and whether somebody is there now."""
    facts, now = context.faq.facts, clock.now()
    opening = facts.next_opening(now)
    if facts.is_open(now) or opening is None:
        context.say(texts.HUMAN_OPEN, choices=choices)
    else:
        context.say(texts.HUMAN_CLOSED, ouverture=long_instant(opening), choices=choices)


class ContactHuman(Task):
    """A person: how to reach one now, or a message that one will answer."""

    intent = "contact_human"
    fields = (ContactField(), MessageField())

    async def prepare(self, context: Context) -> None:
        """Straight to the queue when somebody is there. Otherwise phone and hours first: whoever wants to call should not have to
        answer questions."""
        if asks_for_hours(context.turn.text):
            tell_hours(context, choices=[LEAVE_MESSAGE_CHOICE])
            context.end()
            return
        if (await availability(context.session, context.faq.facts, clock.now())).is_somebody:
            reason = HandoverReason.MISUNDERSTOOD if context.data.get("misunderstood") else HandoverReason.ASKED
            say(context.dispatcher, texts.HUMAN_COMES, person=PersonWanted(reason, _team(context)))
            context.end()
            return
        left = next((case for case in await cases_of_conversation(context.session, context.conversation_id) if _is_message(case)), None)
        if left is not None:
            choices = [(texts.ADD_TO_CASE, payload("inform", answer=ADD_TO_CASE, case_number=left.number))]
            context.say(texts.MESSAGE_ALREADY_LEFT, numero=left.number, contact=masked_contact(left.contact), avant=_promised(left), choices=choices)
            context.end()
            return
        tell_hours(context)

    async def finish(self, context: Context) -> None:
        """Keep the message as a case for the service client."""
        request = CaseRequest(
            conversation_id=context.conversation_id,
            motive=CaseMotive.CONTACT,
            description=context.data["description"],
            contact=context.data["contact"],
        )
        case = await open_case(context.session, request, context.faq.facts)
        context.say(texts.MESSAGE_LEFT, numero=case.number, contact=masked_contact(case.contact), avant=_promised(case))


def _is_message(case: SavCase) -> bool:
    return case.motive is CaseMotive.CONTACT and case.state is not CaseState.SETTLED


def _promised(case: SavCase) -> str:
    return long_date(case.due_at.astimezone(clock.PARIS).date())


def _team(context: Context) -> CaseQueue | None:
    """The team of what was talked about last, when that tells it."""
    entry = context.faq.entries.get(context.data.get("last_entry") or "")
    if entry is None:
        return TEAM_OF_TASK.get(context.data.get("last_task") or "")
    if entry.id in MOTIVE_OF_INTENT:
        return QUEUES.get(MOTIVE_OF_INTENT[entry.id], CaseQueue.SAV)
    return TEAM_OF_THEME.get(entry.theme)
