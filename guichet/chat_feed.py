"""What a customer's socket is told: every event once and in order, and the signs beside them (typing, read, place in the queue)."""

from collections.abc import Awaitable, Callable, Mapping

from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from guichet import clock
from guichet.conversations import events_after
from guichet.db import Database
from guichet.hub import QUEUE, Hub, Subscription
from guichet.models import Author, Conversation, ConversationState
from guichet.protocol import QueuePlace, Read, Typing, event_frame
from guichet.queue import position

POLL_S = 20.0
"""How often a socket looks for events even without a hint."""


class Feed:
    """One socket's view of its conversation.

    Args:
        cursor: the last ``seq`` that the client shows.
        send: sends a frame.
    """

    def __init__(self, db: Database, hub: Hub, conversation_id: str, cursor: int, send: Callable[[BaseModel], Awaitable[None]]) -> None:
        self._db, self._hub, self._conversation_id, self._cursor, self._send = db, hub, conversation_id, cursor, send
        self._typing = {Author.BOT: False, Author.AGENT: False}
        self._read = 0
        self._position: int | None = None

    async def run(self, subscription: Subscription) -> None:
        """Push what is new until the subscription is closed."""
        while not subscription.closed:
            typing = {author: subscription.typing.get((self._conversation_id, author), False) for author in self._typing}
            async with self._db.transaction() as session:
                events = await events_after(session, self._conversation_id, self._cursor)
                conversation = await self._conversation(session)
                place = await self._place(session, conversation)
            for event in events:
                await self._send(event_frame(event))
                self._cursor = event.seq
            await self._tell_signs(conversation, typing, place)
            self._listen_to_queue(subscription, wanted=conversation.state is ConversationState.WAITING)
            await subscription.wait(POLL_S)

    async def _conversation(self, session: AsyncSession) -> Conversation:
        return (await session.scalars(select(Conversation).where(Conversation.id == self._conversation_id))).one()

    async def _place(self, session: AsyncSession, conversation: Conversation) -> QueuePlace | None:
        if conversation.state is not ConversationState.WAITING:
            return None
        now = clock.now()
        place = await position(session, self._conversation_id, now)
        waited = now - (conversation.waiting_since or now)
        return QueuePlace(position=place, waiting_s=int(waited.total_seconds())) if place else None

    async def _tell_signs(self, conversation: Conversation, typing: Mapping[Author, bool], place: QueuePlace | None) -> None:
        for author, on in typing.items():
            on = on and (author is Author.BOT or conversation.state is ConversationState.HUMAN)
            if on != self._typing[author]:
                await self._send(Typing(author=author, on=on))
                self._typing[author] = on
        if conversation.agent_read_seq > self._read:
            self._read = conversation.agent_read_seq
            await self._send(Read(seq=self._read))
        if place is not None and place.position != self._position:
            await self._send(place)
        self._position = place.position if place else None

    def _listen_to_queue(self, subscription: Subscription, *, wanted: bool) -> None:
        """The place in the queue changes with the queue; nobody else is woken up by it."""
        if wanted and QUEUE not in subscription.channels:
            self._hub.join(subscription, QUEUE)
        elif not wanted and QUEUE in subscription.channels:
            self._hub.leave(subscription, QUEUE)
