"""The API of the shop's own systems: who may, what it keeps, and what it refuses."""

import asyncio
import copy
import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import select

from bot.actions.texts import PAYMENTS
from guichet import clock
from guichet.api import create_api
from guichet.api_errors import MAX_BODY_BYTES
from guichet.api_tokens import create_token, revoke_token
from guichet.conversations import Reply, start_conversation
from guichet.customers import customer_by_email
from guichet.db import Database
from guichet.demo_data import CUSTOMERS, SCENARIOS, load_demo, number_of
from guichet.faq_store import FaqStore
from guichet.models import MailKind, OrderProof, OutgoingMail
from guichet.notifications import subscribe
from guichet.order_sheet import EXAMPLE_ORDER, OrderSheet, PaymentMethod
from guichet.orders import order_by_number, orders_of_customer, proved_orders
from guichet.services import Services
from guichet.settings import Settings
from tests.conftest import ROOT

NEW = "20000001"
Call = Callable[..., Any]


def services_of(db: Database) -> Services:
    """What a running guichet holds, on this database."""
    return Services(Settings(), db, FaqStore(ROOT / "faq"))


def client_of(db: Database) -> httpx2.AsyncClient:
    """A client of the API on this database; errors are answered, not raised."""
    transport = httpx2.ASGITransport(create_api(services_of(db)), raise_app_exceptions=False)
    return httpx2.AsyncClient(transport=transport, base_url="http://guichet.example.com")


class Api:
    """A system of the shop."""

    def __init__(self, client: httpx2.AsyncClient, token: str) -> None:
        self.client = client
        self.headers = {"Authorization": f"Bearer {token}"}

    async def put(self, path: str, body: Any) -> tuple[int, Any]:
        return _answer(await self.client.put(path, json=body, headers=self.headers))

    async def get(self, path: str, **query: Any) -> tuple[int, Any]:
        return _answer(await self.client.get(path, params=query, headers=self.headers))


def _answer(response: httpx2.Response) -> tuple[int, Any]:
    return response.status_code, response.json()


@pytest.fixture
async def client(db: Database) -> AsyncIterator[httpx2.AsyncClient]:
    async with db.transaction() as session:
        await load_demo(session)
    async with client_of(db) as open_client:
        yield open_client


@pytest.fixture
async def api(db: Database, client: httpx2.AsyncClient) -> Api:
    async with db.transaction() as session:
        return Api(client, await create_token(session, "erp"))


def order(**changes: Any) -> dict[str, Any]:
    return copy.deepcopy(EXAMPLE_ORDER) | changes


def line(sku: str, quantity: int = 1) -> dict[str, Any]:
    return {"sku": sku, "quantity": quantity, "unit_price_cents": 1000}


async def test_nobody_enters_without_a_token_in_use(db: Database, client: httpx2.AsyncClient, api: Api) -> None:
    for headers in ({}, {"Authorization": "Bearer guichet_made-up"}, {"Authorization": "Basic YTpi"}, {"Authorization": "Bearer é".encode()}):
        response = await client.get("/returns", headers=headers)
        assert (response.status_code, response.json()["error"]) == (401, "unauthorized")
        assert response.headers["www-authenticate"] == "Bearer"
    assert (await api.get("/returns"))[0] == 200
    async with db.transaction() as session:
        assert await revoke_token(session, "erp")
        assert not await revoke_token(session, "erp")
    assert (await api.get("/returns"))[0] == 401


async def test_a_token_that_may_only_read_changes_nothing(db: Database, client: httpx2.AsyncClient) -> None:
    async with db.transaction() as session:
        reader = Api(client, await create_token(session, "report", read_only=True))
    status, body = await reader.put("/products/NEW1", {"name": "A", "brand": "B", "category": "C", "price_cents": 1})
    assert (status, body["error"]) == (403, "forbidden")
    assert (await reader.get(f"/orders/{number_of(0)}"))[0] == 200


