"""What time brings: silent agents, disabled agents, idle conversations."""

import asyncio
from datetime import timedelta

from sqlalchemy import update

from guichet import clock
from guichet.conversations import add_customer_message
from guichet.db import Database
from guichet.handover import claim, say
from guichet.handover_release import back_to_bot
from guichet.handover_watch import HandoverWatch, close_idle, requeue_silent
from guichet.hub import QUEUE
from guichet.models import Account, ConversationState, HandoverOutcome, HandoverReason, PresenceState, TurnState
from guichet.presence import presence_of
from guichet.queue import queue
from guichet.reception import receive
from tests.api.desk import MINUTE, RULES, WEDNESDAY, conversation_of, events_of, handovers_of, held, new_agent, new_conversation, new_id, waiting


async def test_an_agent_who_never_answers_loses_the_conversation_to_the_queue(db: Database) -> None:
    with clock.at(WEDNESDAY):
        async with db.transaction() as session:
            agent = await new_agent(session)
            conversation_id = await held(session, agent, "bonjour ?")
            assert await requeue_silent(session, WEDNESDAY + 4 * MINUTE, RULES) == []
    with clock.at(WEDNESDAY + 5 * MINUTE):
        async with db.transaction() as session:
            assert await requeue_silent(session, clock.now(), RULES) == [conversation_id]
            assert await requeue_silent(session, clock.now(), RULES) == []
            (ticket,) = await queue(session, clock.now())
            assert (ticket.reason, ticket.since) == (HandoverReason.AGENT_SILENT, WEDNESDAY)
            assert "Veuillez nous excuser" in (await events_of(session, conversation_id))[-1].text
            assert await presence_of(session, agent.id) is PresenceState.AWAY
            assert (await handovers_of(session, conversation_id))[0].outcome is HandoverOutcome.REQUEUED


async def test_silence_is_counted_from_the_first_unanswered_message(db: Database) -> None:
    with clock.at(WEDNESDAY):
        async with db.transaction() as session:
            agent = await new_agent(session)
            conversation_id = await held(session, agent, "bonjour ?")
            await say(session, conversation_id, agent, new_id(), "Bonjour !")
            assert await requeue_silent(session, WEDNESDAY + 60 * MINUTE, RULES) == [], "the customer's turn"
    for minute in (10, 12, 14):
        with clock.at(WEDNESDAY + minute * MINUTE):
            async with db.transaction() as session:
                await add_customer_message(session, conversation_id, new_id(), text="vous êtes là ?")
    async with db.transaction() as session:
        assert await requeue_silent(session, WEDNESDAY + 14 * MINUTE, RULES) == []
        assert await requeue_silent(session, WEDNESDAY + 15 * MINUTE, RULES) == [conversation_id]


async def test_who_has_just_taken_a_conversation_has_the_full_time_to_answer(db: Database) -> None:
    with clock.at(WEDNESDAY):
        async with db.transaction() as session:
            agent = await new_agent(session)
            conversation_id = await waiting(session, "bonjour ?")
    with clock.at(WEDNESDAY + 30 * MINUTE):
        async with db.transaction() as session:
            await claim(session, conversation_id, agent)
    async with db.transaction() as session:
        assert await requeue_silent(session, WEDNESDAY + 34 * MINUTE, RULES) == []
        assert await requeue_silent(session, WEDNESDAY + 35 * MINUTE, RULES) == [conversation_id]


async def test_the_conversations_of_a_disabled_account_are_not_lost(db: Database) -> None:
    async with db.transaction() as session:
        agent = await new_agent(session)
        conversation_id = await held(session, agent, "bonjour ?")
        await say(session, conversation_id, agent, new_id(), "Bonjour !")
        await session.execute(update(Account).where(Account.id == agent.id).values(active=False))
        assert await requeue_silent(session, clock.now(), RULES) == [conversation_id]


async def test_two_processes_look_at_the_same_time(db: Database) -> None:
    with clock.at(WEDNESDAY):
        async with db.transaction() as session:
            agent = await new_agent(session, max_chats=9)
            held_ids = [await held(session, agent, "bonjour ?") for _ in range(5)]
    told: list[str] = []

    async def notify(channel: str) -> None:
        told.append(channel)

    with clock.at(WEDNESDAY + 6 * MINUTE):
        await asyncio.gather(*(HandoverWatch(db, lambda: RULES, notify).look() for _ in range(4)))
    assert sorted(name for name in told if name != QUEUE) == sorted(held_ids), "each once"
    async with db.transaction() as session:
        assert [len(await handovers_of(session, ident)) for ident in held_ids] == [2] * 5


async def test_idle_conversations_are_closed_and_those_that_wait_are_not(db: Database) -> None:
    with clock.at(WEDNESDAY):
        async with db.transaction() as session:
            agent = await new_agent(session)
            idle = await new_conversation(session)
            pending = await new_conversation(session, "une question")
            queued = await waiting(session, "passez-moi vos collègues")
            unanswered = await held(session, agent, "bonjour ?")
            answered = await held(session, agent, "bonjour ?")
            await say(session, answered, agent, new_id(), "Bonjour !")
    later = WEDNESDAY + timedelta(hours=48)
    with clock.at(later - MINUTE):
        async with db.transaction() as session:
            fresh = await new_conversation(session)
    with clock.at(later):
        async with db.transaction() as session:
            assert set(await close_idle(session, later, RULES)) == {idle, answered}
            assert await close_idle(session, later, RULES) == []
            for still_open in (pending, queued, unanswered, fresh):
                assert (await conversation_of(session, still_open)).state is not ConversationState.CLOSED
            assert (await handovers_of(session, answered))[0].outcome is HandoverOutcome.CLOSED


async def test_what_the_bot_had_is_the_bots_again_and_what_a_person_had_waits_for_a_person(db: Database) -> None:
    with clock.at(WEDNESDAY):
        async with db.transaction() as session:
            agent = await new_agent(session)
            with_bot = await held(session, agent, "bonjour ?")
            await back_to_bot(session, with_bot, agent)
            with_person = await held(session, agent, "bonjour ?")
            await say(session, with_person, agent, new_id(), "Bonjour !")
    with clock.at(WEDNESDAY + timedelta(hours=50)):
        async with db.transaction() as session:
            await close_idle(session, clock.now(), RULES)
    with clock.at(WEDNESDAY + timedelta(hours=60)):
        async with db.transaction() as session:
            said = await receive(session, with_bot, new_id(), RULES, text="une question")
            assert said.turn is TurnState.PENDING
            assert (await conversation_of(session, with_bot)).state is ConversationState.BOT
            said = await receive(session, with_person, new_id(), RULES, text="une question")
            assert said.turn is TurnState.NONE
            assert (await conversation_of(session, with_person)).state is ConversationState.WAITING
