"""Webhooks: written with the change, sent at least once, signed."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from sqlalchemy import func, select

from guichet import clock
from guichet.app import create_app
from guichet.cases import CaseRequest, open_case
from guichet.conversations import Reply, start_conversation
from guichet.db import Database
from guichet.demo_data import SCENARIOS, load_demo, number_of
from guichet.models import Author, CaseEvent, CaseMotive, CaseState, ReturnWish, SavCase, WebhookDelivery
from guichet.orders import order_by_number
from guichet.returns import register_return
from guichet.settings import Settings
from guichet.webhook_delivery import DELAYS, KEPT, LEASE, WebhookSender
from guichet.webhooks import AlreadyThere, InvalidTarget, add_webhook, is_allowed, remove_webhook, webhooks
from tests.api.conftest import FakeRasa, serve
from tests.api.test_cases import FACTS
from tests.integration_page import documented_function

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)


class Receiver(HTTPServer):
    """A system of the shop that answers as it is told, and keeps what it gets."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status = 200
        self.got_one = threading.Event()
        self.received: list[tuple[str, bytes]] = []
        self.url = f"http://127.0.0.1:{self.server_port}/guichet"

    def events(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.received]


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.append((self.headers["Guichet-Signature"], body))
        self.server.got_one.set()
        self.send_response(self.server.status)
        self.send_header("Location", self.server.url)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        return None


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
async def sender(db: Database) -> AsyncIterator[WebhookSender]:
    sending = WebhookSender(db)
    yield sending
    await sending.stop()


async def _listen(db: Database, url: str) -> str:
    async with db.transaction() as session:
        return await add_webhook(session, url)


async def _case(db: Database, description: str = "Le moteur fume.") -> str:
    async with db.transaction() as session:
        conversation, _ = await start_conversation(session, "192.0.2.1", Reply("bonjour"))
        case = await open_case(session, CaseRequest(conversation.id, CaseMotive.DEFECTIVE, description, "camille@example.com"), FACTS)
        return case.number


async def _send_all(sender: WebhookSender) -> int:
    count = 0
    while attempts := await sender.send_due():
        count += attempts
    return count


async def test_an_opened_case_is_told_once_and_signed(db: Database, receiver: Receiver, sender: WebhookSender) -> None:
    secret = await _listen(db, receiver.url)
    number = await _case(db)
    assert await _send_all(sender) == 1
    ((header, body),) = receiver.received
    (told,) = receiver.events()
    assert told["type"] == "case.opened"
    assert told["data"] == {"number": number, "state": "open", "url": f"/api/v1/cases/{number}"}
    check = documented_function("is_from_guichet")
    assert check(header, body, secret)
    assert not check(header, body + b" ", secret)
    assert not check(header, body, secret + "x")
    assert await _send_all(sender) == 0


async def test_nothing_is_told_of_a_change_that_was_rolled_back(db: Database, receiver: Receiver, sender: WebhookSender) -> None:
    await _listen(db, receiver.url)
    async with db.transaction() as session:
        conversation, _ = await start_conversation(session, "192.0.2.1", Reply("bonjour"))
        await open_case(session, CaseRequest(conversation.id, CaseMotive.OTHER, "a", "b@example.com"), FACTS)
        assert await session.scalar(select(func.count()).select_from(WebhookDelivery)) == 1
        await session.rollback()
    assert await _send_all(sender) == 0


async def test_news_of_a_case_and_returns_are_told(db: Database, receiver: Receiver, sender: WebhookSender) -> None:
    async with db.transaction() as session:
        await load_demo(session)
    number = await _case(db)
    await _listen(db, receiver.url)
    async with db.transaction() as session:
        case = (await session.scalars(select(SavCase).where(SavCase.number == number))).one()
        case.state = CaseState.IN_PROGRESS
        session.add(CaseEvent(case_id=case.id, at=clock.now(), author=Author.AGENT, text="Pris en charge."))
    async with db.transaction() as session:
        session.add(CaseEvent(case_id=case.id, at=clock.now(), author=Author.AGENT, text="Photo reçue."))
    async with db.transaction() as session:
        case = (await session.scalars(select(SavCase).where(SavCase.number == number))).one()
        case.state = CaseState.IN_PROGRESS  # as it was
    async with db.transaction() as session:
        index = next(index for index, scenario in enumerate(SCENARIOS) if not scenario.returned)
        order = await order_by_number(session, number_of(index))
        assert order is not None
        conversation, _ = await start_conversation(session, "192.0.2.1", Reply("bonjour"))
        registered = await register_return(session, conversation.id, order, {order.lines[0].id: 1}, ReturnWish.CREDIT, FACTS)
    await _send_all(sender)
    told = [(each["type"], each["data"]["number"], each["data"]["state"]) for each in receiver.events()]
    assert sorted(told) == [
        ("case.updated", number, "in_progress"),
        ("case.updated", number, "in_progress"),
        ("return.registered", registered.number, "registered"),
    ]


