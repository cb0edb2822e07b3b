"""An agent's console as the protocol sees it."""

import hashlib
import json
import secrets
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy.ext.asyncio import AsyncSession
from websockets.sync.client import ClientConnection, connect

from guichet import clock
from guichet.models import Account, ConsoleSession


async def signed_in(session: AsyncSession, account: Account, **values: Any) -> str:
    """The token of a new session of this account."""
    token = secrets.token_urlsafe(32)
    row = {"csrf": "-", "expires_at": clock.now() + timedelta(hours=1)} | values
    session.add(ConsoleSession(token_hash=hashlib.sha256(token.encode()).hexdigest(), account_id=account.id, **row))
    return token


class Agent:
    """A console."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self._unread: list[dict[str, Any]] = []

    def send(self, **frame: Any) -> None:
        self.connection.send(json.dumps(frame))

    def hello(self, last: dict[str, int] | None = None, notes: dict[str, int] | None = None) -> dict[str, Any]:
        self.send(type="hello", protocol=1, last=last or {}, notes=notes or {})
        return self.frame("welcome")

    def command(self, kind: str, conversation: str, **fields: Any) -> dict[str, Any]:
        """Send a command, and wait for what is answered to it."""
        ident = fields.pop("id", str(uuid.uuid4()))
        self.send(type=kind, conversation=conversation, id=ident, **fields)
        return self.until(lambda frame: frame["type"] in ("ack", "refused") and frame["id"] == ident)

    def frame(self, kind: str, **fields: Any) -> dict[str, Any]:
        """The next frame of this type with these fields."""
        return self.until(lambda frame: frame["type"] == kind and all(frame[name] == value for name, value in fields.items()))

    def queue(self, wanted: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
        """The next queue that is as wanted."""
        return self.until(lambda frame: frame["type"] == "queue" and wanted(frame))

    def until(self, wanted: Callable[[dict[str, Any]], Any], timeout_s: float = 20) -> dict[str, Any]:
        """The next frame that is as wanted; others are kept for later."""
        while not any(wanted(frame) for frame in self._unread):
            self._unread.append(json.loads(self.connection.recv(timeout=timeout_s)))
        found = next(frame for frame in self._unread if wanted(frame))
        self._unread.remove(found)
        return found

    def events(self, conversation: str, last: int) -> list[dict[str, Any]]:
        """The events of a conversation up to the one with this ``seq``, in the order they came."""
        events: list[dict[str, Any]] = []
        while not events or events[-1]["seq"] < last:
            events.append(self.frame("event", conversation=conversation)["event"])
        return events


@contextmanager
def console(url: str, token: str | None, origin: str | None = None) -> Iterator[Agent]:
    """A new connection of somebody with this session, before its hello."""
    headers = {"Cookie": f"guichet-{urlsplit(url).port}={token}"} if token else {}
    with connect(url.replace("http", "ws", 1) + "/console/socket", proxy=None, additional_headers=headers, origin=origin or url) as connection:  # type: ignore[arg-type]
        yield Agent(connection)
