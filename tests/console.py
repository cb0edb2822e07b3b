"""A browser without a screen on the console: it keeps cookies, sends Origin and the token of the form it was shown."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
from fastapi import FastAPI

from guichet.accounts import create_account
from guichet.console.app import create_console
from guichet.db import Database
from guichet.models import Account, Role
from guichet.passwords import hash_password
from guichet.services import Services

PASSWORD = "trois chevaux dorment"
HTTPS = "https://guichet.example.com"


class Browser:
    """One browser, with its cookies."""

    def __init__(self, client: httpx2.AsyncClient, origin: str) -> None:
        self.client, self.origin = client, origin
        self.last: httpx2.Response | None = None

    async def get(self, path: str, **more: Any) -> httpx2.Response:
        """Open a page of the console, ``path`` without ``/console``."""
        self.last = await self.client.get(f"/console{path}", **more)
        return self.last

    async def post(self, path: str, *, headers: dict[str, str] | None = None, **fields: Any) -> httpx2.Response:
        """Send a form, with the token of the last page unless ``csrf`` is given."""
        data = {"csrf": self.csrf} | fields
        self.last = await self.client.post(f"/console{path}", data=data, headers={"Origin": self.origin} | (headers or {}))
        return self.last

    async def submit(self, page: str, action: str, **fields: Any) -> httpx2.Response:
        """Open a page and send a form of it."""
        await self.get(page)
        return await self.post(action, **fields)

    async def sign_in(self, email: str, password: str = PASSWORD, **fields: str) -> httpx2.Response:
        """Fill in the form of the sign-in."""
        return await self.submit("/connexion", "/connexion", email=email, password=password, **fields)

    @property
    def csrf(self) -> str:
        """The token of the last page."""
        found = re.search(r'name="csrf-token" content="([^"]*)"', self.last.text if self.last else "")
        return found[1] if found else ""


def plain(response: httpx2.Response) -> str:
    """The text of a page as one reads it, spaces of every kind made plain."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", response.text)).strip()


@asynccontextmanager
async def browser(services: Services, origin: str = HTTPS, address: str = "192.0.2.1") -> AsyncIterator[Browser]:
    """A new browser on a console of its own."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.mount("/console", create_console(services))
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False, client=(address, 1234))
    async with httpx2.AsyncClient(transport=transport, base_url=origin) as client:
        yield Browser(client, origin)


async def add_account(db: Database, role: Role, *, email: str | None = None, name: str = "Personne de test", temporary: bool = False) -> Account:
    """An account with the usual password."""
    email = email or f"{role.value}@example.com"
    password_hash = await hash_password(PASSWORD)
    async with db.transaction() as session:
        return await create_account(session, email=email, name=name, role=role, password_hash=password_hash, password_temporary=temporary)
