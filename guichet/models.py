"""The tables. Money is in euro cents, instants in UTC, calendar days in the shop's zone (Europe/Paris).

Relationships raise when they are read without having been loaded: each query says what it needs.
"""

import enum
import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, Enum, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from guichet import clock
from guichet.db import UtcDateTime


def _values(members: type[enum.Enum]) -> list[str]:
    return [member.value for member in members]


class Base(DeclarativeBase):
    """Common to all tables: strings for enumerations, UTC instants."""

    type_annotation_map = {  # noqa: RUF012
        datetime: UtcDateTime(),
        dict[str, Any]: JSON(),
        list[Any]: JSON(),
        enum.StrEnum: Enum(enum.StrEnum, native_enum=False, values_callable=_values, length=40),
    }


def _uuid() -> str:
    return str(uuid.uuid4())


class CustomerKind(enum.StrEnum):
    """Private customers have the right of withdrawal; professional ones do not."""

    PRIVATE = "private"
    PROFESSIONAL = "professional"


class OrderState(enum.StrEnum):
    """Where an order stands as a whole; its parcels have states of their own."""

    AWAITING_PAYMENT = "awaiting_payment"
    IN_PREPARATION = "in_preparation"
    PARTLY_SHIPPED = "partly_shipped"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"


class ShipmentState(enum.StrEnum):
    """What the carrier last said of a parcel."""

    PREPARING = "preparing"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    CUSTOMER_ABSENT = "customer_absent"
    AT_PICKUP_POINT = "at_pickup_point"
    DELIVERED = "delivered"
    RETURNED_TO_SENDER = "returned_to_sender"


class CaseMotive(enum.StrEnum):
    """Why a case was opened: after-sales motives first, then requests about an order under way; ``CONTACT`` is a message for a person."""

    DEFECTIVE = "defective"
    INCOMPLETE = "incomplete"
    DAMAGED = "damaged"
    WRONG_ITEM = "wrong_item"
    MISSING_ITEM = "missing_item"
    PARCEL_NOT_RECEIVED = "parcel_not_received"
    OTHER = "other"
    ORDER_CHANGE = "order_change"
    ORDER_CANCELLATION = "order_cancellation"
    ADDRESS_CHANGE = "address_change"
    WITHDRAWAL = "withdrawal"
    REFUND_LATE = "refund_late"
    CONTACT = "contact"


class CaseQueue(enum.StrEnum):
    """The team that answers."""

    SAV = "sav"
    ORDERS = "orders"
    ACCOUNTS = "accounts"


QUEUES = {
    CaseMotive.PARCEL_NOT_RECEIVED: CaseQueue.ORDERS,
    CaseMotive.ORDER_CHANGE: CaseQueue.ORDERS,
    CaseMotive.ORDER_CANCELLATION: CaseQueue.ORDERS,
    CaseMotive.ADDRESS_CHANGE: CaseQueue.ORDERS,
    CaseMotive.WITHDRAWAL: CaseQueue.ORDERS,
    CaseMotive.REFUND_LATE: CaseQueue.ORDERS,
    CaseMotive.CONTACT: CaseQueue.ACCOUNTS,
}
"""Which team answers to which motive; after-sales motives are the SAV's."""


class Reserves(enum.StrEnum):
    """Whether reserves stand on the carrier's delivery slip."""

    MADE = "made"
    NOT_MADE = "not_made"
    UNKNOWN = "unknown"


class CaseWish(enum.StrEnum):
    """What the customer would like best; the SAV decides (FAQ, retours et remboursements)."""

    PART = "part"
    NEW_PRODUCT = "new_product"
    GESTURE = "gesture"
    REFUND = "refund"
    NEW_DELIVERY = "new_delivery"
    UNDECIDED = "undecided"


class ReturnWish(enum.StrEnum):
    """What the customer would like in exchange for a returned article (FAQ, retours et remboursements)."""

    EXCHANGE = "exchange"
    REFUND = "refund"
    CREDIT = "credit"


