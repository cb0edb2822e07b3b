"""The agents' socket (docs/console-protocol.md): commands in, the queue and the watched conversations out."""

import asyncio
import logging

from fastapi import APIRouter, WebSocket, WebSocketDisconnect
from pydantic import BaseModel, ValidationError
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from guichet import clock
from guichet.agent_commands import carry_out, refusal, refusal_of
from guichet.agent_door import account_of
from guichet.agent_feed import AgentFeed
from guichet.agent_protocol import (
    CLIENT_FRAME,
    MAX_WATCHED,
    AccountShown,
    Ack,
    AgentRead,
    AgentTyping,
    ClientFrame,
    Command,
    Hello,
    Refused,
    SendMessage,
    SetPresence,
    Unwatch,
    Watch,
    Welcome,
    WriteNote,
)
from guichet.chat import Chat
from guichet.console.cookies import SESSION, HttpsNeeded, origin_of
from guichet.frames import frame_id
from guichet.handover_errors import HandoverError
from guichet.handover_steps import Rules, is_owner
from guichet.hub import QUEUE, Subscription
from guichet.models import Account, Author, Conversation
from guichet.presence import keep_alive, presence_of, set_presence
from guichet.reception import read_by_agent
from guichet.settings import Settings

log = logging.getLogger(__name__)
HELLO_TIMEOUT_S = 10.0
CLOSE_NO_HELLO, CLOSE_SIGNED_OUT, CLOSE_HELLO_TIMEOUT = 4400, 4401, 4408
router = APIRouter()


class SignedOut(Exception):  # noqa: N818
    """The session is over, or the account may not answer customers (any more)."""


class _RefusedFrame(Exception):  # noqa: N818
    def __init__(self, frame: Refused) -> None:
        self.frame = frame
        super().__init__(frame.code)


@router.websocket("/console/socket")
async def agent_socket(socket: WebSocket) -> None:
    """One console's connection. A page of another site is refused before the handshake."""
    chat: Chat = socket.app.state.chat
    if socket.headers.get("origin", "").lower() != origin_of(socket):
        await socket.close()
        return
    await socket.accept()
    try:
        await AgentConnection(socket, chat).serve()
    except SignedOut:
        await socket.close(CLOSE_SIGNED_OUT)
    except (WebSocketDisconnect, ConnectionError):
        log.debug("agent left")


def _token_of(socket: WebSocket, settings: Settings) -> str | None:
    try:
        return SESSION.read(socket, settings)
    except HttpsNeeded:
        return None


