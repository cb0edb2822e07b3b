"""A conversation of the bot's actions on the demo shop, without Rasa."""

import json
import re
from datetime import UTC, datetime
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.task_actions import StartTask, TaskForm
from guichet.services import Services

NOW = datetime(2026, 1, 31, 9, tzinfo=UTC)


def plain(text: str) -> str:
    return re.sub(r"[\u00a0\u202f]", " ", text).replace("’", "'")


class Chat:
    """A conversation of actions, without Rasa: what Rasa would remember is kept here."""

    def __init__(self, services: Services, conversation: str = "c") -> None:
        self.services = services
        self.conversation = conversation
        self.slots: dict[str, Any] = {}
        self.messages: list[dict[str, Any]] = []
        self.is_rejected = False

    async def say(self, text: str, intent: str, second: str | None = None, **entities: str) -> str:
        """One message of the customer, understood as ``intent``; returns all that is said."""
        open_before = bool(self.slots.get("task_open"))
        message = {
            "text": text,
            "intent": {"name": intent},
            "entities": [{"entity": name, "value": value} for name, value in entities.items()],
            "decision": {"intent": intent, "alternatives": [], "second": {"intent": second} if second else None},
        }
        events = [{"event": "user"}]
        loop = {"name": "task_form"} if open_before else {}
        tracker = Tracker(self.conversation, dict(self.slots), message, events, False, None, loop, "action_listen")
        dispatcher = CollectingDispatcher()
        action = TaskForm(self.services) if open_before else StartTask(self.services)
        found = await action.run(dispatcher, tracker, {})
        self.is_rejected = open_before and not found
        self.slots.update({event["name"]: event["value"] for event in found})
        self.messages = dispatcher.messages
        return plain("\n".join(each["custom"]["text"] if each.get("custom") else str(each["response"]) for each in self.messages))

    async def press(self, label: str) -> str:
        """Press one of the buttons of the latest answer."""
        buttons = {plain(choice[0]): choice[1] for each in self.messages if each.get("custom") for choice in each["custom"]["choices"]}
        intent, _, entities = buttons[label].removeprefix("/").partition("{")
        return await self.say("", intent, **json.loads("{" + entities if entities else "{}"))

    @property
    def is_open(self) -> bool:
        return bool(self.slots.get("task_open")) and self.slots.get("requested_slot") is not None

    @property
    def cards(self) -> list[dict[str, Any]]:
        return [card for each in self.messages if each.get("custom") for card in each["custom"]["cards"]]

    @property
    def choices(self) -> list[str]:
        return [plain(label) for each in self.messages if each.get("custom") for label, *_ in each["custom"]["choices"]]


def values(card: dict[str, Any]) -> list[str]:
    return [plain(f"{row['label']} : {row['value']}") for row in card["rows"]]
