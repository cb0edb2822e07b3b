"""The frames of the agents' protocol, version 1: docs/console-protocol.md in types. A test keeps both the same."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import UUID4, BaseModel, ConfigDict, Field, TypeAdapter

from guichet.models import Author, CaseQueue, HandoverReason, PresenceState, Role
from guichet.protocol import Message, Status
from guichet.queue import Urgency

PROTOCOL = 1
MAX_TEXT = 5000
MAX_ATTACHMENTS = 5
MAX_WATCHED = 50

ConversationId = Annotated[str, Field(min_length=1, max_length=36)]
Seq = Annotated[int, Field(ge=0, le=2**31 - 1)]
Text = Annotated[str, Field(max_length=MAX_TEXT)]


class _Frame(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Hello(_Frame):
    """The console's first frame: what it shows already."""

    type: Literal["hello"]
    protocol: Literal[1]
    last: Annotated[dict[ConversationId, Seq], Field(max_length=MAX_WATCHED)] = {}
    notes: Annotated[dict[ConversationId, Seq], Field(max_length=MAX_WATCHED)] = {}


class Watch(_Frame):
    """Show a conversation."""

    type: Literal["watch"]
    conversation: ConversationId
    last_seq: Seq
    last_note: Seq = 0


class Unwatch(_Frame):
    """Show it no longer."""

    type: Literal["unwatch"]
    conversation: ConversationId


class SendMessage(_Frame):
    """Write to the customer."""

    type: Literal["message"]
    conversation: ConversationId
    id: UUID4
    text: Text
    attachments: Annotated[list[UUID4], Field(max_length=MAX_ATTACHMENTS)] = []


class WriteNote(_Frame):
    """Write to colleagues."""

    type: Literal["note"]
    conversation: ConversationId
    id: UUID4
    text: Text


class Claim(_Frame):
    """Take a conversation in hand."""

    type: Literal["claim"]
    conversation: ConversationId
    id: UUID4


class PassOn(_Frame):
    """Pass it on to a colleague or a team."""

    type: Literal["transfer"]
    conversation: ConversationId
    id: UUID4
    to: int | None = None
    team: CaseQueue | None = None
    note: Text = ""


class BackToBot(_Frame):
    """Give it back to the bot."""

    type: Literal["back_to_bot"]
    conversation: ConversationId
    id: UUID4


class Close(_Frame):
    """The conversation is over."""

    type: Literal["close"]
    conversation: ConversationId
    id: UUID4
    motive: Annotated[str, Field(max_length=200)] | None = None
    outcome: Literal["closed", "case"] = "closed"


class AgentTyping(_Frame):
    """The agent begins or stops writing."""

    type: Literal["typing"]
    conversation: ConversationId
    on: bool


class AgentRead(_Frame):
    """The agent has seen everything up to ``seq``."""

    type: Literal["read"]
    conversation: ConversationId
    seq: Seq


class SetPresence(_Frame):
    """The agent takes conversations, or does not."""

    type: Literal["presence"]
    state: PresenceState


Command = SendMessage | WriteNote | Claim | PassOn | BackToBot | Close
"""What is answered by ``ack`` or ``refused``; the same ``id`` sent again is done once."""
ClientFrame = Annotated[Hello | Watch | Unwatch | Command | AgentTyping | AgentRead | SetPresence, Field(discriminator="type")]
CLIENT_FRAME: TypeAdapter[ClientFrame] = TypeAdapter(ClientFrame)


class AccountShown(_Frame):
    """Who is signed in."""

    id: int
    name: str
    role: Role
    team: CaseQueue | None
    max_chats: int


class Welcome(_Frame):
    """The answer to ``hello``."""

    type: Literal["welcome"] = "welcome"
    account: AccountShown
    presence: PresenceState


class TicketShown(_Frame):
    """One conversation of the queue, or in hand."""

    model_config = ConfigDict(extra="forbid", frozen=True, from_attributes=True)

    conversation: str
    position: int
    name: str
    words: str
    reason: HandoverReason
    team: CaseQueue | None
    since: datetime
    promised_at: datetime | None
    urgency: Urgency
    unread: int
    owner: str | None


class LeftMessageShown(_Frame):
    """A message left while nobody was there."""

    model_config = ConfigDict(extra="forbid", frozen=True, from_attributes=True)

    number: str
    conversation: str | None
    words: str
    since: datetime
    due_at: datetime


class Queue(_Frame):
    """The whole queue and what is in hand."""

    type: Literal["queue"] = "queue"
    waiting: list[TicketShown]
    mine: list[TicketShown]
    messages: list[LeftMessageShown]


class Event(_Frame):
    """Something was said or changed in a watched conversation."""

    type: Literal["event"] = "event"
    conversation: str
    event: Message | Status
    account: str | None


class Note(_Frame):
    """A colleague's note in a watched conversation."""

    type: Literal["note"] = "note"
    conversation: str
    note: int
    id: str
    at: datetime
    account: str
    after_seq: int
    text: str


class Typing(_Frame):
    """The customer, or the bot, is writing."""

    type: Literal["typing"] = "typing"
    conversation: str
    author: Author
    on: bool


class Read(_Frame):
    """The customer has seen everything up to ``seq``."""

    type: Literal["read"] = "read"
    conversation: str
    seq: int


class Presence(_Frame):
    """The agent's own presence has changed."""

    type: Literal["presence"] = "presence"
    state: PresenceState


class Ack(_Frame):
    """A command is committed."""

    type: Literal["ack"] = "ack"
    id: str
    seq: int | None


RefusalCode = Literal[
    "invalid_frame",
    "empty_message",
    "unknown_conversation",
    "already_claimed",
    "not_waiting",
    "not_yours",
    "too_many_chats",
    "too_many_watched",
    "unknown_agent",
    "unknown_attachment",
]


class Refused(_Frame):
    """Something could not be done; nothing was changed."""

    type: Literal["refused"] = "refused"
    id: str | None
    conversation: str | None
    code: RefusalCode
    detail: str
    by: str | None = None


ServerFrame = Welcome | Queue | Event | Note | Typing | Read | Presence | Ack | Refused
