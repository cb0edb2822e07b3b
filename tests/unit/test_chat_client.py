"""What the terminal shows of a message."""

import io

from guichet.chat_client import ChatClient
from guichet.models import Attachment, Author, ConversationEvent
from guichet.protocol import event_frame

from .test_protocol import AT, UUID


def test_attachments_are_named() -> None:
    slip = Attachment(id=UUID, name="bon de retour.pdf", media_type="application/pdf", size=1200)
    said = ConversationEvent(seq=3, id=UUID, author=Author.BOT, at=AT, text="Voici.", choices=[], cards=[], degraded=False, attachments=[slip])
    out = io.StringIO()
    ChatClient("http://127.0.0.1:8000")._show(event_frame(said).model_dump(), out)
    assert out.getvalue() == "\nVoici.\n  + Pièce jointe\u00a0: bon de retour.pdf\n"