class CaseState(enum.StrEnum):
    """The life of a case."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    AWAITING_CUSTOMER = "awaiting_customer"
    SETTLED = "settled"


class ReturnState(enum.StrEnum):
    """The life of a return."""

    REGISTERED = "registered"
    RECEIVED = "received"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class RefundState(enum.StrEnum):
    """The life of a refund."""

    DECIDED = "decided"
    ISSUED = "issued"


class ConversationState(enum.StrEnum):
    """Who is in charge of a conversation."""

    BOT = "bot"
    WAITING = "waiting"
    HUMAN = "human"
    CLOSED = "closed"


class Author(enum.StrEnum):
    """Who speaks."""

    CUSTOMER = "customer"
    BOT = "bot"
    AGENT = "agent"
    SYSTEM = "system"


class TurnState(enum.StrEnum):
    """Whether a customer message still waits for the bot's answer."""

    NONE = "none"
    PENDING = "pending"
    DONE = "done"


class Customer(Base):
    """A customer of the shop; professional ones have a company."""

    __tablename__ = "customers"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[CustomerKind]
    name: Mapped[str]
    company: Mapped[str | None]
    email: Mapped[str] = mapped_column(unique=True)
    """In lower case."""
    phone: Mapped[str | None]


class Address(Base):
    """A postal address of a customer."""

    __tablename__ = "addresses"
    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    street: Mapped[str]
    postcode: Mapped[str] = mapped_column(String(10))
    city: Mapped[str]


class Product(Base):
    """An article of the catalogue."""

    __tablename__ = "products"
    id: Mapped[int] = mapped_column(primary_key=True)
    sku: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    brand: Mapped[str]
    category: Mapped[str]
    price_cents: Mapped[int]
    stock: Mapped[int]
    __table_args__ = (CheckConstraint("stock >= 0"), CheckConstraint("price_cents >= 0"))


class Order(Base):
    """An order; ``number`` is the eight digits the customer knows."""

    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(8), unique=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    delivery_address_id: Mapped[int] = mapped_column(ForeignKey("addresses.id"))
    billing_address_id: Mapped[int] = mapped_column(ForeignKey("addresses.id"))
    state: Mapped[OrderState]
    placed_at: Mapped[datetime]
    payment_method: Mapped[str]
    shipping_cents: Mapped[int] = mapped_column(default=0)

    customer: Mapped[Customer] = relationship(lazy="raise")
    delivery_address: Mapped[Address] = relationship(lazy="raise", foreign_keys=[delivery_address_id])
    billing_address: Mapped[Address] = relationship(lazy="raise", foreign_keys=[billing_address_id])
    lines: Mapped[list["OrderLine"]] = relationship(lazy="raise", order_by="OrderLine.id")
    shipments: Mapped[list["Shipment"]] = relationship(lazy="raise", order_by="Shipment.id")
    refunds: Mapped[list["Refund"]] = relationship(lazy="raise", order_by="Refund.id")
    cases: Mapped[list["SavCase"]] = relationship(lazy="raise", order_by="SavCase.id")
    returns: Mapped[list["Return"]] = relationship(lazy="raise", order_by="Return.id")


class OrderLine(Base):
    """A product of an order, with the price paid."""

    __tablename__ = "order_lines"
    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    quantity: Mapped[int]
    unit_price_cents: Mapped[int]

    product: Mapped[Product] = relationship(lazy="raise")
    __table_args__ = (CheckConstraint("quantity > 0"),)


class Shipment(Base):
    """A parcel of an order."""

    __tablename__ = "shipments"
    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    carrier: Mapped[str | None]
    tracking_number: Mapped[str | None]
    tracking_url: Mapped[str | None]
    state: Mapped[ShipmentState]
    shipped_on: Mapped[date | None]
    promised_on: Mapped[date | None]
    delivered_on: Mapped[date | None]

    contents: Mapped[list["ShipmentLine"]] = relationship(lazy="raise", order_by="ShipmentLine.id")


class ShipmentLine(Base):
    """What is in a parcel."""

    __tablename__ = "shipment_lines"
    id: Mapped[int] = mapped_column(primary_key=True)
    shipment_id: Mapped[int] = mapped_column(ForeignKey("shipments.id"), index=True)
    order_line_id: Mapped[int] = mapped_column(ForeignKey("order_lines.id"))
    quantity: Mapped[int]

    order_line: Mapped[OrderLine] = relationship(lazy="raise")
    __table_args__ = (CheckConstraint("quantity > 0"),)


