"""Cases: numbers, deadline, and the same request sent many times."""

import asyncio
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from guichet import clock
from guichet.cases import CaseRequest, case_by_number, open_case
from guichet.conversations import Reply, start_conversation
from guichet.db import Database
from guichet.faq_files import load_facts
from guichet.models import CaseMotive, SavCase
from guichet.numbers import next_number
from tests.conftest import ROOT

FACTS = load_facts(ROOT / "faq")


async def _conversation(db: Database) -> str:
    async with db.transaction() as session:
        conversation, _ = await start_conversation(session, "192.0.2.1", Reply("bonjour"))
        return conversation.id


def _request(conversation: str, description: str = "Le moteur fume.") -> CaseRequest:
    return CaseRequest(conversation, CaseMotive.DEFECTIVE, description, "camille@example.com")


async def test_a_case_has_a_number_a_deadline_and_a_history(db: Database) -> None:
    now = datetime(2026, 3, 2, 10, tzinfo=UTC)
    conversation = await _conversation(db)
    with clock.at(now):
        async with db.transaction() as session:
            case = await open_case(session, _request(conversation), FACTS)
    assert case.number == "SAV-2026-000001"
    assert case.due_at == now + timedelta(hours=48)
    async with db.transaction() as session:
        read = await case_by_number(session, conversation, case.number, [])
        assert read is not None
        assert [event.text for event in read.history] == ["Le moteur fume."]
        assert await case_by_number(session, "another conversation", case.number, []) is None


async def test_the_same_request_fifty_times_at_once_is_one_case(db: Database) -> None:
    conversation = await _conversation(db)

    async def submit(number: int) -> str:
        async with db.transaction() as session:
            return (await open_case(session, _request(conversation, "Le  moteur fume." if number % 2 else "le moteur FUME."), FACTS)).number

    numbers = await asyncio.gather(*(submit(number) for number in range(50)))
    assert len(set(numbers)) == 1
    async with db.transaction() as session:
        assert await session.scalar(select(func.count()).select_from(SavCase)) == 1
        other = await open_case(session, _request(conversation, "Autre chose."), FACTS)
    assert other.number.endswith("000002")


async def test_numbers_given_at_once_are_all_different_and_without_holes(db: Database) -> None:
    async def take() -> str:
        async with db.transaction() as session:
            return await next_number(session, "SAV-2026")

    numbers = await asyncio.gather(*(take() for _ in range(20)))
    assert sorted(numbers) == [f"SAV-2026-{value:06d}" for value in range(1, 21)]
