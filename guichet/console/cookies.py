"""The cookies of the console, and where they may be used.

Over https: ``__Host-guichet`` (Secure, HttpOnly, SameSite=Lax, path ``/``), which no other site, subdomain or plain page can set. Browsers
refuse such a cookie over plain http, so that on the machine itself, in the demo or with ``console_plain_http``, a plain one takes its
place, named after the port since cookies do not tell ports apart. Plain http from anywhere else is refused.
"""

from fastapi import Response
from starlette.requests import HTTPConnection

from guichet.console_sessions import LONGEST
from guichet.settings import Settings

LOOPBACK = ("localhost", "127.0.0.1", "::1")


class HttpsNeeded(Exception):  # noqa: N818
    """The console was called over plain http from another machine."""


def is_encrypted(connection: HTTPConnection) -> bool:
    """Whether the browser speaks https or wss, as the server or a trusted proxy says."""
    return connection.url.scheme in ("https", "wss")


def origin_of(connection: HTTPConnection) -> str:
    """The origin that this connection's own pages have."""
    return f"{'https' if is_encrypted(connection) else 'http'}://{connection.url.netloc}".lower()


class Cookie:
    """A cookie of the console: ``""`` for the session, ``form`` for the forms of somebody who is not signed in."""

    def __init__(self, suffix: str = "") -> None:
        self._suffix = f"-{suffix}" if suffix else ""

    def read(self, connection: HTTPConnection, settings: Settings) -> str | None:
        """What the browser holds.

        Raises:
            HttpsNeeded
        """
        return connection.cookies.get(self._name(connection, settings))

    def write(self, connection: HTTPConnection, settings: Settings, response: Response, value: str) -> None:
        """Give it to the browser, for as long as a session may last.

        Raises:
            HttpsNeeded
        """
        age = int(LONGEST.total_seconds())
        name = self._name(connection, settings)
        response.set_cookie(name, value, max_age=age, path="/", secure=is_encrypted(connection), httponly=True, samesite="lax")

    def remove(self, connection: HTTPConnection, settings: Settings, response: Response) -> None:
        """Take it back."""
        name = self._name(connection, settings)
        response.delete_cookie(name, path="/", secure=is_encrypted(connection), httponly=True, samesite="lax")

    def _name(self, connection: HTTPConnection, settings: Settings) -> str:
        if is_encrypted(connection):
            return f"__Host-guichet{self._suffix}"
        plain_allowed = settings.demo or settings.console_plain_http
        if not plain_allowed or connection.url.hostname not in LOOPBACK:
            raise HttpsNeeded
        return f"guichet-{connection.url.port or 80}{self._suffix}"


SESSION, FORM = Cookie(), Cookie("form")
