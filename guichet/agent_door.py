"""Who is at the other end of the console's socket: the session's cookie, and a page of our own."""

import hashlib
from datetime import timedelta
from urllib.parse import urlsplit

from fastapi import WebSocket
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from guichet import clock
from guichet.models import Account, ConsoleSession
from guichet.presence import AGENT_ROLES
from guichet.settings import Settings

COOKIES = {"wss": "__Host-guichet", "ws": "guichet"}
"""The session's cookie by the socket's scheme: the prefix ``__Host-`` needs TLS."""
IDLE = timedelta(hours=12)


def token_of(socket: WebSocket) -> str | None:
    """The session token that the browser sent, or None."""
    return socket.cookies.get(COOKIES.get(socket.url.scheme, COOKIES["wss"]))


def is_own_page(socket: WebSocket, settings: Settings) -> bool:
    """Whether the page that opens the socket is of this server: browsers send cookies along with other sites' sockets as well."""
    origin = urlsplit(socket.headers.get("origin", ""))
    return bool(origin.netloc) and origin.netloc in (socket.headers.get("host"), urlsplit(settings.base_url).netloc)


async def account_of(session: AsyncSession, token: str | None) -> Account | None:
    """The agent whose session this token opens; None when it is over, awaits a second factor or a new password, or is not an agent's."""
    if token is None:
        return None
    now = clock.now()
    digest = hashlib.sha256(token.encode()).hexdigest()
    query = select(ConsoleSession).where(
        ConsoleSession.token_hash == digest,
        ConsoleSession.half_open.is_(False),
        ConsoleSession.expires_at > now,
        ConsoleSession.seen_at > now - IDLE,
    )
    row = await session.scalar(query.options(joinedload(ConsoleSession.account)))
    if row is None or not row.account.active or row.account.password_temporary or row.account.role not in AGENT_ROLES:
        return None
    return row.account
