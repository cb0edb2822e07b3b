"""The rest of the service: action route, static files, schema, hints between processes, messages left by a stopped process."""

import asyncio
import uuid
from pathlib import Path

import pytest

from guichet import schema
from guichet.conversations import Reply, add_customer_message, conversation_by_token, events_after, start_conversation
from guichet.db import Database
from guichet.faq_store import FaqStore
from guichet.hub import Hub
from guichet.models import Author, TurnState
from guichet.pending import claim_turn
from guichet.settings import Settings
from guichet.turns import TurnRunner
from tests.api.conftest import FakeRasa, Service
from tests.conftest import ROOT

CALL = {"next_action": "action_deny", "tracker": {"sender_id": "x", "slots": {}, "latest_message": {}, "events": [], "active_loop": {}}, "domain": {}}


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "test-secret"}])
def test_actions_are_for_rasa_only(service: Service, header: dict[str, str]) -> None:
    assert service.post("/actions/webhook", CALL, header).status_code == 403


def test_an_action_runs_with_the_secret(service: Service) -> None:
    response = service.post("/actions/webhook", CALL, {"Authorization": "Bearer test-secret"})
    assert response.status_code == 200
    assert "reste à votre disposition" in response.json()["responses"][0]["custom"]["text"]


def test_an_unknown_action_is_not_found(service: Service) -> None:
    response = service.post("/actions/webhook", CALL | {"next_action": "action_nothing"}, {"Authorization": "Bearer test-secret"})
    assert response.status_code == 404


@pytest.mark.parametrize(("path", "kind"), [("/", "text/html"), ("/widget/widget.js", "javascript"), ("/demo/shop.css", "text/css")])
def test_the_demo_shop_is_served_under_a_strict_policy(service: Service, path: str, kind: str) -> None:
    response = service.get(path)
    assert response.status_code == 200
    assert kind in response.headers["content-type"]
    assert response.headers["x-content-type-options"] == "nosniff"
    if path == "/":
        assert "'unsafe" not in response.headers["content-security-policy"]


async def test_the_migrations_make_the_models(db: Database) -> None:
    await schema.check(db)


async def test_hints_reach_other_processes_through_redis(redis_url: str) -> None:
    one, two = Hub(redis_url), Hub(redis_url)
    one.start()
    two.start()
    conversation = str(uuid.uuid4())
    try:
        with two.subscribed(conversation) as subscription:
            for _ in range(50):  # until the listener has subscribed
                await one.notify(conversation, typing=True)
                await subscription.wait(0.1)
                if subscription.typing:
                    break
            assert subscription.typing == {(conversation, Author.BOT): True}
    finally:
        await one.stop()
        await two.stop()


async def test_a_message_left_by_a_stopped_process_is_answered(db: Database) -> None:
    async with db.transaction() as session:
        conversation, token = await start_conversation(session, "192.0.2.1", Reply("bonjour"))
        await add_customer_message(session, conversation.id, str(uuid.uuid4()), text="au secours")

    async def ignore(_: str, __: bool | None = None) -> None:
        return None

    runner = TurnRunner(db, FakeRasa(), FaqStore(ROOT / "faq"), Settings(), ignore)
    runner.start()
    try:
        async with asyncio.timeout(10):
            while True:
                async with db.transaction() as session:
                    events = await events_after(session, conversation.id, 2)
                    joined = await conversation_by_token(session, token)
                if events:
                    break
                await asyncio.sleep(0.05)
    finally:
        await runner.stop()
    assert [event.text for event in events] == ["écho : au secours"]
    assert joined is not None
    async with db.transaction() as session:
        answered = (await events_after(session, conversation.id, 1))[0]
    assert answered.turn is TurnState.DONE


async def test_only_one_process_answers_a_conversation(db: Database) -> None:
    async with db.transaction() as session:
        conversation, _ = await start_conversation(session, "192.0.2.1", Reply("bonjour"))
    async with db.transaction() as session:
        assert await claim_turn(session, conversation.id, "one", 30)
    async with db.transaction() as session:
        assert not await claim_turn(session, conversation.id, "two", 30)
        assert await claim_turn(session, conversation.id, "one", -1)
    async with db.transaction() as session:
        assert await claim_turn(session, conversation.id, "two", 30)


def test_nothing_of_the_demo_is_served_to_a_real_shop(tmp_path: Path) -> None:
    from guichet.app import create_app

    app = create_app(Settings(database_url=f"sqlite+aiosqlite:///{tmp_path}/x.db", faq_dir=ROOT / "faq"), FakeRasa())
    paths = {getattr(route, "path", "") for route in app.routes}
    assert "/demo" not in paths
    assert "/" not in paths