async def test_an_order_is_made_then_the_same_body_changes_nothing(api: Api) -> None:
    created, made = await api.put(f"/orders/{NEW}", order())
    again, same = await api.put(f"/orders/{NEW}", order())
    assert (created, again) == (201, 200)
    assert made == same == (await api.get(f"/orders/{NEW}"))[1]
    assert made["number"] == NEW
    assert made["total_cents"] == 590 + 12990
    assert made["placed_at"] == "2026-11-16T08:30:00Z"
    assert made["billing_address"] == made["delivery_address"] == EXAMPLE_ORDER["delivery_address"]
    for name in ("lines", "state", "payment_method", "shipping_cents"):
        assert made[name] == EXAMPLE_ORDER[name]
    assert [{name: parcel[name] for name in EXAMPLE_ORDER["shipments"][0]} for parcel in made["shipments"]] == EXAMPLE_ORDER["shipments"]


async def test_the_same_new_order_many_times_at_once_is_one(api: Api) -> None:
    answers = await asyncio.gather(*(api.put(f"/orders/{NEW}", order()) for _ in range(8)))
    assert sorted(status for status, _ in answers) == [200] * 7 + [201]
    assert all(body == answers[0][1] for _, body in answers)


async def test_a_subscriber_is_told_of_a_new_state_once(api: Api, db: Database) -> None:
    assert (await api.put(f"/orders/{NEW}", order()))[0] == 201
    async with db.transaction() as session:
        placed = await order_by_number(session, NEW)
        assert placed is not None
        await subscribe(session, placed, placed.customer.email)
    for _ in range(2):
        assert (await api.put(f"/orders/{NEW}", order(state="cancelled", shipments=[])))[0] == 200
    async with db.transaction() as session:
        assert [mail.kind for mail in await session.scalars(select(OutgoingMail))] == [MailKind.ORDER_UPDATE]


async def test_a_put_replaces_everything(api: Api) -> None:
    await api.put(f"/orders/{NEW}", order())
    parcels = [
        {"state": "delivered", "delivered_on": "2026-11-20", "contents": [{"sku": "GAN12", "quantity": 1}]},
        {"state": "in_transit", "contents": [{"sku": "GAN12", "quantity": 2}, {"sku": "VIS500", "quantity": 1}]},
    ]
    elsewhere = {"street": "2 quai Neuf", "postcode": "75013", "city": "Paris"}
    changed = order(lines=[line("VIS500"), line("GAN12", 2)], shipments=parcels, billing_address=elsewhere, state="partly_shipped")
    status, body = await api.put(f"/orders/{NEW}", changed)
    assert status == 200
    assert {each["sku"]: each["quantity"] for each in body["lines"]} == {"VIS500": 1, "GAN12": 2}
    assert [parcel["contents"] for parcel in body["shipments"]] == [parcel["contents"] for parcel in parcels]
    assert body["shipments"][0]["carrier"] is None
    assert body["billing_address"] == elsewhere
    status, body = await api.put(f"/orders/{NEW}", changed | {"shipments": []})
    assert (status, body["shipments"]) == (200, [])


async def test_a_known_customer_is_found_by_the_email_and_updated(api: Api, db: Database) -> None:
    customer = {"email": CUSTOMERS[0][2].upper(), "name": "Camille Fontaine-Roux", "kind": "private"}
    await api.put(f"/orders/{NEW}", order(customer=customer))
    async with db.transaction() as session:
        found = await customer_by_email(session, CUSTOMERS[0][2])
        assert found is not None
        assert found.name == "Camille Fontaine-Roux"
        assert NEW in {each.number for each in await orders_of_customer(session, found.id)}


