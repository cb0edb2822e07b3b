"""The handover: one owner at a time, nothing lost, nobody forgotten."""

import asyncio
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from guichet import clock
from guichet.conversations import ConversationClosed, Reply, UnknownChoice, add_customer_message
from guichet.db import Database
from guichet.handover import claim, request, say
from guichet.handover_errors import (
    AlreadyClaimed,
    HandoverError,
    NotWaiting,
    NotYours,
    TooManyChats,
    UnknownAgent,
    UnknownAttachment,
    UnknownConversation,
)
from guichet.handover_release import Transfer, back_to_bot, close, transfer
from guichet.models import (
    Account,
    AuditEntry,
    Author,
    CaseQueue,
    Conversation,
    ConversationState,
    HandoverOutcome,
    HandoverReason,
    PresenceState,
    Rating,
    Role,
    TurnState,
)
from guichet.notes import add_note, notes_after
from guichet.pending import settle_turn
from guichet.presence import Openness, availability, keep_alive, presence_of, set_presence
from guichet.queue import Urgency, in_hand, position, queue
from guichet.reception import leave_queue, rate, read_by_agent, read_by_customer, receive
from tests.api.desk import (
    MINUTE,
    NIGHT,
    RULES,
    THURSDAY_9,
    WEDNESDAY,
    conversation_of,
    events_of,
    handovers_of,
    held,
    new_agent,
    new_conversation,
    new_id,
    waiting,
)


async def press(session: AsyncSession, conversation_id: str, label: str) -> None:
    """The customer presses the newest button of this label."""
    choices = [choice for event in await events_of(session, conversation_id) for choice in event.choices]
    choice = next(choice for choice in reversed(choices) if choice["label"] == label)
    await receive(session, conversation_id, new_id(), RULES, choice_id=choice["id"])


async def test_a_request_goes_to_the_queue_and_says_what_to_expect(db: Database) -> None:
    with clock.at(WEDNESDAY):
        async with db.transaction() as session:
            await new_agent(session)
            first = await waiting(session, "il me faut quelqu’un", team=CaseQueue.SAV)
            second = await waiting(session, "moi aussi")
            tickets = await queue(session, clock.now())
            assert [(ticket.conversation, ticket.position) for ticket in tickets] == [(first, 1), (second, 2)]
            assert (tickets[0].words, tickets[0].team, tickets[0].owner, tickets[0].unread) == ("il me faut quelqu’un", CaseQueue.SAV, None, 1)
            assert tickets[0].promised_at == WEDNESDAY + 10 * MINUTE
            status, told = (await events_of(session, first))[-2:]
            assert (status.state, told.author) == (ConversationState.WAITING, Author.SYSTEM)
            assert "prochaine personne" in told.text
            assert "Une personne est avant vous" in (await events_of(session, second))[-1].text
            assert [event.turn for event in await events_of(session, first) if event.author is Author.CUSTOMER] == [TurnState.NONE]


async def test_asking_twice_is_one_request(db: Database) -> None:
    async with db.transaction() as session:
        conversation_id = await waiting(session)
        count = len(await events_of(session, conversation_id))
        again = await request(session, conversation_id, HandoverReason.MISUNDERSTOOD, CaseQueue.SAV, RULES)
        assert again.reason is HandoverReason.ASKED
        assert len(await events_of(session, conversation_id)) == count
        with pytest.raises(UnknownConversation):
            await request(session, "nowhere", HandoverReason.ASKED, None, RULES)


async def test_a_request_at_night_is_found_in_the_morning_before_all_others(db: Database) -> None:
    with clock.at(NIGHT):
        async with db.transaction() as session:
            night = await waiting(session, "un souci de nuit")
            told = (await events_of(session, night))[-1].text
            assert "jeudi 26 novembre à 9\u00a0h" in told
            assert (await handovers_of(session, night))[0].promised_at == THURSDAY_9 + 10 * MINUTE
    with clock.at(THURSDAY_9 + MINUTE):
        async with db.transaction() as session:
            morning = await waiting(session, "bonjour", reason=HandoverReason.BOT_FAILURE)
            assert [ticket.conversation for ticket in await queue(session, clock.now())] == [morning, night]
            tickets = await queue(session, THURSDAY_9 + 10 * MINUTE)
            assert [(ticket.conversation, ticket.urgency) for ticket in tickets] == [(night, Urgency.OVERDUE), (morning, Urgency.NORMAL)]
            assert await position(session, night, THURSDAY_9 + 10 * MINUTE) == 1


