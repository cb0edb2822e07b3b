"""Returns of one and of several articles: what is left, the same request twice, many at once."""

import asyncio
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from guichet import clock
from guichet.db import Database
from guichet.demo_data import load_demo, number_of
from guichet.models import Attachment, Conversation, Order, Return, ReturnWish
from guichet.orders import order_by_number
from guichet.returns import register_return, returnable
from tests.unit.builders import FACTS

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
SEVERAL = 24
"""The demo's order of three articles."""


@pytest.fixture
async def shop(db: Database) -> Database:
    with clock.at(NOW):
        async with db.transaction() as session:
            await load_demo(session)
            session.add_all(Conversation(id=name, token_hash=name, address_hash="") for name in "abcd")
    return db


async def bought(db: Database) -> Order:
    async with db.transaction() as session:
        order = await order_by_number(session, number_of(SEVERAL))
        assert order is not None
        return order


async def give_back(db: Database, conversation: str, pieces: dict[int, int]) -> str:
    async with db.transaction() as session:
        order = await order_by_number(session, number_of(SEVERAL))
        assert order is not None
        return (await register_return(session, conversation, order, pieces, ReturnWish.REFUND, FACTS)).number


async def count(db: Database) -> int:
    async with db.transaction() as session:
        return await session.scalar(select(func.count()).select_from(Return)) or 0


async def test_several_articles_go_back_in_one_return_and_are_then_not_left(shop: Database, db: Database) -> None:
    first, second, third = (line.id for line in (await bought(shop)).lines)
    number = await give_back(shop, "a", {first: 1, third: 1})
    order = await bought(shop)
    assert returnable(order) == {first: 0, second: 1, third: 0}
    async with db.transaction() as session:
        slips = list(await session.scalars(select(Attachment)))
    assert [(slip.name, slip.media_type, slip.conversation_id) for slip in slips] == [(f"bordereau-{number}.pdf", "application/pdf", "a")]
    assert [(known.number, [article.order_line_id for article in known.articles]) for known in order.returns] == [(number, [first, third])]


async def test_fifty_times_the_same_request_is_one_return(shop: Database) -> None:
    line, before = (await bought(shop)).lines[0].id, await count(shop)
    numbers = await asyncio.gather(*(give_back(shop, "a", {line: 1}) for _ in range(50)))
    assert len(set(numbers)) == 1
    assert await count(shop) == before + 1


async def test_two_conversations_cannot_return_the_same_piece(shop: Database) -> None:
    line, before = (await bought(shop)).lines[0].id, await count(shop)
    outcomes = await asyncio.gather(*(give_back(shop, name, {line: 1}) for name in "abcd"), return_exceptions=True)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["ValueError", "ValueError", "ValueError", "str"]
    assert await count(shop) == before + 1


@pytest.mark.parametrize("pieces", [{}, {0: 1}, "none of it", "too many"])
async def test_what_is_not_there_cannot_be_returned(shop: Database, pieces: dict[int, int] | str) -> None:
    line, before = (await bought(shop)).lines[0].id, await count(shop)
    asked = pieces if isinstance(pieces, dict) else {line: 0 if pieces == "none of it" else 2}
    with pytest.raises(ValueError, match="expected"):
        await give_back(shop, "a", asked)
    assert await count(shop) == before
