"""Who may open what: every route of the console has its line here, and a new one without a line fails."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from fastapi import FastAPI

from guichet.app import create_app
from guichet.console.app import create_console
from guichet.console.guard import guarded_routes
from guichet.db import Database
from guichet.faq_store import FaqStore
from guichet.models import Role
from guichet.services import Services
from guichet.settings import Settings
from tests.console import Browser, add_account, browser

EVERYBODY, SIGNED_IN, ADMINS = {None, *Role}, set(Role), {Role.ADMIN}
MATRIX: dict[tuple[str, str], set[Role | None]] = {
    ("GET", "/connexion"): EVERYBODY,
    ("POST", "/connexion"): EVERYBODY,
    ("GET", "/connexion/code"): EVERYBODY,
    ("POST", "/connexion/code"): EVERYBODY,
    ("POST", "/deconnexion"): SIGNED_IN,
    ("GET", "/"): SIGNED_IN,
    ("GET", "/compte"): SIGNED_IN,
    ("POST", "/compte/mot-de-passe"): SIGNED_IN,
    ("POST", "/compte/code"): SIGNED_IN,
    ("GET", "/compte/code"): SIGNED_IN,
    ("POST", "/compte/code/confirmer"): SIGNED_IN,
    ("POST", "/compte/code/retirer"): SIGNED_IN,
    ("POST", "/compte/sessions"): SIGNED_IN,
    ("GET", "/comptes"): ADMINS,
    ("POST", "/comptes"): ADMINS,
    ("GET", "/comptes/nouveau"): ADMINS,
    ("GET", "/comptes/{number}"): ADMINS,
    ("POST", "/comptes/{number}"): ADMINS,
    ("POST", "/comptes/{number}/desactiver"): ADMINS,
    ("POST", "/comptes/{number}/reactiver"): ADMINS,
    ("POST", "/comptes/{number}/mot-de-passe"): ADMINS,
    ("GET", "/journal"): ADMINS,
}
"""Method (``WS`` for a WebSocket) and path of each route, with the roles that are let in; None is somebody who is not signed in."""


@pytest.fixture(autouse=True)
def _quick_hashes(quick_hashes: None) -> None:
    """Real ones are slow on purpose."""


@pytest.fixture
def services(db: Database, settings: Settings, faq_store: FaqStore) -> Services:
    return Services(settings, db, faq_store)


@pytest.fixture
async def browsers(services: Services) -> AsyncIterator[dict[Role | None, Browser]]:
    """One browser for each role and one for nobody; the last signed in is asked for the account number 1, an agent's."""
    async with AsyncExitStack() as stack:
        found: dict[Role | None, Browser] = {None: await stack.enter_async_context(browser(services))}
        for role in Role:
            await add_account(services.db, role)
            found[role] = await stack.enter_async_context(browser(services))
        yield found


async def is_let_in(visitor: Browser, role: Role | None, method: str, path: str) -> bool:
    """Whether the guard lets somebody of this role in; what the page then says does not matter."""
    if role:
        await visitor.sign_in(f"{role.value}@example.com")
        await visitor.get("/compte")
    else:
        await visitor.get("/connexion")
    path = path.replace("{number}", "1")
    response = await (visitor.get(path) if method == "GET" else visitor.post(path))
    led_to_sign_in = response.headers.get("location", "").startswith("/console/connexion?suite=")
    return response.status_code not in (403, 500) and not led_to_sign_in and not (response.status_code == 401 and "Votre session" in response.text)


@pytest.mark.parametrize(("method", "path"), MATRIX)
async def test_each_route_lets_in_its_roles_and_nobody_else(browsers: dict[Role | None, Browser], method: str, path: str) -> None:
    let_in = {role for role, visitor in browsers.items() if await is_let_in(visitor, role, method, path)}
    if path.startswith("/connexion"):
        let_in |= {role for role in Role if method == "POST"}  # a form of the sign-in is not shown to whoever is in already
    assert let_in == MATRIX[method, path]


def test_every_route_has_its_line(services: Services) -> None:
    console = create_console(services)
    found = {(method, each.path) for each in guarded_routes(console) for method in each.methods or {"WS"}}
    assert found == set(MATRIX)


def test_a_route_without_a_guard_is_not_served(services: Services) -> None:
    console = create_console(services)
    console.add_api_route("/oubliee", lambda: None)
    with pytest.raises(RuntimeError, match="/oubliee"):
        guarded_routes(console)


def test_the_service_mounts_the_console(services: Services) -> None:
    app = create_app(services.settings)
    mounted = next(route for route in app.routes if getattr(route, "path", "") == "/console")
    assert isinstance(getattr(mounted, "app", None), FastAPI)
    assert mounted.app.state.guarded_routes  # type: ignore[attr-defined]