async def test_who_is_there(db: Database) -> None:
    facts = RULES.facts
    async with db.transaction() as session:
        with clock.at(WEDNESDAY):
            agent = await new_agent(session)
            assert (await availability(session, facts, WEDNESDAY)).is_somebody
        assert (await availability(session, facts, WEDNESDAY + 2 * MINUTE)).openness is Openness.NOBODY
        await set_presence(session, agent.id, PresenceState.BUSY, WEDNESDAY)
        assert (await availability(session, facts, WEDNESDAY)).openness is Openness.NOBODY
        closed = await availability(session, facts, NIGHT)
        assert (closed.openness, closed.until) == (Openness.CLOSED, THURSDAY_9)
        await set_presence(session, agent.id, PresenceState.AVAILABLE, NIGHT)
        assert (await availability(session, facts, NIGHT)).is_somebody
        later = NIGHT + timedelta(hours=2)
        await keep_alive(session, agent.id, later, acted=False)
        assert (await availability(session, facts, later)).openness is Openness.CLOSED, "a console left open is nobody"
        await session.execute(update(Account).where(Account.id == agent.id).values(role=Role.EDITOR))
        assert (await availability(session, facts, NIGHT)).openness is Openness.CLOSED


async def test_of_twenty_who_take_a_conversation_one_gets_it_and_the_others_learn_who(db: Database) -> None:
    async with db.transaction() as session:
        agents = [await new_agent(session, f"Agent {number}") for number in range(20)]
        conversation_id = await waiting(session)

    async def take(agent: Account) -> str:
        try:
            async with db.transaction() as session:
                await claim(session, conversation_id, agent)
        except AlreadyClaimed as error:
            return error.by
        return "won"

    results = Counter(await asyncio.gather(*(take(agent) for agent in agents)))
    assert results.pop("won") == 1
    async with db.transaction() as session:
        conversation = await conversation_of(session, conversation_id)
        winner = await session.get(Account, conversation.agent_id)
        assert winner is not None
        assert results == {winner.name: 19}
        events = await events_of(session, conversation_id)
        assert [event.state for event in events if event.state] == [ConversationState.WAITING, ConversationState.HUMAN]
        assert [event.seq for event in events] == list(range(1, len(events) + 1))


async def test_nobody_holds_more_than_they_may_however_quick_they_click(db: Database) -> None:
    async with db.transaction() as session:
        agent = await new_agent(session, max_chats=2)
        waiting_ids = [await waiting(session) for _ in range(5)]

    async def take(conversation_id: str) -> bool:
        try:
            async with db.transaction() as session:
                await claim(session, conversation_id, agent)
        except TooManyChats:
            return False
        return True

    taken = await asyncio.gather(*(take(conversation_id) for conversation_id in waiting_ids))
    assert sum(taken) == 2
    async with db.transaction() as session:
        assert len(await in_hand(session, agent.id, clock.now())) == 2
        assert len(await queue(session, clock.now())) == 3
        mine = waiting_ids[taken.index(True)]
        assert await claim(session, mine, agent) > 0, "one's own is not refused"
        with pytest.raises(TooManyChats) as refused:
            await claim(session, waiting_ids[taken.index(False)], agent)
        assert refused.value.limit == 2


async def test_only_the_owner_speaks_and_each_message_once(db: Database) -> None:
    async with db.transaction() as session:
        owner, other = await new_agent(session, "Une"), await new_agent(session, "Deux")
        conversation_id = await held(session, owner, "bonjour")
        ident = new_id()
        event = await say(session, conversation_id, owner, ident, "Bonjour, carte 4111 1111 1111 1111")
        assert (event.author, event.account_id, event.text) == (Author.AGENT, owner.id, "Bonjour, carte [numéro masqué]")
        assert (await say(session, conversation_id, owner, ident, "encore")).seq == event.seq
        with pytest.raises(NotYours):
            await say(session, conversation_id, other, new_id(), "moi !")
        with pytest.raises(UnknownAttachment):
            await say(session, conversation_id, owner, new_id(), "voici", ("nothing",))
        with pytest.raises(UnknownConversation):
            await say(session, "nowhere", owner, new_id(), "allô ?")
        assert (await conversation_of(session, conversation_id)).waiting_since is None
        assert (await handovers_of(session, conversation_id))[0].first_reply_at == event.at
        await back_to_bot(session, conversation_id, owner)
        with pytest.raises(NotYours):
            await say(session, conversation_id, owner, new_id(), "trop tard")
        assert (await say(session, conversation_id, owner, ident, "encore")).seq == event.seq, "sent again after a cut: it had arrived"


