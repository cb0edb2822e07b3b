"""A WebSocket of the console is guarded like a page, by the session's cookie and the origin of whoever opens it."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

import httpx2
from fastapi import Depends, FastAPI, WebSocket
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from guichet.console.app import create_console
from guichet.console.guard import Signed, guarded_routes, require
from guichet.db import Database
from guichet.faq_store import FaqStore
from guichet.models import Role
from guichet.services import Services
from guichet.settings import Settings
from tests.console import PASSWORD, add_account

from .conftest import serve


def served(services: Services) -> FastAPI:
    """A console with one more route."""
    console = create_console(services)

    @console.websocket("/prise")
    async def socket(websocket: WebSocket, who: Annotated[Signed, Depends(require(Role.AGENT))]) -> None:
        await websocket.accept()
        await websocket.send_text(who.account.email)
        await websocket.close()

    assert ("/prise", frozenset()) in {(each.path, each.methods) for each in guarded_routes(console)}

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        await services.db.close()

    app = FastAPI(lifespan=lifespan)
    app.mount("/console", console)
    return app


def cookie_of(url: str, email: str) -> str:
    with httpx2.Client(base_url=url) as client:
        token = re.search(r'name="csrf" value="([^"]*)"', client.get("/console/connexion").text)
        assert token
        entered = client.post("/console/connexion", data={"csrf": token[1], "email": email, "password": PASSWORD}, headers={"Origin": url})
        assert entered.status_code == 303
        return "; ".join(f"{name}={value}" for name, value in client.cookies.items())


def answer(url: str, cookie: str, origin: str) -> str | int:
    """What the socket says, or the status it is refused with."""
    try:
        with connect(url.replace("http", "ws") + "/console/prise", origin=origin, additional_headers={"Cookie": cookie}) as socket:  # type: ignore[arg-type]
            return str(socket.recv())
    except InvalidStatus as refused:
        return refused.response.status_code


def test_a_socket_opens_for_the_role_from_our_own_pages(settings: Settings, faq_store: FaqStore, quick_hashes: None) -> None:
    async def prepare() -> None:
        db = Database(settings.database_url)
        for role in Role:
            await add_account(db, role)
        await db.close()

    asyncio.run(prepare())
    with serve(served(Services(settings, Database(settings.database_url), faq_store))) as service:
        agent, editor = (cookie_of(service.url, f"{name}@example.com") for name in ("agent", "editor"))
        assert answer(service.url, agent, service.url) == "agent@example.com"
        assert answer(service.url, agent, "https://evil.example.com") == 403
        assert answer(service.url, editor, service.url) == 403
        assert answer(service.url, "", service.url) == 403
