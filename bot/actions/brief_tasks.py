"""Tasks that are one answer: they may ask one question, and never insist.

Started in the middle of another task they say what they can and the other goes on. Waiting for the answer to their own question they
take anything else for a new message.
"""

from abc import abstractmethod
from typing import ClassVar

from bot.actions import texts
from bot.actions.speech import Choices, payload
from bot.actions.tasks import PERSON_CHOICE, Context, Field, Task
from guichet import clock
from guichet.faq import TRANSACTIONS

NO_THANKS_CHOICE = (texts.NO_THANKS, payload("inform", answer="abandon"))
MOST_WORDS_OF_AN_ANSWER = 6


class BriefTask(Task):
    """One entry of the FAQ that the bot can also work out for a particular case.

    Attributes:
        question: what is asked when the case is not told.
        answering_intents: intents that the answer to the question may be understood as, besides the task's own.
    """

    question: str
    answering_intents: ClassVar[frozenset[str]] = frozenset({"nlu_fallback"})

    @abstractmethod
    async def read(self, context: Context) -> bool:
        """Note the case the turn tells; False when it tells none."""

    async def prepare(self, context: Context) -> None:
        """The answer of the FAQ when the message tells no case; what was said of an order is kept for later tasks."""
        context.data.update(context.turn.remember({}))
        if not self.is_told(context) and not context.ended:
            self.answer_generally(context)

    async def aside(self, context: Context) -> None:
        """Answer within another task, which is left as it is: nothing is asked."""
        own = Context(context.services, context.session, context.dispatcher, context.conversation_id, context.turn, {})
        if await self.read(own):
            await self.finish(own)
        else:
            self.answer_generally(own)

    def is_told(self, context: Context) -> bool:
        """Whether the case is known."""
        return bool(context.data.get("told"))

    def answer_generally(self, context: Context, ident: str | None = None, choices: Choices = ()) -> None:
        """The entry of the FAQ, or another; one that is no longer valid, or gone, ends the task with a person instead."""
        entry = context.faq.entries.get(ident or self.intent)
        if entry is None or not entry.is_valid(clock.today()):
            context.say(texts.OUTDATED_ENTRY, choices=[PERSON_CHOICE])
            context.end()
            return
        context.tell(entry.answer, more=entry.more, choices=choices)

    def follow_ups(self, context: Context) -> Choices:
        """The follow-ups of the entry as buttons."""
        entry = context.faq.entries.get(self.intent)
        return [(context.faq.label(intent), payload(intent)) for intent in entry.follow_ups] if entry else []

    async def is_answered(self, context: Context) -> bool:
        """Whether the turn plainly answers the question, whatever it was understood as."""
        turn = context.turn
        if turn.is_abandon:
            return True
        if not self.is_about_it(context) and (turn.identifies or turn.intent in TRANSACTIONS or len(turn.text.split()) > MOST_WORDS_OF_AN_ANSWER):
            return False
        return bool(turn.text) and await self.read(context)

    def is_about_it(self, context: Context) -> bool:
        """Whether the turn was understood as something that may well be the answer."""
        return context.turn.intent == self.intent or context.turn.intent in self.answering_intents


class CaseField(Field):
    """The one thing a brief task asks for."""

    name = "case"

    def __init__(self, task: BriefTask) -> None:
        self._task = task

    async def is_needed(self, context: Context) -> bool:
        """Until told."""
        return not self._task.is_told(context)

    async def read(self, context: Context) -> bool:
        """The first message, or a plain answer."""
        if "field" in context.data:
            return await self._task.is_answered(context)
        return await self._task.read(context)

    async def ask(self, context: Context) -> None:
        """Ask once, with other ways to go on."""
        context.say(self._task.question, choices=[*self._task.follow_ups(context), NO_THANKS_CHOICE])
