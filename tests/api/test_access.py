"""Who may see an order: design §6."""

import itertools
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from guichet import clock
from guichet.access import ProofOutcome, choosable_orders, choose_order, prove_order, proved_order
from guichet.conversations import Reply, start_conversation
from guichet.db import Database
from guichet.demo_data import CUSTOMERS, SCENARIOS, load_demo, number_of
from guichet.settings import Settings

MINE, EMAIL, POSTCODE = number_of(0), CUSTOMERS[0][2], CUSTOMERS[0][5]
assert SCENARIOS[0].customer == 0


@pytest.fixture
async def session(db: Database) -> AsyncIterator[AsyncSession]:
    async with db.transaction() as open_session:
        await load_demo(open_session)
        yield open_session


async def _conversation(session: AsyncSession, address: str = "192.0.2.1") -> str:
    conversation, _ = await start_conversation(session, address, Reply("bonjour"))
    return conversation.id


@pytest.mark.parametrize("proof", [{"email": EMAIL}, {"email": EMAIL.upper()}, {"postcode": POSTCODE}])
async def test_number_and_email_or_postcode_prove_an_order(session: AsyncSession, settings: Settings, proof: dict[str, str]) -> None:
    conversation = await _conversation(session)
    found = await prove_order(session, conversation, MINE, settings, **proof)
    assert found.outcome is ProofOutcome.PROVED
    proved = await proved_order(session, conversation)
    assert proved is not None
    assert proved.number == MINE
    assert await proved_order(session, await _conversation(session)) is None


@pytest.mark.parametrize(("proof", "all_of_them"), [({"email": EMAIL}, True), ({"postcode": POSTCODE}, False)])
async def test_only_the_email_opens_the_customers_other_orders(
    session: AsyncSession, settings: Settings, proof: dict[str, str], *, all_of_them: bool
) -> None:
    mine = {number_of(index) for index, scenario in enumerate(SCENARIOS) if scenario.customer == 0}
    conversation = await _conversation(session)
    await prove_order(session, conversation, MINE, settings, **proof)
    assert {order.number for order in await choosable_orders(session, conversation)} == (mine if all_of_them else {MINE})
    other = (mine - {MINE}).pop()
    chosen = await choose_order(session, conversation, other)
    assert (chosen is not None) is all_of_them
    assert await choose_order(session, conversation, number_of(1)) is None
    assert await choosable_orders(session, await _conversation(session)) == []


@pytest.mark.parametrize(
    ("number", "proof"),
    [
        (MINE, {"email": CUSTOMERS[1][2]}),
        (MINE, {"postcode": "00000"}),
        (MINE, {}),
        (MINE, {"email": "", "postcode": ""}),
        ("99999999", {"email": EMAIL}),
        (number_of(1), {"email": EMAIL, "postcode": POSTCODE}),
    ],
)
async def test_every_failure_looks_the_same(session: AsyncSession, settings: Settings, number: str, proof: dict[str, str]) -> None:
    conversation = await _conversation(session)
    refused = await prove_order(session, conversation, number, settings, **proof)
    assert (refused.outcome, refused.order) == (ProofOutcome.REFUSED, None)
    assert await proved_order(session, conversation) is None


async def test_attempts_are_limited_per_conversation_even_for_the_right_proof(session: AsyncSession, settings: Settings) -> None:
    conversation = await _conversation(session)
    for guess in range(settings.proof_attempts):
        await prove_order(session, conversation, number_of(guess + 1), settings, postcode="00000")
    blocked = await prove_order(session, conversation, MINE, settings, email=EMAIL)
    assert (blocked.outcome, blocked.order) == (ProofOutcome.TOO_MANY_ATTEMPTS, None)


async def test_attempts_are_limited_per_order_number_whether_it_exists_or_not(session: AsyncSession, settings: Settings) -> None:
    for number in (MINE, "99999999"):
        for attempt in range(settings.proof_attempts):
            conversation = await _conversation(session, f"192.0.2.{attempt}")
            await prove_order(session, conversation, number, settings, postcode="00000")
        other = await _conversation(session, "198.51.100.7")
        found = await prove_order(session, other, number, settings, email=EMAIL)
        assert found.outcome is ProofOutcome.TOO_MANY_ATTEMPTS


async def test_attempts_are_limited_per_address(session: AsyncSession, settings: Settings) -> None:
    numbers = itertools.count(20_000_000)
    for _ in range(settings.proof_attempts_address):
        await prove_order(session, await _conversation(session), str(next(numbers)), settings, postcode="00000")
    blocked = await prove_order(session, await _conversation(session), MINE, settings, email=EMAIL)
    assert blocked.outcome is ProofOutcome.TOO_MANY_ATTEMPTS
    elsewhere = await prove_order(session, await _conversation(session, "198.51.100.9"), MINE, settings, email=EMAIL)
    assert elsewhere.outcome is ProofOutcome.PROVED


async def test_the_limit_ends_with_its_window(session: AsyncSession, settings: Settings) -> None:
    conversation = await _conversation(session)
    start = datetime(2026, 11, 23, 9, tzinfo=UTC)
    with clock.at(start):
        for guess in range(settings.proof_attempts):
            await prove_order(session, conversation, number_of(guess + 1), settings, postcode="00000")
    with clock.at(start + timedelta(minutes=settings.proof_window_minutes + 1)):
        proved = await prove_order(session, conversation, MINE, settings, email=EMAIL)
    assert proved.outcome is ProofOutcome.PROVED
