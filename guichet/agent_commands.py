"""What the console's commands do: a frame of the agents' protocol becomes a change of hands, a message, a note."""

from sqlalchemy.ext.asyncio import AsyncSession

from guichet import texts
from guichet.agent_protocol import BackToBot, Claim, Close, Command, PassOn, RefusalCode, Refused, SendMessage, WriteNote
from guichet.french import typeset
from guichet.handover import claim, say
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
from guichet.handover_steps import Rules
from guichet.models import Account, HandoverOutcome
from guichet.notes import add_note

_CODES: dict[type[HandoverError], RefusalCode] = {
    UnknownConversation: "unknown_conversation",
    AlreadyClaimed: "already_claimed",
    NotWaiting: "not_waiting",
    NotYours: "not_yours",
    TooManyChats: "too_many_chats",
    UnknownAgent: "unknown_agent",
    UnknownAttachment: "unknown_attachment",
}


async def carry_out(session: AsyncSession, account: Account, command: Command, rules: Rules) -> int | None:
    """Do what a command says, once however often it is sent.

    Returns:
        The ``seq`` of the event it led to; None for a note, which is not an event.

    Raises:
        HandoverError: it is refused.
    """
    conversation_id, ident = command.conversation, str(command.id)
    match command:
        case SendMessage():
            files = tuple(str(each) for each in command.attachments)
            return (await say(session, conversation_id, account, ident, command.text.strip(), files)).seq
        case WriteNote():
            if await add_note(session, conversation_id, account, ident, command.text.strip()) is None:
                raise UnknownConversation(conversation_id)
            return None
        case Claim():
            return await claim(session, conversation_id, account, ident)
        case PassOn():
            return await transfer(session, conversation_id, account, Transfer(command.to, command.team, command.note), rules, ident)
        case BackToBot():
            return await back_to_bot(session, conversation_id, account, ident)
        case Close():
            outcome = HandoverOutcome(command.outcome)
            return await close(session, conversation_id, account, command.motive, rules, outcome=outcome, command_id=ident)


def refusal(code: RefusalCode, ident: str | None = None, conversation: str | None = None, **values: object) -> Refused:
    """The frame that says why something could not be done."""
    by = str(values["nom"]) if "nom" in values else None
    return Refused(id=ident, conversation=conversation, code=code, detail=typeset(texts.REFUSALS[code].format(**values)), by=by)


def refusal_of(error: HandoverError, command: Command) -> Refused:
    """The frame that says why a command is refused."""
    values: dict[str, object] = {}
    if isinstance(error, AlreadyClaimed):
        values["nom"] = error.by
    elif isinstance(error, TooManyChats):
        values["limite"] = error.limit
    return refusal(_CODES[type(error)], str(command.id), command.conversation, **values)
