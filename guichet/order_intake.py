"""Products, orders and refunds as the shop sends them: each call brings a record to the state described, however often it is repeated.

Lines are kept in place by sku: cases and returns refer to them.
"""

from sqlalchemy import delete, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from guichet.customers import ensure_customer
from guichet.db import insert_if_missing
from guichet.models import (
    Address,
    CaseArticle,
    Customer,
    Order,
    OrderLine,
    OrderProof,
    Product,
    Refund,
    Return,
    ReturnArticle,
    SavCase,
    Shipment,
    ShipmentLine,
)
from guichet.order_sheet import AddressSheet, CustomerSheet, OrderSheet, ProductSheet, RefundSheet, ShipmentSheet


class IntakeError(Exception):
    """What the shop sent does not fit what is known.

    IntakeError
    ├── UnknownSku       the order names products that are not in the catalogue
    ├── UnknownProduct   there is no product with this sku
    ├── UnknownOrder     there is no order with this number
    └── LineInUse        a case or a return refers to what the order would lose
    """


class UnknownSku(IntakeError):  # noqa: N818
    """The order names products that are not in the catalogue."""

    def __init__(self, skus: list[str]) -> None:
        self.skus = skus
        super().__init__(f"unknown sku: {', '.join(skus)}; send these products first")


class UnknownProduct(IntakeError):  # noqa: N818
    """There is no product with this sku."""

    def __init__(self, sku: str) -> None:
        super().__init__(f"there is no product with the sku {sku}")


class UnknownOrder(IntakeError):  # noqa: N818
    """There is no order with this number."""

    def __init__(self, number: str) -> None:
        super().__init__(f"there is no order with the number {number}")


class LineInUse(IntakeError):  # noqa: N818
    """A case or a return refers to what the order would lose."""

    def __init__(self, sku: str, user: str) -> None:
        self.sku, self.user = sku, user
        super().__init__(f"{user} refers to the line {sku}: keep the line, and at least the quantity returned")


async def put_product(session: AsyncSession, sku: str, sheet: ProductSheet) -> bool:
    """Make or change a product; True when it is new."""
    values = sheet.model_dump(exclude_none=True)
    created = await insert_if_missing(session, Product.sku, **{"sku": sku, "stock": 0} | values)
    product = await product_by_sku(session, sku)
    for name, value in values.items():
        setattr(product, name, value)
    await session.flush()
    return created


async def product_by_sku(session: AsyncSession, sku: str) -> Product:
    """The product, locked until the end of the transaction.

    Raises:
        UnknownProduct
    """
    product = await session.scalar(select(Product).where(Product.sku == sku).with_for_update())
    if product is None:
        raise UnknownProduct(sku)
    return product


async def put_order(session: AsyncSession, number: str, sheet: OrderSheet) -> bool:
    """Make an order, or bring it to the state described; True when it is new.

    Raises:
        UnknownSku, LineInUse
    """
    products = await _products(session, sheet)
    customer = await _put_customer(session, sheet.customer)
    delivery = await _address(session, customer, sheet.delivery_address)
    values = {
        "customer_id": customer.id,
        "delivery_address_id": delivery.id,
        "billing_address_id": (await _address(session, customer, sheet.billing_address or sheet.delivery_address)).id,
        "state": sheet.state,
        "placed_at": sheet.placed_at,
        "payment_method": sheet.payment_method,
        "shipping_cents": sheet.shipping_cents,
    }
    created = await insert_if_missing(session, Order.number, number=number, **values)
    order = await _locked_order(session, number)
    if order.customer_id != customer.id:  # proved with what was another customer's
        await session.execute(delete(OrderProof).where(OrderProof.order_id == order.id))
    for name, value in values.items():
        setattr(order, name, value)
    await _empty_shipments(session, order, keep=len(sheet.shipments))
    lines = await _put_lines(session, order, sheet, products)
    await _put_shipments(session, order, sheet.shipments, lines)
    return created


async def put_refund(session: AsyncSession, number: str, reference: str, sheet: RefundSheet) -> tuple[Refund, bool]:
    """Make or change the refund that the shop calls ``reference``; also says whether it is new.

    Raises:
        UnknownOrder
    """
    order = await _locked_order(session, number)
    refund = await session.scalar(select(Refund).where(Refund.order_id == order.id, Refund.reference == reference))
    created = refund is None
    if refund is None:
        refund = Refund(order_id=order.id, reference=reference)
        session.add(refund)
    for name, value in sheet:
        setattr(refund, name, value)
    await session.flush()
    return refund, created


