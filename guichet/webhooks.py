"""Events for the shop's systems: who is told, and the outbox, written in the very transaction of the change (docs/integration.md).

The outbox is filled by the session itself before it writes, so that nobody who changes a case can forget to. Only a change that goes
past the session (a bulk ``UPDATE`` of cases) has to announce itself: ``await session.run_sync(announce, "case.updated", data)``.
"""

import hashlib
import hmac
import ipaddress
import secrets
import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal
from urllib.parse import urlsplit

from sqlalchemy import and_, case, delete, event, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from guichet import clock
from guichet.db import insert_if_missing
from guichet.models import CaseEvent, Return, SavCase, Webhook, WebhookDelivery

EventType = Literal["case.opened", "case.updated", "return.registered"]
MAX_URL = 500


class InvalidTarget(ValueError):  # noqa: N818
    """Not an address that events may be sent to: https, or http on this machine."""


class AlreadyThere(Exception):  # noqa: N818
    """There is a webhook with this address already."""


async def add_webhook(session: AsyncSession, url: str) -> str:
    """Tell this address of events from now on; the secret that signs them.

    Raises:
        InvalidTarget, AlreadyThere
    """
    if not is_allowed(url):
        raise InvalidTarget(url)
    secret = "whsec_" + secrets.token_urlsafe(32)
    if not await insert_if_missing(session, Webhook.url, url=url, secret=secret):
        raise AlreadyThere(url)
    return secret


async def remove_webhook(session: AsyncSession, url: str) -> bool:
    """Tell this address nothing any more, not even what waits; False when it was not told anything."""
    webhook = await session.scalar(select(Webhook).where(Webhook.url == url))
    if webhook is None:
        return False
    await session.execute(delete(WebhookDelivery).where(WebhookDelivery.webhook_id == webhook.id))
    await session.delete(webhook)
    return True


async def webhooks(session: AsyncSession) -> list[tuple[str, int, int]]:
    """The address of every webhook, and how many events wait for it and were given up."""
    waiting = WebhookDelivery.next_attempt_at.is_not(None)
    lost = and_(WebhookDelivery.next_attempt_at.is_(None), WebhookDelivery.delivered_at.is_(None), WebhookDelivery.id.is_not(None))
    query = (
        select(Webhook.url, func.count(case((waiting, 1))), func.count(case((lost, 1))))
        .outerjoin(WebhookDelivery, WebhookDelivery.webhook_id == Webhook.id)
        .group_by(Webhook.url)
        .order_by(Webhook.url)
    )
    return [(row[0], row[1], row[2]) for row in (await session.execute(query)).all()]


def is_allowed(url: str) -> bool:
    """Whether events may be sent there: https, or http to this machine; without credentials."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    if not host or parts.username is not None or parts.fragment or len(url) > MAX_URL or not url.isascii() or not url.isprintable() or " " in url:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(host))


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def announce(session: Session, kind: EventType, data: dict[str, Any]) -> None:
    """Put an event into the outbox of every webhook, in the session's transaction. Its id is the same for all and at each attempt."""
    body = {"id": str(uuid.uuid4()), "type": kind, "created_at": clock.now().isoformat(), "data": data}
    with session.no_autoflush:
        idents = session.scalars(select(Webhook.id)).all()
    session.add_all(WebhookDelivery(webhook_id=ident, body=body) for ident in idents)


def signature(secret: str, body: bytes, at: datetime) -> str:
    """The header ``Guichet-Signature``: HMAC-SHA256 of the time, a point and the body."""
    seconds = int(at.timestamp())
    digest = hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={seconds},v1={digest}"


@event.listens_for(Session, "before_flush")
def _watch(session: Session, _context: Any, _instances: Any) -> None:
    opened = [row for row in session.new if isinstance(row, SavCase)]
    for row in opened:
        announce(session, "case.opened", _case_data(row))
    for row in _updated(session, opened):
        announce(session, "case.updated", _case_data(row))
    for row in list(session.new):
        if isinstance(row, Return):
            data = {"number": row.number, "state": row.state.value, "url": "/api/v1/returns"}
            announce(session, "return.registered", data)


def _updated(session: Session, opened: Iterable[SavCase]) -> list[SavCase]:
    """Cases that change, or get a new line of history."""
    changed = {row for row in session.dirty if isinstance(row, SavCase) and session.is_modified(row)}
    with session.no_autoflush:
        told = (session.get(SavCase, row.case_id) for row in session.new if isinstance(row, CaseEvent) and row.case_id is not None)
        changed |= {known for known in told if known is not None}
    return sorted(changed - set(opened), key=lambda known: known.number)


def _case_data(known: SavCase) -> dict[str, Any]:
    return {"number": known.number, "state": known.state.value, "url": f"/api/v1/cases/{known.number}"}
