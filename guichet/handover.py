"""Handing a conversation over to a person: ``bot → waiting → human``, with one owner at a time. Out of their hands: ``handover_release``.

Each function works in the caller's transaction and appends the status that everybody sees. Commands bear an id of the console's:
the same command sent twice is done once (the status event has that id).
"""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from guichet import clock, texts
from guichet.attachments import put_into_message
from guichet.conversations import append_event, locked_conversation
from guichet.handover_errors import AlreadyClaimed, NotWaiting, NotYours, TooManyChats, UnknownAttachment, UnknownConversation
from guichet.handover_steps import (
    Rules,
    announce,
    audit,
    done_before,
    enqueue,
    has_room,
    known_conversation,
    move,
    of_open_handover,
    open_handover,
)
from guichet.masking import mask_payment_data
from guichet.models import (
    Account,
    Author,
    CaseQueue,
    Conversation,
    ConversationEvent,
    ConversationState,
    Handover,
    HandoverReason,
)


async def request(session: AsyncSession, conversation_id: str, reason: HandoverReason, team: CaseQueue | None, rules: Rules) -> Handover:
    """The conversation goes from the bot to the queue; one that is there already, or in an agent's hands, stays as it is.

    Raises:
        NotWaiting: it is closed.
        UnknownConversation
    """
    waiting = {"state": ConversationState.WAITING, "team": team, "waiting_since": clock.now(), "agent_id": None}
    if await move(session, conversation_id, Conversation.state == ConversationState.BOT, **waiting):
        return await enqueue(session, conversation_id, reason, team, rules)
    conversation = await locked_conversation(session, conversation_id)
    if conversation is None:
        raise UnknownConversation(conversation_id)
    handover = await open_handover(session, conversation_id)
    if handover is None:
        raise NotWaiting(conversation_id)
    return handover


async def claim(session: AsyncSession, conversation_id: str, account: Account, command_id: str | None = None) -> int:
    """Take a waiting conversation in hand; harmless when it is there already. Returns the ``seq`` of the status.

    Raises:
        AlreadyClaimed, TooManyChats, NotWaiting, UnknownConversation
    """
    known = await done_before(session, conversation_id, command_id)
    if known is not None:
        return known.seq
    free = await has_room(session, account)
    taken = {"state": ConversationState.HUMAN, "agent_id": account.id}
    if not free or not await move(session, conversation_id, Conversation.state == ConversationState.WAITING, **taken):
        return await _not_taken(session, conversation_id, account)
    await session.execute(of_open_handover(conversation_id).values(claimed_at=clock.now(), agent_id=account.id))
    audit(session, account, "claimed", conversation_id)
    text = texts.AGENT_JOINED.format(nom=account.name)
    return await announce(session, conversation_id, ConversationState.HUMAN, text, account=account, command_id=command_id)


async def _not_taken(session: AsyncSession, conversation_id: str, account: Account) -> int:
    conversation = await locked_conversation(session, conversation_id)
    if conversation is None:
        raise UnknownConversation(conversation_id)
    if conversation.state is ConversationState.WAITING:
        raise TooManyChats(account.max_chats)
    if conversation.state is not ConversationState.HUMAN:
        raise NotWaiting(conversation_id)
    if conversation.agent_id != account.id:
        raise AlreadyClaimed(await session.scalar(select(Account.name).where(Account.id == conversation.agent_id)) or "")
    claimed = select(func.max(ConversationEvent.seq)).where(
        ConversationEvent.conversation_id == conversation_id, ConversationEvent.state == ConversationState.HUMAN
    )
    return await session.scalar(claimed) or 0


async def say(
    session: AsyncSession, conversation_id: str, account: Account, client_id: str, text: str, attachment_ids: tuple[str, ...] = ()
) -> ConversationEvent:
    """The agent in charge writes; the same ``client_id`` again gives back the message that is there, even after the conversation changed hands.

    Raises:
        NotYours, UnknownConversation, UnknownAttachment
    """
    conversation = await known_conversation(session, conversation_id)
    known = await done_before(session, conversation_id, client_id)
    if known is not None:
        return known
    if conversation.state is not ConversationState.HUMAN or conversation.agent_id != account.id:
        raise NotYours(conversation_id)
    event = await append_event(session, conversation_id, Author.AGENT, id=client_id, text=mask_payment_data(text), account_id=account.id)
    missing = await put_into_message(session, conversation_id, event.seq, attachment_ids, of_customer=False)
    if missing:
        raise UnknownAttachment(missing[0])
    conversation.last_agent_at, conversation.waiting_since = event.at, None
    await session.execute(of_open_handover(conversation_id).where(Handover.first_reply_at.is_(None)).values(first_reply_at=event.at))
    return event
