"""The console as an application of its own, mounted at ``/console``: its pages, errors and headers are not the shop's."""

from fastapi import FastAPI, Request, Response
from fastapi.staticfiles import StaticFiles
from starlette.middleware.base import RequestResponseEndpoint

from guichet.console import account_pages, audit_pages, home_page, own_account_pages, sign_in_pages
from guichet.console.errors import add_error_handlers, error_page
from guichet.console.guard import guarded_routes
from guichet.console.headers import headers_for
from guichet.console.pages import HERE
from guichet.services import Services

MAX_BODY_BYTES = 256 * 1024
"""For forms; a route that takes files sets its own."""


def create_console(services: Services) -> FastAPI:
    """The application.

    Raises:
        RuntimeError: a route has no guard (``guichet.console.guard``).
    """
    console = FastAPI(title="Guichet console", openapi_url=None, docs_url=None, redoc_url=None)
    console.state.services = services
    for part in (home_page, sign_in_pages, own_account_pages, account_pages, audit_pages):
        console.include_router(part.router, max_body_size=MAX_BODY_BYTES)
    console.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    console.state.guarded_routes = guarded_routes(console)
    add_error_handlers(console)
    console.middleware("http")(_secure)
    return console


async def _secure(request: Request, call_next: RequestResponseEndpoint) -> Response:
    response = await call_next(request)
    if response.status_code == 413:  # FastAPI's own is in plain English
        response = await error_page(request, 413, "too_large")
    response.headers.update(headers_for(request.url.path))
    return response
