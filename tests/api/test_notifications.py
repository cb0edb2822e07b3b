"""News of an order: one mail per change, to its own customer, until the link says stop. Through the service for the link."""

import asyncio

import httpx2
import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from guichet.db import Database
from guichet.demo_data import CUSTOMERS, load_demo, number_of
from guichet.faq_files import load_facts
from guichet.mail_delivery import MailDelivery, Sender
from guichet.models import Order, OrderState, OrderSubscription, OutgoingMail, ShipmentState
from guichet.notifications import NotTheCustomer, order_changed, subscribe, unsubscribe
from guichet.orders import order_by_number
from guichet.settings import Settings
from tests.api.conftest import Service
from tests.api.smtp_server import Postbox, free_port, listening
from tests.conftest import ROOT

FACTS = load_facts(ROOT / "faq")
BASE, NUMBER, EMAIL = "https://chat.example.com", number_of(1), CUSTOMERS[1][2]


@pytest.fixture
async def demo(db: Database) -> Database:
    async with db.transaction() as session:
        await load_demo(session)
    return db


async def _order(session: AsyncSession) -> Order:
    found = await order_by_number(session, NUMBER)
    assert found is not None
    return found


async def _mails(session: AsyncSession) -> list[OutgoingMail]:
    return list(await session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)))


async def _deliver(session: AsyncSession) -> Order:
    """The order's only parcel arrives."""
    order = await _order(session)
    order.shipments[0].state, order.state = ShipmentState.DELIVERED, OrderState.DELIVERED
    order.shipments[0].delivered_on = order.shipments[0].promised_on
    await session.flush()
    return order


async def test_each_change_is_told_once_even_back_and_forth(demo: Database) -> None:
    async with demo.transaction() as session:
        order = await _order(session)
        await subscribe(session, order, EMAIL.upper())
        assert await order_changed(session, order, FACTS, BASE) == 0, "the present state is known"
        for state in (ShipmentState.CUSTOMER_ABSENT, ShipmentState.OUT_FOR_DELIVERY, ShipmentState.CUSTOMER_ABSENT):
            order.shipments[0].state = state
            assert await order_changed(session, order, FACTS, BASE) == 1
            assert await order_changed(session, order, FACTS, BASE) == 0
        mails = await _mails(session)
    assert [mail.recipient for mail in mails] == [EMAIL] * 3
    assert mails[0].subject.replace("\u00a0", " ") == f"Votre commande {NUMBER} : avis de passage"
    assert order.shipments[0].tracking_number is not None
    assert order.shipments[0].tracking_number in mails[0].text
    assert f'href="{order.shipments[0].tracking_url}"' in mails[0].html
    assert len({mail.unsubscribe_url for mail in mails}) == 3
    assert all(mail.unsubscribe_url and mail.unsubscribe_url.startswith(f"{BASE}/notifications/desinscription/") for mail in mails)
    assert all(str(mail.unsubscribe_url) in mail.text and str(mail.unsubscribe_url) in mail.html for mail in mails)


async def test_a_change_told_by_many_at_once_is_one_mail(demo: Database) -> None:
    async with demo.transaction() as session:
        await subscribe(session, await _order(session), EMAIL)
    async with demo.transaction() as session:
        await _deliver(session)

    async def tell() -> int:
        async with demo.transaction() as session:
            return await order_changed(session, await _order(session), FACTS, BASE)

    assert sum(await asyncio.gather(*(tell() for _ in range(8)))) == 1
    async with demo.transaction() as session:
        (mail,) = await _mails(session)
    assert mail.subject.replace("\u00a0", " ") == f"Votre commande {NUMBER} : livrée"


async def test_only_the_orders_customer_subscribes_and_only_once(demo: Database) -> None:
    async def again() -> int:
        async with demo.transaction() as session:
            return (await subscribe(session, await _order(session), EMAIL)).id

    async with demo.transaction() as session:
        with pytest.raises(NotTheCustomer):
            await subscribe(session, await _order(session), CUSTOMERS[0][2])
    assert len(set(await asyncio.gather(*(again() for _ in range(5))))) == 1
    async with demo.transaction() as session:
        assert await session.scalar(select(func.count()).select_from(OrderSubscription)) == 1


async def test_nothing_is_told_without_subscription_nor_after_its_end(demo: Database) -> None:
    async with demo.transaction() as session:
        order = await _order(session)
        order.state = OrderState.PARTLY_SHIPPED
        assert await order_changed(session, order, FACTS, BASE) == 0
        await subscribe(session, order, EMAIL)
        order.state = OrderState.SHIPPED
        assert await order_changed(session, order, FACTS, BASE) == 1
        link = (await _mails(session))[0].unsubscribe_url
        assert link is not None
        token = link.rpartition("/")[2]
        assert await unsubscribe(session, token) is not None
        assert await unsubscribe(session, token) is not None
        assert await unsubscribe(session, token[:-1]) is None
        order.state = OrderState.DELIVERED
        assert await order_changed(session, order, FACTS, BASE) == 0
        assert (await subscribe(session, order, EMAIL)).ended_at is None
        order.state = OrderState.REFUNDED
        assert await order_changed(session, order, FACTS, BASE) == 1


async def test_the_link_of_the_mail_that_arrived_stops_them(service: Service, settings: Settings) -> None:
    db, postbox, port = Database(settings.database_url), Postbox(), free_port()
    async with db.transaction() as session:
        await subscribe(session, await _order(session), EMAIL)
        await order_changed(session, await _deliver(session), FACTS, service.url)
    sender = Sender.of(Settings(smtp_url=f"smtp://127.0.0.1:{port}", mail_from="sav@example.com", public_url=service.url))
    assert sender is not None
    with listening(postbox, port):
        await MailDelivery(db, sender).send_due()
    (message,) = postbox.taken
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = message["List-Unsubscribe"].strip("<>").removeprefix(service.url)
    for _ in range(2):  # a scanner that follows links changes nothing
        page = service.get(path)
        assert page.status_code == 200
        assert '<form method="post">' in page.text
        assert NUMBER in page.text
    assert "style=" not in page.text
    assert "<script" not in page.text
    assert "'unsafe" not in page.headers["content-security-policy"]
    assert page.headers["cache-control"] == "no-store"
    for _ in range(2):  # RFC 8058: the mail program's own button
        done = httpx2.post(service.url + path, data={"List-Unsubscribe": "One-Click"})
        assert done.status_code == 200
        assert "C’est fait" in done.text
    assert "<form" not in service.get(path).text
    async with db.transaction() as session:
        (subscription,) = await session.scalars(select(OrderSubscription))
        assert subscription.ended_at is not None
    await db.close()


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_unknown_link_says_so(service: Service, method: str) -> None:
    answer = httpx2.request(method, f"{service.url}/notifications/desinscription/nothing")
    assert answer.status_code == 404
    assert "Ce lien n’est pas valable" in answer.text
    assert service.get("/notifications/page.css").headers["content-type"].startswith("text/css")
