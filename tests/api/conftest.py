"""The real service on a real port, without Rasa: a fake dialogue answers what the test tells it to."""

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
import pytest
import uvicorn
from fastapi import FastAPI

from guichet.app import create_app
from guichet.conversations import Reply
from guichet.db import Database
from guichet.demo_data import load_demo
from guichet.rasa import RasaUnavailable
from guichet.settings import Settings
from tests.customer import Customer, connected


class FakeRasa:
    """Answers with an echo, or as ``answers`` says; remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str | None, str | None]] = []
        self.down = False
        self.answers: Callable[[str], list[Reply]] = lambda said: [Reply(f"écho : {said}")]
        self.delay_s = 0.0

    async def reply(self, sender: str, text: str | None = None, payload: str | None = None) -> list[Reply]:
        self.asked.append((sender, text, payload))
        await asyncio.sleep(self.delay_s)
        if self.down:
            raise RasaUnavailable("down")
        return self.answers(payload or text or "")

    async def is_ready(self) -> bool:
        return not self.down

    async def close(self) -> None:
        return None


@pytest.fixture
def rasa() -> FakeRasa:
    return FakeRasa()


class Service:
    """A running guichet."""

    def __init__(self, url: str) -> None:
        self.url = url

    def get(self, path: str) -> httpx2.Response:
        return httpx2.get(self.url + path)

    def post(self, path: str, body: Any, headers: dict[str, str] | None = None) -> httpx2.Response:
        return httpx2.post(self.url + path, json=body, headers=headers)

    @contextmanager
    def connected(self) -> Iterator[Customer]:
        with connected(self.url) as customer:
            yield customer


@contextmanager
def serve(app: FastAPI) -> Iterator[Service]:
    """Run an application on a free port for the time of a ``with`` block."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=2))
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.01)
        try:
            yield Service(f"http://127.0.0.1:{listener.getsockname()[1]}")
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture
def service(settings: Settings, rasa: FakeRasa) -> Iterator[Service]:
    """The service on a database with the demo shop."""

    async def prepare() -> None:
        db = Database(settings.database_url)
        async with db.transaction() as session:
            await load_demo(session)
        await db.close()

    asyncio.run(prepare())
    with serve(create_app(settings, rasa)) as running:
        yield running


@pytest.fixture
def customer(service: Service) -> Iterator[Customer]:
    """A connection that has not said hello yet."""
    with service.connected() as connected:
        yield connected
