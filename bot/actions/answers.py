"""Actions that answer at once: FAQ entries, asking back, declining, yes and no outside a task."""

import re
from abc import abstractmethod
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from bot.actions import texts
from bot.actions.case_follow_up import receive_photos
from bot.actions.case_tasks import MOTIVE_OF_INTENT, motive_said
from bot.actions.order_report import UNDER_WAY
from bot.actions.order_tasks import Notify
from bot.actions.shop_tasks import tell_if_found
from bot.actions.speech import payload, say
from bot.actions.tasks import PERSON_CHOICE, Context
from bot.actions.understanding import Turn
from guichet import clock
from guichet.access import proved_order
from guichet.attachments import sent_last
from guichet.faq import TRANSACTIONS, Faq
from guichet.services import Services

OFFERED = 3
_ASKS_FOR_NEWS = re.compile(r"\b(?:pr[ée]ven|averti|notifi|alert)\w*.{0,40}\bmail|\bmail\b.{0,40}\b(?:quand|d[èe]s que|lorsque)", re.IGNORECASE)
_ASKS_FOR_PRODUCT = re.compile(
    r"\b(?:prix|combien|co[uû]t\w*|tarif|stock|dispo\w*|vendez|cherche|proposez)\b|\bavez[- ]vous\b|\bv(?:ou)?s avez\b|\bet (?:la|le|les) \w+.*\?",
    re.IGNORECASE,
)


class Answer(Action):
    """An action that says something and remembers what it offered."""

    action_name: str
    yields_to_others = False
    """Whether the message was not understood: photos that came with it, or a product it asks about, then say more."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def name(self) -> str:
        """The name in the domain."""
        return self.action_name

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Answer the latest message, and keep what it says of an order or of a problem for whatever comes next."""
        turn = Turn.of(tracker)
        if self.yields_to_others and await self._did_otherwise(dispatcher, tracker, turn):
            return [SlotSet("misunderstandings", 0), SlotSet("task_data", turn.remember(tracker.get_slot("task_data")))]
        slots = self.answer(dispatcher, tracker, turn, self._services.faq())
        remembered = turn.remember(tracker.get_slot("task_data"))
        if turn.text and (turn.intent in MOTIVE_OF_INTENT or (self.yields_to_others and motive_said(turn.text))):
            remembered["problem"] = turn.text
        return [*slots, SlotSet("task_data", remembered)]

    async def _did_otherwise(self, dispatcher: CollectingDispatcher, tracker: Tracker, turn: Turn) -> bool:
        return (
            await self._took_photos(dispatcher, tracker, turn)
            or await self._found_products(dispatcher, tracker, turn)
            or await self._subscribed(dispatcher, tracker, turn)
        )

    async def _subscribed(self, dispatcher: CollectingDispatcher, tracker: Tracker, turn: Turn) -> bool:
        if not _ASKS_FOR_NEWS.search(turn.text):
            return False
        async with self._services.db.transaction() as session:
            order = await proved_order(session, tracker.sender_id, turn.entities.get("order_number"))
            if order is None or order.state not in UNDER_WAY:
                return False
            await Notify().finish(Context(self._services, session, dispatcher, tracker.sender_id, turn, order=order))
            return True

    async def _took_photos(self, dispatcher: CollectingDispatcher, tracker: Tracker, turn: Turn) -> bool:
        async with self._services.db.transaction() as session:
            if not await sent_last(session, tracker.sender_id):
                return False
            await receive_photos(Context(self._services, session, dispatcher, tracker.sender_id, turn))
            return True

    async def _found_products(self, dispatcher: CollectingDispatcher, tracker: Tracker, turn: Turn) -> bool:
        if not _ASKS_FOR_PRODUCT.search(turn.text):
            return False
        async with self._services.db.transaction() as session:
            context = Context(self._services, session, dispatcher, tracker.sender_id, turn)
            return await tell_if_found(context)

    @abstractmethod
    def answer(self, dispatcher: CollectingDispatcher, tracker: Tracker, turn: Turn, faq: Faq) -> list[EventType]:
        """Say it; returns the slots to set."""


