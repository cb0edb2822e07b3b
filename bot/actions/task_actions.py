"""The two actions that carry tasks: one starts a task, the other is the turn of the Rasa form ``task_form``."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from bot.actions import texts
from bot.actions.answers import Answer, AnswerFaq, Clarify, Decline, Deny
from bot.actions.brief_tasks import BriefTask
from bot.actions.case_follow_up import AddToCase, CaseStatus, wants_to_add
from bot.actions.case_tasks import OpenCase
from bot.actions.change_tasks import CHANGE_TASKS
from bot.actions.contact_tasks import ContactHuman, asks_for_hours, tell_hours
from bot.actions.fields import OrderField
from bot.actions.order_report import ADD_TO_CASE, NOTIFY
from bot.actions.order_tasks import MissingParcel, Notify, OrderStatus
from bot.actions.refund_tasks import REFUND_LATE, RefundLate, RefundStatus
from bot.actions.return_tasks import StartReturn
from bot.actions.shop_tasks import PayInInstalments, SearchProduct, StockAvailability
from bot.actions.speech import payload, say
from bot.actions.tasks import CONFIRM, Context, Task, advance, begin, listen, miss, resume
from bot.actions.understanding import EVIDENCE, Turn
from guichet import clock
from guichet.access import proved_order
from guichet.attachments import sent_last
from guichet.faq import TRANSACTIONS
from guichet.services import Services

TASKS: dict[str, Task] = {
    task.intent: task
    for task in (
        OrderStatus(),
        MissingParcel(),
        Notify(),
        RefundStatus(),
        RefundLate(),
        CaseStatus(),
        AddToCase(),
        OpenCase(),
        StartReturn(),
        ContactHuman(),
        *CHANGE_TASKS,
        PayInInstalments(),
        SearchProduct(),
        StockAvailability(),
    )
}
INTERRUPTIONS = {"greet", "thank", "bot_challenge", "help", "insult"}
"""Chit-chat that is answered in the middle of a task, which then goes on."""
SPOKEN = INTERRUPTIONS | {"goodbye"}
"""Intents that are answered by the domain's responses alone."""
BY_BUTTON = {NOTIFY, REFUND_LATE, ADD_TO_CASE}
"""Tasks without an intent of their own: a button starts them by its answer."""
ANSWERS: dict[str, type[Answer]] = {"nlu_fallback": Clarify, "out_of_scope": Decline, "deny": Deny}


class _TaskAction(Action):
    def __init__(self, services: Services) -> None:
        self._services = services

    @asynccontextmanager
    async def _context(self, dispatcher: CollectingDispatcher, tracker: Tracker, turn: Turn) -> AsyncIterator[Context]:
        async with self._services.db.transaction() as session:
            data = dict(tracker.get_slot("task_data") or {})
            photos = await sent_last(session, tracker.sender_id) if turn.text else 0
            if photos:
                turn = replace(turn, entities={**turn.entities, "photos": str(photos)})
            context = Context(self._services, session, dispatcher, tracker.sender_id, turn, data)
            yield context

    async def _start(self, task: Task, context: Context, tracker: Tracker) -> list[EventType]:
        remembered = {name: context.data[name] for name in EVIDENCE if context.data.get(name)}
        context.turn = replace(context.turn, entities=remembered | dict(context.turn.entities))
        misunderstood = max(int(tracker.get_slot("misunderstandings") or 0), int(context.data.get("misses") or 0)) >= 2
        context.data = {
            "last_entry": tracker.get_slot("last_entry"),
            "last_task": tracker.get_slot("task"),
            "problem": context.data.get("problem"),
            "misunderstood": misunderstood,
        }
        self._keep_second(task, context)
        await begin(task, context)
        return _slots(task, context)

    def _keep_second(self, task: Task, context: Context) -> None:
        """The other request of a message that had two: a question is answered before the task begins, a task is offered at its end."""
        entry = context.faq.entries.get(context.turn.second or "")
        if entry is not None and entry.is_valid(clock.today()):
            context.tell(entry.answer, more=entry.more)
        elif context.turn.second in TRANSACTIONS and context.turn.second != task.intent:
            context.data["second"] = context.turn.second


