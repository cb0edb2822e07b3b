"""What an agent's socket is told: the queue whenever it changes, and every event and note of the watched conversations once, in order."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from guichet import clock, texts
from guichet.agent_door import account_of
from guichet.agent_protocol import Event, LeftMessageShown, Note, Presence, Queue, Read, TicketShown, Typing
from guichet.conversations import events_after
from guichet.db import Database
from guichet.hub import QUEUE, Hub, Subscription
from guichet.models import Account, Author, Conversation, PresenceState
from guichet.notes import notes_after
from guichet.presence import keep_alive, presence_of
from guichet.protocol import event_frame
from guichet.queue import Ticket, in_hand, left_messages, queue

POLL_S = 20.0
"""How often the socket looks for news even without a hint, and says that its agent is there."""
KEEP_ALIVE = timedelta(seconds=POLL_S - 5)


@dataclass
class _Watched:
    """How far a conversation is shown."""

    seq: int
    note: int
    read: int = 0


class AgentFeed:
    """One console's view.

    Args:
        token: the session's, looked up again at each look: signing out ends the socket.
        send: sends a frame.
    """

    def __init__(self, db: Database, hub: Hub, token: str | None, send: Callable[[BaseModel], Awaitable[None]]) -> None:
        self._db, self._hub, self._token, self._send = db, hub, token, send
        self._wanted: dict[str, _Watched | None] = {}
        self._watched: dict[str, _Watched] = {}
        self._typing: dict[tuple[str, Author], bool] = {}
        self._queue: Queue | None = None
        self._presence: PresenceState | None = None
        self._seen_at: datetime | None = None

    @property
    def watched_count(self) -> int:
        """How many conversations are shown, or will be."""
        return len({*self._watched, *self._wanted})

    def watch(self, conversation_id: str, seq: int, note: int) -> None:
        """Show a conversation from after ``seq`` and ``note`` on; taken up by the next look, which alone moves cursors."""
        self._wanted[conversation_id] = _Watched(seq, note)

    def unwatch(self, conversation_id: str) -> None:
        """Show it no longer."""
        self._wanted[conversation_id] = None

    async def run(self, subscription: Subscription) -> None:
        """Push what is new until the subscription is closed or the agent is signed out."""
        news = {QUEUE}
        while not subscription.closed:
            news |= self._take_wishes(subscription)
            typing = dict(subscription.typing)
            async with self._db.transaction() as session:
                account = await account_of(session, self._token)
                frames = await self._look(session, account, news) if account else []
            for frame in [*frames, *self._changes_of_typing(typing)]:
                await self._send(frame)
            if account is None:
                return
            news = await subscription.wait(POLL_S)

    def _take_wishes(self, subscription: Subscription) -> set[str]:
        wanted, self._wanted = self._wanted, {}
        for conversation_id, watched in wanted.items():
            if watched is None:
                self._watched.pop(conversation_id, None)
                self._hub.leave(subscription, conversation_id)
            else:
                self._watched[conversation_id] = watched
                self._hub.join(subscription, conversation_id)
        return set(wanted)

    async def _look(self, session: AsyncSession, account: Account, news: set[str]) -> list[BaseModel]:
        frames = await self._own_presence(session, account)
        for conversation_id in sorted(news & self._watched.keys()):
            frames += await self._conversation(session, conversation_id, self._watched[conversation_id])
        if QUEUE in news:
            frames += await self._whole_queue(session, account)
        return frames

    async def _own_presence(self, session: AsyncSession, account: Account) -> list[BaseModel]:
        now = clock.now()
        if self._seen_at is None or now - self._seen_at >= KEEP_ALIVE:
            await keep_alive(session, account.id, now, acted=False)
            self._seen_at = now
        state = await presence_of(session, account.id)
        changed = self._presence is not None and state is not self._presence
        self._presence = state
        return [Presence(state=state)] if changed else []

    async def _conversation(self, session: AsyncSession, conversation_id: str, watched: _Watched) -> list[BaseModel]:
        last_seq, read_seq = (
            await session.execute(select(Conversation.last_seq, Conversation.customer_read_seq).where(Conversation.id == conversation_id))
        ).one()
        watched.seq = min(watched.seq, last_seq)
        frames: list[BaseModel] = []
        for event in await events_after(session, conversation_id, watched.seq):
            frames.append(Event(conversation=conversation_id, event=event_frame(event), account=event.account.name if event.account else None))
            watched.seq = event.seq
        for note in await notes_after(session, conversation_id, watched.note):
            frames.append(
                Note(
                    conversation=conversation_id,
                    note=note.id,
                    id=note.client_id,
                    at=note.at,
                    account=note.account.name,
                    after_seq=note.after_seq,
                    text=note.text,
                )
            )
            watched.note = note.id
        if read_seq > watched.read:
            watched.read = read_seq
            frames.append(Read(conversation=conversation_id, seq=read_seq))
        return frames

    async def _whole_queue(self, session: AsyncSession, account: Account) -> list[BaseModel]:
        now = clock.now()
        frame = Queue(
            waiting=[_shown(ticket) for ticket in await queue(session, now)],
            mine=[_shown(ticket) for ticket in await in_hand(session, account.id, now)],
            messages=[LeftMessageShown.model_validate(message) for message in await left_messages(session)],
        )
        if frame == self._queue:
            return []
        self._queue = frame
        return [frame]

    def _changes_of_typing(self, typing: dict[tuple[str, Author], bool]) -> list[BaseModel]:
        """Who began or stopped writing in what is shown; agents do not watch each other write."""
        changed = {
            key: on for key, on in typing.items() if key[0] in self._watched and key[1] is not Author.AGENT and on != self._typing.get(key, False)
        }
        self._typing |= changed
        return [Typing(conversation=conversation, author=author, on=on) for (conversation, author), on in changed.items()]


def _shown(ticket: Ticket) -> TicketShown:
    return TicketShown.model_validate({**vars(ticket), "name": ticket.name or texts.CUSTOMER})
