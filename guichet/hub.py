"""Waking up the sockets of a conversation, and those that show the queue.

The database is the truth: a hint only says « look again », and a lost one costs a delay, not a message.

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

from guichet.models import Author

log = logging.getLogger(__name__)
CHANNEL = "guichet:hints"
QUEUE = "queue"
"""The channel of the queue of conversations that wait for a person; every other channel is a conversation's id."""
RECONNECT_S = 1.0


class Subscription:
    """What one socket waits on: one channel or several, joined and left while it lives."""

    def __init__(self) -> None:
        self._wake = asyncio.Event()
        self._news: set[str] = set()
        self.channels: set[str] = set()
        self.typing: dict[tuple[str, Author], bool] = {}
        """Who prepares an answer, by channel and author."""
        self.closed = False

    def wake(self, channel: str, author: Author = Author.BOT, typing: bool | None = None) -> None:
        """There is news; ``typing`` says whether ``author`` prepares an answer, None if that did not change."""
        if typing is not None:
            self.typing[channel, author] = typing
        self._news.add(channel)
        self._wake.set()

    def close(self) -> None:
        """The socket is gone: whoever waits may leave."""
        self.closed = True
        self._wake.set()

    async def wait(self, seconds: float) -> set[str]:
        """The channels with news; all of them when ``seconds`` pass without any."""
        try:
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        except TimeoutError:
            return set(self.channels)
        self._wake.clear()
        news, self._news = self._news, set()
        return news


class Hub:
    """The subscriptions of this process, by channel.

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
    def subscribed(self, *channels: str) -> Iterator[Subscription]:
        """Receive the hints of these channels for the time of a ``with`` block."""
        subscription = Subscription()
        for channel in channels:
            self.join(subscription, channel)
        try:
            yield subscription
        finally:
            for channel in set(subscription.channels):
                self.leave(subscription, channel)

    def join(self, subscription: Subscription, channel: str) -> None:
        """Receive the hints of one channel more."""
        subscription.channels.add(channel)
        self._subscriptions[channel].add(subscription)

    def leave(self, subscription: Subscription, channel: str) -> None:
        """Receive the hints of this channel no longer."""
        subscription.channels.discard(channel)
        self._subscriptions[channel].discard(subscription)
        if not self._subscriptions[channel]:
            del self._subscriptions[channel]

    async def notify(self, channel: str, typing: bool | None = None, author: Author = Author.BOT) -> None:
        """Wake up everybody who shows this conversation, or the queue."""
        self._wake(channel, typing, author)
        if self._redis is None:
            return
        try:
            await self._redis.publish(CHANNEL, json.dumps([channel, typing, author]))
        except RedisError as error:
            log.warning("hint not shared: %s", error)

    def _wake(self, channel: str, typing: bool | None, author: Author) -> None:
        for subscription in self._subscriptions.get(channel, ()):
            subscription.wake(channel, author, typing)

    async def _listen(self, client: redis.Redis) -> None:
        while True:
            try:
                async with client.pubsub() as channel:
                    await channel.subscribe(CHANNEL)
                    async for message in channel.listen():
                        if message["type"] == "message":
                            name, typing, author = json.loads(message["data"])
                            self._wake(name, typing, Author(author))
            except RedisError as error:
                log.warning("hints of other processes lost for now: %s", error)
                await asyncio.sleep(RECONNECT_S)