async def test_every_webhook_gets_the_event_with_the_same_id(db: Database, receiver: Receiver, sender: WebhookSender) -> None:
    for path in ("", "/two"):
        await _listen(db, receiver.url + path)
    await _case(db)
    assert await _send_all(sender) == 2
    assert len({each["id"] for each in receiver.events()}) == 1


@pytest.mark.parametrize("status", [500, 404, 302])
async def test_what_is_not_received_is_sent_again_with_the_same_id(db: Database, receiver: Receiver, sender: WebhookSender, status: int) -> None:
    await _listen(db, receiver.url)
    receiver.status = status
    with clock.at(NOW):
        await _case(db)
        assert await _send_all(sender) == 1
    with clock.at(NOW + DELAYS[0] - timedelta(seconds=1)):
        assert await _send_all(sender) == 0
    receiver.status = 204
    with clock.at(NOW + DELAYS[0]):
        assert await _send_all(sender) == 1
    with clock.at(NOW + timedelta(days=1)):
        assert await _send_all(sender) == 0
    first, second = receiver.events()
    assert first == second


async def test_an_address_that_never_answers_is_given_up_and_shown(db: Database, receiver: Receiver, sender: WebhookSender) -> None:
    receiver.status = 503
    await _listen(db, receiver.url)
    now = NOW
    with clock.at(now):
        await _case(db)
    for delay in (timedelta(), *DELAYS):
        now += delay
        async with db.transaction() as session:
            assert await webhooks(session) == [(receiver.url, 1, 0)]
        with clock.at(now):
            assert await _send_all(sender) == 1
    async with db.transaction() as session:
        assert await webhooks(session) == [(receiver.url, 0, 1)]
        (lost,) = await session.scalars(select(WebhookDelivery))
        assert (lost.attempts, lost.last_error) == (len(DELAYS) + 1, "HTTP 503")
    with clock.at(NOW + KEPT + timedelta(days=1)):
        await _case(db, "Autre chose.")
        await _send_all(sender)
    async with db.transaction() as session:
        assert await session.scalar(select(func.count()).select_from(WebhookDelivery)) == 1


async def test_an_address_where_nothing_listens_is_a_failure_like_others(db: Database, sender: WebhookSender) -> None:
    await _listen(db, "http://127.0.0.1:9/")
    await _case(db)
    assert await sender.send_due() == 1
    async with db.transaction() as session:
        (waiting,) = await session.scalars(select(WebhookDelivery))
    assert (waiting.attempts, waiting.last_error) == (1, "ConnectError")


async def test_several_processes_send_each_event_once(db: Database, receiver: Receiver) -> None:
    await _listen(db, receiver.url)
    for number in range(12):
        await _case(db, f"Le moteur {number} fume.")
    senders = [WebhookSender(db) for _ in range(4)]
    await asyncio.gather(*(_send_all(sender) for sender in senders))
    for sender in senders:
        await sender.stop()
    idents = [each["id"] for each in receiver.events()]
    assert len(idents) == len(set(idents)) == 12


async def test_an_attempt_that_a_stopped_process_left_is_taken_up(db: Database, receiver: Receiver, sender: WebhookSender) -> None:
    await _listen(db, receiver.url)
    with clock.at(NOW):
        await _case(db)
        assert len(await sender._take()) == 1
        assert await sender.send_due() == 0
    with clock.at(NOW + LEASE):
        assert await sender.send_due() == 1
    assert len(receiver.received) == 1


async def test_a_removed_webhook_gets_nothing_more(db: Database, receiver: Receiver, sender: WebhookSender) -> None:
    await _listen(db, receiver.url)
    await _case(db)
    async with db.transaction() as session:
        with pytest.raises(AlreadyThere):
            await add_webhook(session, receiver.url)
        assert await remove_webhook(session, receiver.url)
        assert not await remove_webhook(session, receiver.url)
    await _case(db, "Autre chose.")
    assert await _send_all(sender) == 0


@pytest.mark.parametrize(
    "url", ["https://erp.example.com/hook?x=1", "https://erp.example.com:8443", "http://127.0.0.1:9000/a", "http://localhost/", "http://[::1]/"]
)
def test_allowed_addresses(url: str) -> None:
    assert is_allowed(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://erp.example.com/",
        "http://127.0.0.1.example.com/",
        "http://192.0.2.1/",
        "ftp://erp.example.com/",
        "https://",
        "https://user:pass@erp.example.com/",
        "https://erp.example.com/#part",
        "https://erp.example.com/a b",
        "https://erp.example.com:port/",
        "https://erp.example.com/" + "x" * 500,
        "https://[::1",
        "erp.example.com",
        "",
    ],
)
async def test_other_addresses_are_refused(url: str) -> None:
    assert not is_allowed(url)
    with pytest.raises(InvalidTarget):
        await add_webhook(None, url)  # type: ignore[arg-type] - refused before the database is asked


async def test_the_service_sends_by_itself(db: Database, settings: Settings, receiver: Receiver) -> None:
    await _listen(db, receiver.url)
    await _case(db)
    with serve(create_app(settings, FakeRasa())):
        assert await asyncio.to_thread(receiver.got_one.wait, 20)
    assert [each["type"] for each in receiver.events()] == ["case.opened"]
