"""Asking for a conversation's transcript by e-mail (docs/protocol.md)."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from guichet import texts
from guichet.customer_http import Refused, conversation_of, json_field
from guichet.mails import TooManyTranscripts, request_transcript
from guichet.outbox import is_email
from guichet.services import Services

MAX_BODY_BYTES = 4 * 2**10
router = APIRouter(include_in_schema=False)


@router.post("/chat/transcript")
async def transcript(request: Request) -> JSONResponse:
    """Write the mail; it leaves with the others of the outbox."""
    services: Services = request.app.state.chat.services
    email = (await json_field(request, "email", MAX_BODY_BYTES)).strip()
    async with services.db.transaction() as session:
        conversation = await conversation_of(session, request)
        if not is_email(email):
            raise Refused(422, "invalid_request", reason=texts.INVALID_REQUEST["email"])
        try:
            await request_transcript(session, conversation, email, services.faq().facts)
        except TooManyTranscripts:
            raise Refused(429, "too_many_transcripts") from None
    return JSONResponse({}, 202, {"Cache-Control": "no-store"})