class AnswerFaq(Answer):
    """The FAQ entry of the latest intent, with its follow-ups as buttons; then the other request of a message that had two."""

    action_name = "action_faq"

    def answer(self, dispatcher: CollectingDispatcher, tracker: Tracker, turn: Turn, faq: Faq) -> list[EventType]:
        """The entry; an entry removed since the model was trained is declined."""
        entry = faq.entries.get(turn.intent)
        if entry is None:
            return _decline(dispatcher, tracker, faq)
        if not entry.is_valid(clock.today()):
            say(dispatcher, texts.OUTDATED_ENTRY.format(**faq.facts.values()), choices=[PERSON_CHOICE])
            return [SlotSet("offered", "contact_human")]
        in_task = bool(tracker.active_loop)
        choices = [] if in_task else [(faq.label(intent), payload(intent)) for intent in entry.follow_ups]
        say(dispatcher, entry.answer, more=entry.more, choices=choices)
        offered = next((intent for intent in entry.follow_ups if intent in TRANSACTIONS), None)
        other = faq.entries.get(turn.second or "")
        if other is not None and other.is_valid(clock.today()):
            say(dispatcher, other.answer, more=other.more)
        elif turn.second in TRANSACTIONS and not (in_task and turn.second == tracker.get_slot("task")):
            say(dispatcher, texts.OTHER_REQUEST, choices=[(faq.label(turn.second), payload(turn.second))])
            offered = turn.second
        return [SlotSet("last_entry", entry.id), SlotSet("offered", offered), SlotSet("misunderstandings", 0)]


class Clarify(Answer):
    """The likeliest questions as buttons; the second time in a row, a person as well."""

    action_name = "action_clarify"
    yields_to_others = True

    def answer(self, dispatcher: CollectingDispatcher, tracker: Tracker, turn: Turn, faq: Faq) -> list[EventType]:
        """Offer what the customer may have meant."""
        known = [intent for intent in turn.guesses if intent in faq.entries or intent in TRANSACTIONS][:OFFERED]
        if not known:
            return _decline(dispatcher, tracker, faq)
        count = _misunderstandings(tracker) + 1
        choices = [(faq.label(intent), payload(intent)) for intent in known]
        if count >= 2:
            if "contact_human" not in known:
                choices.append(PERSON_CHOICE)
            say(dispatcher, texts.CLARIFY_AGAIN, choices=choices)
        else:
            say(dispatcher, texts.CLARIFY, choices=[*choices, (texts.NONE_OF_THESE, payload("deny"))])
        return [SlotSet("misunderstandings", count), SlotSet("offered", known[0] if known[0] in TRANSACTIONS else None)]


class Decline(Answer):
    """Beyond the assistant: said plainly, with a way out."""

    action_name = "action_out_of_scope"
    yields_to_others = True

    def answer(self, dispatcher: CollectingDispatcher, tracker: Tracker, turn: Turn, faq: Faq) -> list[EventType]:
        """Say so, and offer a person more firmly the second time."""
        return _decline(dispatcher, tracker, faq)


class DefaultFallback(Decline):
    """No rule and no story knew what to do."""

    action_name = "action_default_fallback"


class Deny(Answer):
    """A no outside any task: the answer did not help, or nothing more is needed."""

    action_name = "action_deny"

    def answer(self, dispatcher: CollectingDispatcher, tracker: Tracker, turn: Turn, faq: Faq) -> list[EventType]:
        """Offer a person when the bot had just asked back, wish well otherwise."""
        if _misunderstandings(tracker):
            say(dispatcher, texts.NOT_HELPED, choices=[PERSON_CHOICE])
            return [SlotSet("offered", "contact_human")]
        say(dispatcher, texts.ALL_RIGHT)
        return [SlotSet("offered", None)]


def _decline(dispatcher: CollectingDispatcher, tracker: Tracker, faq: Faq) -> list[EventType]:
    count = _misunderstandings(tracker) + 1
    text = texts.OUT_OF_SCOPE_AGAIN if count >= 2 else texts.OUT_OF_SCOPE.format(nom=faq.facts.nom)
    say(dispatcher, text, choices=[PERSON_CHOICE])
    return [SlotSet("misunderstandings", count), SlotSet("offered", "contact_human")]


def _misunderstandings(tracker: Tracker) -> int:
    value: Any = tracker.get_slot("misunderstandings")
    return int(value or 0)
