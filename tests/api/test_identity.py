"""Logged-in customers: their orders need no proof, and a conversation never changes hands."""

import time
from collections.abc import AsyncIterator

import jwt
import pytest
from pydantic import SecretStr
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from guichet.access import OtherCustomer, ProofOutcome, choosable_orders, choose_order, identified_customer, identify, prove_order, proved_order
from guichet.conversations import Reply, start_conversation
from guichet.db import Database
from guichet.demo_data import CUSTOMERS, SCENARIOS, load_demo, number_of
from guichet.identity import Identity
from guichet.models import Conversation, Customer, OrderProof
from guichet.orders import orders_of_customer, proved_orders
from guichet.settings import Settings
from tests.api.conftest import Service
from tests.customer import HELLO
from tests.integration_page import SECRET

CAMILLE, NADIA = (Identity(CUSTOMERS[index][2], None) for index in (0, 1))
NUMBERS = {who: {number_of(index) for index, scenario in enumerate(SCENARIOS) if scenario.customer == who} for who in (0, 1)}
OF_NADIA = number_of(1)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"identity_secret": SecretStr(SECRET)})


@pytest.fixture
async def session(db: Database) -> AsyncIterator[AsyncSession]:
    async with db.transaction() as open_session:
        await load_demo(open_session)
        yield open_session


async def _conversation(session: AsyncSession) -> Conversation:
    conversation, _ = await start_conversation(session, "192.0.2.1", Reply("bonjour"))
    return conversation


async def test_the_orders_of_a_logged_in_customer_need_no_proof(session: AsyncSession, settings: Settings) -> None:
    conversation = await _conversation(session)
    assert await proved_orders(session, conversation.id) == []
    await identify(session, conversation, CAMILLE)
    seen = await proved_orders(session, conversation.id)
    assert {order.number for order in seen} == NUMBERS[0]
    assert [order.placed_at for order in seen] == sorted((order.placed_at for order in seen), reverse=True)
    assert await orders_of_customer(session, seen[0].customer_id) == seen
    assert await proved_order(session, conversation.id) is None, "with several orders the customer says which"
    assert await proved_order(session, conversation.id, seen[3].number) is seen[3]
    proof = await prove_order(session, conversation.id, seen[3].number, settings)
    assert (proof.outcome, proof.order, proof.method) == (ProofOutcome.PROVED, seen[3], "identity")
    assert await session.scalar(select(func.count()).select_from(OrderProof)) == 0
    assert await choosable_orders(session, conversation.id) == seen
    assert await choose_order(session, conversation.id, seen[1].number) is seen[1]
    assert await proved_order(session, conversation.id) is seen[1]


async def test_orders_of_others_still_need_one_and_come_first_when_proved(session: AsyncSession, settings: Settings) -> None:
    conversation = await _conversation(session)
    await identify(session, conversation, CAMILLE)
    assert await proved_order(session, conversation.id, OF_NADIA) is None
    refused = await prove_order(session, conversation.id, OF_NADIA, settings, email=CAMILLE.email)
    assert refused.outcome is ProofOutcome.REFUSED
    await prove_order(session, conversation.id, OF_NADIA, settings, email=NADIA.email)
    seen = await proved_orders(session, conversation.id)
    assert seen[0].number == OF_NADIA
    assert {order.number for order in seen[1:]} == NUMBERS[0]


async def test_other_conversations_see_nothing_of_it(session: AsyncSession) -> None:
    await identify(session, await _conversation(session), CAMILLE)
    other = await _conversation(session)
    assert await proved_orders(session, other.id) == []
    assert await identified_customer(session, other.id) is None


async def test_a_conversation_stays_with_its_customer(session: AsyncSession) -> None:
    conversation = await _conversation(session)
    await identify(session, conversation, CAMILLE)
    await identify(session, conversation, CAMILLE)
    with pytest.raises(OtherCustomer):
        await identify(session, conversation, NADIA)
    customer = await identified_customer(session, conversation.id)
    assert customer is not None
    assert customer.email == CAMILLE.email
    assert {order.number for order in await proved_orders(session, conversation.id)} == NUMBERS[0]


async def test_a_customer_without_orders_is_made_once(session: AsyncSession) -> None:
    newcomer = Identity("nouvelle@example.com", "Alix Nouvelle")
    for _ in range(2):
        await identify(session, await _conversation(session), newcomer)
    found = list(await session.scalars(select(Customer).where(Customer.email == newcomer.email)))
    assert [customer.name for customer in found] == ["Alix Nouvelle"]


def _token(email: str = CAMILLE.email, age_s: int = 0) -> str:
    now = int(time.time()) - age_s
    return jwt.encode({"sub": email, "iat": now, "exp": now + 600, "aud": "guichet"}, SECRET, "HS256")


def test_hello_takes_an_identity(service: Service) -> None:
    with service.connected() as customer:
        customer.send(**HELLO | {"identity": _token()})
        welcome = customer.frame("welcome")
        assert welcome["identified"] is True
    with service.connected() as customer:
        assert customer.hello(welcome["token"])["identified"] is True
    with service.connected() as customer:
        assert customer.hello()["identified"] is False


def test_a_customer_who_logs_in_later_keeps_the_conversation(service: Service) -> None:
    with service.connected() as customer:
        token = customer.hello()["token"]
    with service.connected() as customer:
        customer.send(**HELLO | {"token": token, "identity": _token()})
        welcome = customer.frame("welcome")
        assert (welcome["token"], welcome["identified"]) == (None, True)


@pytest.mark.parametrize("identity", ["nonsense", _token(age_s=7200)], ids=["nonsense", "expired"])
def test_a_bad_identity_is_told_and_the_conversation_goes_on_without(service: Service, identity: str) -> None:
    with service.connected() as customer:
        customer.send(**HELLO | {"identity": identity})
        assert customer.receive()["identified"] is False
        error = customer.receive()
        assert (error["type"], error["code"], error["id"]) == ("error", "invalid_identity", None)
        assert customer.say("bonjour")[0]["text"] == "écho : bonjour"


def test_another_customer_needs_another_conversation(service: Service) -> None:
    with service.connected() as customer:
        customer.send(**HELLO | {"identity": _token()})
        token = customer.frame("welcome")["token"]
    with service.connected() as customer:
        customer.send(**HELLO | {"token": token, "identity": _token(NADIA.email)})
        assert customer.receive()["code"] == "other_customer"
        customer.send(**HELLO | {"identity": _token(NADIA.email)})
        welcome = customer.frame("welcome")
        assert welcome["identified"] is True
        assert welcome["token"] not in (None, token)


def test_an_identity_has_its_length(service: Service) -> None:
    with service.connected() as customer:
        customer.send(**HELLO | {"identity": "x" * 2001})
        assert customer.receive()["code"] == "invalid_frame"
