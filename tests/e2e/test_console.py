"""The console in a real browser, by keyboard, on a laptop and a phone. It needs neither Rasa nor the shop."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect

from guichet import schema
from guichet.app import create_app
from guichet.db import Database
from guichet.models import Role
from guichet.settings import Settings
from tests.api.conftest import FakeRasa, serve
from tests.conftest import ROOT
from tests.console import PASSWORD, add_account


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a console with one account of each role."""
    path = tmp_path_factory.mktemp("console") / "guichet.db"
    settings = Settings(database_url=f"sqlite+aiosqlite:///{path}", faq_dir=ROOT / "faq", console_plain_http=True)

    async def prepare() -> None:
        db = Database(settings.database_url)
        await schema.migrate(db)
        for role in Role:
            await add_account(db, role)
        await db.close()

    with ThreadPoolExecutor(1) as elsewhere:  # the browser's driver keeps an event loop in this thread
        elsewhere.submit(asyncio.run, prepare()).result()
    with serve(create_app(settings, FakeRasa())) as service:
        yield f"{service.url}/console"


def sign_in(page: Page, console: str, role: Role, password: str = PASSWORD) -> None:
    page.goto(f"{console}/")
    page.keyboard.type(f"{role.value}@example.com")
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_the_keyboard_is_enough_to_come_in_look_around_and_leave(page: Page, console: str) -> None:
    sign_in(page, console, Role.ADMIN, "quatre chevaux mangent")
    expect(page.get_by_role("alert")).to_contain_text("mot de passe incorrect")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_title("Accueil – Guichet, Topaz.pro")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Raccourcis clavier")
    expect(keys).to_contain_text("Journal")
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    page.keyboard.type("gu")
    expect(page.get_by_role("heading", level=1)).to_have_text("Comptes")
    page.keyboard.press("n")
    expect(page.get_by_label("Adresse e-mail")).to_be_visible()
    page.get_by_label("Nom").focus()
    page.keyboard.type("gj")
    expect(page.get_by_label("Nom")).to_have_value("gj")
    page.get_by_role("button", name="Se déconnecter").press("Enter")
    expect(page.get_by_role("status")).to_have_text("Votre session est fermée.")


def test_shortcuts_can_be_switched_off(page: Page, console: str) -> None:
    sign_in(page, console, Role.ADMIN)
    page.get_by_role("button", name="Raccourcis clavier").click()
    page.get_by_label("Utiliser ces raccourcis").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.type("gu?")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page).to_have_url(f"{console}/")


def test_each_role_sees_its_own_entries(page: Page, console: str) -> None:
    sign_in(page, console, Role.EDITOR)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bonjour")
    expect(page.get_by_role("navigation").get_by_role("link", name="Comptes")).to_have_count(0)
    page.goto(f"{console}/comptes")
    expect(page.get_by_role("heading", level=1)).to_have_text("Cette page n’est pas ouverte à votre rôle.")


def test_a_second_factor_is_set_up(page: Page, console: str) -> None:
    sign_in(page, console, Role.AGENT)
    page.goto(f"{console}/compte")
    section = page.get_by_role("region", name="Double authentification")
    section.get_by_label("Mot de passe actuel", exact=True).fill(PASSWORD)
    section.get_by_role("button", name="Activer").click()
    expect(page.get_by_role("img", name="Code QR")).to_be_visible()
    secret = page.locator("#secret").inner_text().replace(" ", "")
    page.get_by_label("Code à six chiffres").fill(pyotp.TOTP(secret).now())
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("La double authentification est active.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_cut_off_on_a_phone(browser: Browser, console: str, scheme: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="fr-FR", color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if "Content Security Policy" in message.text else None)
    sign_in(page, console, Role.ADMIN)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bonjour")
    for path in ("/", "/comptes", "/comptes/nouveau", "/comptes/1", "/journal", "/compte"):
        page.goto(f"{console}{path}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    page.get_by_role("button", name="Plus").click()
    expect(page.get_by_role("link", name="Mon compte")).to_be_visible()
    context.close()
    assert refused == []
