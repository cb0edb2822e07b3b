"""The REST API for the shop's own systems, under ``/api/v1``: docs/integration.md, and its own OpenAPI document."""

from contextlib import AbstractAsyncContextManager
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Path, Query, Request, Response
from fastapi.responses import HTMLResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from guichet.api_errors import BoundedBody, add_error_handlers, responses
from guichet.api_lists import case_with_order, list_cases, list_returns
from guichet.api_page import page_of
from guichet.api_records import CaseRecord, OrderRecord, Page, ProductRecord, RefundRecord, ReturnRecord
from guichet.api_tokens import token_in_use
from guichet.db import Database
from guichet.models import CaseState, Order, ReturnState
from guichet.notifications import order_changed
from guichet.order_intake import UnknownOrder, product_by_sku, put_order, put_product, put_refund
from guichet.order_sheet import ORDER_NUMBER, REFERENCE, SKU, Instant, OrderSheet, ProductSheet, RefundSheet, StockSheet
from guichet.orders import ORDER_GRAPH
from guichet.services import Services

DESCRIPTION = """\
For the shop's own systems: they send products, orders and refunds, and read the cases and returns that customers open.
Every `PUT` may be repeated: the same body twice leaves the same state. Money is in euro cents, instants are ISO 8601 with a zone.
Every error is `{"error", "detail"}`.
"""
CASE_NUMBER = r"^SAV-[0-9]{4}-[0-9]{6,11}$"


async def _authorise(
    request: Request,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(HTTPBearer(auto_error=False, description="guichet api token create"))],
) -> None:
    """Only holders of a token in use; one that may only read changes nothing."""
    db: Database = request.app.state.db
    async with db.transaction() as session:
        token = await token_in_use(session, credentials.credentials) if credentials else None
    if token is None:
        raise HTTPException(401, "expected the header Authorization: Bearer <token>, with a token in use", {"WWW-Authenticate": "Bearer"})
    if token.read_only and request.method != "GET":
        raise HTTPException(403, "this token may only read")


router = APIRouter(dependencies=[Depends(_authorise)])
READS, WRITES = responses(401, 422, 503), responses(400, 401, 403, 409, 413, 422, 503)

Number = Annotated[str, Path(pattern=ORDER_NUMBER, description="The eight digits the customer knows.", examples=["10025801"])]
PathSku = Annotated[str, Path(pattern=SKU, examples=["PVB18"])]
Since = Annotated[Instant | None, Query(examples=["2026-11-23T09:00:00Z"])]
Cursor = Annotated[str | None, Query(description="`next_cursor` of the page before.", pattern="^[A-Za-z0-9_-]{1,24}$")]
Limit = Annotated[int, Query(ge=1, le=200, description="Longest page.")]


@router.put("/products/{sku}", tags=["products"], responses=WRITES | {201: {"model": ProductRecord, "description": "Made."}})
async def put_product_(request: Request, response: Response, sku: PathSku, sheet: ProductSheet) -> ProductRecord:
    """Make or change a product."""
    async with _transaction(request) as session:
        created = await put_product(session, sku, sheet)
        record = ProductRecord.model_validate(await product_by_sku(session, sku))
    response.status_code = 201 if created else 200
    return record


@router.put("/products/{sku}/stock", tags=["products"], responses=WRITES | responses(404))
async def put_stock(request: Request, sku: PathSku, sheet: StockSheet) -> ProductRecord:
    """Set how many can be sold now."""
    async with _transaction(request) as session:
        product = await product_by_sku(session, sku)
        product.stock = sheet.stock
        return ProductRecord.model_validate(product)


