"""Waking up the sockets of a conversation. The database is the truth: a hint only says « look again », and a lost one costs a delay, not a message.

With Redis, hints reach the sockets of every guichet process; without it, those of this one.
"""

import asyncio
import json
import logging
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

import redis.asyncio as redis
from redis.exceptions import RedisError

log = logging.getLogger(__name__)
CHANNEL = "guichet:hints"
RECONNECT_S = 1.0


class Subscription:
    """What one socket waits on."""

    def __init__(self) -> None:
        self._wake = asyncio.Event()
        self.typing = False
        self.closed = False

    def wake(self, typing: bool | None) -> None:
        """There is news; ``typing`` says whether the bot prepares an answer, None if that did not change."""
        if typing is not None:
            self.typing = typing
        self._wake.set()

    def close(self) -> None:
        """The socket is gone: whoever waits may leave."""
        self.closed = True
        self._wake.set()

    async def wait(self, seconds: float) -> None:
        """Until there is news, or ``seconds`` have passed."""
        try:
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        except TimeoutError:
            return
        self._wake.clear()


class Hub:
    """The subscriptions of this process, by conversation.

    Args:
        redis_url: share hints with other processes through this Redis; None keeps them here.
    """

    def __init__(self, redis_url: str | None = None) -> None:
        self._subscriptions: dict[str, set[Subscription]] = defaultdict(set)
        self._redis = redis.from_url(redis_url) if redis_url else None
        self._listener: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin listening to the other processes."""
        if self._redis is not None:
            self._listener = asyncio.create_task(self._listen(self._redis))

    async def stop(self) -> None:
        """Stop listening."""
        if self._listener is not None:
            self._listener.cancel()
            await asyncio.gather(self._listener, return_exceptions=True)
        if self._redis is not None:
            await self._redis.aclose()

    @contextmanager
    def subscribed(self, conversation_id: str) -> Iterator[Subscription]:
        """Receive the hints of a conversation for the time of a ``with`` block."""
        subscription = Subscription()
        self._subscriptions[conversation_id].add(subscription)
        try:
            yield subscription
        finally:
            self._subscriptions[conversation_id].discard(subscription)
            if not self._subscriptions[conversation_id]:
                del self._subscriptions[conversation_id]

    async def notify(self, conversation_id: str, typing: bool | None = None) -> None:
        """Wake up everybody who shows this conversation."""
        self._wake(conversation_id, typing)
        if self._redis is None:
            return
        try:
            await self._redis.publish(CHANNEL, json.dumps([conversation_id, typing]))
        except RedisError as error:
            log.warning("hint not shared: %s", error)

    def _wake(self, conversation_id: str, typing: bool | None) -> None:
        for subscription in self._subscriptions.get(conversation_id, ()):
            subscription.wake(typing)

    async def _listen(self, client: redis.Redis) -> None:
        while True:
            try:
                async with client.pubsub() as channel:
                    await channel.subscribe(CHANNEL)
                    async for message in channel.listen():
                        if message["type"] == "message":
                            conversation_id, typing = json.loads(message["data"])
                            self._wake(conversation_id, typing)
            except RedisError as error:
                log.warning("hints of other processes lost for now: %s", error)
                await asyncio.sleep(RECONNECT_S)
