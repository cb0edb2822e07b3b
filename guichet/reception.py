"""What a customer does beside writing to the bot: leaving the queue, taking a closed conversation up again, reading, rating."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from guichet import clock, texts
from guichet.conversations import add_customer_message, event_by_id, locked_conversation
from guichet.db import insert_if_missing
from guichet.handover_steps import LEAVE_QUEUE, PERSON_CHOICE, Rules, announce, end_handover, enqueue, move
from guichet.masking import mask_payment_data
from guichet.models import Conversation, ConversationEvent, ConversationState, Handover, HandoverOutcome, HandoverReason, Rating

BY_PERSON = (HandoverOutcome.CLOSED, HandoverOutcome.CASE)


async def receive(
    session: AsyncSession,
    conversation_id: str,
    client_id: str,
    rules: Rules,
    *,
    text: str = "",
    choice_id: str | None = None,
    attachment_ids: Sequence[str] = (),
) -> ConversationEvent:
    """Store what the customer wrote or pressed, once, and do what it means to the handover.

    Written in a closed conversation within ``reopen_hours``, it opens it again: for a person when a person had closed it, else for the bot.

    Raises:
        UnknownChoice, TooManyPending, ConversationClosed, UnknownAttachment, TooManyAttachments
    """
    conversation = await locked_conversation(session, conversation_id)
    known = await event_by_id(session, conversation_id, client_id)
    if known is not None:
        return known
    reopened = await _reopen(session, conversation) if conversation is not None and _may_reopen(conversation, rules) else None
    limit = rules.settings.max_pending
    event = await add_customer_message(
        session, conversation_id, client_id, text=text, choice_id=choice_id, attachment_ids=attachment_ids, max_pending=limit
    )
    if reopened is not None:
        await _tell_reopened(session, conversation_id, reopened, rules)
    if event.payload == LEAVE_QUEUE:
        await leave_queue(session, conversation_id)
    return event


def _may_reopen(conversation: Conversation, rules: Rules) -> bool:
    if conversation.state is not ConversationState.CLOSED or conversation.closed_at is None:
        return False
    return clock.now() < conversation.closed_at + timedelta(hours=rules.settings.reopen_hours)


async def _reopen(session: AsyncSession, conversation: Conversation) -> ConversationState:
    ended_with_it = (Handover.conversation_id == conversation.id, Handover.ended_at == conversation.closed_at, Handover.outcome.in_(BY_PERSON))
    by_person = await session.scalar(select(Handover.id).where(*ended_with_it).limit(1)) is not None
    state = ConversationState.WAITING if by_person else ConversationState.BOT
    waiting_since = clock.now() if by_person else None
    await move(session, conversation.id, Conversation.state == ConversationState.CLOSED, state=state, closed_at=None, waiting_since=waiting_since)
    return state


async def _tell_reopened(session: AsyncSession, conversation_id: str, state: ConversationState, rules: Rules) -> None:
    conversation = await locked_conversation(session, conversation_id)
    assert conversation is not None  # noqa: S101 - it was there a moment ago, and is locked
    if state is ConversationState.WAITING:
        await enqueue(session, conversation_id, HandoverReason.REOPENED, conversation.team, rules)
    else:
        await announce(session, conversation_id, state, texts.REOPENED_BY_BOT)


async def leave_queue(session: AsyncSession, conversation_id: str) -> bool:
    """The customer would rather have the bot; False when they were not waiting (any more): nothing was changed."""
    given = {"state": ConversationState.BOT, "agent_id": None, "waiting_since": None}
    if not await move(session, conversation_id, Conversation.state == ConversationState.WAITING, **given):
        return False
    await end_handover(session, conversation_id, HandoverOutcome.CUSTOMER_LEFT, clock.now())
    await announce(session, conversation_id, ConversationState.BOT, texts.QUEUE_LEFT, choices=[PERSON_CHOICE])
    return True


async def read_by_customer(session: AsyncSession, conversation_id: str, seq: int) -> bool:
    """The customer has seen everything up to ``seq``; False when that was known, or cannot be."""
    return await move(session, conversation_id, Conversation.customer_read_seq < seq, Conversation.last_seq >= seq, customer_read_seq=seq)


async def read_by_agent(session: AsyncSession, conversation_id: str, account_id: int, seq: int) -> bool:
    """The agent in charge has seen everything up to ``seq``; False when that was known, cannot be, or when somebody else is in charge."""
    news = (Conversation.agent_read_seq < seq, Conversation.last_seq >= seq, Conversation.agent_id == account_id)
    return await move(session, conversation_id, *news, agent_read_seq=seq)


async def rate(session: AsyncSession, conversation_id: str, score: int, comment: str | None) -> None:
    """What the customer thinks of the help, from 1 to 5; said again, it replaces what was said before."""
    values = {"score": score, "comment": mask_payment_data(comment) if comment else None, "at": clock.now()}
    if not await insert_if_missing(session, Rating.conversation_id, conversation_id=conversation_id, **values):
        await session.execute(update(Rating).where(Rating.conversation_id == conversation_id).values(**values))
