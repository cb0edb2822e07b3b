"""What a shop says of its products, orders and refunds: the bodies of the API, and what an import file is read into.

Money is in euro cents. Every text is checked here for what the database and the chat can bear.
"""

from collections import Counter
from datetime import date
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, EmailStr, Field, StringConstraints, model_validator

from guichet.models import CustomerKind, OrderState, RefundState, ShipmentState

FIRST_YEAR, LAST_YEAR = 2000, 2100
ORDER_NUMBER = r"^[0-9]{8}$"
SKU = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"
REFERENCE = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"
MAX_LINES, MAX_SHIPMENTS = 500, 100

PaymentMethod = Literal["card", "paypal", "transfer", "mandate", "instalments"]
"""Those that the assistant can name (``bot.actions.texts.PAYMENTS``)."""


AnyDay = TypeVar("AnyDay", bound=date)


def _in_our_times(day: AnyDay) -> AnyDay:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"expected a year from {FIRST_YEAR} to {LAST_YEAR}")
    return day


def _text(longest: int) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=longest, pattern=r"^[^\x00-\x1f\x7f]*$")


OrderNumber = Annotated[str, StringConstraints(pattern=ORDER_NUMBER)]
Sku = Annotated[str, StringConstraints(pattern=SKU)]
Name = Annotated[str, _text(200)]
Email = Annotated[EmailStr, StringConstraints(max_length=254), AfterValidator(str.lower)]
Phone = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^\+?[0-9][0-9 ().-]{4,28}$")]
Postcode = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[A-Za-z0-9][A-Za-z0-9 -]{1,9}$")]
TrackingUrl = Annotated[str, StringConstraints(pattern=r'^https://[^\s<>"\x00-\x1f\x7f]{3,490}$')]
Cents = Annotated[int, Field(ge=0, le=1_000_000_000, description="Euro cents.")]
Quantity = Annotated[int, Field(ge=1, le=100_000)]
Stock = Annotated[int, Field(ge=0, le=1_000_000_000)]
Day = Annotated[date, AfterValidator(_in_our_times)]
Instant = Annotated[AwareDatetime, AfterValidator(_in_our_times)]


class _Sheet(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CustomerSheet(_Sheet):
    """Who ordered; known by the e-mail."""

    email: Email
    name: Name
    kind: CustomerKind = Field(CustomerKind.PRIVATE, description="Professional customers have no right of withdrawal.")
    company: Name | None = None
    phone: Phone | None = None


class AddressSheet(_Sheet):
    """A postal address. The delivery postcode is one of the proofs a customer may give."""

    street: Name
    postcode: Postcode
    city: Name


class LineSheet(_Sheet):
    """A product of the order, with the price paid."""

    sku: Sku
    quantity: Quantity
    unit_price_cents: Cents


class ContentSheet(_Sheet):
    """How many of a product are in a parcel."""

    sku: Sku
    quantity: Quantity


class ShipmentSheet(_Sheet):
    """A parcel."""

    state: ShipmentState
    carrier: Name | None = None
    tracking_number: Name | None = None
    tracking_url: TrackingUrl | None = None
    shipped_on: Day | None = None
    promised_on: Day | None = Field(None, description="The day announced to the customer; after it the parcel is late.")
    delivered_on: Day | None = Field(None, description="Required of a delivered parcel: the withdrawal delay runs from it.")
    contents: Annotated[list[ContentSheet], Field(min_length=1, max_length=MAX_LINES)]

    @model_validator(mode="after")
    def _delivery_has_a_day(self) -> Self:
        if (self.state is ShipmentState.DELIVERED) != (self.delivered_on is not None):
            raise ValueError("delivered_on is expected for a delivered parcel, and only then")
        return self


EXAMPLE_ORDER: dict[str, Any] = {
    "customer": {"email": "camille.fontaine@example.com", "name": "Camille Fontaine", "kind": "private", "phone": "06 39 98 01 01"},
    "delivery_address": {"street": "14 rue des Tanneurs", "postcode": "59000", "city": "Lille"},
    "state": "shipped",
    "placed_at": "2026-11-16T09:30:00+01:00",
    "payment_method": "card",
    "shipping_cents": 590,
    "lines": [{"sku": "PVB18", "quantity": 1, "unit_price_cents": 12990}],
    "shipments": [
        {
            "state": "in_transit",
            "carrier": "Colissimo",
            "tracking_number": "6A12345678901",
            "tracking_url": "https://carrier.example.com/6A12345678901",
            "shipped_on": "2026-11-18",
            "promised_on": "2026-11-21",
            "contents": [{"sku": "PVB18", "quantity": 1}],
        }
    ],
}


class OrderSheet(_Sheet):
    """An order as the shop knows it now, as a whole: what is left out does not exist."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE_ORDER]})

    customer: CustomerSheet
    delivery_address: AddressSheet
    billing_address: AddressSheet | None = Field(None, description="The delivery address when left out.")
    state: OrderState
    placed_at: Instant
    payment_method: PaymentMethod
    shipping_cents: Cents = 0
    lines: Annotated[list[LineSheet], Field(min_length=1, max_length=MAX_LINES)]
    shipments: Annotated[list[ShipmentSheet], Field(max_length=MAX_SHIPMENTS)] = []

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        _expect_each_once("lines", [line.sku for line in self.lines])
        ordered = {line.sku: line.quantity for line in self.lines}
        for rank, shipment in enumerate(self.shipments):
            place = f"shipments.{rank}.contents"
            _expect_each_once(place, [content.sku for content in shipment.contents])
            for content in shipment.contents:
                if content.quantity > ordered.get(content.sku, 0):
                    raise ValueError(f"{place}: {content.quantity} × {content.sku}, of which the order has {ordered.get(content.sku, 0)}")
        return self


def _expect_each_once(place: str, skus: list[str]) -> None:
    twice = [sku for sku, count in Counter(skus).items() if count > 1]
    if twice:
        raise ValueError(f"{place}: {', '.join(twice)} more than once; expected one entry per sku")


class ProductSheet(_Sheet):
    """An article of the catalogue."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"name": "Perceuse-visseuse sans fil 18 V", "brand": "Bosch", "category": "Perceuses", "price_cents": 12990, "stock": 24},
            ]
        }
    )

    name: Name
    brand: Name
    category: Name
    price_cents: Cents
    stock: Stock | None = Field(None, description="Left out: as it was, 0 for a new product.")


class StockSheet(_Sheet):
    """How many of a product can be sold now."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"stock": 12}]})

    stock: Stock


class RefundSheet(_Sheet):
    """Money given back on an order."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "amount_cents": 12990,
                    "means": "carte bancaire",
                    "state": "issued",
                    "decided_on": "2026-11-20",
                    "issued_on": "2026-11-23",
                    "reason": "Retour accepté",
                }
            ]
        }
    )

    amount_cents: Annotated[Cents, Field(ge=1)]
    means: Annotated[Name, Field(description="In French, as it is told to the customer: « carte bancaire ».")]
    state: RefundState
    decided_on: Day
    issued_on: Day | None = None
    reason: Annotated[Name, Field(description="In French, as it is told to the customer.")]

    @model_validator(mode="after")
    def _issue_has_a_day(self) -> Self:
        if (self.state is RefundState.ISSUED) != (self.issued_on is not None):
            raise ValueError("issued_on is expected for an issued refund, and only then")
        return self
