"""Tasks: what the bot does step by step (find an order, open a case…), one field at a time.

A task is a list of fields and a way to finish. The engine here asks for the next field that is needed, reads answers, accepts
corrections, lets the customer leave, and never asks for what is known. Where it stands is in the slot ``task_data``; which order
the customer may see is not: that is looked up from the conversation each time.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions import texts
from bot.actions.speech import Choices, payload, say
from bot.actions.understanding import Turn
from guichet.faq import TRANSACTIONS, Faq
from guichet.models import Order
from guichet.services import Services

ABANDON_CHOICE = (texts.ABANDON, payload("inform", answer="abandon"))
PERSON_CHOICE = (TRANSACTIONS["contact_human"], payload("contact_human"))
CASE_CHOICE = (TRANSACTIONS["open_sav_case"], payload("open_sav_case"))
OFFERED_CASE_CHOICE = (*CASE_CHOICE, r"YES|\bouvr\w+")
"""Under a sentence that offers a case: a plain yes takes it."""
RETURN_CHOICE = (TRANSACTIONS["start_return"], payload("start_return"))


@dataclass
class Context:
    """One turn of one task.

    Attributes:
        data: what the task knows so far; plain JSON, kept in the slot ``task_data``.
        order: the proved order the task is about.
    """

    services: Services
    session: AsyncSession
    dispatcher: CollectingDispatcher
    conversation_id: str
    turn: Turn
    data: dict[str, Any] = field(default_factory=dict)
    order: Order | None = None
    ended: bool = False

    @property
    def faq(self) -> Faq:
        """The FAQ in use."""
        return self.services.faq()

    def say(self, template: str, *, more: str | None = None, **rest: Any) -> None:
        """Say ``template``, and behind « En savoir plus » ``more``, with the shop's facts and ``rest`` filled in; the others are ``tell``'s."""
        bubble = {name: rest.pop(name) for name in ("choices", "cards", "attachments") if name in rest}
        known = {**self.faq.facts.values(), **rest}
        self.tell(template.format(**known), more=more.format(**known) if more else None, **bubble)

    def tell(
        self,
        text: str,
        *,
        more: str | None = None,
        choices: Choices = (),
        cards: Sequence[dict[str, Any]] = (),
        attachments: Sequence[str] = (),
    ) -> None:
        """Say ``text`` as it is."""
        say(self.dispatcher, text, more=more, choices=choices, cards=cards, attachments=attachments)

    def end(self) -> None:
        """The task is over: nothing more is asked."""
        self.ended = True


class Field(ABC):
    """One thing a task must know."""

    name: str
    hint = texts.MISSED
    takes_free_text = False
    """Whether any sentence is an answer, even one that looks like another question."""

    def is_answer(self, text: str) -> bool:
        """Whether ``text`` answers this very question, whatever else it looks like: no other task is begun then."""
        return False

    @abstractmethod
    async def is_needed(self, context: Context) -> bool:
        """Whether it must still be asked."""

    @abstractmethod
    async def read(self, context: Context) -> bool:
        """Take the answer out of the turn; False when it holds none."""

    @abstractmethod
    async def ask(self, context: Context) -> None:
        """Put the question."""


class Task(ABC):
    """Something the bot does for the customer; ``intent`` starts it."""

    intent: str
    fields: Sequence[Field]

    async def prepare(self, context: Context) -> None:  # noqa: B027
        """Note what the first message already says."""

    @abstractmethod
    async def finish(self, context: Context) -> None:
        """Everything is known: do it and say so."""


async def begin(task: Task, context: Context) -> None:
    """First turn: note what is known, then ask for the rest or finish."""
    for each in task.fields:
        await each.read(context)
    await task.prepare(context)
    await advance(task, context)


async def resume(task: Task, context: Context) -> None:
    """After an interruption: put the pending question again."""
    context.dispatcher.messages.clear()
    await advance(task, context)


async def advance(task: Task, context: Context) -> None:
    """Ask for the first field that is needed; finish when there is none."""
    for each in task.fields:
        if context.ended:
            return
        if await each.is_needed(context) and not context.ended:
            context.data["field"] = each.name
            await each.ask(context)
            return
    if not context.ended:
        await task.finish(context)
        context.end()


async def listen(task: Task, context: Context, *, aside: bool) -> bool:
    """A later turn: read the answer, or what the customer corrects.

    Args:
        aside: the sentence may be a question beside the task; then only a plain answer counts, or identifiers.

    Returns:
        False when the turn says nothing about the task.
    """
    if context.turn.is_abandon:
        context.say(texts.ABANDONED)
        context.end()
        return True
    asked = next((each for each in task.fields if each.name == context.data.get("field")), task.fields[0])
    corrections = [each for each in task.fields if each is not asked and not each.takes_free_text]
    if aside and (context.turn.is_question or asked.name != CONFIRM):
        corrections = [each for each in corrections if context.turn.identifies or each.is_answer(context.turn.text)]
    understood = (not aside or not asked.takes_free_text or not context.turn.is_question) and await asked.read(context)
    if not understood:
        for each in corrections:
            understood = await each.read(context) or understood
    if not understood:
        return False
    context.data["misses"] = 0
    if not context.ended:
        await advance(task, context)
    return True


CONFIRM = "confirm"
"""The field of the recap, at which whatever is not a question is a yes, a no or a correction."""


async def miss(task: Task, context: Context) -> None:
    """The turn was not understood: say what is expected; from the second time on, offer a person."""
    asked = next(each for each in task.fields if each.name == context.data.get("field"))
    context.data["misses"] = context.data.get("misses", 0) + 1
    if context.data["misses"] >= 2:
        context.say(f"{asked.hint} {texts.MISSED_TWICE}", choices=[PERSON_CHOICE, ABANDON_CHOICE])
        return
    context.say(asked.hint)
    await asked.ask(context)