class StartTask(_TaskAction):
    """Start the task of the latest intent; a yes starts what was offered, an order number alone asks for its status."""

    def name(self) -> str:
        """The name in the domain."""
        return "action_start_task"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Ask for what is missing, or do it at once."""
        turn = Turn.of(tracker)
        task = TASKS.get(_wanted(turn, tracker) or "")
        if task is None:
            say(dispatcher, texts.NOTHING_PENDING)
            return [SlotSet("task_open", False), SlotSet("misunderstandings", 0)]
        async with self._context(dispatcher, tracker, turn) as context:
            return await self._start(task, context, tracker)


class TaskForm(_TaskAction):
    """One turn of the running task."""

    def name(self) -> str:
        """The name Rasa derives from the form's."""
        return "validate_task_form"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Read the answer, correct, switch, resume after an interruption; no slot at all means: not for this task."""
        turn = Turn.of(tracker)
        done = _actions_since_message(tracker)
        task = TASKS[str(tracker.get_slot("task"))]
        async with self._context(dispatcher, tracker, turn) as context:
            if "action_start_task" in done:
                return _slots(task, context)
            context.order = await proved_order(context.session, context.conversation_id, context.data.get("order_number"))
            if done:
                await resume(task, context)
                return _slots(task, context)
            is_answered = isinstance(task, BriefTask) and await task.is_answered(context)
            other = None if is_answered else self._switch(task, turn, context)
            if other is not None:
                return await self._start(other, context, tracker)
            if turn.intent == "contact_human" and asks_for_hours(turn.text):
                tell_hours(context)
                await advance(task, context)
                return _slots(task, context)
            interrupts = self._interrupts(turn, context)
            if await listen(task, context, aside=interrupts):
                return _slots(task, context)
            if isinstance(task, BriefTask):
                return await self._leave(task, context, tracker)
            beside = TASKS.get(turn.intent)
            if isinstance(beside, BriefTask):
                await beside.aside(context)
                await advance(task, context)
                return _slots(task, context)
            if interrupts:
                return []
            await miss(task, context)
            return _slots(task, context)

    async def _leave(self, task: BriefTask, context: Context, tracker: Tracker) -> list[EventType]:
        """Not an answer to the question of a brief task: a new message, as if nothing had been asked. A bare yes has it asked again."""
        turn = context.turn
        if turn.intent == "affirm":
            await advance(task, context)
            return _slots(task, context)
        other = TASKS.get(_wanted(turn, tracker) or "")
        if other is not None:
            return await self._start(other, context, tracker)
        context.end()
        slots = _slots(task, context)
        if turn.intent in SPOKEN:
            context.dispatcher.utter_message(response=f"utter_{turn.intent}")
            return slots
        tracker.active_loop = {}
        answer = ANSWERS.get(turn.intent, AnswerFaq)(self._services)
        return [*slots, *answer.answer(context.dispatcher, tracker, turn, context.faq)]

    def _switch(self, task: Task, turn: Turn, context: Context) -> Task | None:
        """Another task the customer clearly asks for in the middle of this one; a sentence that names an order corrects it."""
        other = TASKS.get(turn.intent)
        if other is None or other is task or turn.is_abandon or (turn.text and turn.identifies):
            return None
        if other.intent == "contact_human" and asks_for_hours(turn.text):
            return None
        if isinstance(other, BriefTask) and not isinstance(task, BriefTask):
            return None
        if turn.has_lost_number and context.data.get("field") == OrderField.name:
            return None
        asked = next((each for each in task.fields if each.name == context.data.get("field")), None)
        if asked is not None and asked.name == CONFIRM and turn.text and other.intent != "contact_human":
            return None
        corrects = asked is not None and asked.name == CONFIRM and any(each.is_answer(turn.text) for each in task.fields)
        if (
            asked is not None
            and turn.text
            and (corrects or asked.is_answer(turn.text) or (asked.takes_free_text and other.intent != "contact_human"))
        ):
            return None
        return other

    def _interrupts(self, turn: Turn, context: Context) -> bool:
        """A question of the FAQ, or chit-chat: answered, then the task goes on."""
        return turn.intent in context.faq.entries or turn.intent in INTERRUPTIONS


def _wanted(turn: Turn, tracker: Tracker) -> str | None:
    if turn.intent == "affirm":
        offered: Any = tracker.get_slot("offered")
        return str(offered) if offered else None
    if turn.intent == "inform" and turn.entities.get("answer") in BY_BUTTON:
        return turn.entities["answer"]
    if turn.entities.get("photos") or (turn.intent == "sav_case_status" and wants_to_add(turn.text)):
        return ADD_TO_CASE
    if turn.intent == "inform":
        return "sav_case_status" if "case_number" in turn.entities else "order_status"
    return turn.intent


def _slots(task: Task, context: Context) -> list[EventType]:
    field = None if context.ended else context.data.get("field")
    second = context.data.pop("second", None) if context.ended else None
    if second:
        context.say(texts.OTHER_REQUEST, choices=[(context.faq.label(second), payload(second))])
    entry = [SlotSet("last_entry", task.intent)] if isinstance(task, BriefTask) else []
    return [
        *entry,
        SlotSet("task", task.intent),
        SlotSet("task_open", not context.ended),
        SlotSet("task_data", context.data),
        SlotSet("offered", second),
        SlotSet("misunderstandings", 0),
        SlotSet("requested_slot", field),
    ]


def _actions_since_message(tracker: Tracker) -> set[str]:
    """What was done since the customer's latest message, the form itself and Rasa's own steps aside."""
    done: set[str] = set()
    for event in reversed(tracker.events):
        if event["event"] == "user":
            break
        if event["event"] == "action":
            done.add(event["name"])
    return done - {"action_listen", "action_extract_slots", "task_form", "validate_task_form"}
