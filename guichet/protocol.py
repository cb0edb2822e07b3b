"""The frames of the customer protocol, version 1: docs/protocol.md in types. A test keeps both the same."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import UUID4, BaseModel, ConfigDict, Field, TypeAdapter

from guichet.models import Attachment, Author, ConversationEvent, ConversationState

PROTOCOL = 1


class _Frame(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Hello(_Frame):
    """The client's first frame."""

    type: Literal["hello"]
    protocol: Literal[1]
    token: Annotated[str, Field(min_length=1, max_length=200)] | None
    last_seq: Annotated[int, Field(ge=0, le=2**31 - 1)]
    identity: Annotated[str, Field(min_length=1, max_length=2000)] | None = None


class CustomerMessage(_Frame):
    """The customer writes, or sends attachments, or both."""

    type: Literal["message"]
    id: UUID4
    text: str
    attachments: list[UUID] = []


class CustomerChoice(_Frame):
    """The customer presses a button."""

    type: Literal["choice"]
    id: UUID4
    choice: Annotated[str, Field(min_length=1, max_length=100)]


class CustomerRead(_Frame):
    """The customer has seen everything up to ``seq``."""

    type: Literal["read"]
    seq: Annotated[int, Field(ge=1, le=2**31 - 1)]


class CustomerTyping(_Frame):
    """The customer begins or stops writing."""

    type: Literal["typing"]
    on: bool


class CustomerRating(_Frame):
    """The customer says what the help was worth."""

    type: Literal["rate"]
    score: Annotated[int, Field(ge=1, le=5)]
    comment: Annotated[str, Field(max_length=1000)] | None


Sign = CustomerRead | CustomerTyping | CustomerRating
"""What is not an event: no ``seq``, no acknowledgement."""
ClientFrame = Annotated[Hello | CustomerMessage | CustomerChoice | Sign, Field(discriminator="type")]
CLIENT_FRAME: TypeAdapter[ClientFrame] = TypeAdapter(ClientFrame)


class Welcome(_Frame):
    """The answer to ``hello``."""

    type: Literal["welcome"] = "welcome"
    conversation: str
    token: str | None
    state: ConversationState
    seq: int
    max_text: int
    identified: bool


class Ack(_Frame):
    """A customer message is committed."""

    type: Literal["ack"] = "ack"
    id: str
    seq: int
    at: datetime


class Badge(_Frame):
    """A short coloured label."""

    label: str
    tone: Literal["neutral", "info", "success", "warning", "danger"]


class Row(_Frame):
    """A fact of a card."""

    label: str
    value: str


class Link(_Frame):
    """Where a card leads."""

    label: str
    href: Annotated[str, Field(pattern=r"^https://")]


class Progress(_Frame):
    """How far a parcel is."""

    step: Annotated[int, Field(ge=0)]
    of: Annotated[int, Field(ge=1)]
    label: str


class Card(_Frame):
    """Structured facts, drawn without knowing the domain."""

    kind: Literal["order", "parcel", "case", "return", "refund", "product", "schedule"]
    title: str
    badge: Badge | None = None
    rows: list[Row] = []
    items: list[str] = []
    link: Link | None = None
    progress: Progress | None = None


class Choice(_Frame):
    """A button."""

    id: str
    label: str


class AttachedFile(_Frame):
    """A photo or a document, to be fetched by its id."""

    id: str
    name: str
    media_type: str
    size: int
    width: int | None
    height: int | None


class Message(_Frame):
    """Somebody said something."""

    type: Literal["message"] = "message"
    seq: int
    id: str
    author: Author
    name: str | None
    at: datetime
    text: str
    more: str | None
    choices: list[Choice]
    cards: list[Card]
    attachments: list[AttachedFile]
    degraded: bool


class Status(_Frame):
    """The conversation changed hands."""

    type: Literal["status"] = "status"
    seq: int
    at: datetime
    state: ConversationState


class Typing(_Frame):
    """An answer is being prepared."""

    type: Literal["typing"] = "typing"
    author: Author
    on: bool


class Read(_Frame):
    """The agent has seen everything up to ``seq``."""

    type: Literal["read"] = "read"
    seq: int


class QueuePlace(_Frame):
    """Where the customer stands in the queue."""

    type: Literal["queue"] = "queue"
    position: int
    waiting_s: int


ErrorCode = Literal[
    "invalid_frame",
    "empty_message",
    "message_too_long",
    "unknown_choice",
    "too_many_messages",
    "unknown_conversation",
    "invalid_identity",
    "other_customer",
    "conversation_closed",
    "unknown_attachment",
    "too_many_attachments",
]


class Error(_Frame):
    """What was wrong with a frame."""

    type: Literal["error"] = "error"
    code: ErrorCode
    detail: str
    id: str | None = None


ServerFrame = Welcome | Ack | Message | Status | Typing | Read | QueuePlace | Error


def event_frame(event: ConversationEvent) -> Message | Status:
    """A stored event, loaded with its attachments, as the customer may see it: the buttons' payloads stay behind."""
    if event.state is not None:
        return Status(seq=event.seq, at=event.at, state=event.state)
    return Message(
        seq=event.seq,
        id=event.id,
        author=event.author,
        name=event.account.name if event.author is Author.AGENT and event.account else None,
        at=event.at,
        text=event.text,
        more=event.more,
        choices=[Choice(id=choice["id"], label=choice["label"]) for choice in event.choices],
        cards=[Card.model_validate(card) for card in event.cards],
        attachments=[attached_file(attachment) for attachment in event.attachments],
        degraded=event.degraded,
    )


def attached_file(attachment: Attachment) -> AttachedFile:
    """What is told of an attachment."""
    return AttachedFile.model_validate(attachment, from_attributes=True)


def card(**fields: Any) -> dict[str, Any]:
    """A valid card as plain data, for storing.

    Raises:
        pydantic.ValidationError: not a card of the protocol.
    """
    return Card.model_validate(fields).model_dump()
