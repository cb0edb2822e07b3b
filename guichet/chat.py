"""The customer socket (docs/protocol.md): frames in, numbered events out."""

import asyncio
import logging
import unicodedata
from dataclasses import dataclass

from fastapi import APIRouter, WebSocket, WebSocketDisconnect
from pydantic import BaseModel, ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from guichet import texts
from guichet.access import OtherCustomer, identify
from guichet.attachments import LIMITS, AttachmentError, TooManyAttachments, UnknownAttachment
from guichet.chat_feed import Feed
from guichet.chat_signs import Signs
from guichet.conversations import (
    ConversationClosed,
    ConversationError,
    Reply,
    TooManyPending,
    UnknownChoice,
    conversation_by_token,
    start_conversation,
)
from guichet.faq import Faq
from guichet.frames import frame_id
from guichet.french import typeset
from guichet.handover_steps import Rules
from guichet.hub import QUEUE, Hub
from guichet.identity import Identity, InvalidIdentity, verify
from guichet.models import Conversation, TurnState
from guichet.protocol import (
    CLIENT_FRAME,
    Ack,
    ClientFrame,
    CustomerChoice,
    CustomerMessage,
    Error,
    ErrorCode,
    Hello,
    Sign,
    Welcome,
)
from guichet.reception import receive
from guichet.services import Services
from guichet.turns import TurnRunner

log = logging.getLogger(__name__)
HELLO_TIMEOUT_S = 10.0
CLOSE_NO_HELLO, CLOSE_HELLO_TIMEOUT = 4400, 4408
_ERROR_CODES: dict[type[ConversationError | AttachmentError], ErrorCode] = {
    UnknownChoice: "unknown_choice",
    TooManyPending: "too_many_messages",
    ConversationClosed: "conversation_closed",
    UnknownAttachment: "unknown_attachment",
    TooManyAttachments: "too_many_attachments",
}
router = APIRouter()


class FrameError(Exception):
    """A frame cannot be accepted; carries the error frame to send back."""

    def __init__(self, code: ErrorCode, frame_id: str | None = None, **values: object) -> None:
        self.frame = Error(code=code, detail=typeset(texts.ERRORS[code].format(**values)), id=frame_id)
        super().__init__(code)


@dataclass(frozen=True)
class Chat:
    """What the socket needs of the running application."""

    services: Services
    hub: Hub
    turns: TurnRunner


@router.websocket("/chat/socket")
async def customer_socket(socket: WebSocket) -> None:
    """One customer's connection, from hello to the end."""
    await socket.accept()
    try:
        await CustomerConnection(socket, socket.app.state.chat).serve()
    except (WebSocketDisconnect, ConnectionError):
        log.debug("customer left")


