"""The handover as a machine that Hypothesis drives: two agents, a customer, a bot that answers late, and time."""

import asyncio
import shutil
import tempfile
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from guichet import clock
from guichet.conversations import ConversationClosed, Reply, TooManyPending
from guichet.db import Database
from guichet.handover import claim, request, say
from guichet.handover_errors import HandoverError
from guichet.handover_release import Transfer, back_to_bot, close, transfer
from guichet.handover_watch import close_idle, requeue_silent
from guichet.models import (
    Account,
    Author,
    CaseQueue,
    ConversationEvent,
    ConversationState,
    HandoverReason,
    PresenceState,
    TurnState,
)
from guichet.pending import next_pending, settle_turn
from guichet.presence import set_presence
from guichet.queue import in_hand, queue
from guichet.reception import leave_queue, receive
from tests.api.desk import RULES, WEDNESDAY, conversation_of, events_of, handovers_of, new_agent, new_conversation, new_id

BOT, WAITING, HUMAN, CLOSED = ConversationState
NEXT = {BOT: {WAITING, CLOSED}, WAITING: {HUMAN, BOT}, HUMAN: {BOT, WAITING, CLOSED, HUMAN}, CLOSED: {WAITING, BOT}}
agents = st.integers(0, 1)


def in_state(state: ConversationState) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """A rule that is only tried in this state: the others have rules of their own."""
    return precondition(lambda machine: machine._state is state)


