"""docs/console-protocol.md and the frame models of the agents' socket say the same."""

import json
import re
from typing import Any, get_args

import pytest
from pydantic import BaseModel, ValidationError

from guichet import agent_protocol as protocol
from guichet import texts
from guichet.models import CaseQueue, HandoverReason, PresenceState
from guichet.queue import Urgency
from tests.unit.test_protocol import fields_of, quoted, tables, type_of

from .builders import ROOT

PAGE = (ROOT / "docs" / "console-protocol.md").read_text("utf-8")
TABLES = tables(PAGE)
UUID = "5d0c9a3e-6d8e-4a5b-9d53-0f3f2c1f7a11"
CLIENT = [model for model in get_args(get_args(protocol.ClientFrame)[0]) if model is not protocol.Hello]
SERVER = list(get_args(protocol.ServerFrame))
PARTS: dict[str, type[BaseModel]] = {
    "### `waiting` and `mine`": protocol.TicketShown,
    "### `messages`": protocol.LeftMessageShown,
    "### `account`": protocol.AccountShown,
}


def test_every_frame_model_is_compared_here() -> None:
    assert set(protocol._Frame.__subclasses__()) == {protocol.Hello, *CLIENT, *SERVER, *PARTS.values()}


def test_hello() -> None:
    example = PAGE.split("```")[1].removeprefix("json")
    assert json.loads(example).keys() == {"type", *TABLES["```"]} == {"type", *fields_of(protocol.Hello)}
    assert protocol.Hello.model_validate_json(example)


def test_client_frames() -> None:
    documented = {name: set(re.findall(r"`(\w+)`: ", cells)) for name, cells in TABLES["## From the console"].items()}
    assert documented == {type_of(model): fields_of(model) for model in CLIENT}


def test_server_frames() -> None:
    documented = {name: set(quoted(cells.partition(" | ")[0])) for name, cells in TABLES["## From the server"].items()}
    assert documented == {type_of(model): fields_of(model) for model in SERVER}


@pytest.mark.parametrize("heading", PARTS)
def test_parts(heading: str) -> None:
    documented = {name for row in TABLES[heading] for name in re.findall(r"\w+", row)}
    assert documented == fields_of(PARTS[heading])


def test_values() -> None:
    ticket = TABLES["### `waiting` and `mine`"]
    assert set(quoted(ticket["reason"])) == set(HandoverReason)
    assert set(quoted(ticket["team"])) == set(CaseQueue)
    assert set(quoted(ticket["urgency"])) == set(Urgency)
    assert set(quoted(TABLES["## From the console"]["presence"])) - {"state"} == set(PresenceState)


def test_refusals_are_documented_and_have_words() -> None:
    codes = set(get_args(protocol.RefusalCode))
    assert TABLES["### Refusals"].keys() == codes == texts.REFUSALS.keys()


@pytest.mark.parametrize(
    "frame",
    [
        {"type": "message", "conversation": "c", "id": UUID, "text": "x" * 5001},
        {"type": "message", "conversation": "c", "id": UUID, "text": "x", "attachments": [UUID] * 6},
        {"type": "message", "conversation": "c", "id": "1", "text": "x"},
        {"type": "transfer", "conversation": "c", "id": UUID, "team": "nobody"},
        {"type": "close", "conversation": "c", "id": UUID, "outcome": "transferred"},
        {"type": "presence", "state": "asleep"},
        {"type": "watch", "conversation": "", "last_seq": 0},
        {"type": "hello", "protocol": 1, "last": {str(number): 0 for number in range(51)}},
    ],
    ids=lambda frame: frame["type"],
)
def test_client_frames_have_limits(frame: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        protocol.CLIENT_FRAME.validate_python(frame)
