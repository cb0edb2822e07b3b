"""docs/protocol.md and the frame models say the same, and what the customer must not see stays behind."""

import json
import re
from datetime import UTC, datetime
from typing import Any, get_args

import pytest
from pydantic import BaseModel, ValidationError

from guichet import protocol
from guichet.models import Attachment, Author, ConversationEvent, ConversationState
from guichet.protocol import CLIENT_FRAME, Message, Status, card, event_frame

from .builders import ROOT

PAGE = (ROOT / "docs" / "protocol.md").read_text("utf-8")
AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
UUID = "5d0c9a3e-6d8e-4a5b-9d53-0f3f2c1f7a11"


def tables(page: str) -> dict[str, dict[str, str]]:
    """A page's tables: first column to the rest of the row, by the text that heads the table."""
    found: dict[str, dict[str, str]] = {}
    heading = ""
    for row in page.splitlines():
        cells = [cell.strip() for cell in row.split("|")[1:-1]] if row.startswith("|") else []
        if cells and set(cells[0]) != {"-"} and cells[0] not in ("field", "frame", "code"):
            found.setdefault(heading, {})[cells[0].strip("`")] = " | ".join(cells[1:])
        elif row and not cells:
            heading = row
    return found


TABLES = tables(PAGE)


def table(heading: str) -> dict[str, str]:
    (match,) = [rows for title, rows in TABLES.items() if heading in title]
    return match


def fields_of(*models: type[BaseModel]) -> set[str]:
    return {name for model in models for name in model.model_fields} - {"type"}


def type_of(model: type[BaseModel]) -> str:
    return str(get_args(model.model_fields["type"].annotation)[0])


def quoted(text: str) -> list[str]:
    return re.findall(r"`(\w+)`", text)


CARD_LINES = PAGE[PAGE.index("A card: `") : PAGE.index("### Error codes")]
CARD_MODELS = (protocol.Card, protocol.Badge, protocol.Row, protocol.Link, protocol.Progress)
CLIENT_ROWS = (protocol.CustomerMessage, protocol.CustomerChoice, protocol.CustomerRead, protocol.CustomerTyping, protocol.CustomerRating)
SERVER_ROWS = (protocol.Ack, protocol.Message, protocol.Status, protocol.Typing, protocol.Read, protocol.QueuePlace, protocol.Error)


def test_every_frame_model_is_compared_here() -> None:
    compared = {protocol.Hello, protocol.Welcome, protocol.Choice, protocol.AttachedFile, *CARD_MODELS, *CLIENT_ROWS, *SERVER_ROWS}
    assert set(protocol._Frame.__subclasses__()) == compared


@pytest.mark.parametrize(("heading", "model"), [("The server answers", protocol.Hello), ("then every event", protocol.Welcome)])
def test_opening_frames(heading: str, model: type[BaseModel]) -> None:
    example, table_text = PAGE[: PAGE.index(heading)].rsplit("```", 2)[1:]
    documented = re.findall(r"^\| `(\w+)`", table_text, re.MULTILINE)
    assert set(documented) == fields_of(model)
    assert json.loads(example.removeprefix("json")).keys() == {"type", *documented}
    assert model.model_validate_json(example.removeprefix("json"))


def test_client_frames() -> None:
    rows = table("## From the client")
    assert {name: set(re.findall(r"`(\w+)`: ", cells)) for name, cells in rows.items()} == {type_of(model): fields_of(model) for model in CLIENT_ROWS}


def test_server_frames() -> None:
    rows = table("## From the server")
    documented = {name: set(quoted(cells.partition(" | ")[0])) for name, cells in rows.items()}
    assert documented == {type_of(model): fields_of(model) for model in SERVER_ROWS}


def test_message_fields_and_choices() -> None:
    rows = table("### `message`")
    assert rows.keys() == fields_of(Message) - {"seq", "id"}
    assert set(re.findall(r'"(\w+)"', rows["choices"])) == fields_of(protocol.Choice)
    assert set(re.findall(r'"(\w+)"', rows["attachments"])) == fields_of(protocol.AttachedFile)
    assert quoted(rows["author"]) == [author.value for author in Author]


