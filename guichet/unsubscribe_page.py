"""The page behind the link at the bottom of news by e-mail. Reading it changes nothing, since mail scanners follow links; its button,
or the mail program's own (RFC 8058), ends the subscription."""

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse

from guichet import mail_texts
from guichet.french import typeset
from guichet.letters import TEMPLATES, render_page
from guichet.models import OrderSubscription
from guichet.notifications import PATH, subscription_of, unsubscribe
from guichet.services import Services

router = APIRouter(include_in_schema=False)
STYLE = "/notifications/page.css"


@router.get(STYLE)
async def style() -> FileResponse:
    """The page's style sheet: the content policy allows none inside the page."""
    return FileResponse(TEMPLATES / "page.css", media_type="text/css")


@router.get(PATH + "{token}")
async def ask(request: Request, token: str) -> HTMLResponse:
    """Ask for a confirmation."""
    services: Services = request.app.state.chat.services
    async with services.db.transaction() as session:
        subscription = await subscription_of(session, token)
    if subscription is not None and subscription.ended_at is None:
        return _page(services, mail_texts.PAGE_ASK, subscription, button=mail_texts.PAGE_CONFIRM)
    return _answer(services, subscription)


@router.post(PATH + "{token}")
async def confirm(request: Request, token: str) -> HTMLResponse:
    """Do it; the same answer however often."""
    services: Services = request.app.state.chat.services
    async with services.db.transaction() as session:
        subscription = await unsubscribe(session, token)
    return _answer(services, subscription)


def _answer(services: Services, subscription: OrderSubscription | None) -> HTMLResponse:
    if subscription is None:
        return _page(services, mail_texts.PAGE_UNKNOWN, None, status=404)
    return _page(services, mail_texts.PAGE_DONE, subscription)


def _page(services: Services, text: str, subscription: OrderSubscription | None, *, button: str | None = None, status: int = 200) -> HTMLResponse:
    facts = services.faq().facts
    number = subscription.order.number if subscription else ""
    page = render_page(
        "unsubscribe.html.jinja",
        title=mail_texts.PAGE_TITLE,
        shop=facts.nom,
        text=typeset(text.format(numero=number)),
        button=button,
        contact=typeset(mail_texts.CONTACT.format(**facts.values())),
        style=STYLE,
    )
    return HTMLResponse(page, status, headers={"Cache-Control": "no-store", "X-Robots-Tag": "noindex"})
