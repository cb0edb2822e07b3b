"""What agents tell each other in a conversation; no customer ever sees it."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from guichet import clock
from guichet.conversations import locked_conversation
from guichet.models import Account, InternalNote


async def add_note(session: AsyncSession, conversation_id: str, account: Account, client_id: str, text: str) -> InternalNote | None:
    """Write a note, once: the same ``client_id`` again gives back the note that is there. None when there is no such conversation.

    The conversation is locked meanwhile, so that whoever has read a note has read all that come before it.
    """
    conversation = await locked_conversation(session, conversation_id)
    if conversation is None:
        return None
    known = await session.scalar(select(InternalNote).where(InternalNote.client_id == client_id))
    if known is not None:
        return known
    note = InternalNote(
        client_id=client_id, conversation_id=conversation_id, account_id=account.id, at=clock.now(), after_seq=conversation.last_seq, text=text
    )
    session.add(note)
    await session.flush()
    return note


async def notes_after(session: AsyncSession, conversation_id: str, note_id: int) -> list[InternalNote]:
    """The notes after ``note_id``, in order, with their authors."""
    query = select(InternalNote).where(InternalNote.conversation_id == conversation_id, InternalNote.id > note_id)
    return list(await session.scalars(query.order_by(InternalNote.id).options(joinedload(InternalNote.account))))