async def test_an_order_given_to_another_customer_must_be_proved_again(api: Api, db: Database) -> None:
    await api.put(f"/orders/{NEW}", order())
    async with db.transaction() as session:
        conversation, _ = await start_conversation(session, "192.0.2.1", Reply("bonjour"))
        found = await customer_by_email(session, EXAMPLE_ORDER["customer"]["email"])
        assert found is not None
        (mine,) = [each for each in await orders_of_customer(session, found.id) if each.number == NEW]
        session.add(OrderProof(conversation_id=conversation.id, order_id=mine.id, method="email", proved_at=clock.now()))
    await api.put(f"/orders/{NEW}", order())
    async with db.transaction() as session:
        assert [each.number for each in await proved_orders(session, conversation.id)] == [NEW]
    await api.put(f"/orders/{NEW}", order(customer={"email": "autre@example.com", "name": "Autre"}))
    async with db.transaction() as session:
        assert await proved_orders(session, conversation.id) == []


async def test_unknown_products_are_named_and_nothing_is_kept(api: Api) -> None:
    status, body = await api.put(f"/orders/{NEW}", order(lines=[line("NOPE1"), line("PVB18"), line("NOPE2")]))
    assert (status, body["error"]) == (422, "unknown_sku")
    assert "NOPE1, NOPE2" in body["detail"]
    assert (await api.get(f"/orders/{NEW}"))[0] == 404


def _index(wanted: Callable[[Any], bool]) -> int:
    return next(index for index, scenario in enumerate(SCENARIOS) if wanted(scenario))


async def _same_body(api: Api, number: str) -> dict[str, Any]:
    """What the shop would send to leave an order as it is."""
    _, record = await api.get(f"/orders/{number}")
    return {name: value for name, value in record.items() if name in OrderSheet.model_fields}


@pytest.mark.parametrize("index", [_index(lambda s: s.case is not None), _index(lambda s: s.returned is not None)], ids=["case", "return"])
async def test_a_line_that_a_case_or_a_return_refers_to_stays(api: Api, index: int) -> None:
    number = number_of(index)
    _, before = await api.get(f"/orders/{number}")
    body = await _same_body(api, number)
    status, refused = await api.put(f"/orders/{number}", body | {"lines": [line("VIS500")], "shipments": []})
    assert (status, refused["error"]) == (409, "line_in_use")
    user = (before["cases"] + before["returns"])[0]
    assert user in refused["detail"]
    assert (await api.get(f"/orders/{number}"))[1] == before
    status, after = await api.put(f"/orders/{number}", body | {"lines": [line("VIS500"), *body["lines"]]})
    assert status == 200
    assert (after["cases"], after["returns"]) == (before["cases"], before["returns"])
    cases, returns = (await api.get("/cases"))[1]["items"], (await api.get("/returns"))[1]["items"]
    skus = [each["skus"] for each in cases if each["number"] == user]
    skus += [[article["sku"] for article in each["articles"]] for each in returns if each["number"] == user]
    assert skus == [[body["lines"][0]["sku"]]]


async def test_every_demo_order_can_be_sent_back_unchanged(api: Api) -> None:
    for index in range(len(SCENARIOS)):
        number = number_of(index)
        _, before = await api.get(f"/orders/{number}")
        assert await api.put(f"/orders/{number}", await _same_body(api, number)) == (200, before)


REFUSED_ORDERS: dict[str, dict[str, Any]] = {
    "number of lines": order(lines=[]),
    "quantity": order(lines=[line("PVB18", 0)]),
    "same sku": order(lines=[line("PVB18"), line("PVB18")], shipments=[]),
    "e-mail": order(customer={"email": "camille", "name": "Camille"}),
    "no zone": order(placed_at="2026-11-16T09:30:00"),
    "another age": order(placed_at="0001-01-01T00:00:00+14:00"),
    "negative money": order(shipping_cents=-1),
    "huge money": order(shipping_cents=10**18),
    "payment": order(payment_method="barter"),
    "state": order(state="lost"),
    "unknown field": order(colour="red"),
    "control character": order(customer={"email": "a@example.com", "name": "a\x00b"}),
    "blank": order(customer={"email": "a@example.com", "name": "  "}),
    "postcode": order(delivery_address={"street": "a", "postcode": "59000 Lille Cedex", "city": "b"}),
    "script": order(shipments=[{"state": "in_transit", "tracking_url": "javascript:alert(1)", "contents": [{"sku": "PVB18", "quantity": 1}]}]),
    "delivered when": order(shipments=[{"state": "delivered", "contents": [{"sku": "PVB18", "quantity": 1}]}]),
    "not ordered": order(shipments=[{"state": "in_transit", "contents": [{"sku": "GAN12", "quantity": 1}]}]),
    "too many": order(shipments=[{"state": "in_transit", "contents": [{"sku": "PVB18", "quantity": 2}]}]),
}