async def _products(session: AsyncSession, sheet: OrderSheet) -> dict[str, Product]:
    wanted = [line.sku for line in sheet.lines]
    found = {product.sku: product for product in await session.scalars(select(Product).where(Product.sku.in_(wanted)))}
    unknown = [sku for sku in wanted if sku not in found]
    if unknown:
        raise UnknownSku(unknown)
    return found


async def _put_customer(session: AsyncSession, sheet: CustomerSheet) -> Customer:
    customer = await ensure_customer(session, sheet.email, sheet.name)
    for name, value in sheet:
        setattr(customer, name, value)
    await session.flush()
    return customer


async def _address(session: AsyncSession, customer: Customer, sheet: AddressSheet) -> Address:
    """One of the customer's addresses, never changed: other orders may have it too."""
    same = {"customer_id": customer.id, **sheet.model_dump()}
    known = await session.scalar(select(Address).filter_by(**same).order_by(Address.id).limit(1))
    if known is not None:
        return known
    address = Address(**same)
    session.add(address)
    await session.flush()
    return address


async def _locked_order(session: AsyncSession, number: str) -> Order:
    order = await session.scalar(select(Order).where(Order.number == number).with_for_update())
    if order is None:
        raise UnknownOrder(number)
    return order


async def _put_lines(session: AsyncSession, order: Order, sheet: OrderSheet, products: dict[str, Product]) -> dict[str, OrderLine]:
    """The order's lines by sku."""
    existing = list(await session.scalars(select(OrderLine).where(OrderLine.order_id == order.id).order_by(OrderLine.id.desc())))
    by_product = {line.product_id: line for line in existing}  # the first one, should there be several
    lines = {}
    for wanted in sheet.lines:
        product = products[wanted.sku]
        line = by_product.get(product.id) or OrderLine(order_id=order.id, product_id=product.id)
        line.quantity, line.unit_price_cents = wanted.quantity, wanted.unit_price_cents
        session.add(line)
        lines[wanted.sku] = line
    await session.flush()
    kept = {line.id for line in lines.values()}
    await _check_users(session, order, kept)
    await session.execute(delete(OrderLine).where(OrderLine.order_id == order.id, OrderLine.id.not_in(kept)))
    return lines


async def _check_users(session: AsyncSession, order: Order, kept: set[int]) -> None:
    """Neither a line that goes may be referred to, nor more be returned than is left.

    Raises:
        LineInUse
    """
    of_order = select(Product.sku).join(OrderLine, OrderLine.product_id == Product.id).where(OrderLine.order_id == order.id)
    cases = of_order.join(CaseArticle, CaseArticle.order_line_id == OrderLine.id).join(SavCase, SavCase.id == CaseArticle.case_id)
    every = aliased(ReturnArticle)
    returned = select(func.sum(every.quantity)).where(every.order_line_id == OrderLine.id).scalar_subquery()
    returns = (
        of_order.join(ReturnArticle, ReturnArticle.order_line_id == OrderLine.id)
        .join(Return, Return.id == ReturnArticle.return_id)
        .where(or_(OrderLine.id.not_in(kept), returned > OrderLine.quantity))
    )
    for query in (cases.where(OrderLine.id.not_in(kept)).add_columns(SavCase.number), returns.add_columns(Return.number)):
        user = (await session.execute(query.limit(1))).first()
        if user is not None:
            raise LineInUse(user[0], user[1])


async def _empty_shipments(session: AsyncSession, order: Order, keep: int) -> None:
    """Take everything out of the parcels, and remove those after the first ``keep``."""
    idents = list(await session.scalars(select(Shipment.id).where(Shipment.order_id == order.id).order_by(Shipment.id)))
    await session.execute(delete(ShipmentLine).where(ShipmentLine.shipment_id.in_(idents)))
    await session.execute(delete(Shipment).where(Shipment.id.in_(idents[keep:])))


async def _put_shipments(session: AsyncSession, order: Order, sheets: list[ShipmentSheet], lines: dict[str, OrderLine]) -> None:
    existing = list(await session.scalars(select(Shipment).where(Shipment.order_id == order.id).order_by(Shipment.id)))
    shipments = existing + [Shipment(order_id=order.id) for _ in sheets[len(existing) :]]
    for shipment, sheet in zip(shipments, sheets, strict=True):
        for name in ShipmentSheet.model_fields.keys() - {"contents"}:
            setattr(shipment, name, getattr(sheet, name))
        session.add(shipment)
        await session.flush()
        session.add_all(
            ShipmentLine(shipment_id=shipment.id, order_line_id=lines[content.sku].id, quantity=content.quantity) for content in sheet.contents
        )
    await session.flush()
