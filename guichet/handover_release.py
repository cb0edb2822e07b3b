"""Giving a conversation out of one's hands: to a colleague, to a team, back to the bot, or closed. Only its owner may."""

import uuid
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from guichet import clock, texts
from guichet.handover_errors import NotYours, UnknownAgent
from guichet.handover_steps import (
    PERSON_CHOICE,
    Rules,
    announce,
    audit,
    done_before,
    end_handover,
    enqueue,
    has_room,
    is_owner,
    known_conversation,
    move,
)
from guichet.models import Account, CaseQueue, ConversationState, Handover, HandoverOutcome, HandoverReason
from guichet.notes import add_note
from guichet.presence import AGENT_ROLES, is_available


@dataclass(frozen=True)
class Transfer:
    """To whom, and what they should know. ``to`` is the id of an account; without it ``team`` counts, None being everybody."""

    to: int | None = None
    team: CaseQueue | None = None
    note: str = ""


async def transfer(
    session: AsyncSession, conversation_id: str, account: Account, wanted: Transfer, rules: Rules, command_id: str | None = None
) -> int:
    """Pass a conversation on: straight to a colleague who is there and has room, otherwise to the queue of their team.

    The note becomes an internal note as well. Returns the ``seq`` of the status.

    Raises:
        NotYours, UnknownAgent, UnknownConversation
    """
    command_id = command_id or str(uuid.uuid4())
    now = clock.now()
    colleague = await _colleague(session, wanted.to, account) if wanted.to is not None else None
    taker = colleague if colleague and await has_room(session, colleague) and await is_available(session, colleague.id, rules.facts, now) else None
    conversation = await known_conversation(session, conversation_id)
    known = await done_before(session, conversation_id, command_id)
    if known is not None:
        return known.seq
    team = colleague.team if colleague else wanted.team
    waiting = {"state": ConversationState.WAITING, "waiting_since": conversation.waiting_since or now}
    values = {"agent_id": taker.id if taker else None, "team": team} | ({} if taker else waiting)
    if not await move(session, conversation_id, *is_owner(account), **values):
        raise NotYours(conversation_id)
    await end_handover(session, conversation_id, HandoverOutcome.TRANSFERRED, now)
    audit(session, account, "transferred", conversation_id, to=colleague.id if colleague else None, team=team, at_once=taker is not None)
    note = wanted.note.strip() or None
    if note:
        await add_note(session, conversation_id, account, command_id, note)
    if taker:
        await _take_over(session, conversation_id, taker, team, note, command_id)
    else:
        await enqueue(session, conversation_id, HandoverReason.TRANSFERRED, team, rules, note=note, command_id=command_id)
    status = await done_before(session, conversation_id, command_id)
    assert status is not None  # noqa: S101 - appended just before
    return status.seq


async def _take_over(session: AsyncSession, conversation_id: str, taker: Account, team: CaseQueue | None, note: str | None, command_id: str) -> None:
    now = clock.now()
    handover = Handover(conversation_id=conversation_id, reason=HandoverReason.TRANSFERRED, team=team, note=note, requested_at=now)
    handover.claimed_at, handover.agent_id = now, taker.id
    session.add(handover)
    text = texts.AGENT_CHANGED.format(nom=taker.name)
    await announce(session, conversation_id, ConversationState.HUMAN, text, account=taker, command_id=command_id)


async def _colleague(session: AsyncSession, account_id: int, account: Account) -> Account:
    colleague = await session.get(Account, account_id)
    if colleague is None or not colleague.active or colleague.role not in AGENT_ROLES or colleague.id == account.id:
        raise UnknownAgent(account_id)
    return colleague


async def back_to_bot(session: AsyncSession, conversation_id: str, account: Account, command_id: str | None = None) -> int:
    """The bot takes the conversation up where it had left it. Returns the ``seq`` of the status.

    Raises:
        NotYours, UnknownConversation
    """
    await known_conversation(session, conversation_id)
    known = await done_before(session, conversation_id, command_id)
    if known is not None:
        return known.seq
    given = {"state": ConversationState.BOT, "agent_id": None, "waiting_since": None}
    if not await move(session, conversation_id, *is_owner(account), **given):
        raise NotYours(conversation_id)
    await end_handover(session, conversation_id, HandoverOutcome.BACK_TO_BOT, clock.now())
    audit(session, account, "given_back", conversation_id)
    bot = ConversationState.BOT
    return await announce(session, conversation_id, bot, texts.BACK_TO_BOT, account=account, command_id=command_id, choices=[PERSON_CHOICE])


async def close(
    session: AsyncSession,
    conversation_id: str,
    account: Account,
    motive: str | None,
    rules: Rules,
    *,
    outcome: HandoverOutcome = HandoverOutcome.CLOSED,
    command_id: str | None = None,
) -> int:
    """The conversation is over; its customer may take it up again for ``reopen_hours``. Returns the ``seq`` of the status.

    Args:
        motive: what it was about, for the figures.
        outcome: ``CLOSED``, or ``CASE`` when a case goes on with it.

    Raises:
        NotYours, UnknownConversation
    """
    await known_conversation(session, conversation_id)
    known = await done_before(session, conversation_id, command_id)
    if known is not None:
        return known.seq
    now = clock.now()
    closed = {"state": ConversationState.CLOSED, "agent_id": None, "waiting_since": None, "closed_at": now}
    if not await move(session, conversation_id, *is_owner(account), **closed):
        raise NotYours(conversation_id)
    await end_handover(session, conversation_id, outcome, now, motive)
    audit(session, account, "closed", conversation_id, motive=motive, outcome=outcome)
    hours = rules.settings.reopen_hours
    text = texts.CLOSED_BY_AGENT.format(heures=hours) if hours else texts.CLOSED_BY_AGENT_FOR_GOOD
    return await announce(session, conversation_id, ConversationState.CLOSED, text, account=account, command_id=command_id)
