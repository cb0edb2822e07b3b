"""What the console answers when it does not do what is asked: a page in French that says what to do, or JSON for our scripts."""

from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.exceptions import HTTPException

from guichet.console import texts
from guichet.console.cookies import HttpsNeeded
from guichet.console.guard import Forbidden, Forged, PasswordChangeNeeded, SignInNeeded, signed_in
from guichet.console.headers import headers_for
from guichet.console.pages import ROOT, go_to, page


def add_error_handlers(console: FastAPI) -> None:
    """Install them all."""
    console.exception_handler(SignInNeeded)(_sign_in)
    console.exception_handler(PasswordChangeNeeded)(_change_password)
    console.exception_handler(Forbidden)(_forbidden)
    console.exception_handler(Forged)(_forged)
    console.exception_handler(HttpsNeeded)(_https_needed)
    console.exception_handler(HTTPException)(_http)
    console.exception_handler(RequestValidationError)(_invalid)
    console.exception_handler(Exception)(_failed)


async def error_page(request: Request, status: int, name: str) -> Response:
    """The error ``name`` of ``texts.ERRORS``."""
    title, remedy = texts.ERRORS[name]
    if _is_script(request):
        return JSONResponse({"error": name, "detail": f"{title} {remedy}"}, status)
    return page(request, "error.html", status=status, title=title, remedy=remedy)


def _is_script(request: Request) -> bool:
    wants_json = "application/json" in request.headers.get("accept", "")
    return wants_json or "x-csrf-token" in request.headers


async def _sign_in(request: Request, _: Exception) -> Response:
    """People are led to the sign-in and back; what they wanted to send is not sent by itself afterwards."""
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    door = f"{ROOT}/connexion?suite={quote(here, safe='')}" if request.method == "GET" else f"{ROOT}/connexion"
    if "hx-request" in request.headers:
        return Response(status_code=401, headers={"HX-Redirect": f"{ROOT}/connexion"})
    if request.method == "GET" and not _is_script(request):
        return RedirectResponse(door, 303)
    return await error_page(request, 401, "sign_in")


async def _change_password(request: Request, _: Exception) -> Response:
    if request.method == "GET" and not _is_script(request):
        return go_to("/compte")
    return await error_page(request, 403, "password_change")


async def _forbidden(request: Request, _: Exception) -> Response:
    return await error_page(request, 403, "forbidden")


async def _forged(request: Request, _: Exception) -> Response:
    return await error_page(request, 403, "forged")


async def _https_needed(request: Request, _: Exception) -> Response:
    return await error_page(request, 403, "https")


async def _http(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    try:
        await signed_in(request)
    except HttpsNeeded:
        return await _https_needed(request, error)
    response = await error_page(request, status, {404: "not_found", 405: "not_found", 413: "too_large"}.get(status, "invalid"))
    response.headers.update((isinstance(error, HTTPException) and error.headers) or {})
    return response


async def _invalid(request: Request, _: Exception) -> Response:
    return await error_page(request, 422, "invalid")


async def _failed(request: Request, _: Exception) -> Response:
    """Answered outside of every middleware."""
    response = await error_page(request, 500, "failed")
    response.headers.update(headers_for(request.url.path))
    return response