class SavCase(Base):
    """An after-sales case, or a message left for a person (motive ``contact``)."""

    __tablename__ = "sav_cases"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    request_key: Mapped[str] = mapped_column(String(64), unique=True)
    """Hash of what was asked: the same request sent twice is one case."""
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"), index=True)
    conversation_id: Mapped[str | None] = mapped_column(ForeignKey("conversations.id"), index=True)
    motive: Mapped[CaseMotive]
    state: Mapped[CaseState]
    description: Mapped[str] = mapped_column(Text)
    contact: Mapped[str]
    """E-mail or phone number to answer to."""
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime]
    """When the customer must have a proposal (``ShopFacts.solution_due``)."""
    reserves: Mapped[Reserves | None]
    wish: Mapped[CaseWish | None]

    articles: Mapped[list["CaseArticle"]] = relationship(lazy="raise", order_by="CaseArticle.order_line_id")
    """None of them: the case is about the whole order, or about none."""
    history: Mapped[list["CaseEvent"]] = relationship(lazy="raise", order_by="CaseEvent.id")

    @property
    def queue(self) -> CaseQueue:
        """The team that answers."""
        return QUEUES.get(self.motive, CaseQueue.SAV)


class CaseArticle(Base):
    """A line of the order that a case is about."""

    __tablename__ = "case_articles"
    case_id: Mapped[int] = mapped_column(ForeignKey("sav_cases.id"), primary_key=True)
    order_line_id: Mapped[int] = mapped_column(ForeignKey("order_lines.id"), primary_key=True, index=True)

    order_line: Mapped[OrderLine] = relationship(lazy="raise")


class CaseEvent(Base):
    """One line of a case's history; never changed afterwards."""

    __tablename__ = "case_events"
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("sav_cases.id"), index=True)
    at: Mapped[datetime]
    author: Mapped[Author]
    text: Mapped[str] = mapped_column(Text)


class Return(Base):
    """Articles on their way back."""

    __tablename__ = "returns"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    request_key: Mapped[str] = mapped_column(String(64), unique=True)
    """Hash of what was asked: the same request sent twice is one return."""
    wish: Mapped[ReturnWish | None]
    state: Mapped[ReturnState]
    registered_at: Mapped[datetime]

    articles: Mapped[list["ReturnArticle"]] = relationship(lazy="raise", order_by="ReturnArticle.order_line_id")


class ReturnArticle(Base):
    """How many pieces of a line of the order go back with a return."""

    __tablename__ = "return_articles"
    return_id: Mapped[int] = mapped_column(ForeignKey("returns.id"), primary_key=True)
    order_line_id: Mapped[int] = mapped_column(ForeignKey("order_lines.id"), primary_key=True, index=True)
    quantity: Mapped[int]

    order_line: Mapped[OrderLine] = relationship(lazy="raise")
    __table_args__ = (CheckConstraint("quantity > 0"),)


class Refund(Base):
    """Money given back on an order."""

    __tablename__ = "refunds"
    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    amount_cents: Mapped[int]
    means: Mapped[str]
    state: Mapped[RefundState]
    decided_on: Mapped[date]
    issued_on: Mapped[date | None]
    reason: Mapped[str]
    reference: Mapped[str | None] = mapped_column(String(64))
    """The shop's own name for it, one per order."""

    __table_args__ = (Index("ix_refunds_reference", "order_id", "reference", unique=True),)


class Counter(Base):
    """The last number given in a series (``SAV-2026``): numbers without holes, safe between processes."""

    __tablename__ = "counters"
    series: Mapped[str] = mapped_column(String(20), primary_key=True)
    value: Mapped[int]


class Conversation(Base):
    """A customer's chat. The token is known by its hash only."""

    __tablename__ = "conversations"
    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=_uuid)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    state: Mapped[ConversationState] = mapped_column(default=ConversationState.BOT)
    last_seq: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime] = mapped_column(default=clock.now)
    address_hash: Mapped[str] = mapped_column(String(64))
    """Hash of the client's address, only for limiting attempts."""
    turn_holder: Mapped[str | None] = mapped_column(String(36))
    """The process that is answering, until ``turn_until``: one turn at a time."""
    turn_until: Mapped[datetime | None]
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"), index=True)
    """The customer of the shop who is logged in, as the shop has signed (docs/integration.md). Set once, never changed to another."""
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    """Whose conversation it is, in the state ``human`` and in no other."""
    team: Mapped[CaseQueue | None]
    """The team that was asked for last; None: whoever is there."""
    waiting_since: Mapped[datetime | None]
    """Since when the customer has been waiting for a person's answer, in the queue or in an agent's hands."""
    closed_at: Mapped[datetime | None]
    customer_read_seq: Mapped[int] = mapped_column(default=0, server_default="0")
    agent_read_seq: Mapped[int] = mapped_column(default=0, server_default="0")
    last_customer_at: Mapped[datetime | None]
    last_agent_at: Mapped[datetime | None]