@router.put("/orders/{number}", tags=["orders"], responses=WRITES | {201: {"model": OrderRecord, "description": "Made."}})
async def put_order_(request: Request, response: Response, number: Number, sheet: OrderSheet) -> OrderRecord:
    """Make an order, or bring it to the state described; its customer is told of a new state when subscribed. Refunds are left as they are."""
    services: Services = request.app.state.services
    async with _transaction(request) as session:
        created = await put_order(session, number, sheet)
        order = await _order(session, number)
        await order_changed(session, order, services.faq().facts, services.settings.base_url)
        record = OrderRecord.of(order)
    response.status_code = 201 if created else 200
    return record


@router.get("/orders/{number}", tags=["orders"], responses=READS | responses(404))
async def get_order(request: Request, number: Number) -> OrderRecord:
    """An order with everything known of it."""
    async with _transaction(request) as session:
        return await _order_record(session, number)


@router.put(
    "/orders/{number}/refunds/{reference}",
    tags=["orders"],
    responses=WRITES | responses(404) | {201: {"model": RefundRecord, "description": "Made."}},
)
async def put_refund_(
    request: Request,
    response: Response,
    number: Number,
    reference: Annotated[str, Path(pattern=REFERENCE, description="The shop's own name for the refund.", examples=["AV-2026-118"])],
    sheet: RefundSheet,
) -> RefundRecord:
    """Make or change a refund."""
    async with _transaction(request) as session:
        refund, created = await put_refund(session, number, reference, sheet)
        record = RefundRecord.of(refund)
    response.status_code = 201 if created else 200
    return record


@router.get("/cases", tags=["cases"], responses=READS)
async def get_cases(
    request: Request, state: CaseState | None = None, since: Since = None, cursor: Cursor = None, limit: Limit = 50
) -> Page[CaseRecord]:
    """Cases, oldest first; with `since`, those opened or with something new in their history since then."""
    async with _transaction(request) as session:
        cases, following = await list_cases(session, state=state, since=since, cursor=cursor, limit=limit)
    return Page[CaseRecord](items=[CaseRecord.of(case, order) for case, order in cases], next_cursor=following)


@router.get("/cases/{number}", tags=["cases"], responses=READS | responses(404))
async def get_case(request: Request, number: Annotated[str, Path(pattern=CASE_NUMBER, examples=["SAV-2026-000001"])]) -> CaseRecord:
    """A case with its history."""
    async with _transaction(request) as session:
        found = await case_with_order(session, number)
    if found is None:
        raise HTTPException(404, f"there is no case with the number {number}")
    return CaseRecord.of(*found)


@router.get("/returns", tags=["cases"], responses=READS)
async def get_returns(
    request: Request, state: ReturnState | None = None, since: Since = None, cursor: Cursor = None, limit: Limit = 50
) -> Page[ReturnRecord]:
    """Returns, oldest first; with `since`, those registered since then."""
    async with _transaction(request) as session:
        found, following = await list_returns(session, state=state, since=since, cursor=cursor, limit=limit)
    return Page[ReturnRecord](items=[ReturnRecord.of(each, order) for each, order in found], next_cursor=following)


def create_api(services: Services) -> FastAPI:
    """The API as an application of its own, to be mounted at ``/api/v1``."""
    api = FastAPI(title="Guichet API", version="1", description=DESCRIPTION, docs_url=None, redoc_url=None)
    api.state.db, api.state.services = services.db, services
    api.include_router(router)
    add_error_handlers(api)
    api.add_middleware(BoundedBody)

    @api.get("/", include_in_schema=False)
    async def page() -> HTMLResponse:
        return HTMLResponse(page_of(api.openapi()))

    return api


def _transaction(request: Request) -> AbstractAsyncContextManager[AsyncSession]:
    db: Database = request.app.state.db
    return db.transaction()


async def _order_record(session: AsyncSession, number: str) -> OrderRecord:
    return OrderRecord.of(await _order(session, number))


async def _order(session: AsyncSession, number: str) -> Order:
    query = select(Order).where(Order.number == number).options(*ORDER_GRAPH, joinedload(Order.billing_address))
    order = await session.scalar(query.execution_options(populate_existing=True))
    if order is None:
        raise UnknownOrder(number)
    return order
