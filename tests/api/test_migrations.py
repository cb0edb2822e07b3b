"""Migrations of a shop that is already at work: nothing is lost on the way, there and back."""

import uuid

from alembic import command
from sqlalchemy import select, text
from sqlalchemy.orm import selectinload

from guichet import clock, schema
from guichet.conversations import Reply, add_customer_message, events_after, start_conversation
from guichet.db import Database
from guichet.demo_data import load_demo
from guichet.models import Author, CaseEvent, CaseMotive, CaseState, SavCase

FIRST = "f0e62f85c8a9"


async def test_a_database_with_conversations_gets_the_newest_schema(empty_database_url: str) -> None:
    db = Database(empty_database_url)
    try:
        async with db.engine.begin() as connection:
            await connection.run_sync(lambda sync: command.upgrade(schema._config(sync), FIRST))
            await connection.execute(
                text(
                    "INSERT INTO conversations (id, token_hash, state, last_seq, started_at, address_hash) "
                    "VALUES ('c', 't', 'bot', 1, '2026-11-23 09:00:00', 'a')"
                )
            )
            await connection.execute(
                text(
                    "INSERT INTO conversation_events (conversation_id, seq, id, author, at, text, choices, cards, degraded, turn) "
                    "VALUES ('c', 1, 'e', 'bot', '2026-11-23 09:00:00', 'bonjour', '[]', '[]', false, 'none')"
                )
            )
        await schema.migrate(db)
        await schema.check(db)
        async with db.transaction() as session:
            assert [event.text for event in await events_after(session, "c", 0)] == ["bonjour"]
    finally:
        await db.close()


async def test_the_newest_schema_can_be_taken_back(db: Database) -> None:
    async with db.transaction() as session:
        conversation, _ = await start_conversation(session, "192.0.2.1", Reply("bonjour"))
        await add_customer_message(session, conversation.id, str(uuid.uuid4()), text="au revoir")
        case = SavCase(
            number="SAV-2026-000001",
            request_key="k",
            conversation_id=conversation.id,
            motive=CaseMotive.CONTACT,
            state=CaseState.OPEN,
            description="Rappelez-moi",
            contact="a@example.com",
            opened_at=clock.now(),
            due_at=clock.now(),
        )
        case.history = [CaseEvent(at=clock.now(), author=Author.CUSTOMER, text="Rappelez-moi")]
        session.add(case)
    await schema.migrate(db, FIRST)
    await schema.migrate(db)
    await schema.check(db)
    async with db.transaction() as session:
        assert [event.text for event in await events_after(session, conversation.id, 0)] == ["bonjour", "au revoir"]
        kept = await session.scalar(select(SavCase).options(selectinload(SavCase.history)))
        assert kept is not None
        assert (kept.number, [event.text for event in kept.history]) == ("SAV-2026-000001", ["Rappelez-moi"])


async def test_articles_of_cases_and_returns_move_to_tables_of_their_own(empty_database_url: str) -> None:
    db = Database(empty_database_url)
    try:
        await schema.migrate(db)
        async with db.transaction() as session:
            await load_demo(session)
        await schema.migrate(db, "c27d90b5e1f8")
        async with db.transaction() as session:
            before = (await session.execute(text("SELECT number, order_line_id FROM sav_cases ORDER BY number"))).all()
            returned = (await session.execute(text("SELECT number, order_line_id, quantity FROM returns ORDER BY number"))).all()
        await schema.migrate(db)
        async with db.transaction() as session:
            articles = "SELECT number, order_line_id FROM sav_cases JOIN case_articles ON case_id = id ORDER BY number"
            assert (await session.execute(text(articles))).all() == before
            articles = "SELECT number, order_line_id, quantity FROM returns JOIN return_articles ON return_id = id ORDER BY number"
            assert (await session.execute(text(articles))).all() == returned
            assert before
            assert returned
        await schema.check(db)
    finally:
        await db.close()