async def test_the_bot_is_silent_once_a_person_is_wanted(db: Database) -> None:
    async with db.transaction() as session:
        conversation_id = await new_conversation(session)
        pending = await add_customer_message(session, conversation_id, new_id(), text="où est mon colis ?")
        await request(session, conversation_id, HandoverReason.ASKED, None, RULES)
        assert not await settle_turn(session, conversation_id, pending.seq, [Reply("trop tard")])
        later = await add_customer_message(session, conversation_id, new_id(), text="allô ?")
        assert later.turn is TurnState.NONE
        agent = await new_agent(session)
        await claim(session, conversation_id, agent)
        await back_to_bot(session, conversation_id, agent)
        assert (await add_customer_message(session, conversation_id, new_id(), text="et vous ?")).turn is TurnState.PENDING
        assert [event.text for event in await events_of(session, conversation_id) if event.author is Author.BOT] == ["bonjour"]


async def test_the_customer_may_leave_the_queue(db: Database) -> None:
    async with db.transaction() as session:
        conversation_id = await waiting(session)
        await press(session, conversation_id, "Revenir à l’assistant")
        assert (await conversation_of(session, conversation_id)).state is ConversationState.BOT
        assert [handover.outcome for handover in await handovers_of(session, conversation_id)] == [HandoverOutcome.CUSTOMER_LEFT]
        assert await queue(session, clock.now()) == []
        with pytest.raises(UnknownChoice):
            await receive(session, conversation_id, new_id(), RULES, choice_id="c_made_up")
    async with db.transaction() as session:
        agent = await new_agent(session)
        conversation_id = await held(session, agent)
        await press(session, conversation_id, "Revenir à l’assistant")
        assert (await conversation_of(session, conversation_id)).agent_id == agent.id, "an agent in charge decides"
        assert not await leave_queue(session, conversation_id)


async def test_a_transfer_to_a_team_goes_back_to_the_queue_with_its_note(db: Database) -> None:
    async with db.transaction() as session:
        agent = await new_agent(session)
        conversation_id = await held(session, agent, "c’est cassé")
        command = new_id()
        seq = await transfer(session, conversation_id, agent, Transfer(team=CaseQueue.SAV, note="photo demandée"), RULES, command)
        assert await transfer(session, conversation_id, agent, Transfer(team=CaseQueue.SAV, note="photo demandée"), RULES, command) == seq
        (ticket,) = await queue(session, clock.now())
        assert (ticket.reason, ticket.team, ticket.urgency) == (HandoverReason.TRANSFERRED, CaseQueue.SAV, Urgency.LET_DOWN)
        assert [note.text for note in await notes_after(session, conversation_id, 0)] == ["photo demandée"]
        before, now = await handovers_of(session, conversation_id)
        assert (before.outcome, now.note, now.agent_id) == (HandoverOutcome.TRANSFERRED, "photo demandée", None)
        with pytest.raises(NotYours):
            await transfer(session, conversation_id, agent, Transfer(), RULES)


async def test_a_transfer_to_a_colleague(db: Database) -> None:
    async with db.transaction() as session:
        agent, there = await new_agent(session, "Une"), await new_agent(session, "Deux", max_chats=1)
        absent = await new_agent(session, "Trois", available=False, team=CaseQueue.ORDERS)
        editor, gone = await new_agent(session, role=Role.EDITOR), await new_agent(session, active=False)
        first, second, third = [await held(session, agent) for _ in range(3)]
        await transfer(session, first, agent, Transfer(to=there.id), RULES)
        assert (await conversation_of(session, first)).agent_id == there.id
        assert "Deux reprend" in (await events_of(session, first))[-1].text
        await transfer(session, second, agent, Transfer(to=there.id), RULES)
        assert (await conversation_of(session, second)).state is ConversationState.WAITING, "no room"
        await transfer(session, third, agent, Transfer(to=absent.id), RULES)
        assert [(ticket.conversation, ticket.team) for ticket in await queue(session, clock.now())] == [(second, None), (third, CaseQueue.ORDERS)]
        for account in (editor, gone, there):
            with pytest.raises(UnknownAgent):
                await transfer(session, first, there, Transfer(to=account.id), RULES)