async def test_orders_that_cannot_be_are_refused_with_the_reason(api: Api) -> None:
    for name, wrong in REFUSED_ORDERS.items():
        status, body = await api.put(f"/orders/{NEW}", wrong)
        assert (status, body["error"], body.keys()) == (422, "invalid_request", {"error", "detail"}), name
        assert body["detail"].startswith("body"), name
    assert (await api.get(f"/orders/{NEW}"))[0] == 404


async def test_an_order_number_has_eight_digits(api: Api) -> None:
    for number in ("1234567", "123456789", "1234567a", "١٢٣٤٥٦٧٨"):
        assert (await api.put(f"/orders/{number}", order()))[0] == 422
        assert (await api.get(f"/orders/{number}"))[0] == 422


async def test_products_and_stock(api: Api) -> None:
    body = {"name": "Rabot électrique", "brand": "Makita", "category": "Rabots", "price_cents": 15900}
    assert await api.put("/products/RAB82", body) == (201, body | {"sku": "RAB82", "stock": 0})
    assert await api.put("/products/RAB82/stock", {"stock": 4}) == (200, body | {"sku": "RAB82", "stock": 4})
    assert await api.put("/products/RAB82", body | {"price_cents": 14900}) == (200, body | {"sku": "RAB82", "stock": 4, "price_cents": 14900})
    assert (await api.put("/products/RAB82", body | {"stock": 9}))[1]["stock"] == 9
    status, error = await api.put("/products/NOPE/stock", {"stock": 4})
    assert (status, error["error"]) == (404, "unknown_product")
    assert (await api.put("/products/RAB82/stock", {"stock": -1}))[0] == 422


async def test_a_refund_is_known_by_its_reference(api: Api) -> None:
    body = {"amount_cents": 5000, "means": "carte bancaire", "state": "decided", "decided_on": "2026-11-20", "reason": "Retour accepté"}
    path = f"/orders/{number_of(0)}/refunds/AV-1"
    assert (await api.put(path, body))[0] == 201
    issued = body | {"state": "issued", "issued_on": "2026-11-23"}
    assert await api.put(path, issued) == (200, issued | {"reference": "AV-1"})
    assert (await api.put(path.replace("AV-1", "AV-2"), body))[0] == 201
    refunds = (await api.get(f"/orders/{number_of(0)}"))[1]["refunds"]
    assert [(refund["reference"], refund["state"]) for refund in refunds] == [("AV-1", "issued"), ("AV-2", "decided")]
    status, error = await api.put(f"/orders/{NEW}/refunds/AV-1", body)
    assert (status, error["error"]) == (404, "unknown_order")
    assert (await api.put(path, body | {"state": "issued"}))[0] == 422


async def test_cases_and_returns_page_by_page(api: Api) -> None:
    for path, count in [("/cases", sum(s.case is not None for s in SCENARIOS)), ("/returns", sum(s.returned is not None for s in SCENARIOS))]:
        _, everything = await api.get(path)
        assert len(everything["items"]) == count
        assert everything["next_cursor"] is None
        found, cursor = [], None
        while True:
            _, page = await api.get(path, limit=1, **({"cursor": cursor} if cursor else {}))
            found += page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                break
        assert found == everything["items"]
        for state in {item["state"] for item in found}:
            _, some = await api.get(path, state=state)
            assert some["items"] == [item for item in found if item["state"] == state]
        status, error = await api.get(path, cursor="bm9wZQ")
        assert (status, error["error"]) == (422, "invalid_request")


