"""The bot's turns: one at a time per conversation, each customer message answered exactly once, by Rasa or in its absence.

No transaction stays open while Rasa is asked. A message left unanswered by a process that stopped is found again by the sweep.
"""

import asyncio
import contextlib
import logging
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncSession

from guichet import clock, texts
from guichet.conversations import INTERNAL, PersonWanted, Reply
from guichet.db import Database
from guichet.faq import Faq
from guichet.faq_search import CONFIDENT, search
from guichet.handover import request
from guichet.handover_steps import PERSON_CHOICE, Rules
from guichet.hub import QUEUE
from guichet.models import ConversationEvent, HandoverReason
from guichet.pending import claim_turn, next_pending, offered_before, release_turn, settle_turn, waiting_for_bot
from guichet.presence import availability
from guichet.rasa import Dialogue, RasaUnavailable
from guichet.settings import Settings
from guichet.spoken_choices import said

log = logging.getLogger(__name__)
LEASE_S = 30.0
SWEEP_S = 2.0
STOP_S = 2.0
"""How long answers under way may still take at a stop, in seconds."""

Notify = Callable[[str, bool | None], Awaitable[None]]
"""Called with a conversation's id after each commit, and with True or False when the bot starts or stops preparing an answer."""


class TurnRunner:
    """Answers pending customer messages, and calls a person when the bot wants one."""

    def __init__(self, db: Database, rasa: Dialogue, faq: Callable[[], Faq], settings: Settings, notify: Notify) -> None:
        self._db, self._rasa, self._faq, self._settings, self._notify = db, rasa, faq, settings, notify
        self._holder = str(uuid.uuid4())
        self._running: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()
        self._sweeper: asyncio.Task[None] | None = None
        self._stopping = asyncio.Event()

    def start(self) -> None:
        """Begin looking for messages that nobody answers."""
        self._sweeper = asyncio.create_task(self._sweep())

    async def stop(self) -> None:
        """Stop; what is not answered within a moment stays pending and is answered after the next start."""
        self._stopping.set()
        tasks = [*self._running.values(), *([self._sweeper] if self._sweeper else [])]
        if not tasks:
            return
        _, late = await asyncio.wait(tasks, timeout=STOP_S)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    def kick(self, conversation_id: str) -> None:
        """Something may be pending in this conversation."""
        if self._stopping.is_set():
            return
        if conversation_id in self._running:
            self._again.add(conversation_id)
            return
        task = asyncio.create_task(self._run(conversation_id))
        self._running[conversation_id] = task
        task.add_done_callback(lambda _: self._finished(conversation_id))

    def _finished(self, conversation_id: str) -> None:
        task = self._running.pop(conversation_id)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("turn failed in conversation %s", conversation_id, exc_info=error)
        if conversation_id in self._again:
            self._again.discard(conversation_id)
            if not task.cancelled():
                self.kick(conversation_id)

    async def _sweep(self) -> None:
        while not self._stopping.is_set():
            try:
                async with self._db.transaction() as session:
                    waiting = await waiting_for_bot(session)
                for conversation_id in waiting:
                    self.kick(conversation_id)
            except Exception:
                log.exception("sweep failed")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), SWEEP_S)

    async def _run(self, conversation_id: str) -> None:
        async with self._db.transaction() as session:
            if not await claim_turn(session, conversation_id, self._holder, LEASE_S):
                return
        try:
            while not self._stopping.is_set() and await self._answer_next(conversation_id):
                pass
        finally:
            async with self._db.transaction() as session:
                await release_turn(session, conversation_id, self._holder)

    async def _answer_next(self, conversation_id: str) -> bool:
        async with self._db.transaction() as session:
            if not await claim_turn(session, conversation_id, self._holder, LEASE_S):
                return False
            event = await next_pending(session, conversation_id)
            payload = await self._payload(session, event) if event else None
        if event is None:
            return False
        await self._notify(conversation_id, True)
        try:
            replies = await self._replies(conversation_id, event, payload)
            await self._settle(conversation_id, event.seq, replies)
        finally:
            await self._notify(conversation_id, False)
        return True

    async def _settle(self, conversation_id: str, seq: int, replies: list[Reply]) -> None:
        wanted = next((reply.person for reply in replies if reply.person), None)
        async with self._db.transaction() as session:
            settled = await settle_turn(session, conversation_id, seq, replies)
            if settled and wanted:
                await request(session, conversation_id, wanted.reason, wanted.team, Rules(self._faq().facts, self._settings))
        if settled and wanted:
            await self._notify(QUEUE, None)

    async def _payload(self, session: AsyncSession, event: ConversationEvent) -> str | None:
        """What the customer pressed, or said instead of pressing it."""
        if event.payload is not None:
            return event.payload
        meant = said(event.text, await offered_before(session, event.conversation_id, event.seq))
        return None if meant and meant.startswith(INTERNAL) else meant

    async def _replies(self, conversation_id: str, event: ConversationEvent, payload: str | None) -> list[Reply]:
        try:
            return await self._rasa.reply(conversation_id, text=event.text, payload=payload)
        except RasaUnavailable as error:
            log.warning("Rasa unavailable (%s), conversation %s answered from the FAQ", error, conversation_id)
            return [await self._reply_without_rasa(event, payload)]

    async def _reply_without_rasa(self, event: ConversationEvent, payload: str | None) -> Reply:
        faq = self._faq()
        async with self._db.transaction() as session:
            somebody = (await availability(session, faq.facts, clock.now())).is_somebody
        if somebody and payload == PERSON_CHOICE[1]:
            return Reply(texts.DEGRADED_PERSON, degraded=True, person=PersonWanted(HandoverReason.BOT_FAILURE))
        reply = degraded_reply(faq, event.text, payload)
        return replace(reply, choices=[*reply.choices, PERSON_CHOICE]) if somebody else reply


def degraded_reply(faq: Faq, text: str, payload: str | None = None) -> Reply:
    """The best honest answer without Rasa: an FAQ entry found by fuzzy search, marked as such, or how to reach a person.

    Args:
        text: empty for attachments alone, about which there is nothing to search for.
    """
    if not text:
        return Reply(faq.fill(texts.DEGRADED_ATTACHMENTS.format(**faq.facts.values())), degraded=True)
    day = clock.today()
    wanted = faq.entries.get((payload or "").lstrip("/"))
    found = [(wanted, 100.0)] if wanted and wanted.is_valid(day) else search(faq, text, day)
    if found and found[0][1] >= CONFIDENT:
        entry = found[0][0]
        answer = faq.fill(texts.DEGRADED_ANSWER).format(question=entry.question, answer=entry.answer)
        return Reply(answer, more=entry.more, degraded=True)
    nothing = texts.DEGRADED_NOTHING.format(**faq.facts.values())
    choices = [(entry.question, f"/{entry.id}") for entry, _ in found]
    if choices:
        nothing = f"{nothing}\n\n{texts.DEGRADED_CHOICES_LABEL}"
    return Reply(faq.fill(nothing), choices=choices, degraded=True)
