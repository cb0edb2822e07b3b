"""Pages of the console, from Jinja2 templates. Everything is escaped; templates are written with plain spaces and get those of French."""

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from fastapi import Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request

from guichet import clock
from guichet.console import texts
from guichet.console.cookies import FORM
from guichet.console.guard import Signed
from guichet.console.navigation import entries_for
from guichet.french import typeset
from guichet.services import Services

ROOT = "/console"
HERE = Path(__file__).parent
_NOT_TEXT = re.compile(r"(\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|<(?:\{\{.*?\}\}|\{%.*?%\}|[^>{]|\{(?![{%]))*>|&#?\w+;)", re.S)


class FrenchLoader(FileSystemLoader):
    """Templates whose texts are typeset as they are read: what is between tags, not the tags nor the expressions."""

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        """The source as it is compiled."""
        source, path, is_current = super().get_source(environment, template)
        return typeset_markup(source), path, is_current


def typeset_markup(source: str) -> str:
    """Typeset the texts of a template."""
    return "".join(part if index % 2 else typeset(part) for index, part in enumerate(_NOT_TEXT.split(source)))


def short_instant(instant: datetime) -> str:
    """``24/11/2026 à 9:30`` in Paris."""
    local = instant.astimezone(clock.PARIS)
    return f"{local:%d/%m/%Y} à {local.hour}:{local:%M}"


def _environment() -> Environment:
    environment = Environment(
        loader=FrenchLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {"fr": typeset, "instant": short_instant}
    environment.globals |= {"roles": texts.ROLES, "teams": texts.TEAMS, "root": ROOT}
    return environment


_pages = _environment()


def page(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A page in the frame of whoever is signed in.

    Args:
        values: for the template; all is escaped.
    """
    return HTMLResponse(_pages.get_template(template).render(_frame(request) | values), status)


def _frame(request: Request) -> dict[str, Any]:
    services: Services = request.app.state.services
    signed: Signed | None = getattr(request.state, "signed", None)
    return {
        "shop": services.faq().facts.nom,
        "signed": signed,
        "account": signed.account if signed else None,
        "csrf": signed.session.csrf if signed else "",
        "entries": entries_for(request, signed.account.role) if signed and not signed.account.password_temporary else [],
        "path": request.url.path.removeprefix(ROOT),
        "notice": texts.NOTICES.get(request.query_params.get("fait", "")),
        "error": None,
    }


def form_page(request: Request, template: str, form_token: str, **values: Any) -> HTMLResponse:
    """A page with a form for somebody who is not signed in: its token is also in a cookie of this browser."""
    services: Services = request.app.state.services
    response = page(request, template, csrf=form_token, **values)
    FORM.write(request, services.settings, response, form_token)
    return response


def go_to(path: str, done: str | None = None) -> Response:
    """Go on to another page of the console, which tells what was ``done`` (``texts.NOTICES``)."""
    return RedirectResponse(f"{ROOT}{path}" + (f"?fait={done}" if done else ""), 303)


def address_of(request: Request) -> str:
    """The client's network address, as the server or a trusted proxy says."""
    return request.client.host if request.client else ""
