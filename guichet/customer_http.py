"""What the customer's HTTP routes have in common, beside the socket: the bearer token, bounded bodies, errors, any origin."""

import json

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Receive, Scope, Send

from guichet import texts
from guichet.attachments import LIMITS
from guichet.conversations import conversation_by_token
from guichet.french import typeset
from guichet.models import Conversation

PATHS = ("/chat/attachments", "/chat/transcript")
MAX_DRAINED_BYTES = 50 * 2**20
"""How much of a refused body is still received and thrown away: a browser that is cut off while it sends never reads the answer."""
_TEXTS = texts.ATTACHMENT_ERRORS | texts.CUSTOMER_HTTP_ERRORS


class Refused(Exception):  # noqa: N818
    """A request is not carried out: ``{"error", "detail"}`` with its status.

    Args:
        code: as documented in docs/protocol.md.
        text: the key of the French sentence when it is not ``code``.
        closes: the connection ends with the answer, since the rest of the body may be endless.
    """

    def __init__(self, status: int, code: str, text: str | None = None, *, closes: bool = False, **values: object) -> None:
        super().__init__(code)
        self.status = status
        self.headers = {"Cache-Control": "no-store"} | ({"Connection": "close"} if closes else {})
        self.body = {"error": code, "detail": typeset(_TEXTS[text or code].format(**LIMITS, **values))}


class BodyTooLarge(Exception):  # noqa: N818
    """The body has more bytes than are accepted."""


async def conversation_of(session: AsyncSession, request: Request) -> Conversation:
    """The conversation whose token the request bears.

    Raises:
        Refused: 401 ``unknown_conversation``.
    """
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    conversation = await conversation_by_token(session, token.strip()) if scheme.lower() == "bearer" else None
    if conversation is None:
        raise Refused(401, "unknown_conversation")
    return conversation


async def read_body(request: Request, limit: int) -> bytes:
    """The body, of ``limit`` bytes at most, announced or not.

    Raises:
        BodyTooLarge
    """
    announced = request.headers.get("Content-Length", "")
    if announced.isdecimal() and int(announced) > MAX_DRAINED_BYTES:
        raise BodyTooLarge
    body, received = bytearray(), 0
    async for chunk in request.stream():
        received += len(chunk)
        if received <= limit:
            body += chunk
        elif received > MAX_DRAINED_BYTES:
            break
    if received > limit:
        raise BodyTooLarge
    return bytes(body)


async def json_field(request: Request, name: str, limit: int) -> str:
    """A text field of a small JSON object.

    Raises:
        Refused: 422 ``invalid_request``.
    """
    try:
        value = json.loads(await read_body(request, limit))[name]
    except BodyTooLarge:
        raise Refused(422, "invalid_request", closes=True, reason=texts.INVALID_REQUEST[name]) from None
    except (ValueError, KeyError, TypeError, IndexError, RecursionError):
        value = None
    if not isinstance(value, str):
        raise Refused(422, "invalid_request", reason=texts.INVALID_REQUEST[name])
    return value


def add_customer_http(app: FastAPI) -> None:
    """Give these routes their errors, and open them to the pages of any shop."""
    app.add_middleware(_AnyOrigin)

    @app.exception_handler(Refused)
    async def refused(_: Request, error: Refused) -> JSONResponse:
        return JSONResponse(error.body, error.status, error.headers)

    @app.exception_handler(ClientDisconnect)
    async def gone(_: Request, __: ClientDisconnect) -> Response:
        return Response(status_code=400)  # which nobody reads


class _AnyOrigin:
    """CORS for ``PATHS``: there are no cookies, the token in the header is the authorisation."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._open = CORSMiddleware(
            app, allow_origins=["*"], allow_methods=["GET", "POST"], allow_headers=["Authorization", "Content-Type"], max_age=86400
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_open = scope["type"] == "http" and scope["path"].startswith(PATHS)
        await (self._open if is_open else self._app)(scope, receive, send)
