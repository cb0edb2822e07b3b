"""Sending the outbox: at least once, signed, again with growing delays until it is received or three days are over.

Several processes may do it: a delivery belongs to whoever moved its next attempt. No transaction is open while an address is asked.
"""

import asyncio
import json
import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx2
from sqlalchemy import delete, select, update

from guichet import clock
from guichet.background import Watch
from guichet.db import Database
from guichet.models import Webhook, WebhookDelivery
from guichet.webhooks import signature

log = logging.getLogger(__name__)
LOOK_S = 2.0
"""How often the outbox is looked at, in seconds."""
TIMEOUT_S = 10.0
LEASE = timedelta(seconds=60)
"""How long a delivery belongs to the process that took it: well over the time-out."""
BATCH = 20
DELAYS = tuple(timedelta(seconds=seconds) for seconds in (10, 60, 300, 1800, 7200, 18000, 36000, 86400, 86400))
"""Before the second attempt, the third, and so on; after the last one the delivery is given up."""
KEPT = timedelta(days=30)
"""How long finished deliveries stay, for those who look for one."""


@dataclass(frozen=True)
class _Parcel:
    ident: int
    attempts: int
    body: dict[str, Any]
    url: str
    secret: str


class WebhookSender:
    """Sends what is due, as long as the service runs."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._client = httpx2.AsyncClient(timeout=TIMEOUT_S, follow_redirects=False, headers={"User-Agent": "Guichet"})
        self._watch = Watch(self._send_all, LOOK_S)

    def start(self) -> None:
        """Begin to look at the outbox."""
        self._watch.start()

    async def stop(self) -> None:
        """Finish the attempt under way, and leave the rest in the outbox."""
        await self._watch.stop()
        await self._client.aclose()

    async def _send_all(self) -> None:
        while await self.send_due() and not self._watch.stopping:
            pass

    async def send_due(self) -> int:
        """Attempt some of what is due; how many attempts that were."""
        parcels = await self._take()
        if parcels:
            await asyncio.gather(*(self._attempt(parcel) for parcel in parcels))
            await self._forget_old()
        return len(parcels)

    async def _take(self) -> list[_Parcel]:
        now = clock.now()
        async with self._db.transaction() as session:
            due = (
                select(WebhookDelivery.id)
                .where(WebhookDelivery.next_attempt_at <= now)
                .order_by(WebhookDelivery.next_attempt_at)
                .limit(BATCH)
                .with_for_update(skip_locked=True)
            )
            idents = list(await session.scalars(due))
            if not idents:
                return []
            taken = await session.scalars(
                update(WebhookDelivery)
                .where(WebhookDelivery.id.in_(idents), WebhookDelivery.next_attempt_at <= now)
                .values(next_attempt_at=now + LEASE)
                .returning(WebhookDelivery.id)
            )
            query = (
                select(WebhookDelivery, Webhook).join(Webhook, Webhook.id == WebhookDelivery.webhook_id).where(WebhookDelivery.id.in_(list(taken)))
            )
            rows = (await session.execute(query)).all()
        return [_Parcel(delivery.id, delivery.attempts, delivery.body, webhook.url, webhook.secret) for delivery, webhook in rows]

    async def _attempt(self, parcel: _Parcel) -> None:
        problem = await self._post(parcel)
        now = clock.now()
        attempts = parcel.attempts + 1
        values: dict[str, Any] = {"attempts": attempts, "last_error": problem, "next_attempt_at": None}
        if problem is None:
            values["delivered_at"] = now
        elif parcel.attempts < len(DELAYS):
            values["next_attempt_at"] = now + DELAYS[parcel.attempts]
        else:
            log.error("webhook given up after %s attempts: %s to %s", attempts, parcel.body["id"], parcel.url)
        async with self._db.transaction() as session:
            await session.execute(update(WebhookDelivery).where(WebhookDelivery.id == parcel.ident).values(**values))

    async def _forget_old(self) -> None:
        finished = WebhookDelivery.next_attempt_at.is_(None)
        async with self._db.transaction() as session:
            await session.execute(delete(WebhookDelivery).where(finished, WebhookDelivery.created_at < clock.now() - KEPT))

    async def _post(self, parcel: _Parcel) -> str | None:
        """What went wrong; None when the event was received."""
        body = json.dumps(parcel.body).encode()
        headers = {"Content-Type": "application/json", "Guichet-Signature": signature(parcel.secret, body, clock.now())}
        try:
            async with asyncio.timeout(TIMEOUT_S), self._client.stream("POST", parcel.url, content=body, headers=headers) as response:
                return None if response.is_success else f"HTTP {response.status_code}"
        except (httpx2.HTTPError, httpx2.InvalidURL, TimeoutError) as error:
            return type(error).__name__
