"""The agents' socket: docs/console-protocol.md, with customers at the other end."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession
from websockets.exceptions import ConnectionClosed, InvalidStatus

from guichet import clock
from guichet.app import create_app
from guichet.conversations import PersonWanted, Reply
from guichet.db import Database
from guichet.models import Account, HandoverReason, Role
from guichet.settings import Settings
from tests.agent import Agent, console, signed_in
from tests.api.conftest import FakeRasa, Service, serve
from tests.api.desk import MINUTE, WEDNESDAY, new_agent
from tests.customer import Customer


class Office:
    """The service with its people: Une and Deux are agents who are there."""

    def __init__(self, service: Service, database_url: str) -> None:
        self.service, self._database_url = service, database_url
        self.tokens: dict[str, str] = self.run(self._hire)

    def run(self, work: Callable[[AsyncSession], Awaitable[Any]]) -> Any:
        async def run() -> Any:
            db = Database(self._database_url)
            try:
                async with db.transaction() as session:
                    return await work(session)
            finally:
                await db.close()

        return asyncio.run(run())

    async def _hire(self, session: AsyncSession) -> dict[str, str]:
        tokens = {}
        for name, values in {
            "Une": {"max_chats": 2},
            "Deux": {},
            "Rédactrice": {"role": Role.EDITOR},
            "Nouvelle": {"password_temporary": True},
        }.items():
            tokens[name] = await signed_in(session, await new_agent(session, name, **values))  # type: ignore[arg-type]
        return tokens

    def console(self, name: str) -> Any:
        return console(self.service.url, self.tokens[name])


@pytest.fixture
def office(settings: Settings, rasa: FakeRasa) -> Iterator[Office]:
    with clock.at(WEDNESDAY):
        rasa.answers = lambda said: [Reply("Bien sûr.", person=PersonWanted(HandoverReason.ASKED) if said == "passez-moi vos collègues" else None)]
        with serve(create_app(settings, rasa)) as service:
            yield Office(service, settings.database_url)


@pytest.fixture
def une(office: Office) -> Iterator[Agent]:
    with office.console("Une") as agent:
        agent.hello()
        agent.frame("queue")
        yield agent


@pytest.fixture
def customer(office: Office) -> Iterator[Customer]:
    with office.service.connected() as customer:
        yield customer


def write(customer: Customer, text: str) -> int:
    """The customer writes; the ``seq`` of what they wrote."""
    ident = str(uuid.uuid4())
    customer.send(type="message", id=ident, text=text)
    while (ack := customer.frame("ack"))["id"] != ident:
        pass
    seq: int = ack["seq"]
    return seq


def ask_for_a_person(customer: Customer) -> str:
    """A new conversation in the queue."""
    conversation: str = customer.hello()["conversation"]
    write(customer, "passez-moi vos collègues")
    assert customer.frame("status")["state"] == "waiting"
    return conversation


def test_a_request_is_seen_taken_and_answered(une: Agent, customer: Customer, rasa: FakeRasa) -> None:
    conversation = ask_for_a_person(customer)
    assert customer.frame("queue") == {"type": "queue", "position": 1, "waiting_s": 0}
    (ticket,) = une.queue(lambda queue: queue["waiting"])["waiting"]
    assert (ticket["conversation"], ticket["name"], ticket["words"], ticket["unread"]) == (conversation, "Client", "passez-moi vos collègues", 1)
    une.send(type="watch", conversation=conversation, last_seq=0)
    events = une.events(conversation, 5)
    assert [event["seq"] for event in events] == [1, 2, 3, 4, 5]
    assert [event.get("author") for event in events] == ["bot", "customer", "bot", None, "system"]
    assert une.command("claim", conversation)["seq"] == 6
    assert customer.frame("status")["state"] == "human"
    assert une.queue(lambda queue: queue["mine"])["waiting"] == []
    une.send(type="typing", conversation=conversation, on=True)
    while (typing := customer.frame("typing"))["author"] == "bot":
        pass
    assert typing == {"type": "typing", "author": "agent", "on": True}
    une.command("message", conversation, text="Bonjour, je regarde.")
    said = customer.message_of("agent")
    assert (said["name"], said["text"]) == ("Une", "Bonjour, je regarde.")
    customer.send(type="read", seq=said["seq"])
    assert une.frame("read")["seq"] == said["seq"]
    customer.send(type="typing", on=True)
    assert une.frame("typing", author="customer")["on"] is True
    seq = write(customer, "merci")
    assert une.events(conversation, seq)[-1]["text"] == "merci"
    une.send(type="read", conversation=conversation, seq=seq)
    assert customer.frame("read")["seq"] == seq
    assert [asked[1] for asked in rasa.asked] == ["passez-moi vos collègues"], "Rasa hears nothing of what a person answers"
    une.command("back_to_bot", conversation)
    assert customer.frame("status")["state"] == "bot"
    write(customer, "et maintenant ?")
    assert customer.message_of("bot")["text"] == "Bien sûr."


def test_nothing_is_lost_and_nothing_comes_twice_when_the_console_is_cut_off(office: Office, une: Agent, customer: Customer) -> None:
    conversation = ask_for_a_person(customer)
    une.command("claim", conversation)
    une.send(type="watch", conversation=conversation, last_seq=0)
    une.command("note", conversation, text="avant la coupure")
    seen = une.events(conversation, 7)
    note = une.frame("note")
    une.connection.close()
    said = [write(customer, f"message {number}") for number in range(5)]
    with office.console("Deux") as other:
        other.hello()
        other.command("note", conversation, text="pendant la coupure")
    with office.console("Une") as again:
        again.hello({conversation: seen[-1]["seq"]}, {conversation: note["note"]})
        missed = again.events(conversation, said[-1])
        assert [event["seq"] for event in seen + missed] == list(range(1, said[-1] + 1))
        assert [event["text"] for event in missed] == [f"message {number}" for number in range(5)]
        missed_note = again.frame("note")
        assert (missed_note["text"], missed_note["account"], missed_note["after_seq"]) == ("pendant la coupure", "Deux", said[-1])
        last = write(customer, "encore")
        assert [event["seq"] for event in again.events(conversation, last)] == [last]


def test_a_command_sent_again_is_done_once(office: Office, une: Agent, customer: Customer) -> None:
    conversation = ask_for_a_person(customer)
    idents = [str(uuid.uuid4()) for _ in range(3)]
    commands: list[tuple[str, dict[str, Any]]] = [("claim", {}), ("message", {"text": "Bonjour"}), ("transfer", {"team": "sav", "note": "à suivre"})]
    first = [une.command(kind, conversation, id=ident, **fields) for ident, (kind, fields) in zip(idents, commands, strict=True)]
    une.connection.close()
    with office.console("Une") as again:
        again.hello()
        second = [again.command(kind, conversation, id=ident, **fields) for ident, (kind, fields) in zip(idents, commands, strict=True)]
        assert second == first
        assert [ack["type"] for ack in first] == ["ack"] * 3
        again.send(type="watch", conversation=conversation, last_seq=0)
        states = [event["state"] for event in again.events(conversation, first[-1]["seq"]) if event["type"] == "status"]
        assert states == ["waiting", "human", "waiting"]


def test_two_agents_on_one_chat(office: Office, une: Agent, customer: Customer) -> None:
    conversation = ask_for_a_person(customer)
    with office.console("Deux") as deux:
        deux.hello()
        deux.command("claim", conversation)
        refused = une.command("claim", conversation)
        assert (refused["code"], refused["by"]) == ("already_claimed", "Deux")
        assert "Deux a déjà pris" in refused["detail"]
        for kind, fields in {"message": {"text": "moi !"}, "close": {}, "back_to_bot": {}, "transfer": {}}.items():
            assert une.command(kind, conversation, **fields)["code"] == "not_yours"
        assert une.command("message", conversation, text="  ")["code"] == "empty_message"
        assert une.command("message", conversation, text="", attachments=[str(uuid.uuid4())])["code"] == "not_yours"
        assert deux.command("transfer", conversation, to=10_000)["code"] == "unknown_agent"
        assert deux.command("message", conversation, text="", attachments=[str(uuid.uuid4())])["code"] == "unknown_attachment"
        assert deux.command("close", conversation, motive="colis", outcome="case")["type"] == "ack"
        assert customer.frame("status")["state"] == "human"
        assert customer.frame("status")["state"] == "closed"
        customer.send(type="rate", score=5, comment=None)
        write(customer, "encore une chose")
        assert customer.frame("status")["state"] == "waiting"
        assert une.queue(lambda queue: queue["waiting"])["waiting"][0]["reason"] in ("asked", "reopened")


def test_too_many_chats_at_once(office: Office, une: Agent) -> None:
    with office.service.connected() as one, office.service.connected() as two, office.service.connected() as three:
        first, second, third = (ask_for_a_person(each) for each in (one, two, three))
        assert three.frame("queue")["position"] == 3
        assert une.command("claim", first)["type"] == une.command("claim", second)["type"] == "ack"
        refused = une.command("claim", third)
        assert refused["code"] == "too_many_chats"
        assert "2 conversations" in refused["detail"].replace("\u00a0", " ")
        while three.frame("queue")["position"] != 1:
            pass
        une.command("close", first)
        assert une.command("claim", third)["type"] == "ack"


def test_the_customer_leaves_the_queue(une: Agent, customer: Customer, rasa: FakeRasa) -> None:
    ask_for_a_person(customer)
    une.queue(lambda queue: queue["waiting"])
    leave = next(choice for choice in customer.message_of("system")["choices"] if choice["label"] == "Revenir à l’assistant")
    customer.send(type="choice", id=str(uuid.uuid4()), choice=leave["id"])
    assert customer.frame("status")["state"] == "bot"
    assert une.queue(lambda queue: not queue["waiting"])
    assert all(asked[2] is None for asked in rasa.asked)


def test_a_silent_agent_is_told_away_and_the_conversation_waits_again(une: Agent, customer: Customer) -> None:
    conversation = ask_for_a_person(customer)
    une.command("claim", conversation)
    with clock.at(WEDNESDAY + 6 * MINUTE):  # the watch looks every five seconds
        assert une.frame("presence")["state"] == "away"
        (ticket,) = une.queue(lambda queue: any(each["reason"] == "agent_silent" for each in queue["waiting"]))["waiting"]
        assert ticket["urgency"] == "let_down"
    une.send(type="presence", state="available")
    assert une.frame("presence")["state"] == "available"


def test_without_rasa_a_person_is_called_by_guichet_itself(une: Agent, customer: Customer, rasa: FakeRasa) -> None:
    rasa.down = True
    customer.hello()
    write(customer, "zzz qqq")
    person = next(choice for choice in customer.message_of("bot")["choices"] if choice["label"] == "Parler à une personne")
    customer.send(type="choice", id=str(uuid.uuid4()), choice=person["id"])
    assert customer.message_of("bot")["degraded"] is True
    assert customer.frame("status")["state"] == "waiting"
    assert une.queue(lambda queue: queue["waiting"])["waiting"][0]["reason"] == "bot_failure"


@pytest.mark.parametrize("name", ["Rédactrice", "Nouvelle", None])
def test_the_socket_is_for_agents_who_are_signed_in(office: Office, name: str | None) -> None:
    with console(office.service.url, office.tokens[name] if name else "made-up") as agent, pytest.raises(ConnectionClosed) as closed:
        agent.hello()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4401


def test_a_page_of_another_site_gets_no_socket(office: Office) -> None:
    with pytest.raises(InvalidStatus), console(office.service.url, office.tokens["Une"], origin="https://ailleurs.example.com"):
        pass


def test_signing_out_ends_the_socket(office: Office, une: Agent, customer: Customer) -> None:
    conversation = ask_for_a_person(customer)
    office.run(lambda session: session.execute(update(Account).where(Account.name == "Une").values(active=False)))
    with pytest.raises(ConnectionClosed) as closed:
        une.command("claim", conversation)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4401
    expired = office.run(lambda session: _expired(session))
    with console(office.service.url, expired) as agent, pytest.raises(ConnectionClosed):
        agent.hello()


async def _expired(session: AsyncSession) -> str:
    return await signed_in(session, await new_agent(session), expires_at=clock.now() - timedelta(seconds=1))


@pytest.mark.parametrize("raw", ["nonsense", '{"type": "watch", "conversation": "x", "last_seq": 0}', '{"type": "hello", "protocol": 2}'])
def test_no_valid_hello_closes_the_connection(office: Office, raw: str) -> None:
    with office.console("Une") as agent:
        agent.connection.send(raw)
        with pytest.raises(ConnectionClosed) as closed:
            agent.frame("welcome")
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4400


def test_bad_frames_are_refused_and_the_connection_goes_on(une: Agent, customer: Customer) -> None:
    for raw in ("nonsense", '{"type": "hello", "protocol": 1}', '{"type": "claim", "conversation": "x", "id": "1"}'):
        une.connection.send(raw)
        assert une.frame("refused")["code"] == "invalid_frame"
    une.send(type="watch", conversation="nowhere", last_seq=0)
    assert une.frame("refused")["code"] == "unknown_conversation"
    assert une.command("note", "nowhere", text="?")["code"] == "unknown_conversation"
    conversation = ask_for_a_person(customer)
    une.send(type="typing", conversation=conversation, on=True)
    une.send(type="unwatch", conversation=conversation)
    assert une.command("claim", conversation)["type"] == "ack"


def test_two_processes_share_a_conversation(office: Office, settings: Settings, rasa: FakeRasa, redis_url: str) -> None:
    shared = settings.model_copy(update={"redis_url": redis_url})
    here, there = serve(create_app(shared, rasa)), serve(create_app(shared, rasa))
    with here as one, there as two, console(one.url, office.tokens["Une"]) as agent, two.connected() as customer:
        agent.hello()
        conversation = ask_for_a_person(customer)
        agent.queue(lambda queue: queue["waiting"])
        agent.command("claim", conversation)
        assert customer.frame("status")["state"] == "human"
        agent.command("message", conversation, text="Bonjour")
        assert customer.message_of("agent")["text"] == "Bonjour"