def test_card_fields_kinds_and_tones() -> None:
    assert set(re.findall(r'"(\w+)":', CARD_LINES)) == fields_of(*CARD_MODELS)
    values = set(re.findall(r'"(\w+)"(?!:)', CARD_LINES))
    assert values == {
        value for model, name in [(protocol.Card, "kind"), (protocol.Badge, "tone")] for value in get_args(model.model_fields[name].annotation)
    }


def test_conversation_states() -> None:
    assert all(f"`{state}`" in PAGE for state in ConversationState)


def test_error_codes() -> None:
    assert table("### Error codes").keys() == set(get_args(protocol.ErrorCode))


def event(**fields: Any) -> ConversationEvent:
    defaults: dict[str, Any] = {
        "seq": 3,
        "id": UUID,
        "author": Author.BOT,
        "at": AT,
        "text": "Bonjour",
        "choices": [],
        "cards": [],
        "degraded": False,
    }
    return ConversationEvent(**(defaults | fields))


def test_a_message_event_hides_payloads() -> None:
    choices = [{"id": "c_1", "label": "Annuler", "payload": "/secret_intent"}]
    stored = event(choices=choices, payload="/other_secret", more="Plus", cards=[card(kind="parcel", title="Colis")])
    frame = event_frame(stored)
    assert frame == Message(
        seq=3,
        id=UUID,
        author=Author.BOT,
        name=None,
        at=AT,
        text="Bonjour",
        more="Plus",
        choices=[protocol.Choice(id="c_1", label="Annuler")],
        cards=[protocol.Card(kind="parcel", title="Colis")],
        attachments=[],
        degraded=False,
    )
    assert "secret" not in frame.model_dump_json()


def test_a_message_event_tells_of_its_attachments() -> None:
    told = {"id": UUID, "name": "étiquette.jpg", "media_type": "image/jpeg", "size": 1200, "width": 40, "height": 30}
    kept = Attachment(conversation_id="c", event_seq=3, author=Author.CUSTOMER, content=b"secret", **told)
    frame = event_frame(event(attachments=[kept]))
    assert isinstance(frame, Message)
    assert [each.model_dump() for each in frame.attachments] == [told]


def test_a_change_of_state_is_a_status() -> None:
    assert event_frame(event(state=ConversationState.WAITING)) == Status(seq=3, at=AT, state=ConversationState.WAITING)


def test_cards_are_stored_complete() -> None:
    assert card(kind="refund", title="Remboursement") == {
        "kind": "refund",
        "title": "Remboursement",
        "badge": None,
        "rows": [],
        "items": [],
        "link": None,
        "progress": None,
    }


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "invoice"},
        {"badge": {"label": "prêt", "tone": "pink"}},
        {"link": {"label": "Suivre", "href": "http://transporteur.example.com"}},
        {"link": {"label": "Suivre", "href": "javascript:alert(1)//https://"}},
        {"progress": {"step": -1, "of": 4, "label": "en route"}},
        {"html": "<b>"},
    ],
    ids=str,
)
def test_a_card_outside_the_protocol_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        card(**({"kind": "order", "title": "Commande"} | wrong))


@pytest.mark.parametrize(
    "frame",
    [
        {"type": "hello", "protocol": 1, "token": None, "last_seq": 0},
        {"type": "message", "id": UUID, "text": ""},
        {"type": "choice", "id": UUID, "choice": "c_1"},
        {"type": "read", "seq": 3},
        {"type": "typing", "on": True},
        {"type": "rate", "score": 5, "comment": None},
    ],
    ids=lambda frame: frame["type"],
)
def test_client_frames_are_strict(frame: dict[str, Any]) -> None:
    assert CLIENT_FRAME.validate_python(frame).type == frame["type"]
    broken = [{name: value for name, value in frame.items() if name != missing} for missing in frame]
    broken += [frame | {"attachments": attachments} for attachments in ("x", ["x"], [1], None)]
    broken += [frame | {"extra": 1}, frame | {"type": "unknown"}]
    for each in broken:
        with pytest.raises(ValidationError):
            CLIENT_FRAME.validate_python(each)


@pytest.mark.parametrize(
    "wrong", [{"protocol": 2}, {"last_seq": -1}, {"last_seq": 2**31}, {"token": ""}, {"token": "x" * 201}], ids=lambda wrong: next(iter(wrong))
)
def test_hello_has_limits(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        CLIENT_FRAME.validate_python({"type": "hello", "protocol": 1, "token": None, "last_seq": 0} | wrong)
