"""Migrations of a shop that is already at work: nothing is lost on the way, there and back."""

import uuid

from alembic import command
from sqlalchemy import Connection, text

from guichet import schema
from guichet.conversations import Reply, add_customer_message, events_after, start_conversation
from guichet.db import Database

FIRST = "f0e62f85c8a9"


def _down(connection: Connection) -> None:
    connection.execute(text("DELETE FROM conversation_events"))
    connection.execute(text("DELETE FROM conversations"))
    command.downgrade(schema._config(connection), FIRST)


def _up(connection: Connection) -> None:
    command.upgrade(schema._config(connection), "head")


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
    async with db.engine.begin() as connection:
        await connection.run_sync(_down)
        await connection.run_sync(_up)
    await schema.check(db)
