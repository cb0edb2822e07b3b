"""Uploading and fetching attachments (docs/protocol.md), beside the socket and with the same token."""

import uuid
from dataclasses import dataclass
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.types import Message

from guichet import texts
from guichet.attachments import (
    MAX_BYTES,
    AttachmentError,
    AttachmentTooLarge,
    ConversationOver,
    IdInUse,
    TooManyAttachments,
    add_attachment,
    attachment_of,
    check_room,
)
from guichet.customer_http import BodyTooLarge, Refused, conversation_of, read_body
from guichet.files import FileError, HeicFile, UnreadableFile, UnsupportedFile
from guichet.models import Attachment
from guichet.protocol import attached_file
from guichet.services import Services

FORM_BYTES = 16 * 2**10
"""What a form adds to its file."""
_REFUSALS: dict[type[FileError | AttachmentError], tuple[int, str]] = {
    ConversationOver: (409, "conversation_closed"),
    TooManyAttachments: (409, "too_many_attachments"),
    AttachmentTooLarge: (413, "attachment_too_large"),
    UnsupportedFile: (415, "unsupported_attachment"),
    UnreadableFile: (422, "unreadable_attachment"),
}
router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class _Upload:
    id: str
    name: str
    content: bytes


@router.post("/chat/attachments")
async def upload(request: Request) -> JSONResponse:
    """Keep a file for a message to come; the same id again gives the stored one."""
    services: Services = request.app.state.chat.services
    try:
        body = await read_body(request, MAX_BYTES + FORM_BYTES)
    except BodyTooLarge:
        raise Refused(413, "attachment_too_large", closes=True) from None
    try:
        attachment, is_new = await _keep(services, request, body)
    except HeicFile:
        raise Refused(415, "unsupported_attachment", "heic") from None
    except IdInUse:
        raise _invalid("id") from None
    except FileError as error:
        raise Refused(*_REFUSALS[type(error)]) from None
    return JSONResponse(attached_file(attachment).model_dump(), 201 if is_new else 200, {"Cache-Control": "no-store"})


@router.get("/chat/attachments/{attachment_id}")
async def download(request: Request, attachment_id: str) -> Response:
    """The content of an attachment, to be saved or shown by a script, never opened as a page."""
    services: Services = request.app.state.chat.services
    async with services.db.transaction() as session:
        conversation = await conversation_of(session, request)
        ident = _uuid(attachment_id)
        attachment = await attachment_of(session, conversation.id, ident, with_content=True) if ident else None
    if attachment is None:
        raise Refused(404, "unknown_attachment")
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(attachment.name, safe='')}",
        "Cache-Control": "private, max-age=3600",
        "Content-Security-Policy": "sandbox",
    }
    return Response(attachment.content, media_type=attachment.media_type, headers=headers)


async def _keep(services: Services, request: Request, body: bytes) -> tuple[Attachment, bool]:
    async with services.db.transaction() as session:
        conversation = await conversation_of(session, request)
    sent = await _form(request, body)
    async with services.db.transaction() as session:
        known = await attachment_of(session, conversation.id, sent.id)
        if known is not None:
            return known, False
        await check_room(session, conversation.id)  # before the work of reading the file
    async with services.db.transaction() as session:
        return await add_attachment(session, conversation.id, sent.id, sent.name, sent.content)


async def _form(request: Request, body: bytes) -> _Upload:
    """The fields of the form.

    Raises:
        Refused: 422 ``invalid_request``.
    """

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    try:
        async with Request(request.scope, receive).form(max_files=1, max_fields=1) as form:
            ident, file = form.get("id"), form.get("file")
            if not isinstance(ident, str) or not (checked := _uuid(ident)):
                raise _invalid("id")
            if not isinstance(file, UploadFile):
                raise _invalid("file")
            return _Upload(checked, file.filename or "", await file.read())
    except HTTPException:
        raise _invalid("form") from None


def _invalid(field: str) -> Refused:
    return Refused(422, "invalid_request", reason=texts.INVALID_REQUEST[field])


def _uuid(text: str) -> str | None:
    """An id as it is stored; None for what is no UUID."""
    try:
        return str(uuid.UUID(text))
    except ValueError:
        return None
