"""Errors of the API: always ``{error, detail}``, whatever went wrong; and bodies of a bounded size."""

import logging
from typing import Any

from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DBAPIError, IntegrityError
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from guichet.api_lists import InvalidCursor
from guichet.api_records import ErrorRecord
from guichet.order_intake import IntakeError, LineInUse, UnknownOrder, UnknownProduct, UnknownSku

log = logging.getLogger(__name__)
MAX_BODY_BYTES = 2**20
_CODES = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
}
_INTAKE: dict[type[IntakeError], tuple[int, str]] = {
    UnknownSku: (422, "unknown_sku"),
    UnknownProduct: (404, "unknown_product"),
    UnknownOrder: (404, "unknown_order"),
    LineInUse: (409, "line_in_use"),
}
_WHEN = {
    400: "`bad_request`: the body cannot be decoded.",
    401: "`unauthorized`: no bearer token, or one that is not in use.",
    403: "`forbidden`: the token may only read.",
    404: "`not_found`, `unknown_order`, `unknown_product`: there is none.",
    409: "`line_in_use`: a case or a return refers to what the order would lose. `conflict`: somebody else changed it; send it again.",
    413: f"`too_large`: the body has more than {MAX_BODY_BYTES} bytes.",
    422: "`invalid_request`: something is missing or ill-formed, named in `detail`. `unknown_sku`: send these products first.",
    503: "`unavailable`: the database does not answer; send it again later.",
}


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The documentation of these answers."""
    return {status: {"model": ErrorRecord, "description": _WHEN[status]} for status in statuses}


def add_error_handlers(app: FastAPI) -> None:
    """Give every error of ``app`` its one form."""

    @app.exception_handler(StarletteHTTPException)
    async def refused(_: Request, error: StarletteHTTPException) -> JSONResponse:
        return error_answer(error.status_code, _CODES.get(error.status_code, "error"), error.detail, error.headers)

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        return error_answer(422, "invalid_request", "; ".join(_told(each) for each in error.errors()[:20]))

    @app.exception_handler(InvalidCursor)
    async def no_cursor(_: Request, __: InvalidCursor) -> JSONResponse:
        return error_answer(422, "invalid_request", "query.cursor: expected next_cursor of an earlier page")

    @app.exception_handler(IntakeError)
    async def unfit(_: Request, error: IntakeError) -> JSONResponse:
        return error_answer(*_INTAKE[type(error)], str(error))

    @app.exception_handler(DBAPIError)
    async def no_database(_: Request, error: DBAPIError) -> JSONResponse:
        log.warning("the API met a database error: %s", type(error.orig).__name__)
        if isinstance(error, IntegrityError):
            return error_answer(409, "conflict", "the record was changed at the same time; send it again")
        return error_answer(503, "unavailable", "the database does not answer; try again later")

    @app.exception_handler(Exception)
    async def failed(_: Request, __: Exception) -> JSONResponse:
        return error_answer(500, "internal_error", "an error of guichet, written to its log")


def error_answer(status: int, error: str, detail: str, headers: Any = None) -> JSONResponse:
    """An error as the API tells it."""
    return JSONResponse(ErrorRecord(error=error, detail=detail).model_dump(), status, headers)


def _told(error: dict[str, Any]) -> str:
    place = ".".join(str(part) for part in error["loc"])
    return f"{place}: {error['msg'].removeprefix('Value error, ')}"


class BoundedBody:
    """Middleware: a body that is too large is refused, announced or not."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request whose body is counted as it comes."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > MAX_BODY_BYTES:
                raise HTTPException(413, f"the body has more than {MAX_BODY_BYTES} bytes")
            return message

        await self._app(scope, counted, send)
