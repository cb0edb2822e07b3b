"""Signing in and out."""

import re
import secrets
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from guichet.accounts import subject_of
from guichet.audit import record
from guichet.console import texts
from guichet.console.cookies import FORM, SESSION
from guichet.console.guard import Signed, anybody, require, signed_in
from guichet.console.pages import ROOT, address_of, form_page, go_to
from guichet.console_sessions import end_session
from guichet.models import Role
from guichet.services import Services
from guichet.sign_in import Outcome, SignIn, give_code, sign_in

router = APIRouter()
Field = Annotated[str, Form(max_length=2000)]


def safe_path(wanted: str) -> str:
    """Where to go after the sign-in: a page of the console, whatever an address made by somebody else asks for."""
    is_ours = re.fullmatch(r"/console/[\w\-./?=&%+:,@~]*", wanted, re.ASCII) is not None
    is_the_door = wanted.startswith((f"{ROOT}/connexion", f"{ROOT}/deconnexion"))
    return wanted if is_ours and not is_the_door else f"{ROOT}/"


@router.get("/connexion", dependencies=[Depends(anybody)])
async def show_sign_in(request: Request, suite: Annotated[str, Query(max_length=2000)] = "") -> Response:
    """The form; whoever is signed in already goes on."""
    if await signed_in(request):
        return RedirectResponse(safe_path(suite), 303)
    return _form(request, suite)


@router.post("/connexion", dependencies=[Depends(anybody)])
async def do_sign_in(request: Request, email: Field = "", password: Field = "", suite: Field = "") -> Response:
    """The first step, the only one without a second factor."""
    services: Services = request.app.state.services
    before = SESSION.read(request, services.settings)
    step = await sign_in(services, email, password, address_of(request), replaces=before)
    if step.outcome is Outcome.REFUSED:
        return _form(request, suite, error=texts.SIGN_IN_REFUSED, email=email, status=401)
    if step.outcome is Outcome.TOO_MANY_ATTEMPTS:
        return _form(request, suite, error=_too_many(services), email=email, status=429)
    return _enter(request, step, suite)


@router.get("/connexion/code", dependencies=[Depends(anybody)])
async def show_code(request: Request, suite: Annotated[str, Query(max_length=2000)] = "") -> Response:
    """The form of the second step."""
    return _code_form(request, suite)


@router.post("/connexion/code", dependencies=[Depends(anybody)])
async def do_code(request: Request, code: Field = "", suite: Field = "") -> Response:
    """The second step."""
    services: Services = request.app.state.services
    token = SESSION.read(request, services.settings) or ""
    step = await give_code(services, token, code, address_of(request))
    if step.outcome is Outcome.EXPIRED:
        return _form(request, suite, error=texts.CODE_TOO_LATE, status=401)
    if step.outcome is Outcome.TOO_MANY_ATTEMPTS:
        return _code_form(request, suite, error=_too_many(services), status=429)
    if step.outcome is Outcome.REFUSED:
        return _code_form(request, suite, error=texts.CODE_REFUSED, status=401)
    return _enter(request, step, suite)


@router.post("/deconnexion")
async def sign_out(request: Request, who: Annotated[Signed, Depends(require(*Role, temporary_password_will_do=True))]) -> Response:
    """End the session of this browser."""
    services: Services = request.app.state.services
    async with services.db.transaction() as session:
        await end_session(session, SESSION.read(request, services.settings) or "")
        record(session, who.account, "session.closed", subject_of(who.account))
    response = go_to("/connexion", "sortie")
    SESSION.remove(request, services.settings, response)
    return response


def _enter(request: Request, step: SignIn, suite: str) -> Response:
    services: Services = request.app.state.services
    onward = safe_path(suite)
    if step.outcome is Outcome.CODE_NEEDED:
        onward = f"{ROOT}/connexion/code?{urlencode({'suite': onward})}"
    response = RedirectResponse(onward, 303)
    SESSION.write(request, services.settings, response, step.token or "")
    return response


def _form(request: Request, suite: str, *, error: str | None = None, email: str = "", status: int = 200) -> Response:
    values = {"error": error, "email": email, "suite": safe_path(suite)}
    return form_page(request, "sign_in.html", _form_token(request), status=status, **values)


def _code_form(request: Request, suite: str, *, error: str | None = None, status: int = 200) -> Response:
    return form_page(request, "code.html", _form_token(request), status=status, error=error, suite=safe_path(suite))


def _form_token(request: Request) -> str:
    """The one this browser has, so that two tabs do not spoil each other's form."""
    services: Services = request.app.state.services
    held = FORM.read(request, services.settings) or ""
    return held if re.fullmatch(r"[\w-]{43}", held, re.ASCII) else secrets.token_urlsafe(32)


def _too_many(services: Services) -> str:
    return texts.TOO_MANY_ATTEMPTS.format(minutes=services.settings.sign_in_window_minutes)