class HandoverMachine(RuleBasedStateMachine):
    """Every rule is one transaction; refusals are part of the game, the invariants are not."""

    template: ClassVar[Path]

    @initialize()
    def begin(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._directory = tempfile.mkdtemp()
        shutil.copy(self.template, f"{self._directory}/guichet.db")
        self._db = Database(f"sqlite+aiosqlite:///{self._directory}/guichet.db")
        self._now = WEDNESDAY
        self._asked: ConversationEvent | None = None
        self._sent: dict[str, tuple[Account, int]] = {}
        self._state: ConversationState = BOT
        self._agents, self._conversation = self._run(self._prepare)
        self._owner = self._agents[0]

    async def _prepare(self, session: AsyncSession) -> tuple[list[Account], str]:
        return [await new_agent(session, name, max_chats=1) for name in ("Une", "Deux")], await new_conversation(session)

    def _run(self, work: Callable[[AsyncSession], Awaitable[Any]]) -> Any:
        async def run() -> Any:
            async with self._db.transaction() as session:
                return await work(session)

        with clock.at(self._now):
            return self._loop.run_until_complete(run())

    def _try(self, work: Callable[[AsyncSession], Awaitable[Any]]) -> Any:
        try:
            return self._run(work)
        except (HandoverError, ConversationClosed, TooManyPending):
            return None

    @rule(minutes=st.sampled_from([1, 3, 60, 60 * 20, 60 * 80]))
    def time_passes(self, minutes: int) -> None:
        self._now += timedelta(minutes=minutes)

    @rule()
    def customer_writes(self) -> None:
        self._try(lambda session: receive(session, self._conversation, new_id(), RULES, text="bonjour"))

    @in_state(WAITING)
    @rule()
    def customer_leaves_the_queue(self) -> None:
        self._run(lambda session: leave_queue(session, self._conversation))

    @rule()
    def bot_is_asked(self) -> None:
        self._asked = self._run(lambda session: next_pending(session, self._conversation))

    @rule(wants_a_person=st.booleans())
    def bot_answers(self, wants_a_person: bool) -> None:
        if self._asked is None:
            return
        asked, self._asked = self._asked, None

        async def answer(session: AsyncSession) -> None:
            before = (await conversation_of(session, self._conversation)).state
            settled = await settle_turn(session, self._conversation, asked.seq, [Reply("réponse")])
            assert not settled or before is BOT
            if settled and wants_a_person:
                await request(session, self._conversation, HandoverReason.ASKED, CaseQueue.SAV, RULES)

        self._run(answer)

    @in_state(BOT)
    @rule(reason=st.sampled_from([HandoverReason.MISUNDERSTOOD, HandoverReason.NEEDS_PERSON]))
    def a_person_is_wanted(self, reason: HandoverReason) -> None:
        self._run(lambda session: request(session, self._conversation, reason, None, RULES))

    @in_state(WAITING)
    @rule(agent=agents)
    def agent_claims(self, agent: int) -> None:
        self._run(lambda session: claim(session, self._conversation, self._agents[agent]))

    @in_state(HUMAN)
    @rule()
    def owner_says(self) -> None:
        owner, ident = self._owner, new_id()
        event = self._run(lambda session: say(session, self._conversation, owner, ident, "bonjour"))
        self._sent[ident] = (owner, event.seq)

    @precondition(lambda self: self._sent)
    @rule()
    def everything_is_sent_again(self) -> None:
        for ident, (agent, seq) in self._sent.items():
            event = self._run(lambda session, ident=ident, agent=agent: say(session, self._conversation, agent, ident, "bonjour"))
            assert event.seq == seq

    @in_state(HUMAN)
    @rule(to_colleague=st.booleans(), again=st.booleans())
    def owner_transfers(self, to_colleague: bool, again: bool) -> None:
        owner, command = self._owner, new_id()
        colleague = next(agent for agent in self._agents if agent is not owner)
        wanted = Transfer(to=colleague.id) if to_colleague else Transfer(team=CaseQueue.ORDERS, note="à suivre")
        for _ in range(1 + again):
            self._run(lambda session: transfer(session, self._conversation, owner, wanted, RULES, command))

    @in_state(HUMAN)
    @rule()
    def owner_gives_back(self) -> None:
        self._run(lambda session: back_to_bot(session, self._conversation, self._owner))

    @in_state(HUMAN)
    @rule()
    def owner_closes(self) -> None:
        self._run(lambda session: close(session, self._conversation, self._owner, "essai", RULES))

    @rule(agent=agents)
    def others_may_nothing(self, agent: int) -> None:
        other = self._agents[agent]
        if self._state is HUMAN and other is self._owner:
            return
        attempts: list[Callable[[AsyncSession], Awaitable[Any]]] = [
            lambda session: say(session, self._conversation, other, new_id(), "moi !"),
            lambda session: transfer(session, self._conversation, other, Transfer(), RULES),
            lambda session: back_to_bot(session, self._conversation, other),
            lambda session: close(session, self._conversation, other, None, RULES),
        ]
        if self._state is not WAITING:
            attempts.append(lambda session: claim(session, self._conversation, other))
        for attempt in attempts:
            with pytest.raises(HandoverError):
                self._run(attempt)

    @rule(agent=agents, state=st.sampled_from([PresenceState.AVAILABLE, PresenceState.AVAILABLE, PresenceState.AWAY]))
    def agent_says_whether_they_are_there(self, agent: int, state: PresenceState) -> None:
        self._run(lambda session: set_presence(session, self._agents[agent].id, state, self._now))

    @rule(minutes=st.sampled_from([0, 6, 60 * 50]))
    def guichet_looks(self, minutes: int) -> None:
        self._now += timedelta(minutes=minutes)
        self._run(lambda session: requeue_silent(session, self._now, RULES))
        self._run(lambda session: close_idle(session, self._now, RULES))

    @invariant()
    def everything_holds(self) -> None:
        self._run(self._check)

    async def _check(self, session: AsyncSession) -> None:
        conversation = await conversation_of(session, self._conversation)
        events = await events_of(session, self._conversation)
        assert [event.seq for event in events] == list(range(1, conversation.last_seq + 1))
        assert (conversation.agent_id is not None) == (conversation.state is HUMAN)
        assert (conversation.closed_at is not None) == (conversation.state is CLOSED)
        open_ones = [handover for handover in await handovers_of(session, self._conversation) if handover.ended_at is None]
        self._state = conversation.state
        self._owner = next((agent for agent in self._agents if agent.id == conversation.agent_id), self._agents[0])
        assert len(open_ones) == (conversation.state in (WAITING, HUMAN))
        assert all(handover.agent_id == conversation.agent_id for handover in open_ones)
        await self._check_found(session, conversation.state, conversation.agent_id)
        self._check_story(events, conversation.state)
        assert conversation.state is BOT or await next_pending(session, self._conversation) is None
        seqs = select(ConversationEvent.seq).where(ConversationEvent.turn == TurnState.PENDING)
        assert conversation.state is BOT or not (await session.scalars(seqs)).all()

    async def _check_found(self, session: AsyncSession, state: ConversationState, owner: int | None) -> None:
        """Whoever wants a person is in the queue, or in exactly one pair of hands."""
        queued = [ticket.conversation for ticket in await queue(session, self._now)]
        holders = [agent.id for agent in self._agents if await in_hand(session, agent.id, self._now)]
        assert queued == ([self._conversation] if state is WAITING else [])
        assert holders == ([owner] if state is HUMAN else [])

    def _check_story(self, events: list[ConversationEvent], state: ConversationState) -> None:
        """Who spoke was in charge; states follow each other as they may."""
        current, owner = BOT, None
        for event in events:
            if event.state is not None:
                assert event.state in NEXT[current], (current, event.state)
                current, owner = event.state, event.account_id if event.state is HUMAN else None
            assert event.author is not Author.BOT or current is BOT, "no word of the bot after a takeover"
            assert event.author is not Author.AGENT or event.account_id == owner, "only the owner speaks"
        assert current is state

    def teardown(self) -> None:
        self._loop.run_until_complete(self._db.close())
        self._loop.close()
        shutil.rmtree(self._directory)


@pytest.mark.timeout(600)
def test_the_handover_keeps_its_promises(sqlite_template: Path) -> None:
    HandoverMachine.template = sqlite_template
    checks = settings(max_examples=25, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(HandoverMachine, settings=checks)