class ConversationEvent(Base):
    """A message or a change of state: everything a client must show, numbered without holes."""

    __tablename__ = "conversation_events"
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(String(36), default=_uuid)
    author: Mapped[Author]
    at: Mapped[datetime] = mapped_column(default=clock.now)
    state: Mapped[ConversationState | None]
    """Set when the event is a change of state rather than a message."""
    text: Mapped[str] = mapped_column(Text, default="")
    more: Mapped[str | None] = mapped_column(Text)
    choices: Mapped[list[Any]] = mapped_column(default=list)
    """``{"id", "label", "payload"}``; the payload never leaves the server."""
    cards: Mapped[list[Any]] = mapped_column(default=list)
    degraded: Mapped[bool] = mapped_column(default=False)
    payload: Mapped[str | None] = mapped_column(Text)
    """For a customer's choice: what the button stands for."""
    turn: Mapped[TurnState] = mapped_column(default=TurnState.NONE)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    """The agent who spoke, or who changed the state."""

    attachments: Mapped[list["Attachment"]] = relationship(
        lazy="raise",
        viewonly=True,
        primaryjoin="and_(ConversationEvent.conversation_id == foreign(Attachment.conversation_id),"
        " ConversationEvent.seq == foreign(Attachment.event_seq))",
        order_by="Attachment.position",
    )
    account: Mapped["Account | None"] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("conversation_id", "id"),
        Index("ix_conversation_events_turn", "turn", "conversation_id"),
    )


class OrderProof(Base):
    """A conversation has proved that an order is the customer's."""

    __tablename__ = "order_proofs"
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    method: Mapped[str]
    proved_at: Mapped[datetime]


class ProofAttempt(Base):
    """A failed proof, kept to limit how often one may try."""

    __tablename__ = "proof_attempts"
    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(String(36), index=True)
    address_hash: Mapped[str] = mapped_column(String(64), index=True)
    order_number: Mapped[str] = mapped_column(String(8), index=True)
    at: Mapped[datetime]


# --- outgoing mail and who is told of an order's changes ------------------------------------------------------------------------


class MailKind(enum.StrEnum):
    """What a mail is about."""

    CASE_RECEIPT = "case_receipt"
    CASE_UPDATE = "case_update"
    RETURN_RECEIPT = "return_receipt"
    ORDER_UPDATE = "order_update"
    TRANSCRIPT = "transcript"