async def test_closing_and_taking_up_again(db: Database) -> None:
    with clock.at(WEDNESDAY):
        async with db.transaction() as session:
            agent = await new_agent(session)
            conversation_id = await waiting(session, "cassé", team=CaseQueue.SAV)
            await claim(session, conversation_id, agent)
            command = new_id()
            seq = await close(session, conversation_id, agent, "colis", RULES, outcome=HandoverOutcome.CASE, command_id=command)
            assert await close(session, conversation_id, agent, "colis", RULES, command_id=command) == seq
            (handover,) = await handovers_of(session, conversation_id)
            assert (handover.outcome, handover.motive) == (HandoverOutcome.CASE, "colis")
            with pytest.raises(NotWaiting):
                await claim(session, conversation_id, agent)
            with pytest.raises(NotWaiting):
                await request(session, conversation_id, HandoverReason.ASKED, None, RULES)
    with clock.at(WEDNESDAY + timedelta(hours=71)):
        async with db.transaction() as session:
            ident = new_id()
            event = await receive(session, conversation_id, ident, RULES, text="encore une chose")
            assert (await receive(session, conversation_id, ident, RULES, text="encore une chose")).seq == event.seq
            (ticket,) = await queue(session, clock.now())
            assert (ticket.reason, ticket.team, ticket.unread) == (HandoverReason.REOPENED, CaseQueue.SAV, 2)
            await claim(session, conversation_id, agent)
            await close(session, conversation_id, agent, None, RULES)
    with clock.at(WEDNESDAY + timedelta(hours=143, minutes=1)):
        async with db.transaction() as session:
            assert (await receive(session, conversation_id, ident, RULES, text="encore une chose")).seq == event.seq, "it had arrived"
            with pytest.raises(ConversationClosed):
                await receive(session, conversation_id, new_id(), RULES, text="trop tard")
            assert (await conversation_of(session, conversation_id)).state is ConversationState.CLOSED


async def test_notes_reading_and_rating(db: Database) -> None:
    async with db.transaction() as session:
        agent, other = await new_agent(session, "Une"), await new_agent(session, "Deux")
        conversation_id = await held(session, agent, "bonjour")
        ident = new_id()
        first = await add_note(session, conversation_id, other, ident, "client fidèle")
        assert first is not None
        assert await add_note(session, conversation_id, other, ident, "client fidèle") is first
        assert await add_note(session, "nowhere", other, new_id(), "?") is None
        assert [note.account.name for note in await notes_after(session, conversation_id, 0)] == ["Deux"]
        assert await notes_after(session, conversation_id, first.id) == []
        last = (await events_of(session, conversation_id))[-1].seq
        assert await read_by_agent(session, conversation_id, agent.id, last)
        assert not await read_by_agent(session, conversation_id, agent.id, last - 1)
        assert not await read_by_agent(session, conversation_id, other.id, last)
        assert await read_by_customer(session, conversation_id, 2)
        assert not await read_by_customer(session, conversation_id, last + 1), "not said yet"
        assert (await in_hand(session, agent.id, clock.now()))[0].unread == 0
        await rate(session, conversation_id, 2, None)
        await rate(session, conversation_id, 5, "parfait, carte 4111 1111 1111 1111")
        rating = await session.get(Rating, conversation_id, populate_existing=True)
        assert rating is not None
        assert (rating.score, rating.comment) == (5, "parfait, carte [numéro masqué]")


async def test_deeds_are_written_down(db: Database) -> None:
    async with db.transaction() as session:
        agent = await new_agent(session)
        conversation_id = await held(session, agent)
        await close(session, conversation_id, agent, None, RULES)
        entries = (await session.scalars(AuditEntry.__table__.select().with_only_columns(AuditEntry.action).order_by(AuditEntry.id))).all()
        assert entries == ["conversation.claimed", "conversation.closed"]


@pytest.mark.parametrize("error", [claim, say, back_to_bot, close])
async def test_what_does_not_exist_is_refused_whatever_one_does(db: Database, error: object) -> None:
    async with db.transaction() as session:
        agent = await new_agent(session)
        arguments = {claim: (), say: (new_id(), "?"), back_to_bot: (), close: (None, RULES)}[error]  # type: ignore[index]
        with pytest.raises(HandoverError):
            await error(session, "nowhere", agent, *arguments)  # type: ignore[operator]
        assert await presence_of(session, agent.id) is PresenceState.AVAILABLE
        assert await session.get(Conversation, "nowhere") is None
