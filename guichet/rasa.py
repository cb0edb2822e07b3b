"""Talking to Rasa over its REST channel, and nothing of what customers type ever reaches it as a command."""

import re
from typing import Protocol

import httpx2
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from guichet.conversations import PersonWanted, Reply
from guichet.models import CaseQueue, HandoverReason


class RasaUnavailable(Exception):  # noqa: N818
    """Rasa did not answer in time, answered nothing, or answered something else than messages."""


class Dialogue(Protocol):
    """Who answers customers: Rasa in production, a fake in tests."""

    async def reply(self, sender: str, text: str | None = None, payload: str | None = None) -> list[Reply]:
        """The answer to a text or a button; raises RasaUnavailable."""
        ...

    async def is_ready(self) -> bool:
        """Whether it can answer now."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


class _Button(BaseModel):
    title: str
    payload: str


class _Person(BaseModel):
    reason: HandoverReason
    team: CaseQueue | None = None


class _Custom(BaseModel):
    model_config = ConfigDict(extra="forbid")

    text: str
    more: str | None = None
    choices: list[tuple[str, str] | tuple[str, str, str]] = []
    cards: list[dict[str, object]] = []
    attachments: list[str] = []
    person: _Person | None = None

    def wish(self) -> PersonWanted | None:
        return PersonWanted(self.person.reason, self.person.team) if self.person else None


class _Item(BaseModel):
    text: str | None = None
    buttons: list[_Button] = []
    custom: _Custom | None = None

    def reply(self) -> Reply:
        if self.custom is not None:
            custom = self.custom
            return Reply(custom.text, custom.more, custom.choices, custom.cards, attachments=custom.attachments, person=custom.wish())
        return Reply(self.text or "", choices=[(button.title, button.payload) for button in self.buttons])


_ITEMS = TypeAdapter(list[_Item])
_COMMAND_PREFIX = re.compile(r"^[\s\x00-\x1f/]+")


def as_plain_text(text: str) -> str:
    """``text`` such that Rasa cannot take it for a command.

    Rasa strips Unicode blanks, then obeys whatever begins with ``/`` (``/restart``, ``/any_intent{"slot": …}``).
    """
    plain = _COMMAND_PREFIX.sub("", text).rstrip()
    return plain or "?"


class RasaClient:
    """One Rasa server.

    Args:
        url: base address, ``http://127.0.0.1:5005``.
        timeout_s: longest wait for a whole answer, in seconds.
    """

    def __init__(self, url: str, timeout_s: float) -> None:
        self._client = httpx2.AsyncClient(base_url=url, timeout=httpx2.Timeout(timeout_s, connect=1.0))

    async def reply(self, sender: str, text: str | None = None, payload: str | None = None) -> list[Reply]:
        """What the dialogue answers to a customer's ``text``, or to the ``payload`` of a button of ours.

        Raises:
            RasaUnavailable: also for an empty answer, which is how Rasa reports an inner failure.
        """
        message = payload if payload is not None else as_plain_text(text or "")
        try:
            response = await self._client.post("/webhooks/rest/webhook", json={"sender": sender, "message": message})
            response.raise_for_status()
            items = _ITEMS.validate_json(response.content)
        except (httpx2.HTTPError, ValidationError) as error:
            raise RasaUnavailable(type(error).__name__) from error
        if not items:
            raise RasaUnavailable("empty answer")
        return [item.reply() for item in items]

    async def is_ready(self) -> bool:
        """Whether a model is loaded and the server answers."""
        try:
            response = await self._client.get("/webhooks/rest/", timeout=2.0)
        except httpx2.HTTPError:
            return False
        return response.status_code == httpx2.codes.OK

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()