class MailState(enum.StrEnum):
    """Where a mail stands; ``FAILED`` is given up, with its last error."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


class OutgoingMail(Base):
    """A mail to a customer, written in the transaction of what it tells, sent afterwards."""

    __tablename__ = "outgoing_mails"
    id: Mapped[int] = mapped_column(primary_key=True)
    dedup_key: Mapped[str] = mapped_column(String(200), unique=True)
    """What makes two mails the same one."""
    uid: Mapped[str] = mapped_column(String(36), unique=True, default=_uuid)
    """The left part of its Message-ID, the same at every attempt."""
    kind: Mapped[MailKind]
    recipient: Mapped[str] = mapped_column(String(320))
    subject: Mapped[str]
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    unsubscribe_url: Mapped[str | None]
    """Where the recipient stops such mails (RFC 8058)."""
    conversation_id: Mapped[str | None] = mapped_column(ForeignKey("conversations.id"), index=True)
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"), index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("sav_cases.id"), index=True)
    attachment_id: Mapped[str | None] = mapped_column(ForeignKey("attachments.id"))
    """The file that goes with it."""
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    state: Mapped[MailState] = mapped_column(default=MailState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    """Times a process took it to send it; also proves to that process that it still has it."""
    next_attempt_at: Mapped[datetime] = mapped_column(default=clock.now)
    """While a process is sending it: until when nobody else takes it."""
    sent_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        Index("ix_outgoing_mails_due", "state", "next_attempt_at"),
        Index("ix_outgoing_mails_recipient", "recipient", "created_at"),
    )


class OrderSubscription(Base):
    """The customer of an order wants a mail at each of its changes."""

    __tablename__ = "order_subscriptions"
    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    email: Mapped[str] = mapped_column(String(320))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    ended_at: Mapped[datetime | None]
    told: Mapped[str] = mapped_column(String(64))
    """Hash of the states last told, so that each change is told once."""
    changes: Mapped[int] = mapped_column(default=0)

    order: Mapped[Order] = relationship(lazy="raise")
    __table_args__ = (UniqueConstraint("order_id", "email"),)


class UnsubscribeLink(Base):
    """A link sent in one mail, known by the hash of its token: every link ever sent goes on working."""

    __tablename__ = "unsubscribe_links"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    subscription_id: Mapped[int] = mapped_column(ForeignKey("order_subscriptions.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


# --- the shop's systems ---------------------------------------------------------------------------------------------------------


class ApiToken(Base):
    """What lets one of the shop's systems use the API. The token is known by its hash only."""

    __tablename__ = "api_tokens"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    read_only: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class Webhook(Base):
    """An address of the shop's systems that is told of events. The secret signs, so it is kept as it is."""

    __tablename__ = "webhooks"
    id: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str] = mapped_column(String(500), unique=True)
    secret: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class WebhookDelivery(Base):
    """An event for one webhook: written with the change it tells of, sent until it is received or given up."""

    __tablename__ = "webhook_deliveries"
    id: Mapped[int] = mapped_column(primary_key=True)
    webhook_id: Mapped[int] = mapped_column(ForeignKey("webhooks.id"), index=True)
    body: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime | None] = mapped_column(default=clock.now, index=True)
    """None once it is received or given up."""
    delivered_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(String(200))


# --- photos and documents -------------------------------------------------------------------------------------------------------


class Attachment(Base):
    """A photo or a document of a conversation. Its content is read only when a query says so."""

    __tablename__ = "attachments"
    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=_uuid)
    """Made by the client for what a customer sends."""
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    event_seq: Mapped[int | None]
    """The message that carries it; None until it is sent."""
    position: Mapped[int] = mapped_column(default=0)
    """Its place in that message."""
    case_id: Mapped[int | None] = mapped_column(ForeignKey("sav_cases.id"), index=True)
    """The case it belongs to."""
    author: Mapped[Author]
    name: Mapped[str] = mapped_column(String(100))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    """In bytes."""
    width: Mapped[int | None]
    """In pixels, for pictures."""
    height: Mapped[int | None]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True, deferred_raiseload=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    __table_args__ = (Index("ix_attachments_message", "conversation_id", "event_seq"),)


# --- who works in the console ---------------------------------------------------------------------------------------------------


class Role(enum.StrEnum):
    """What a person does here: answer customers, write the FAQ, or run the place (which includes the two others)."""

    AGENT = "agent"
    EDITOR = "editor"
    ADMIN = "admin"


class Account(Base):
    """A person who works in the console. Never deleted, only made inactive: what they did keeps their name."""

    __tablename__ = "accounts"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(320), unique=True)
    """In lower case."""
    name: Mapped[str] = mapped_column(String(200))
    """As colleagues and customers read it."""
    role: Mapped[Role]
    password_hash: Mapped[str] = mapped_column(String(200))
    password_temporary: Mapped[bool] = mapped_column(default=False)
    """Somebody else chose the password: its owner changes it before anything else."""
    totp_secret: Mapped[str | None] = mapped_column(String(64))
    """Base32 (RFC 6238); None without a second factor."""
    totp_last_step: Mapped[int | None] = mapped_column(BigInteger)
    """The last 30 s step whose code was used: neither it nor an older one is accepted again."""
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    max_chats: Mapped[int] = mapped_column(default=4)
    """Conversations one can hold at once."""
    team: Mapped[CaseQueue | None]