class AgentConnection:
    """One socket: greets the agent, then carries out commands and pushes news until either side leaves."""

    def __init__(self, socket: WebSocket, chat: Chat) -> None:
        self._socket, self._chat = socket, chat
        self._db, self._hub = chat.services.db, chat.hub
        self._token = _token_of(socket, chat.services.settings)
        self._sending = asyncio.Lock()
        self._typing: set[str] = set()
        self._feed = AgentFeed(self._db, self._hub, self._token, self._send)

    async def serve(self) -> None:
        """The whole life of the connection.

        Raises:
            SignedOut: also in the middle of it.
            WebSocketDisconnect: the console left.
        """
        async with self._db.transaction() as session:
            await self._me(session)
        if not await self._join():
            return
        with self._hub.subscribed(QUEUE) as subscription:
            pump = asyncio.create_task(self._feed.run(subscription))
            reader = asyncio.create_task(self._read(subscription))
            try:
                await asyncio.wait((pump, reader), return_when=asyncio.FIRST_COMPLETED)
            finally:
                subscription.close()  # the pump ends by itself: cancelled in the middle of a query, it would lose a connection
                await self._end(pump, reader)

    async def _end(self, pump: asyncio.Task[None], reader: asyncio.Task[None]) -> None:
        """Whoever of the two ended first says why; the pump ends without an error only when the agent is signed out."""
        signed_out = pump.done() and not pump.cancelled() and pump.exception() is None and not reader.done()
        if not reader.done():
            reader.cancel()
        failure, error = await asyncio.gather(pump, reader, return_exceptions=True)
        if isinstance(failure, Exception) and not isinstance(failure, WebSocketDisconnect | ConnectionError | RuntimeError):
            log.error("an agent's feed failed", exc_info=failure)
        for conversation_id in list(self._typing):
            await self._hub.notify(conversation_id, False, Author.AGENT)
        if signed_out:
            raise SignedOut
        if isinstance(error, Exception):
            raise error

    async def _me(self, session: AsyncSession) -> Account:
        account = await account_of(session, self._token)
        if account is None:
            raise SignedOut
        return account

    async def _join(self) -> bool:
        """Wait for a valid hello; False when the connection was closed for want of one."""
        try:
            async with asyncio.timeout(HELLO_TIMEOUT_S):
                frame = await self._receive()
        except TimeoutError:
            await self._socket.close(CLOSE_HELLO_TIMEOUT)
            return False
        except _RefusedFrame as refused:
            await self._send(refused.frame)
            frame = None
        if not isinstance(frame, Hello):
            await self._socket.close(CLOSE_NO_HELLO)
            return False
        await self._welcome(frame)
        return True

    async def _welcome(self, hello: Hello) -> None:
        async with self._db.transaction() as session:
            account = await self._me(session)
            presence = await presence_of(session, account.id)
            known = set(await session.scalars(select(Conversation.id).where(Conversation.id.in_(hello.last))))
        shown = AccountShown(id=account.id, name=account.name, role=account.role, team=account.team, max_chats=account.max_chats)
        await self._send(Welcome(account=shown, presence=presence))
        for conversation_id, seq in hello.last.items():
            if conversation_id in known:
                self._feed.watch(conversation_id, seq, hello.notes.get(conversation_id, 0))

    async def _read(self, subscription: Subscription) -> None:
        while True:
            try:
                await self._handle(await self._receive(), subscription)
            except _RefusedFrame as refused:
                await self._send(refused.frame)

    async def _handle(self, frame: ClientFrame, subscription: Subscription) -> None:
        match frame:
            case Hello():
                raise _RefusedFrame(refusal("invalid_frame"))
            case Watch():
                await self._watch(frame)
                subscription.wake(frame.conversation)
            case Unwatch():
                self._feed.unwatch(frame.conversation)
                subscription.wake(frame.conversation)
            case AgentTyping():
                await self._type(frame)
            case AgentRead():
                await self._mark_read(frame)
            case SetPresence():
                await self._set_presence(frame)
            case _:
                await self._command(frame)

    async def _watch(self, frame: Watch) -> None:
        if self._feed.watched_count >= MAX_WATCHED:
            raise _RefusedFrame(refusal("too_many_watched", conversation=frame.conversation, limite=MAX_WATCHED))
        async with self._db.transaction() as session:
            known = await session.scalar(select(Conversation.id).where(Conversation.id == frame.conversation))
        if known is None:
            raise _RefusedFrame(refusal("unknown_conversation", conversation=frame.conversation))
        self._feed.watch(frame.conversation, frame.last_seq, frame.last_note)

    async def _command(self, command: Command) -> None:
        if isinstance(command, SendMessage | WriteNote) and not command.text.strip() and not getattr(command, "attachments", ()):
            raise _RefusedFrame(refusal("empty_message", str(command.id), command.conversation))
        try:
            async with self._db.transaction() as session:
                account = await self._me(session)
                seq = await carry_out(session, account, command, Rules.of(self._chat.services))
                await keep_alive(session, account.id, clock.now(), acted=True)
        except HandoverError as error:
            raise _RefusedFrame(refusal_of(error, command)) from error
        await self._send(Ack(id=str(command.id), seq=seq))
        await self._hub.notify(command.conversation)
        await self._hub.notify(QUEUE)

    async def _type(self, frame: AgentTyping) -> None:
        """Only the owner's writing is shown to the customer."""
        if frame.on == (frame.conversation in self._typing):
            return
        async with self._db.transaction() as session:
            account = await self._me(session)
            await keep_alive(session, account.id, clock.now(), acted=True)
            mine = await session.scalar(select(Conversation.id).where(Conversation.id == frame.conversation, *is_owner(account)))
        if frame.on and mine is None:
            return
        (self._typing.add if frame.on else self._typing.discard)(frame.conversation)
        await self._hub.notify(frame.conversation, frame.on, Author.AGENT)

    async def _mark_read(self, frame: AgentRead) -> None:
        async with self._db.transaction() as session:
            account = await self._me(session)
            news = await read_by_agent(session, frame.conversation, account.id, frame.seq)
            await keep_alive(session, account.id, clock.now(), acted=True)
        if news:
            await self._hub.notify(frame.conversation)
            await self._hub.notify(QUEUE)

    async def _set_presence(self, frame: SetPresence) -> None:
        async with self._db.transaction() as session:
            account = await self._me(session)
            await set_presence(session, account.id, frame.state, clock.now())
        await self._hub.notify(QUEUE)

    async def _receive(self) -> ClientFrame:
        """The next frame.

        Raises:
            _RefusedFrame: not a frame of the protocol.
            WebSocketDisconnect: the console left.
        """
        message = await self._socket.receive()
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message.get("code", 1000))
        text = message.get("text") or ""
        try:
            return CLIENT_FRAME.validate_json(text)
        except ValidationError:
            raise _RefusedFrame(refusal("invalid_frame", frame_id(text))) from None

    async def _send(self, frame: BaseModel) -> None:
        async with self._sending:
            await self._socket.send_text(frame.model_dump_json())
