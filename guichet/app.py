"""The application: everything wired together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.responses import FileResponse, JSONResponse
from fastapi.staticfiles import StaticFiles
from rasa_sdk.executor import ActionExecutor
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.middleware.base import RequestResponseEndpoint
from starlette.middleware.gzip import GZipMiddleware

from bot.actions import all_actions
from guichet import action_route, agent_socket, attachment_routes, chat, transcript_route, unsubscribe_page
from guichet.api import create_api
from guichet.console.app import create_console
from guichet.customer_http import add_customer_http
from guichet.db import Database
from guichet.faq_store import FaqStore
from guichet.handover_steps import Rules
from guichet.handover_watch import HandoverWatch
from guichet.hub import Hub
from guichet.mail_delivery import MailDelivery, Sender
from guichet.rasa import Dialogue, RasaClient
from guichet.services import Services
from guichet.settings import Settings, get_settings
from guichet.turns import TurnRunner
from guichet.webhook_delivery import WebhookSender

ROOT = Path(__file__).parent.parent
CSP = "default-src 'self'; connect-src 'self' ws: wss:; img-src 'self' data: blob:; style-src 'self'; frame-ancestors 'none'; base-uri 'none'"


def create_app(settings: Settings | None = None, rasa: Dialogue | None = None) -> FastAPI:
    """The ASGI application.

    Args:
        settings: those of the environment by default.
        rasa: who answers; the Rasa server of the settings by default.

    Raises:
        FaqError: the FAQ cannot be used.
        MailSettingsError: the settings for mail are incomplete or ill-formed.
    """
    settings = settings or get_settings()
    services = Services(settings, Database(settings.database_url), FaqStore(settings.faq_dir))
    hub = Hub(settings.redis_url)
    rasa = rasa or RasaClient(settings.rasa_url, settings.rasa_timeout_s)
    turns = TurnRunner(services.db, rasa, services.faq, settings, hub.notify)
    watch = HandoverWatch(services.db, lambda: Rules.of(services), hub.notify)
    sender = Sender.of(settings)
    delivery = MailDelivery(services.db, sender) if sender else None

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        hub.start()
        turns.start()
        watch.start()
        if delivery:
            delivery.start()
        webhooks = WebhookSender(services.db)
        webhooks.start()
        yield
        await webhooks.stop()
        await watch.stop()
        await turns.stop()
        if delivery:
            await delivery.stop()
        await hub.stop()
        await rasa.close()
        await services.db.close()

    app = FastAPI(title="Guichet", lifespan=lifespan, docs_url=None, redoc_url=None)
    app.state.chat = chat.Chat(services, hub, turns)
    app.state.executor = _executor(services)
    app.include_router(chat.router)
    app.include_router(attachment_routes.router)
    app.include_router(transcript_route.router)
    app.include_router(agent_socket.router)
    app.include_router(action_route.router)
    app.include_router(unsubscribe_page.router)
    _add_health(app, services, rasa)
    app.mount("/api/v1", create_api(services), name="api")
    app.mount("/console", create_console(services), name="console")
    app.mount("/widget", GZipMiddleware(StaticFiles(directory=ROOT / "widget")), name="widget")
    if settings.demo:
        _add_demo(app)
    app.middleware("http")(_secure)
    add_customer_http(app)
    return app


def _executor(services: Services) -> ActionExecutor:
    executor = ActionExecutor()
    for action in all_actions(services):
        executor.register_action(action)
    return executor


def _add_health(app: FastAPI, services: Services, rasa: Dialogue) -> None:
    @app.get("/livez")
    async def livez() -> dict[str, str]:
        """The process answers."""
        return {"status": "ok"}

    @app.get("/readyz")
    async def readyz() -> Response:
        """Database and Rasa answer; 503 and which one does not otherwise."""
        checks = {"database": await _database_answers(services.db), "rasa": await rasa.is_ready()}
        return JSONResponse({name: "ok" if ok else "down" for name, ok in checks.items()}, 200 if all(checks.values()) else 503)


async def _database_answers(db: Database) -> bool:
    try:
        async with db.transaction() as session:
            await session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return False
    return True


def _add_demo(app: FastAPI) -> None:
    directory = ROOT / "guichet" / "demo"
    app.mount("/demo", StaticFiles(directory=directory), name="demo")

    @app.get("/", include_in_schema=False)
    async def demo_shop() -> FileResponse:
        return FileResponse(directory / "index.html")


async def _secure(request: Request, call_next: RequestResponseEndpoint) -> Response:
    response = await call_next(request)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    if request.url.path.startswith("/widget/"):
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Cache-Control"] = "no-cache"
    else:
        response.headers.setdefault("Content-Security-Policy", CSP)
    return response
