"""What the tests of the handover share: agents, conversations and a clock that stands in opening hours."""

import uuid
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from guichet import clock
from guichet.conversations import Reply, add_customer_message, start_conversation
from guichet.faq_files import load_facts
from guichet.handover import claim, request
from guichet.handover_steps import Rules
from guichet.models import Account, CaseQueue, Conversation, ConversationEvent, Handover, HandoverReason, PresenceState, Role
from guichet.presence import set_presence
from guichet.settings import Settings
from tests.conftest import ROOT

WEDNESDAY = datetime(2026, 11, 25, 10, 0, tzinfo=clock.PARIS)
NIGHT = datetime(2026, 11, 25, 22, 0, tzinfo=clock.PARIS)
THURSDAY_9 = datetime(2026, 11, 26, 9, 0, tzinfo=clock.PARIS)
RULES = Rules(load_facts(ROOT / "faq"), Settings())
MINUTE = timedelta(minutes=1)


def new_id() -> str:
    return str(uuid.uuid4())


async def new_agent(
    session: AsyncSession, name: str = "Agent d’essai", *, available: bool = True, role: Role = Role.AGENT, max_chats: int = 4, **values: object
) -> Account:
    """An account that takes conversations, and is there unless said otherwise."""
    account = Account(email=f"{new_id()}@example.com", name=name, role=role, password_hash="-", max_chats=max_chats, **values)
    session.add(account)
    await session.flush()
    if available:
        await set_presence(session, account.id, PresenceState.AVAILABLE, clock.now())
    return account


async def new_conversation(session: AsyncSession, *said: str) -> str:
    """A conversation with the bot in which the customer said this."""
    conversation, _ = await start_conversation(session, "192.0.2.1", Reply("bonjour"))
    for text in said:
        await add_customer_message(session, conversation.id, new_id(), text=text)
    return conversation.id


async def waiting(
    session: AsyncSession, *said: str, reason: HandoverReason = HandoverReason.ASKED, team: CaseQueue | None = None, rules: Rules = RULES
) -> str:
    """A conversation in the queue."""
    conversation_id = await new_conversation(session, *said)
    await request(session, conversation_id, reason, team, rules)
    return conversation_id


async def held(session: AsyncSession, account: Account, *said: str) -> str:
    """A conversation in an agent's hands."""
    conversation_id = await waiting(session, *said)
    await claim(session, conversation_id, account)
    return conversation_id


async def conversation_of(session: AsyncSession, conversation_id: str) -> Conversation:
    """The row as it is in the database."""
    query = select(Conversation).where(Conversation.id == conversation_id).execution_options(populate_existing=True)
    return (await session.scalars(query)).one()


async def events_of(session: AsyncSession, conversation_id: str) -> list[ConversationEvent]:
    """Every event, in order."""
    return list(
        await session.scalars(select(ConversationEvent).where(ConversationEvent.conversation_id == conversation_id).order_by(ConversationEvent.seq))
    )


async def handovers_of(session: AsyncSession, conversation_id: str) -> list[Handover]:
    """The history of a conversation's handovers, oldest first."""
    query = select(Handover).where(Handover.conversation_id == conversation_id).order_by(Handover.id).execution_options(populate_existing=True)
    return list(await session.scalars(query))
