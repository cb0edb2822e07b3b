"""Customer messages that wait for the bot: one answerer per conversation, each message answered once, none after a person took over."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from guichet import clock
from guichet.conversations import Reply, append_replies, locked_conversation
from guichet.models import Author, Conversation, ConversationEvent, ConversationState, TurnState


async def next_pending(session: AsyncSession, conversation_id: str) -> ConversationEvent | None:
    """The oldest customer message that still waits for the bot."""
    query = (
        select(ConversationEvent)
        .where(
            ConversationEvent.conversation_id == conversation_id,
            ConversationEvent.turn == TurnState.PENDING,
        )
        .order_by(ConversationEvent.seq)
        .limit(1)
    )
    return await session.scalar(query)


async def settle_turn(session: AsyncSession, conversation_id: str, seq: int, replies: Sequence[Reply]) -> bool:
    """Mark a customer message as answered and store the answer, together.

    Returns:
        False, with nothing stored, when it had been answered already, or when the conversation is no longer the bot's: what Rasa answered
        in the meantime is dropped.
    """
    conversation = await locked_conversation(session, conversation_id)
    if conversation is None or conversation.state is not ConversationState.BOT:
        return False
    result = await session.execute(
        update(ConversationEvent)
        .where(
            ConversationEvent.conversation_id == conversation_id,
            ConversationEvent.seq == seq,
            ConversationEvent.turn == TurnState.PENDING,
        )
        .values(turn=TurnState.DONE)
        .returning(ConversationEvent.seq)
    )
    if result.first() is None:
        return False
    await append_replies(session, conversation_id, replies)
    return True


async def offered_before(session: AsyncSession, conversation_id: str, seq: int) -> list[dict[str, str]]:
    """The buttons that the customer saw when writing the message ``seq``: those of what was said since the customer's message before."""
    query = (
        select(ConversationEvent)
        .where(ConversationEvent.conversation_id == conversation_id, ConversationEvent.seq < seq)
        .order_by(ConversationEvent.seq.desc())
        .limit(10)
    )
    choices: list[dict[str, str]] = []
    for event in await session.scalars(query):
        if event.author is Author.CUSTOMER:
            break
        choices += event.choices
    return choices


async def drop_pending(session: AsyncSession, conversation_id: str) -> None:
    """No customer message waits for the bot any more: a person answers, or nobody does."""
    await session.execute(
        update(ConversationEvent)
        .where(ConversationEvent.conversation_id == conversation_id, ConversationEvent.turn == TurnState.PENDING)
        .values(turn=TurnState.NONE)
        .execution_options(synchronize_session=False)
    )


async def claim_turn(session: AsyncSession, conversation_id: str, holder: str, seconds: float) -> bool:
    """Become the only one who answers in this conversation, for ``seconds`` at most; False when another one is at it."""
    now = clock.now()
    result = await session.execute(
        update(Conversation)
        .where(
            Conversation.id == conversation_id,
            (Conversation.turn_holder.is_(None)) | (Conversation.turn_holder == holder) | (Conversation.turn_until < now),
        )
        .values(turn_holder=holder, turn_until=now + timedelta(seconds=seconds))
        .returning(Conversation.id)
    )
    return result.first() is not None


async def release_turn(session: AsyncSession, conversation_id: str, holder: str) -> None:
    """Let others answer again."""
    await session.execute(
        update(Conversation).where(Conversation.id == conversation_id, Conversation.turn_holder == holder).values(turn_holder=None, turn_until=None)
    )


async def waiting_for_bot(session: AsyncSession) -> list[str]:
    """Conversations with an unanswered message that nobody is at: left behind by a process that stopped."""
    query = (
        select(ConversationEvent.conversation_id)
        .join(Conversation, Conversation.id == ConversationEvent.conversation_id)
        .where(
            ConversationEvent.turn == TurnState.PENDING,
            (Conversation.turn_holder.is_(None)) | (Conversation.turn_until < clock.now()),
        )
        .distinct()
    )
    return list(await session.scalars(query))
