"""Asking the bot for a person: the queue when somebody is there, otherwise a message that becomes a case."""

from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.task_actions import StartTask
from guichet import clock
from guichet.cases import CaseRequest, open_case
from guichet.db import Database
from guichet.faq_store import FaqStore
from guichet.models import CaseMotive
from guichet.queue import left_messages
from guichet.services import Services
from guichet.settings import Settings
from tests.api.desk import NIGHT, RULES, WEDNESDAY, new_agent, new_conversation
from tests.conftest import ROOT


async def ask_for_a_person(db: Database, **slots: Any) -> dict[str, Any]:
    """What the bot's first bubble says when the customer presses « Parler à une personne »."""
    async with db.transaction() as session:
        conversation_id = await new_conversation(session)
    message = {"text": "/contact_human", "intent": {"name": "contact_human"}, "entities": []}
    tracker = Tracker(conversation_id, slots, message, [], False, None, {}, None)
    dispatcher = CollectingDispatcher()
    await StartTask(Services(Settings(), db, FaqStore(ROOT / "faq"))).run(dispatcher, tracker, {})
    bubble: dict[str, Any] = dispatcher.messages[0]["custom"]
    return bubble


@pytest.mark.parametrize(
    ("slots", "reason", "team"),
    [
        ({}, "asked", None),
        ({"last_entry": "defective_product"}, "asked", "sav"),
        ({"last_entry": "missing_parcel"}, "asked", "orders"),
        ({"last_entry": "forgot_password"}, "asked", "accounts"),
        ({"last_entry": "covid"}, "asked", None),
        ({"task": "open_sav_case"}, "asked", "sav"),
        ({"misunderstandings": 2}, "misunderstood", None),
        ({"misunderstandings": 1}, "asked", None),
        ({"task": "order_status", "task_data": {"misses": 2}}, "misunderstood", "orders"),
    ],
    ids=str,
)
async def test_when_somebody_is_there(db: Database, slots: dict[str, Any], reason: str, team: str | None) -> None:
    with clock.at(WEDNESDAY):
        async with db.transaction() as session:
            await new_agent(session)
        bubble = await ask_for_a_person(db, **slots)
    assert bubble["person"] == {"reason": reason, "team": team}
    assert "je vous mets en relation" in bubble["text"]


@pytest.mark.parametrize(("instant", "said"), [(WEDNESDAY, "en ce moment même"), (NIGHT, "jeudi 26 novembre")], ids=["nobody", "night"])
async def test_when_nobody_is_there(db: Database, instant: Any, said: str) -> None:
    with clock.at(instant):
        bubble = await ask_for_a_person(db)
    assert "person" not in bubble
    assert said in bubble["text"]


async def test_a_message_left_at_night_is_found_beside_the_queue(db: Database) -> None:
    with clock.at(NIGHT):
        async with db.transaction() as session:
            conversation_id = await new_conversation(session)
            wish = CaseRequest(conversation_id, CaseMotive.CONTACT, "rappelez-moi demain", "06 39 98 01 42")
            case = await open_case(session, wish, RULES.facts)
            (message,) = await left_messages(session)
    assert (message.number, message.conversation, message.words) == (case.number, conversation_id, "rappelez-moi demain")
