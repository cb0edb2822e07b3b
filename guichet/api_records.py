"""What the API answers: records of orders, cases and returns. They say what is stored, and check nothing."""

from datetime import date, datetime
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from guichet.models import (
    Author,
    CaseMotive,
    CaseState,
    CustomerKind,
    Order,
    OrderState,
    Refund,
    RefundState,
    Return,
    ReturnState,
    SavCase,
    Shipment,
    ShipmentState,
)
from guichet.order_sheet import EXAMPLE_ORDER
from guichet.orders import total_cents

Item = TypeVar("Item", bound=BaseModel)


def _example(example: dict[str, Any]) -> ConfigDict:
    return ConfigDict(from_attributes=True, json_schema_extra={"examples": [example]})


class ErrorRecord(BaseModel):
    """Why a request was not carried out."""

    error: str = Field(description="For programs; stays the same.")
    detail: str = Field(description="For people: what was wrong, and what was expected.")


class _Record(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class CustomerRecord(_Record):
    """Who ordered."""

    email: str
    name: str
    kind: CustomerKind
    company: str | None
    phone: str | None


class AddressRecord(_Record):
    """A postal address."""

    street: str
    postcode: str
    city: str


class LineRecord(_Record):
    """A product of the order, with the price paid."""

    sku: str
    quantity: int
    unit_price_cents: int


class ContentRecord(_Record):
    """How many of a product are in a parcel."""

    sku: str
    quantity: int


class ShipmentRecord(_Record):
    """A parcel."""

    state: ShipmentState
    carrier: str | None
    tracking_number: str | None
    tracking_url: str | None
    shipped_on: date | None
    promised_on: date | None
    delivered_on: date | None
    contents: list[ContentRecord]

    @classmethod
    def of(cls, shipment: Shipment) -> "ShipmentRecord":
        """A parcel with its contents loaded."""
        contents = [ContentRecord(sku=content.order_line.product.sku, quantity=content.quantity) for content in shipment.contents]
        fields = {name: getattr(shipment, name) for name in cls.model_fields.keys() - {"contents"}}
        return cls(**fields, contents=contents)


EXAMPLE_REFUND = {
    "reference": "AV-2026-118",
    "amount_cents": 12990,
    "means": "carte bancaire",
    "state": "issued",
    "decided_on": "2026-11-20",
    "issued_on": "2026-11-23",
    "reason": "Retour accepté",
}


class RefundRecord(BaseModel):
    """Money given back."""

    model_config = _example(EXAMPLE_REFUND)

    reference: str | None = Field(description="The shop's own; null for a refund that guichet made.")
    amount_cents: int
    means: str
    state: RefundState
    decided_on: date
    issued_on: date | None
    reason: str

    @classmethod
    def of(cls, refund: Refund) -> "RefundRecord":
        """Any refund."""
        return cls.model_validate(refund)


_PARCEL_BASE = {"carrier": None, "tracking_number": None, "tracking_url": None, "shipped_on": None, "promised_on": None, "delivered_on": None}


class OrderRecord(BaseModel):
    """An order with everything known of it."""

    model_config = _example(
        EXAMPLE_ORDER
        | {
            "number": "10025801",
            "customer": EXAMPLE_ORDER["customer"] | {"company": None},
            "billing_address": EXAMPLE_ORDER["delivery_address"],
            "placed_at": "2026-11-16T08:30:00Z",
            "total_cents": 13580,
            "shipments": [_PARCEL_BASE | parcel for parcel in EXAMPLE_ORDER["shipments"]],
            "refunds": [],
            "cases": ["SAV-2026-000001"],
            "returns": [],
        }
    )

    number: str
    customer: CustomerRecord
    delivery_address: AddressRecord
    billing_address: AddressRecord
    state: OrderState
    placed_at: datetime
    payment_method: str
    shipping_cents: int
    total_cents: int
    lines: list[LineRecord]
    shipments: list[ShipmentRecord]
    refunds: list[RefundRecord]
    cases: list[str] = Field(description="Numbers of the after-sales cases.")
    returns: list[str] = Field(description="Numbers of the returns.")

    @classmethod
    def of(cls, order: Order) -> "OrderRecord":
        """An order loaded with ``ORDER_GRAPH`` and its billing address."""
        lines = [LineRecord(sku=line.product.sku, quantity=line.quantity, unit_price_cents=line.unit_price_cents) for line in order.lines]
        return cls(
            number=order.number,
            customer=CustomerRecord.model_validate(order.customer),
            delivery_address=AddressRecord.model_validate(order.delivery_address),
            billing_address=AddressRecord.model_validate(order.billing_address),
            state=order.state,
            placed_at=order.placed_at,
            payment_method=order.payment_method,
            shipping_cents=order.shipping_cents,
            total_cents=total_cents(order),
            lines=lines,
            shipments=[ShipmentRecord.of(shipment) for shipment in order.shipments],
            refunds=[RefundRecord.of(refund) for refund in order.refunds],
            cases=[case.number for case in order.cases],
            returns=[each.number for each in order.returns],
        )


class ProductRecord(BaseModel):
    """An article of the catalogue."""

    model_config = _example(
        {
            "sku": "PVB18",
            "name": "Perceuse-visseuse sans fil 18 V",
            "brand": "Bosch",
            "category": "Perceuses",
            "price_cents": 12990,
            "stock": 24,
        }
    )

    sku: str
    name: str
    brand: str
    category: str
    price_cents: int
    stock: int


class CaseEventRecord(_Record):
    """One line of a case's history."""

    at: datetime
    author: Author
    text: str


class CaseRecord(BaseModel):
    """An after-sales case, or a message left for a person (motive ``contact``)."""

    model_config = _example(
        {
            "number": "SAV-2026-000001",
            "state": "open",
            "motive": "defective",
            "order": "10025801",
            "sku": "PVB18",
            "description": "La visseuse ne démarre plus.",
            "contact": "camille.fontaine@example.com",
            "opened_at": "2026-11-23T09:00:00Z",
            "due_at": "2026-11-25T09:00:00Z",
            "updated_at": "2026-11-23T09:00:00Z",
            "history": [{"at": "2026-11-23T09:00:00Z", "author": "customer", "text": "La visseuse ne démarre plus."}],
        }
    )

    number: str
    state: CaseState
    motive: CaseMotive
    order: str | None
    skus: list[str] = Field(description="The articles concerned; empty for the whole order.")
    description: str
    contact: str = Field(description="E-mail or phone number to answer to.")
    opened_at: datetime
    due_at: datetime = Field(description="When the customer must have a proposal.")
    updated_at: datetime
    history: list[CaseEventRecord]

    @classmethod
    def of(cls, case: SavCase, order_number: str | None) -> "CaseRecord":
        """A case loaded with its history and articles, and the number of its order."""
        return cls(
            number=case.number,
            state=case.state,
            motive=case.motive,
            order=order_number,
            skus=[article.order_line.product.sku for article in case.articles],
            description=case.description,
            contact=case.contact,
            opened_at=case.opened_at,
            due_at=case.due_at,
            updated_at=max([case.opened_at, *(event.at for event in case.history)]),
            history=[CaseEventRecord.model_validate(event) for event in case.history],
        )


class ReturnArticleRecord(BaseModel):
    """So many pieces of a product."""

    sku: str
    quantity: int


class ReturnRecord(BaseModel):
    """Articles on their way back."""

    model_config = _example(
        {
            "number": "RET-2026-000001",
            "state": "registered",
            "order": "10025801",
            "articles": [{"sku": "PVB18", "quantity": 1}],
            "registered_at": "2026-11-23T09:00:00Z",
        }
    )

    number: str
    state: ReturnState
    order: str
    articles: list[ReturnArticleRecord]
    registered_at: datetime

    @classmethod
    def of(cls, registered: Return, order_number: str) -> "ReturnRecord":
        """A return loaded with its articles, and the number of its order."""
        articles = [ReturnArticleRecord(sku=each.order_line.product.sku, quantity=each.quantity) for each in registered.articles]
        return cls(
            number=registered.number,
            state=registered.state,
            order=order_number,
            articles=articles,
            registered_at=registered.registered_at,
        )


class Page(BaseModel, Generic[Item]):
    """Some of the items; ask again with ``cursor`` set to ``next_cursor`` until it is null."""

    items: list[Item]
    next_cursor: str | None