class CustomerConnection:
    """One socket: joins a conversation, then reads frames and pushes events until either side leaves."""

    def __init__(self, socket: WebSocket, chat: Chat) -> None:
        self._socket, self._chat = socket, chat
        self._db, self._settings = chat.services.db, chat.services.settings
        self._sending = asyncio.Lock()

    async def serve(self) -> None:
        """The whole life of the connection.

        Raises:
            WebSocketDisconnect: the client left.
        """
        joined = await self._join()
        if joined is None:
            return
        conversation, cursor = joined
        with self._chat.hub.subscribed(conversation.id) as subscription:
            feed = Feed(self._db, self._chat.hub, conversation.id, cursor, self._send)
            pump = asyncio.create_task(feed.run(subscription))
            signs = Signs(self._db, self._chat.hub, conversation.id)
            try:
                await self._read(conversation.id, signs)
            finally:
                await signs.type(on=False)
                subscription.close()  # the pump ends by itself: cancelled in the middle of a query, it would lose a connection
                await asyncio.gather(pump, return_exceptions=True)

    async def _join(self) -> tuple[Conversation, int] | None:
        """Wait for a valid hello; None when the connection was closed for want of one."""
        while True:
            try:
                async with asyncio.timeout(HELLO_TIMEOUT_S):
                    frame = await self._receive()
            except TimeoutError:
                await self._socket.close(CLOSE_HELLO_TIMEOUT)
                return None
            except FrameError as error:
                await self._send(error.frame)
                await self._socket.close(CLOSE_NO_HELLO)
                return None
            if not isinstance(frame, Hello):
                await self._socket.close(CLOSE_NO_HELLO)
                return None
            identity = self._identity(frame)
            try:
                conversation, token = await self._open(frame, identity)
            except FrameError as error:
                await self._send(error.frame)
                continue
            await self._send(self._welcome(conversation, token))
            if frame.identity is not None and identity is None:
                await self._send(FrameError("invalid_identity").frame)
            return conversation, min(frame.last_seq, conversation.last_seq)

    def _identity(self, hello: Hello) -> Identity | None:
        """Who is logged in at the shop; None without a valid token: the conversation then goes on without."""
        if hello.identity is None:
            return None
        try:
            return verify(hello.identity, self._settings.identity_secret)
        except InvalidIdentity:
            return None

    async def _open(self, hello: Hello, identity: Identity | None) -> tuple[Conversation, str | None]:
        """The conversation of the token, or a new one and its token.

        Raises:
            FrameError: the token opens none, or another customer's; nothing was changed.
        """
        async with self._db.transaction() as session:
            conversation, token = await self._found(session, hello)
            if identity is not None:
                try:
                    await identify(session, conversation, identity)
                except OtherCustomer:
                    raise FrameError("other_customer") from None
            return conversation, token

    async def _found(self, session: AsyncSession, hello: Hello) -> tuple[Conversation, str | None]:
        if hello.token is None:
            address = self._socket.client.host if self._socket.client else ""
            return await start_conversation(session, address, greeting(self._chat.services.faq()))
        conversation = await conversation_by_token(session, hello.token)
        if conversation is None:
            raise FrameError("unknown_conversation")
        return conversation, None

    def _welcome(self, conversation: Conversation, token: str | None) -> Welcome:
        return Welcome(
            conversation=conversation.id,
            token=token,
            state=conversation.state,
            seq=conversation.last_seq,
            max_text=self._settings.max_text,
            identified=conversation.customer_id is not None,
        )

    async def _read(self, conversation_id: str, signs: Signs) -> None:
        while True:
            try:
                frame = await self._receive()
                if isinstance(frame, Sign):
                    await signs.take(frame)
                else:
                    await self._handle(conversation_id, frame)
            except FrameError as error:
                await self._send(error.frame)

    async def _handle(self, conversation_id: str, frame: Hello | CustomerMessage | CustomerChoice) -> None:
        if isinstance(frame, Hello):
            raise FrameError("invalid_frame", reason=texts.ALREADY_OPEN)
        frame_id = str(frame.id)
        text = self._checked_text(frame) if isinstance(frame, CustomerMessage) else ""
        choice_id = frame.choice if isinstance(frame, CustomerChoice) else None
        attachment_ids = [str(ident) for ident in frame.attachments] if isinstance(frame, CustomerMessage) else []
        try:
            async with self._db.transaction() as session:
                event = await receive(
                    session,
                    conversation_id,
                    frame_id,
                    Rules.of(self._chat.services),
                    text=text,
                    choice_id=choice_id,
                    attachment_ids=attachment_ids,
                )
        except (ConversationError, AttachmentError) as error:
            raise FrameError(_ERROR_CODES[type(error)], frame_id, **LIMITS) from error
        await self._send(Ack(id=frame_id, seq=event.seq, at=event.at))
        await self._chat.hub.notify(conversation_id)
        if event.turn is TurnState.PENDING:
            self._chat.turns.kick(conversation_id)
        else:
            await self._chat.hub.notify(QUEUE)

    def _checked_text(self, frame: CustomerMessage) -> str:
        limit = self._settings.max_text
        if len(frame.text) > limit:
            raise FrameError("message_too_long", str(frame.id), length=len(frame.text), limit=limit)
        if any(unicodedata.category(char)[0] in "LNPSM" for char in frame.text):
            return frame.text.strip()
        if not frame.attachments:
            raise FrameError("empty_message", str(frame.id))
        return ""

    async def _receive(self) -> ClientFrame:
        """The next frame.

        Raises:
            FrameError: not a frame of the protocol.
            WebSocketDisconnect: the client left.
        """
        message = await self._socket.receive()
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message.get("code", 1000))
        text = message.get("text")
        if text is None:
            raise FrameError("invalid_frame", reason=texts.INVALID_REASONS["bytes"])
        try:
            return CLIENT_FRAME.validate_json(text)
        except ValidationError as error:
            raise FrameError("invalid_frame", frame_id(text), reason=_reason(error)) from None

    async def _send(self, frame: BaseModel) -> None:
        async with self._sending:
            await self._socket.send_text(frame.model_dump_json())


def greeting(faq: Faq) -> Reply:
    """The first message: a robot speaks, and how to reach a person."""
    return Reply(typeset(texts.GREETING.format(nom=faq.facts.nom)), choices=texts.GREETING_CHOICES)


def _reason(error: ValidationError) -> str:
    first = error.errors()[0]
    field = ".".join(str(part) for part in first["loc"] if part not in ("message", "choice", "hello", "read", "typing", "rate")) or "trame"
    template = texts.INVALID_REASONS.get(first["type"], texts.INVALID_FIELD)
    return template.format(field=field)
