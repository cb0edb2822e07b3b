"""Who may do what: every route of the console declares one guard, and the console does not start with a route that has none.

- ``require(Role.AGENT)``: agents, for conversations and cases; ``require(Role.EDITOR)``: editors, for the FAQ and nothing of customers.
  Administrators may do everything. ``require(Role.ADMIN)`` is for them alone, ``require(Role.AGENT, Role.EDITOR)`` for everybody.
- ``anybody``: pages from before the sign-in.

A guard also checks what changes something (any method but GET and HEAD, and every WebSocket): it must come from a page of ours (Origin),
and, but for WebSockets, carry the session's token in the form field ``csrf`` or in the header ``X-CSRF-Token``. Whoever has a temporary
password only reaches the page that changes it.

    AccessDenied
    ├── SignInNeeded
    ├── PasswordChangeNeeded
    ├── Forbidden
    └── Forged
"""

import hmac
from dataclasses import dataclass

from fastapi import WebSocket, WebSocketException
from fastapi.routing import RouteContext, iter_route_contexts
from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import HTTPConnection, Request
from starlette.routing import BaseRoute, Mount

from guichet.console.cookies import FORM, SESSION, origin_of
from guichet.console_sessions import session_of
from guichet.models import Account, ConsoleSession, Role
from guichet.services import Services

SAFE_METHODS = ("GET", "HEAD")
POLICY_VIOLATION = 1008


class AccessDenied(Exception):  # noqa: N818
    """The request is not served."""


class SignInNeeded(AccessDenied):
    """Nobody is signed in, or not any more."""


class PasswordChangeNeeded(AccessDenied):
    """The temporary password comes first."""


class Forbidden(AccessDenied):
    """The role does not allow it."""


class Forged(AccessDenied):
    """The request does not come from a page of ours of this session."""


@dataclass(frozen=True)
class Signed:
    """Who is signed in, and by which session. Both were read in a transaction of their own: read again what you change."""

    account: Account
    session: ConsoleSession


@dataclass(frozen=True)
class Guard:
    """Lets in the roles it names, and administrators."""

    roles: frozenset[Role]
    temporary_password_will_do: bool = False

    def allows(self, role: Role) -> bool:
        """Whether somebody of this role is let in."""
        return role is Role.ADMIN or role in self.roles

    async def __call__(self, connection: HTTPConnection) -> Signed:
        """Who comes in.

        Raises:
            AccessDenied
            WebSocketException: the same, for a WebSocket.
            HttpsNeeded
        """
        try:
            return await self._admit(connection)
        except AccessDenied as denied:
            if isinstance(connection, WebSocket):
                raise WebSocketException(POLICY_VIOLATION, type(denied).__name__) from None
            raise

    async def _admit(self, connection: HTTPConnection) -> Signed:
        signed = await signed_in(connection)
        if signed is None:
            raise SignInNeeded
        await _check_source(connection, signed.session.csrf)
        if signed.account.password_temporary and not self.temporary_password_will_do:
            raise PasswordChangeNeeded
        if not self.allows(signed.account.role):
            raise Forbidden
        return signed


class Anybody:
    """Lets in everybody; forms must come from a page of ours that this browser was given."""

    async def __call__(self, connection: HTTPConnection) -> None:
        """Check where it comes from.

        Raises:
            Forged
            HttpsNeeded
        """
        services: Services = connection.app.state.services
        await _check_source(connection, FORM.read(connection, services.settings))


anybody = Anybody()


def require(*roles: Role, temporary_password_will_do: bool = False) -> Guard:
    """The guard for these roles and for administrators."""
    return Guard(frozenset(roles), temporary_password_will_do)


everybody = require(*Role)
"""Whoever is signed in."""


async def signed_in(connection: HTTPConnection) -> Signed | None:
    """Who is signed in, if anybody; asked once a request.

    Raises:
        HttpsNeeded
    """
    services: Services = connection.app.state.services
    if not hasattr(connection.state, "signed"):
        token = SESSION.read(connection, services.settings)
        connection.state.signed = await _find(services, token) if token else None
    found: Signed | None = connection.state.signed
    return found


async def _find(services: Services, token: str) -> Signed | None:
    async with services.db.transaction() as session:
        found = await session_of(session, token)
    return Signed(found.account, found) if found else None


async def _check_source(connection: HTTPConnection, expected: str | None) -> None:
    if isinstance(connection, Request) and connection.method in SAFE_METHODS:
        return
    if connection.headers.get("origin", "").lower() != origin_of(connection):
        raise Forged
    if isinstance(connection, Request):
        given = connection.headers.get("x-csrf-token") or await _form_token(connection)
        if not expected or not hmac.compare_digest(given.encode(), expected.encode()):
            raise Forged


async def _form_token(request: Request) -> str:
    if not request.headers.get("content-type", "").startswith(("application/x-www-form-urlencoded", "multipart/form-data")):
        return ""
    field = (await request.form()).get("csrf", "")
    return "" if isinstance(field, UploadFile) else field


@dataclass(frozen=True)
class GuardedRoute:
    """A route of the console with its guard; ``methods`` is empty for a WebSocket."""

    path: str
    methods: frozenset[str]
    guard: Guard | Anybody


def guarded_routes(console: Starlette) -> list[GuardedRoute]:
    """Every route but the static files.

    Raises:
        RuntimeError: a route has no guard, or more than one.
    """
    return [_guarded(route) for route in iter_route_contexts(console.routes) if not isinstance(getattr(route, "original_route", route), Mount)]


def _guarded(route: BaseRoute | RouteContext) -> GuardedRoute:
    path, dependant = getattr(route, "path", None) or "?", getattr(route, "dependant", None)
    found = [each.call for each in dependant.dependencies if isinstance(each.call, Guard | Anybody)] if dependant else []
    if len(found) != 1:
        raise RuntimeError(f"{path} needs exactly one guard: require(…) or anybody")
    return GuardedRoute(path, frozenset(getattr(route, "methods", None) or ()), found[0])