async def test_since_finds_what_is_new(api: Api) -> None:
    _, everything = await api.get("/cases")
    updates = sorted(case["updated_at"] for case in everything["items"])
    _, news = await api.get("/cases", since=updates[-1])
    assert [case["updated_at"] for case in news["items"]] == [updates[-1]]
    _, nothing = await api.get("/returns", since=datetime(2099, 1, 1, tzinfo=UTC).isoformat())
    assert nothing["items"] == []
    assert (await api.get("/returns", since="0001-01-01T00:00:00+14:00"))[0] == 422


async def test_a_case_has_its_history(api: Api) -> None:
    _, page = await api.get("/cases")
    for case in page["items"]:
        assert await api.get(f"/cases/{case['number']}") == (200, case)
        assert case["history"][0]["text"] == case["description"]
    status, error = await api.get("/cases/SAV-2020-000001")
    assert (status, error["error"]) == (404, "not_found")


async def test_too_large_a_body_is_refused_announced_or_not(api: Api) -> None:
    large = json.dumps(order(colour="x" * MAX_BODY_BYTES)).encode()

    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(large), 65536):
            yield large[start : start + 65536]

    for content in (large, chunks()):
        response = await api.client.put(f"/orders/{NEW}", content=content, headers=api.headers | {"Content-Type": "application/json"})
        assert (response.status_code, response.json()["error"]) == (413, "too_large")


async def test_every_error_has_the_same_form(api: Api) -> None:
    for method, path, content, status in [
        ("GET", "/nothing", b"", 404),
        ("DELETE", f"/orders/{NEW}", b"", 405),
        ("PUT", f"/orders/{NEW}", b"{", 422),
        ("PUT", f"/orders/{NEW}", b"", 422),
        ("PUT", f"/orders/{NEW}", b'{"state": "\xff"}', 400),
        ("PUT", f"/orders/{NEW}", b'{"state": "\\ud800"}', 422),
        ("PUT", f"/orders/{NEW}", b"[" * 500_000, 400),
    ]:
        response = await api.client.request(method, path, content=content, headers=api.headers | {"Content-Type": "application/json"})
        assert response.status_code == status, (content[:20], response.text)
        assert response.json().keys() == {"error", "detail"}


async def test_a_failing_database_is_told_as_such(api: Api, tmp_path: Path) -> None:
    broken = Database(f"sqlite+aiosqlite:///{tmp_path}/empty.db")
    async with client_of(broken) as client:
        response = await client.get("/returns", headers=api.headers)
    assert (response.status_code, response.json()["error"]) == (503, "unavailable")
    await broken.close()


async def test_the_openapi_document_and_the_page_list_everything(client: httpx2.AsyncClient) -> None:
    document = (await client.get("/openapi.json")).json()
    page = (await client.get("/")).text
    for path, operations in document["paths"].items():
        assert f"/api/v1{path}</code>" in page
        for operation in operations.values():
            assert operation["description"]
            assert operation["responses"].keys() >= {"200", "401", "422", "503"}
            for status, response in operation["responses"].items():
                schema = response["content"]["application/json"]["schema"]
                assert ("ErrorRecord" in schema["$ref"]) == (int(status) >= 400)
            for parameter in operation.get("parameters", []):
                assert "pattern" in json.dumps(parameter) or parameter["name"] in ("state", "since", "limit")
            if "requestBody" in operation:
                name = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
                assert document["components"]["schemas"][name]["examples"]
    assert "HTTPValidationError" not in document["components"]["schemas"]


async def test_the_api_is_mounted_in_the_service(service: Any) -> None:
    response = service.get("/api/v1/openapi.json")
    assert response.status_code == 200
    assert response.json()["servers"] == [{"url": "/api/v1"}]
    assert service.get("/api/v1/returns").json()["error"] == "unauthorized"


def test_the_assistant_can_name_every_payment() -> None:
    assert set(PaymentMethod.__args__) == PAYMENTS.keys()  # type: ignore[attr-defined]