class ConsoleSession(Base):
    """Somebody signed in, in one browser. The token is known by its hash only."""

    __tablename__ = "console_sessions"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    csrf: Mapped[str] = mapped_column(String(64))
    """What a form of this session must carry."""
    half_open: Mapped[bool] = mapped_column(default=False)
    """The password was right, the second factor is still awaited: opens nothing but the page that asks for it."""
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    seen_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime]

    account: Mapped[Account] = relationship(lazy="raise")


class SignInAttempt(Base):
    """A failed sign-in, kept to limit how often one may try."""

    __tablename__ = "sign_in_attempts"
    id: Mapped[int] = mapped_column(primary_key=True)
    email_hash: Mapped[str] = mapped_column(String(64), index=True)
    address_hash: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[datetime] = mapped_column(default=clock.now, index=True)


class AuditEntry(Base):
    """Who did what, to what, when; never changed afterwards."""

    __tablename__ = "audit_entries"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    """None: the command line, or guichet itself."""
    action: Mapped[str] = mapped_column(String(60), index=True)
    subject: Mapped[str] = mapped_column(String(200), index=True)
    """What it was done to: ``account:3``, ``case:SAV-2026-000001``…"""
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)

    account: Mapped[Account | None] = relationship(lazy="raise")


# --- handing over to a person ---------------------------------------------------------------------------------------------------


class HandoverReason(enum.StrEnum):
    """Why a person is needed."""

    ASKED = "asked"
    MISUNDERSTOOD = "misunderstood"
    BOT_FAILURE = "bot_failure"
    NEEDS_PERSON = "needs_person"
    AGENT_SILENT = "agent_silent"
    TRANSFERRED = "transferred"
    REOPENED = "reopened"
    """The customer wrote again after an agent had closed the conversation."""


class HandoverOutcome(enum.StrEnum):
    """How a handover ended."""

    BACK_TO_BOT = "back_to_bot"
    CLOSED = "closed"
    REQUEUED = "requeued"
    TRANSFERRED = "transferred"
    CASE = "case"
    CUSTOMER_LEFT = "customer_left"


class PresenceState(enum.StrEnum):
    """Whether an agent takes conversations: only ``AVAILABLE`` counts as somebody being there."""

    AVAILABLE = "available"
    BUSY = "busy"
    AWAY = "away"


class Handover(Base):
    """One time in human hands, from the request to its end; at most one of a conversation is open."""

    __tablename__ = "handovers"
    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    reason: Mapped[HandoverReason]
    team: Mapped[CaseQueue | None]
    note: Mapped[str | None] = mapped_column(Text)
    """What the agent who passed it on wants the next one to know."""
    requested_at: Mapped[datetime] = mapped_column(index=True)
    promised_at: Mapped[datetime | None]
    """By when the customer was told to have an answer; None: no time was told."""
    claimed_at: Mapped[datetime | None]
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    first_reply_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[HandoverOutcome | None]
    motive: Mapped[str | None] = mapped_column(String(200))
    """What it was about, as the agent who closed it says."""

    agent: Mapped[Account | None] = relationship(lazy="raise")
    __table_args__ = (
        Index("ix_handovers_open", "conversation_id", unique=True, sqlite_where=text("ended_at IS NULL"), postgresql_where=text("ended_at IS NULL")),
    )


class Presence(Base):
    """Whether somebody is at the console."""

    __tablename__ = "presences"
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    state: Mapped[PresenceState]
    seen_at: Mapped[datetime]
    """When a console of theirs was last connected."""
    acted_at: Mapped[datetime]
    """When they last did something in it."""


class InternalNote(Base):
    """What agents tell each other in a conversation; no customer ever sees it. Within a conversation, ``id`` follows the order of commits."""

    __tablename__ = "internal_notes"
    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[str] = mapped_column(String(36), unique=True)
    """Made by the console: the same note sent twice is one."""
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    at: Mapped[datetime] = mapped_column(default=clock.now)
    after_seq: Mapped[int]
    """The conversation's last event when it was written: where it is shown."""
    text: Mapped[str] = mapped_column(Text)

    account: Mapped[Account] = relationship(lazy="raise")


class Rating(Base):
    """What the customer thought of the help; said again, it replaces what was said before."""

    __tablename__ = "ratings"
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), primary_key=True)
    score: Mapped[int]
    comment: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(default=clock.now)

    __table_args__ = (CheckConstraint("score BETWEEN 1 AND 5"),)
