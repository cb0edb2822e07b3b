"""The customer socket: docs/protocol.md, line by line."""

import json
import uuid
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from guichet.conversations import Reply
from tests.api.conftest import FakeRasa, Service
from tests.customer import HELLO, Customer


def _id() -> str:
    return str(uuid.uuid4())


def test_hello_starts_a_conversation_with_the_greeting(customer: Customer) -> None:
    welcome = customer.hello()
    assert welcome["state"] == "bot"
    assert welcome["seq"] == 1
    assert len(welcome["token"]) >= 40
    greeting = customer.frame("message")
    assert greeting["author"] == "bot"
    assert "assistant automatique" in greeting["text"]
    assert [choice.keys() for choice in greeting["choices"]] == [{"id", "label"}] * 4


def test_a_message_is_acknowledged_then_answered_in_order(customer: Customer, rasa: FakeRasa) -> None:
    customer.hello()
    ident = _id()
    customer.send(type="message", id=ident, text="  où est mon colis ?  ")
    ack = customer.frame("ack")
    assert (ack["id"], ack["seq"]) == (ident, 2)
    echo, answer = customer.message_of("customer"), customer.message_of("bot")
    assert (echo["id"], echo["seq"], echo["text"]) == (ident, 2, "où est mon colis ?")
    assert (answer["seq"], answer["text"]) == (3, "écho : où est mon colis ?")
    assert [asked[1:] for asked in rasa.asked] == [("où est mon colis ?", None)]


def test_the_same_id_twice_is_one_message(customer: Customer, rasa: FakeRasa) -> None:
    customer.hello()
    ident = _id()
    for _ in range(3):
        customer.send(type="message", id=ident, text="bonjour")
    acks = [customer.frame("ack") for _ in range(3)]
    assert {(ack["id"], ack["seq"]) for ack in acks} == {(ident, 2)}
    customer.send(type="message", id=_id(), text="encore")
    assert [customer.message_of("bot")["text"] for _ in range(2)] == ["écho : bonjour", "écho : encore"]
    assert [asked[1] for asked in rasa.asked] == ["bonjour", "encore"]


def test_reconnecting_brings_what_was_missed_once_and_in_order(service: Service, rasa: FakeRasa) -> None:
    rasa.answers = lambda said: [Reply(f"un {said}"), Reply(f"deux {said}")]
    with service.connected() as first:
        token = first.hello()["token"]
        first.send(type="message", id=_id(), text="a")
        first.frame("ack")
    with service.connected() as second:
        welcome = second.hello(token, last_seq=1)
        assert welcome["token"] is None
        messages = [second.frame("message") for _ in range(3)]
        assert [(m["seq"], m["text"]) for m in messages] == [(2, "a"), (3, "un a"), (4, "deux a")]
    with service.connected() as third:
        assert third.hello(token, last_seq=0)["seq"] == 4
        assert [third.frame("message")["seq"] for _ in range(4)] == [1, 2, 3, 4]


def test_two_tabs_show_the_same(service: Service) -> None:
    with service.connected() as first, service.connected() as second:
        token = first.hello()["token"]
        second.hello(token)
        first.send(type="message", id=_id(), text="bonjour")
        for tab in (first, second):
            assert [tab.frame("message")["seq"] for _ in range(3)] == [1, 2, 3]


def test_a_choice_sends_its_payload_and_shows_its_label(customer: Customer, rasa: FakeRasa) -> None:
    customer.hello()
    choice = customer.frame("message")["choices"][0]
    customer.send(type="choice", id=_id(), choice=choice["id"])
    assert customer.message_of("customer")["text"] == choice["label"]
    customer.message_of("bot")
    assert rasa.asked[0][2] == "/order_status"


def test_a_choice_of_another_conversation_is_refused(service: Service, rasa: FakeRasa) -> None:
    with service.connected() as first, service.connected() as second:
        first.hello()
        stolen = first.frame("message")["choices"][0]["id"]
        second.hello()
        second.frame("message")
        second.send(type="choice", id=_id(), choice=stolen)
        assert second.receive()["code"] == "unknown_choice"
    assert rasa.asked == []


