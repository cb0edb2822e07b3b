"""A customer as the protocol sees one: used by every test that talks to a running service."""

import io
import json
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
from PIL import Image
from websockets.sync.client import ClientConnection, connect

QUIET_S = 0.35
"""Silence after which an answer is complete, in seconds."""
HELLO = {"type": "hello", "protocol": 1, "token": None, "last_seq": 0}


def _photo() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "steelblue").save(file, "JPEG")
    return file.getvalue()


def _is_answer(frame: dict[str, Any], seq: int) -> bool:
    return frame["type"] == "message" and frame["author"] == "bot" and frame["seq"] > seq


class Customer:
    """A widget as the protocol sees it."""

    def __init__(self, connection: ClientConnection, url: str) -> None:
        self.connection, self.url = connection, url
        self.token: str | None = None
        self._unread: list[dict[str, Any]] = []

    def send(self, **frame: Any) -> None:
        self.connection.send(json.dumps(frame))

    def receive(self, timeout_s: float = 20) -> dict[str, Any]:
        """The next frame, whatever it is."""
        frame: dict[str, Any] = json.loads(self.connection.recv(timeout=timeout_s))
        return frame

    def say(self, text: str) -> list[dict[str, Any]]:
        """Write, and wait for the whole answer."""
        return self._ask({"type": "message", "text": text})

    def press(self, choice_id: str) -> list[dict[str, Any]]:
        """Press a button, and wait for the whole answer."""
        return self._ask({"type": "choice", "choice": choice_id})

    def send_photos(self, count: int, text: str = "") -> list[dict[str, Any]]:
        """Upload photos, send them, with words or without, and wait for the whole answer."""
        return self._ask({"type": "message", "text": text, "attachments": [self.upload(f"photo-{rank}.jpg") for rank in range(count)]})

    def upload(self, name: str, content: bytes | None = None, media_type: str = "image/jpeg") -> str:
        """Upload a file, a small photo by default; its id."""
        ident = str(uuid.uuid4())
        response = httpx2.post(
            f"{self.url}/chat/attachments",
            headers={"Authorization": f"Bearer {self.token}"},
            data={"id": ident},
            files={"file": (name, content or _photo(), media_type)},
        )
        assert response.status_code == 201, response.text
        return ident

    def _ask(self, frame: dict[str, Any]) -> list[dict[str, Any]]:
        ident = str(uuid.uuid4())
        self.send(id=ident, **frame)
        seq = self._next(lambda other: other["type"] == "ack" and other["id"] == ident)["seq"]
        messages = [self._next(lambda other: _is_answer(other, seq))]
        while True:
            try:
                messages.append(self._next(lambda other: _is_answer(other, seq), timeout_s=QUIET_S))
            except TimeoutError:
                return messages

    def frame(self, kind: str) -> dict[str, Any]:
        """The next frame of this type; others are kept for later, an error never silently."""
        return self._next(lambda frame: frame["type"] == kind)

    def _next(self, wanted: Callable[[dict[str, Any]], bool], timeout_s: float = 20) -> dict[str, Any]:
        while not any(wanted(frame) for frame in self._unread):
            frame = self.receive(timeout_s)
            assert frame["type"] != "error" or wanted(frame), frame
            self._unread.append(frame)
        found = next(frame for frame in self._unread if wanted(frame))
        self._unread.remove(found)
        return found

    def hello(self, token: str | None = None, last_seq: int = 0) -> dict[str, Any]:
        self.send(**HELLO | {"token": token, "last_seq": last_seq})
        welcome = self.frame("welcome")
        self.token = token or welcome["token"]
        return welcome

    def message_of(self, author: str) -> dict[str, Any]:
        """The next message of this author, the greeting aside."""
        return self._next(lambda frame: frame["type"] == "message" and frame["author"] == author and frame["seq"] > 1)


@contextmanager
def connected(url: str) -> Iterator[Customer]:
    """A new connection to the service at ``url``, before its hello."""
    with connect(url.replace("http", "ws", 1) + "/chat/socket", proxy=None) as connection:
        yield Customer(connection, url)
