"""One's own account: password, second factor, sessions elsewhere. What only its owner may change asks for the password again."""

from typing import Annotated

import segno
from fastapi import APIRouter, Depends, Form, Request, Response
from markupsafe import Markup

from guichet.accounts import change_own_password, new_password_hash, subject_of
from guichet.audit import record
from guichet.console import texts
from guichet.console.guard import Signed, everybody, require
from guichet.console.pages import address_of, go_to, page
from guichet.console_sessions import count_sessions, end_sessions
from guichet.models import Account, Role
from guichet.passwords import WeakPassword
from guichet.second_factor import accept_code, drop_second_factor, has_second_factor, setup_address, start_second_factor
from guichet.services import Services
from guichet.sign_in import Outcome, confirm_password

router = APIRouter()
Owner = Annotated[Signed, Depends(everybody)]
AnyOwner = Annotated[Signed, Depends(require(*Role, temporary_password_will_do=True))]
Field = Annotated[str, Form(max_length=2000)]


@router.get("/compte")
async def show_account(request: Request, who: AnyOwner) -> Response:
    """All of it."""
    return await _account_page(request, who)


@router.post("/compte/mot-de-passe")
async def change_password(request: Request, who: AnyOwner, current: Field = "", new: Field = "", again: Field = "") -> Response:
    """A new password; the sessions elsewhere end."""
    services: Services = request.app.state.services
    problem = await _refusal(request, who, current) or _refused_pair(current, new, again)
    if problem:
        return await _account_page(request, who, password_error=problem)
    try:
        new_hash = await new_password_hash(new, email=who.account.email, name=who.account.name)
    except WeakPassword as weak:
        return await _account_page(request, who, password_error=texts.WEAKNESSES[weak.weakness])
    async with services.db.transaction() as session:
        await change_own_password(session, await session.get_one(Account, who.account.id), new_hash, here=who.session)
    return go_to("/compte", "mot-de-passe")


@router.post("/compte/code")
async def start_code(request: Request, who: Owner, current: Field = "") -> Response:
    """A secret on trial, shown on the next page."""
    services: Services = request.app.state.services
    if problem := await _refusal(request, who, current):
        return await _account_page(request, who, code_error=problem)
    async with services.db.transaction() as session:
        account = await session.get_one(Account, who.account.id)
        if has_second_factor(account):
            return go_to("/compte")
        start_second_factor(account)
    return go_to("/compte/code")


@router.get("/compte/code")
async def show_code(request: Request, who: Owner) -> Response:
    """The secret on trial, for the application to read; never one that is in use."""
    if who.account.totp_secret is None or has_second_factor(who.account):
        return go_to("/compte")
    return _code_page(request, who)


@router.post("/compte/code/confirmer")
async def confirm_code(request: Request, who: Owner, code: Field = "") -> Response:
    """The first code: the second factor is asked for from now on; the sessions elsewhere end."""
    services: Services = request.app.state.services
    async with services.db.transaction() as session:
        account = await session.get_one(Account, who.account.id)
        if account.totp_secret is None or has_second_factor(account):
            return go_to("/compte")
        if await accept_code(session, account, code):
            await end_sessions(session, account, but=who.session)
            record(session, account, "account.totp_enabled", subject_of(account))
            return go_to("/compte", "code-actif")
    return _code_page(request, who, error=texts.CODE_REFUSED)


@router.post("/compte/code/retirer")
async def drop_code(request: Request, who: Owner, current: Field = "") -> Response:
    """The password alone is enough again."""
    services: Services = request.app.state.services
    if problem := await _refusal(request, who, current):
        return await _account_page(request, who, code_error=problem)
    async with services.db.transaction() as session:
        account = await session.get_one(Account, who.account.id)
        drop_second_factor(account)
        record(session, account, "account.totp_disabled", subject_of(account))
    return go_to("/compte", "code-retire")


@router.post("/compte/sessions")
async def end_other_sessions(request: Request, who: Owner) -> Response:
    """Sign out everywhere but here."""
    services: Services = request.app.state.services
    async with services.db.transaction() as session:
        await end_sessions(session, who.account, but=who.session)
        record(session, who.account, "session.others_closed", subject_of(who.account))
    return go_to("/compte", "sessions")


async def _refusal(request: Request, who: Signed, current: str) -> str | None:
    services: Services = request.app.state.services
    outcome = await confirm_password(services, who.account, current, address_of(request))
    if outcome is Outcome.TOO_MANY_ATTEMPTS:
        return texts.TOO_MANY_ATTEMPTS.format(minutes=services.settings.sign_in_window_minutes)
    return None if outcome is Outcome.ACCEPTED else texts.PASSWORD_REFUSED


def _refused_pair(current: str, new: str, again: str) -> str | None:
    if new != again:
        return texts.PASSWORDS_DIFFER
    return texts.PASSWORD_UNCHANGED if new == current else None


async def _account_page(request: Request, who: Signed, *, password_error: str | None = None, code_error: str | None = None) -> Response:
    services: Services = request.app.state.services
    async with services.db.transaction() as session:
        others = await count_sessions(session, who.account) - 1
    values = {"others": others, "second_factor": has_second_factor(who.account), "password_error": password_error, "code_error": code_error}
    return page(request, "own_account.html", status=422 if password_error or code_error else 200, **values)


def _code_page(request: Request, who: Signed, *, error: str | None = None) -> Response:
    services: Services = request.app.state.services
    address = setup_address(who.account, f"Guichet – {services.faq().facts.nom}")
    picture = Markup(segno.make(address, micro=False).svg_inline(scale=5, border=2, svgclass="qr", lineclass=None, omitsize=True))  # noqa: S704
    secret = who.account.totp_secret or ""
    groups = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    return page(request, "code_setup.html", status=422 if error else 200, qr=picture, secret=groups, error=error)