def _message(**fields: Any) -> str:
    return json.dumps({"type": "message", "id": "4f1c2a34-7d0e-4c51-9f3a-0b6c1d2e3f40"} | fields)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        pytest.param("pas du json", "invalid_frame", id="not JSON"),
        pytest.param("[]", "invalid_frame", id="not an object"),
        pytest.param("{}", "invalid_frame", id="no type"),
        pytest.param('{"type": "admin"}', "invalid_frame", id="unknown type"),
        pytest.param(_message(id="1", text="a"), "invalid_frame", id="id is no UUID"),
        pytest.param(_message(), "invalid_frame", id="no text"),
        pytest.param(_message(text=3), "invalid_frame", id="text is a number"),
        pytest.param(_message(text="a", role="agent"), "invalid_frame", id="unknown field"),
        pytest.param(json.dumps(HELLO), "invalid_frame", id="second hello"),
        pytest.param(_message(text=""), "empty_message", id="empty"),
        pytest.param(_message(text=" \u00a0\u200b\n "), "empty_message", id="invisible"),
        pytest.param(_message(text="x" * 20_000), "message_too_long", id="too long"),
    ],
)
def test_bad_frames_get_a_clear_error_and_the_conversation_goes_on(customer: Customer, raw: str, code: str) -> None:
    customer.hello()
    customer.frame("message")
    customer.connection.send(raw)
    error: dict[str, Any] = customer.receive()
    assert (error["type"], error["code"]) == ("error", code)
    assert len(error["detail"]) > 20
    customer.send(type="message", id=_id(), text="et maintenant ?")
    assert customer.message_of("bot")["text"].startswith("écho")


def test_binary_frames_are_refused_politely(customer: Customer) -> None:
    customer.hello()
    customer.frame("message")
    customer.connection.send(b"\x00\xff")
    assert customer.receive()["code"] == "invalid_frame"


@pytest.mark.parametrize("raw", ["nonsense", _message(id="x", text="a"), '{"type": "hello", "protocol": 2}'])
def test_no_valid_hello_closes_the_connection(customer: Customer, raw: str) -> None:
    customer.connection.send(raw)
    assert customer.receive()["code"] == "invalid_frame"
    with pytest.raises(ConnectionClosed) as closed:
        customer.receive()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4400


def test_an_unknown_token_may_start_afresh(customer: Customer) -> None:
    customer.send(**HELLO | {"token": "made-up"})
    assert customer.receive()["code"] == "unknown_conversation"
    assert customer.hello()["seq"] == 1


def test_messages_of_one_conversation_are_answered_one_at_a_time(customer: Customer, rasa: FakeRasa) -> None:
    rasa.delay_s = 0.05
    customer.hello()
    for text in ("un", "deux", "trois"):
        customer.send(type="message", id=_id(), text=text)
    answers = [customer.message_of("bot")["text"] for _ in range(3)]
    assert answers == ["écho : un", "écho : deux", "écho : trois"]


def test_too_many_unanswered_messages_are_refused_and_nothing_is_lost(customer: Customer, rasa: FakeRasa) -> None:
    rasa.delay_s = 0.2
    customer.hello()
    for number in range(14):
        customer.send(type="message", id=_id(), text=str(number))
    frames: list[dict[str, Any]] = []
    while sum(frame["type"] in ("ack", "error") for frame in frames) < 14:
        frames.append(customer.receive())
    refused = [frame for frame in frames if frame["type"] == "error"]
    assert {frame["code"] for frame in refused} == {"too_many_messages"}
    expected = 14 - len(refused)
    while sum(frame.get("author") == "bot" and frame.get("seq", 0) > 1 for frame in frames) < expected:
        frames.append(customer.receive())


def test_payment_data_is_masked_before_it_is_stored(customer: Customer, rasa: FakeRasa) -> None:
    customer.hello()
    customer.send(type="message", id=_id(), text="ma carte 4111 1111 1111 1111 ne passe pas")
    assert customer.message_of("customer")["text"] == "ma carte [numéro masqué] ne passe pas"
    customer.message_of("bot")
    assert all("4111" not in (asked[1] or "") for asked in rasa.asked)
