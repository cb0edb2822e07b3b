"""The console over HTTP: signing in, forged requests, one's own account, the accounts and the audit log."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from sqlalchemy import select

from guichet import clock
from guichet.accounts import disable_account
from guichet.console.sign_in_pages import safe_path
from guichet.console_sessions import IDLE
from guichet.db import Database
from guichet.faq_store import FaqStore
from guichet.models import Account, CaseQueue, Role
from guichet.second_factor import STEP_S
from guichet.services import Services
from guichet.settings import Settings
from tests.console import HTTPS, PASSWORD, Browser, add_account, browser, plain

NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
NEW = "quatre chevaux mangent"


@pytest.fixture(autouse=True)
def _quick_hashes(quick_hashes: None) -> None:
    """Real ones are slow on purpose."""


@pytest.fixture
async def services(db: Database, settings: Settings, faq_store: FaqStore) -> AsyncIterator[Services]:
    with clock.at(NOON):
        yield Services(settings.model_copy(update={"demo": False, "sign_in_attempts": 3}), db, faq_store)


@pytest.fixture
async def visitor(services: Services) -> AsyncIterator[Browser]:
    async with browser(services) as opened:
        yield opened


@pytest.fixture
async def agent(services: Services, visitor: Browser) -> Browser:
    await add_account(services.db, Role.AGENT)
    await visitor.sign_in("agent@example.com")
    return visitor


@pytest.fixture
async def admin(services: Services, visitor: Browser) -> Browser:
    await add_account(services.db, Role.ADMIN, name="Une administration")
    await visitor.sign_in("admin@example.com")
    return visitor


async def account_of(services: Services, email: str) -> Account:
    async with services.db.transaction() as session:
        return (await session.scalars(select(Account).where(Account.email == email))).one()


# --- sign-in


async def test_one_is_led_to_the_sign_in_and_back(services: Services, visitor: Browser) -> None:
    await add_account(services.db, Role.AGENT)
    led = await visitor.get("/compte?fait=sessions")
    assert (led.status_code, led.headers["location"]) == (303, "/console/connexion?suite=%2Fconsole%2Fcompte%3Ffait%3Dsessions")
    shown = await visitor.client.get(led.headers["location"])
    visitor.last = shown
    assert 'name="suite" value="/console/compte?fait=sessions"' in shown.text
    entered = await visitor.post("/connexion", email="Agent@Example.com", password=PASSWORD, suite="/console/compte?fait=sessions")
    assert (entered.status_code, entered.headers["location"]) == (303, "/console/compte?fait=sessions")
    assert "Vos autres sessions sont fermées." in plain(await visitor.get("/compte?fait=sessions"))
    assert (await visitor.get("/connexion")).status_code == 303


async def test_the_session_cookie_cannot_be_read_stolen_or_set_by_others(agent: Browser) -> None:
    assert agent.last is not None
    cookie = agent.last.headers["set-cookie"]
    assert re.match(r"__Host-guichet=[\w-]{43}; HttpOnly; Max-Age=604800; Path=/; SameSite=lax; Secure$", cookie)


async def test_a_new_sign_in_has_a_new_token_and_ends_the_session_before(services: Services, visitor: Browser) -> None:
    await add_account(services.db, Role.AGENT)
    await visitor.get("/connexion")
    form = {"email": "agent@example.com", "password": PASSWORD, "csrf": visitor.csrf}
    await visitor.post("/connexion", **form)
    before = visitor.client.cookies["__Host-guichet"]
    async with browser(services) as thief:
        thief.client.cookies.set("__Host-guichet", before)
        assert (await thief.get("/compte")).status_code == 200
        await visitor.post("/connexion", **form)
        assert (await thief.get("/compte")).status_code == 303
    assert visitor.client.cookies["__Host-guichet"] != before


async def test_over_plain_http_only_this_machine_and_only_when_allowed(services: Services) -> None:
    await add_account(services.db, Role.AGENT)
    allowed = Services(services.settings.model_copy(update={"console_plain_http": True}), services.db, services.faq)
    for its_services, origin, status in (
        (services, "http://localhost:8000", 403),
        (allowed, "http://192.0.2.7:8000", 403),
        (allowed, "http://guichet.example.com", 403),
    ):
        async with browser(its_services, origin) as refused:
            page = await refused.get("/connexion")
            assert (page.status_code, "set-cookie" in page.headers) == (status, False)
            assert "connexion chiffrée" in plain(page)
            assert "connexion chiffrée" in plain(await refused.get("/nulle-part"))
    for origin in ("http://localhost:8000", "http://127.0.0.1:8000", "http://[::1]:8000"):
        async with browser(allowed, origin) as local:
            entered = await local.sign_in("agent@example.com")
            assert entered.status_code == 303
            cookie = entered.headers["set-cookie"]
            assert cookie.startswith("guichet-8000=")
            assert "HttpOnly" in cookie
            assert "Secure" not in cookie


async def test_wrong_and_unknown_have_the_same_page(services: Services, visitor: Browser) -> None:
    await add_account(services.db, Role.AGENT)
    gone = await add_account(services.db, Role.AGENT, email="partie@example.com")
    async with services.db.transaction() as session:
        await disable_account(session, await session.get_one(Account, gone.id), by=None)
    pages = []
    for email, password in (("agent@example.com", NEW), ("nobody@example.com", PASSWORD), ("partie@example.com", PASSWORD)):
        refused = await visitor.sign_in(email, password)
        assert refused.status_code == 401
        assert "set-cookie" not in refused.headers or "__Host-guichet=" not in refused.headers["set-cookie"]
        assert password not in refused.text
        pages.append(re.sub(r"csrf[^>]*>", "", refused.text.replace(email, "E")))
    assert pages[0] == pages[1] == pages[2]


@pytest.mark.parametrize("email", ["agent@example.com", "nobody@example.com"])
async def test_too_many_attempts_are_told_and_stop_the_right_password(services: Services, visitor: Browser, email: str) -> None:
    await add_account(services.db, Role.AGENT)
    for _ in range(3):
        await visitor.sign_in(email, NEW)
    blocked = await visitor.sign_in(email)
    assert blocked.status_code == 429
    assert "Attendez 15 minutes" in plain(blocked)


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example.com/", "//evil.example.com/", "/\\evil.example.com", "/console/\\evil", "javascript:alert(1)", "/console", "console/",
        "/console/compte\r\nSet-Cookie: a=b", "/console/connexion", "/console/deconnexion", "/console//evil.example.com\\@", " /console/compte", "",
    ],
)  # fmt: skip
async def test_the_sign_in_leads_nowhere_else(services: Services, visitor: Browser, wanted: str) -> None:
    assert safe_path(wanted) == "/console/"
    await add_account(services.db, Role.AGENT)
    entered = await visitor.sign_in("agent@example.com", suite=wanted)
    assert entered.headers["location"] == "/console/"


async def test_signing_out_ends_the_session(agent: Browser) -> None:
    token = agent.client.cookies["__Host-guichet"]
    left = await agent.submit("/", "/deconnexion")
    assert (left.status_code, left.headers["location"]) == (303, "/console/connexion?fait=sortie")
    assert "Votre session est fermée." in plain(await agent.get("/connexion?fait=sortie"))
    agent.client.cookies.set("__Host-guichet", token)
    assert (await agent.get("/")).status_code == 303


async def test_a_session_that_nobody_uses_ends(agent: Browser) -> None:
    with clock.at(NOON + IDLE + timedelta(seconds=1)):
        assert (await agent.get("/")).status_code == 303


async def test_a_disabled_account_is_out_at_the_next_click(services: Services, agent: Browser) -> None:
    account = await account_of(services, "agent@example.com")
    assert (await agent.get("/")).status_code == 200
    async with services.db.transaction() as session:
        await disable_account(session, await session.get_one(Account, account.id), by=None)
    assert (await agent.get("/")).status_code == 303


# --- forged requests


async def test_a_form_needs_the_token_of_its_own_session(services: Services, agent: Browser) -> None:
    await add_account(services.db, Role.EDITOR)
    async with browser(services) as other:
        await other.sign_in("editor@example.com")
        await other.get("/")
        foreign = other.csrf
    await agent.get("/")
    for csrf in ("", "forged", foreign, agent.csrf[:-1]):
        refused = await agent.post("/deconnexion", csrf=csrf)
        assert refused.status_code == 403
        assert "Rien n’a été enregistré" in plain(refused)
        await agent.get("/")
    assert (await agent.post("/deconnexion")).status_code == 303


@pytest.mark.parametrize("origin", ["https://evil.example.com", "http://guichet.example.com", "null", ""])
async def test_a_form_needs_our_origin(agent: Browser, origin: str) -> None:
    await agent.get("/")
    assert (await agent.post("/deconnexion", headers={"Origin": origin})).status_code == 403
    assert (await agent.get("/")).status_code == 200


async def test_a_script_sends_the_token_in_a_header(agent: Browser) -> None:
    await agent.get("/")
    for token, status in (("forged", 403), (agent.csrf, 303)):
        headers = {"Origin": HTTPS, "X-CSRF-Token": token}
        sent = await agent.client.post("/console/compte/sessions", headers=headers, json={})
        assert sent.status_code == status
        if status == 403:
            assert sent.json()["error"] == "forged"
    assert (await agent.client.post("/console/compte/sessions", headers={"Origin": HTTPS}, json={"csrf": agent.csrf})).status_code == 403


async def test_the_sign_in_form_is_protected_as_well(services: Services, visitor: Browser) -> None:
    await add_account(services.db, Role.AGENT)
    refused = await visitor.post("/connexion", email="agent@example.com", password=PASSWORD, csrf="")
    assert refused.status_code == 403
    await visitor.get("/connexion")
    token = visitor.csrf
    assert (await visitor.post("/connexion", email="agent@example.com", password=PASSWORD, csrf="x" * 43)).status_code == 403
    visitor.client.cookies.clear()
    assert (await visitor.post("/connexion", email="agent@example.com", password=PASSWORD, csrf=token)).status_code == 403
    assert "__Host-guichet" not in visitor.client.cookies


async def test_somebody_without_a_session_cannot_send(visitor: Browser) -> None:
    refused = await visitor.post("/deconnexion")
    assert refused.status_code == 401
    assert "Connectez-vous à nouveau" in plain(refused)
    called = await visitor.client.get("/console/compte", headers={"Accept": "application/json"})
    assert (called.status_code, called.json()["error"]) == (401, "sign_in")
    assert (await visitor.get("/compte", headers={"HX-Request": "true"})).headers["hx-redirect"] == "/console/connexion"


async def test_pages_are_not_kept_framed_or_scripted_by_others(agent: Browser) -> None:
    for path in ("/", "/nulle-part", "/connexion", "/comptes"):
        headers = (await agent.get(path)).headers
        assert headers["cache-control"] == "no-store"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
    page = (await agent.get("/compte")).text
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|<script(?![^>]* src=)", page)
    assert (await agent.client.get("/console/static/console.css")).headers["cache-control"] == "no-cache"


async def test_errors_are_pages_in_french(agent: Browser) -> None:
    missing = await agent.get("/nulle-part")
    assert missing.status_code == 404
    assert "Cette page n’existe pas." in plain(missing)
    await agent.get("/")
    huge = await agent.post("/deconnexion", more="x" * 300_000)
    assert huge.status_code == 413
    assert "trop volumineux" in plain(huge)
    assert huge.headers["cache-control"] == "no-store"


async def test_a_failure_of_ours_is_a_page_as_well(agent: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("guichet.console.home_page.first_entry", fail)
    failed = await agent.get("/")
    assert failed.status_code == 500
    assert "Une erreur est survenue de notre côté." in plain(failed)
    assert failed.headers["cache-control"] == "no-store"
    assert "ZeroDivisionError" not in failed.text


# --- one's own account


async def test_a_temporary_password_is_changed_first(services: Services, visitor: Browser) -> None:
    await add_account(services.db, Role.AGENT, temporary=True)
    await visitor.sign_in("agent@example.com")
    assert (await visitor.get("/")).headers["location"] == "/console/compte"
    shown = plain(await visitor.get("/compte"))
    assert "Votre mot de passe est provisoire" in shown
    assert "Double authentification" not in shown
    assert (await visitor.post("/compte/sessions")).status_code == 403
    done = await visitor.submit("/compte", "/compte/mot-de-passe", current=PASSWORD, new=NEW, again=NEW)
    assert done.headers["location"] == "/console/compte?fait=mot-de-passe"
    assert (await visitor.get("/")).status_code == 200


@pytest.mark.parametrize(
    ("current", "new", "again", "told"),
    [
        (NEW, NEW, NEW, "Ce n’est pas votre mot de passe actuel."),
        (PASSWORD, NEW, NEW + "!", "Les deux saisies ne sont pas identiques."),
        (PASSWORD, PASSWORD, PASSWORD, "Choisissez un mot de passe différent de l’actuel."),
        (PASSWORD, "court", "court", "Choisissez au moins 12 caractères"),
        (PASSWORD, "personne-2026-xq", "personne-2026-xq", "Évitez votre nom"),
        (PASSWORD, "motdepasse2026", "motdepasse2026", "trop courant"),
    ],
)
async def test_a_password_that_cannot_be_changed_so(agent: Browser, current: str, new: str, again: str, told: str) -> None:
    refused = await agent.submit("/compte", "/compte/mot-de-passe", current=current, new=new, again=again)
    assert refused.status_code == 422
    assert told in plain(refused)
    assert new not in refused.text


async def test_a_new_password_closes_the_other_sessions(services: Services, agent: Browser) -> None:
    async with browser(services) as elsewhere:
        await elsewhere.sign_in("agent@example.com")
        assert "Votre compte est aussi ouvert dans un autre navigateur." in plain(await agent.get("/compte"))
        await agent.post("/compte/mot-de-passe", current=PASSWORD, new=NEW, again=NEW)
        assert (await elsewhere.get("/compte")).status_code == 303
        assert (await elsewhere.sign_in("agent@example.com")).status_code == 401
        assert (await elsewhere.sign_in("agent@example.com", NEW)).status_code == 303
    assert (await agent.get("/compte")).status_code == 200


async def test_the_other_sessions_can_be_closed(services: Services, agent: Browser) -> None:
    async with browser(services) as elsewhere:
        await elsewhere.sign_in("agent@example.com")
        await agent.submit("/compte", "/compte/sessions")
        assert (await elsewhere.get("/compte")).status_code == 303
    assert (await agent.get("/compte")).status_code == 200


async def switch_on(browser_: Browser) -> pyotp.TOTP:
    await browser_.submit("/compte", "/compte/code", current=PASSWORD)
    shown = await browser_.get("/compte/code")
    assert '<path d="M' in shown.text
    codes = pyotp.TOTP(re.search(r'id="secret">([A-Z2-7 ]+)<', shown.text)[1].replace(" ", ""))  # type: ignore[index]
    done = await browser_.post("/compte/code/confirmer", code=codes.at(NOON))
    assert done.headers["location"] == "/console/compte?fait=code-actif"
    return codes


async def test_a_second_factor_is_asked_for_once_it_is_confirmed(services: Services, agent: Browser) -> None:
    assert "Ce n’est pas votre mot de passe" in plain(await agent.submit("/compte", "/compte/code", current=NEW))
    await agent.submit("/compte", "/compte/code", current=PASSWORD)
    await agent.get("/compte/code")
    assert (await agent.post("/compte/code/confirmer", code="000000")).status_code == 422
    async with browser(services) as elsewhere:
        assert (await elsewhere.sign_in("agent@example.com")).headers["location"] == "/console/"
        codes = await switch_on(agent)
        assert (await elsewhere.get("/")).status_code == 303
        first = await elsewhere.sign_in("agent@example.com", suite="/console/compte")
        assert first.headers["location"] == "/console/connexion/code?suite=%2Fconsole%2Fcompte"
        assert (await elsewhere.get("/compte")).status_code == 303
        await elsewhere.get("/connexion/code?suite=%2Fconsole%2Fcompte")
        replayed = await elsewhere.post("/connexion/code", code=codes.at(NOON))
        assert (replayed.status_code, "il a déjà servi" in plain(replayed)) == (401, True)
        half_open = elsewhere.client.cookies["__Host-guichet"]
        with clock.at(NOON + timedelta(seconds=STEP_S)):
            entered = await elsewhere.post("/connexion/code", code=codes.at(NOON + timedelta(seconds=STEP_S)), suite="/console/compte")
            assert entered.headers["location"] == "/console/compte"
            assert elsewhere.client.cookies["__Host-guichet"] != half_open
            assert (await elsewhere.get("/compte")).status_code == 200
    assert (await agent.get("/compte/code")).headers["location"] == "/console/compte"


async def test_the_code_without_a_first_step_begins_again(visitor: Browser) -> None:
    refused = await visitor.submit("/connexion/code", "/connexion/code", code="123456")
    assert (refused.status_code, "connectez-vous à nouveau" in plain(refused)) == (401, True)


async def test_a_second_factor_is_taken_off_with_the_password(services: Services, agent: Browser) -> None:
    await switch_on(agent)
    assert (await agent.submit("/compte", "/compte/code/retirer", current=NEW)).status_code == 422
    assert (await account_of(services, "agent@example.com")).totp_secret is not None
    assert (await agent.submit("/compte", "/compte/code/retirer", current=PASSWORD)).status_code == 303
    assert (await account_of(services, "agent@example.com")).totp_secret is None


# --- the accounts


async def test_an_account_is_made_and_its_password_shown_once(services: Services, admin: Browser) -> None:
    made = await admin.submit("/comptes/nouveau", "/comptes", email="Nina@example.com", name="Nina", role="agent", team="sav", max_chats="6")
    password = re.search(r"<code[^>]*>([\w-]{19})</code>", made.text)
    assert password
    account = await account_of(services, "nina@example.com")
    assert (account.name, account.team, account.max_chats, account.password_temporary) == ("Nina", CaseQueue.SAV, 6, True)
    assert password[1] not in (await admin.get(f"/comptes/{account.id}")).text
    async with browser(services) as nina:
        assert (await nina.sign_in("nina@example.com", password[1])).status_code == 303


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("email", "nina", "Indiquez une adresse e-mail"),
        ("email", "ADMIN@example.com", "Un compte a déjà cette adresse."),
        ("name", "  ", "Indiquez un nom"),
        ("role", "root", "Choisissez un rôle."),
        ("team", "ventes", "Choisissez une équipe de la liste."),
        ("max_chats", "0", "Indiquez un nombre de 1 à 20."),
        ("max_chats", "²", "Indiquez un nombre de 1 à 20."),
    ],
)
async def test_what_is_wrong_in_the_form_is_told(admin: Browser, field: str, value: str, told: str) -> None:
    fields = {"email": "nina@example.com", "name": "Nina", "role": "agent", "team": "", "max_chats": "4"} | {field: value}
    refused = await admin.submit("/comptes/nouveau", "/comptes", **fields)
    assert refused.status_code == 422
    assert told in plain(refused)


async def test_names_are_never_markup(services: Services, admin: Browser) -> None:
    await admin.submit("/comptes/nouveau", "/comptes", email="x@example.com", name="<b>x</b>", role="agent", team="", max_chats="4")
    for path in ("/comptes", f"/comptes/{(await account_of(services, 'x@example.com')).id}", "/journal"):
        page = (await admin.get(path)).text
        assert "<b>x</b>" not in page
        assert "&lt;b&gt;x&lt;/b&gt;" in page


async def test_a_role_change_is_felt_at_once(services: Services, admin: Browser) -> None:
    agent = await add_account(services.db, Role.AGENT)
    async with browser(services) as other:
        await other.sign_in("agent@example.com")
        assert (await other.get("/comptes")).status_code == 403
        saved = await admin.submit(f"/comptes/{agent.id}", f"/comptes/{agent.id}", name="Agent", role="admin", team="", max_chats="4")
        assert saved.headers["location"] == f"/console/comptes/{agent.id}?fait=compte-modifie"
        assert (await other.get("/comptes")).status_code == 200


async def test_the_last_administrator_cannot_leave(services: Services, admin: Browser) -> None:
    own = await account_of(services, "admin@example.com")
    demoted = await admin.submit(f"/comptes/{own.id}", f"/comptes/{own.id}", name="A", role="agent", team="", max_chats="4")
    assert "dernier compte d’administration" in plain(demoted)
    assert "Vous ne pouvez pas désactiver votre propre compte" in plain(await admin.submit("/comptes", f"/comptes/{own.id}/desactiver"))
    assert (await account_of(services, "admin@example.com")).role is Role.ADMIN


async def test_an_account_is_shut_out_let_in_and_given_a_password(services: Services, admin: Browser) -> None:
    agent = await add_account(services.db, Role.AGENT)
    async with browser(services) as other:
        await other.sign_in("agent@example.com")
        await admin.submit(f"/comptes/{agent.id}", f"/comptes/{agent.id}/desactiver")
        assert (await other.get("/")).status_code == 303
        assert (await other.sign_in("agent@example.com")).status_code == 401
        await admin.submit(f"/comptes/{agent.id}", f"/comptes/{agent.id}/reactiver")
        assert (await other.sign_in("agent@example.com")).status_code == 303
        given = await admin.submit(f"/comptes/{agent.id}", f"/comptes/{agent.id}/mot-de-passe")
        password = re.search(r"<code[^>]*>([\w-]{19})</code>", given.text)
        assert password
        assert (await other.get("/")).status_code == 303
        assert (await other.sign_in("agent@example.com", password[1])).status_code == 303
        assert (await other.get("/")).headers["location"] == "/console/compte"


@pytest.mark.parametrize("number", ["999", "99999999999", "0", "-1"])
async def test_an_account_that_is_not_there(admin: Browser, number: str) -> None:
    assert (await admin.get(f"/comptes/{number}")).status_code in (404, 422)


# --- the audit log


async def test_the_log_tells_who_did_what_and_is_searched(services: Services, admin: Browser) -> None:
    agent = await add_account(services.db, Role.AGENT, name="Personne cherchée")
    await admin.submit(f"/comptes/{agent.id}", f"/comptes/{agent.id}", name="Personne cherchée", role="editor", team="sav", max_chats="4")
    everything = plain(await admin.get("/journal"))
    assert "24/11/2026 à 12:00 Une administration Compte modifié Personne cherchée rôle : Agent → Rédaction, équipe : aucune → SAV" in everything
    own = await account_of(services, "admin@example.com")
    for query, count in (
        ("", "4 actions."),
        (f"personne={own.id}", "2 actions."),
        ("personne=0&action=account.created", "2 actions."),
        ("objet=AGENT@example.com", "2 actions."),
        ("action=session.opened", "Une action."),
        ("du=2026-11-24&au=2026-11-24", "4 actions."),
        ("au=2026-11-23", "Aucune action ne correspond."),
        ("du=hier&personne=x", "4 actions."),
        ("objet=inconnu@example.com", "Aucune action ne correspond."),
    ):
        assert count in plain(await admin.get(f"/journal?{query}")), query
