"""Uploading, fetching and sending photos and documents, over HTTP and the socket, on each database."""

import asyncio
import io
import socket
import uuid
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from select import select
from typing import Any
from urllib.parse import unquote

import httpx2
import pytest
import sqlalchemy as sa
from PIL import Image

from guichet.app import create_app
from guichet.attachments import MAX_BYTES, MAX_PER_CONVERSATION, MAX_UNSENT, store_file
from guichet.conversations import Reply
from guichet.customer_http import MAX_DRAINED_BYTES
from guichet.db import Database
from guichet.models import Author, Conversation, ConversationState
from guichet.settings import Settings
from tests.api.conftest import FakeRasa, Service, serve
from tests.customer import Customer

PDF = b"%PDF-1.7\n%%EOF\n"
PATH = "/chat/attachments"


def _id() -> str:
    return str(uuid.uuid4())


def photo(width: int = 40, height: int = 30) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height), (200, 30, 30)).save(file, "JPEG")
    return file.getvalue()


PHOTO = photo()


class Uploader:
    """The HTTP side of one customer's widget."""

    def __init__(self, service: Service, token: str) -> None:
        self.client = httpx2.Client(base_url=service.url, headers={"Authorization": f"Bearer {token}"}, timeout=60, trust_env=False)

    def upload(self, ident: str | None = None, name: str = "étiquette.jpeg", content: bytes = PHOTO) -> httpx2.Response:
        return self.client.post(PATH, data={"id": ident or _id()}, files={"file": (name, content)})

    def kept(self, name: str = "photo.jpg", content: bytes = PHOTO) -> dict[str, Any]:
        response = self.upload(name=name, content=content)
        assert response.status_code == 201, response.text
        answer: dict[str, Any] = response.json()
        return answer

    def get(self, ident: str) -> httpx2.Response:
        return self.client.get(f"{PATH}/{ident}")


def error_of(response: httpx2.Response, status: int) -> str:
    """The error's code, told in its one form with a French sentence, readable by pages of any origin."""
    body = response.json()
    assert response.status_code == status, body
    assert body.keys() == {"error", "detail"}
    assert len(body["detail"]) > 20
    assert "{" not in body["detail"]
    return str(body["error"])


@pytest.fixture
def service(settings: Settings, rasa: FakeRasa) -> Iterator[Service]:
    """The service on an empty database: nothing here needs an order."""
    with serve(create_app(settings, rasa)) as running:
        yield running


@pytest.fixture
def token(customer: Customer) -> str:
    return str(customer.hello()["token"])


@pytest.fixture
def uploader(service: Service, token: str) -> Iterator[Uploader]:
    made = Uploader(service, token)
    yield made
    made.client.close()


@pytest.fixture
def other(service: Service) -> Iterator[Uploader]:
    """Another customer."""
    with service.connected() as customer:
        made = Uploader(service, customer.hello()["token"])
        yield made
        made.client.close()


def test_a_photo_is_kept_and_fetched(uploader: Uploader) -> None:
    ident = _id()
    response = uploader.upload(ident)
    assert response.status_code == 201
    told = response.json()
    fetched = uploader.get(ident)
    assert told == {
        "id": ident, "name": "étiquette.jpg", "media_type": "image/jpeg", "size": len(fetched.content), "width": 40, "height": 30,
    }  # fmt: skip
    assert fetched.status_code == 200
    assert fetched.headers["content-type"] == "image/jpeg"
    disposition = fetched.headers["content-disposition"]
    assert disposition.startswith("attachment; filename*=UTF-8''")
    assert unquote(disposition.partition("''")[2]) == "étiquette.jpg"
    assert fetched.headers["cache-control"] == "private, max-age=3600"
    assert fetched.headers["x-content-type-options"] == "nosniff"
    assert fetched.headers["content-security-policy"] == "sandbox"
    assert Image.open(io.BytesIO(fetched.content)).size == (40, 30)


def test_a_pdf_is_kept_as_it_is(uploader: Uploader) -> None:
    told = uploader.kept("facture.PDF", PDF)
    assert told | {"id": ""} == {"id": "", "name": "facture.pdf", "media_type": "application/pdf", "size": len(PDF), "width": None, "height": None}
    assert uploader.get(told["id"]).content == PDF


def test_the_same_id_again_gives_the_stored_one(uploader: Uploader) -> None:
    ident = _id()
    first = uploader.upload(ident.upper())
    again = uploader.upload(ident, name="autre.pdf", content=PDF)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()


def test_what_is_in_use_elsewhere_is_refused_and_tells_nothing(uploader: Uploader, other: Uploader) -> None:
    ident = uploader.kept()["id"]
    assert error_of(other.upload(ident), 422) == "invalid_request"
    assert other.upload(_id()).status_code == 201


def test_missing_and_another_conversations_look_the_same(uploader: Uploader, other: Uploader) -> None:
    ident = uploader.kept()["id"]
    answers = [other.get(each) for each in (ident, _id(), "not-an-id")]
    assert {(answer.status_code, answer.text) for answer in answers} == {(404, answers[0].text)}
    assert error_of(answers[0], 404) == "unknown_attachment"
    assert uploader.get(ident).status_code == 200


@pytest.mark.parametrize("authorization", [None, "Bearer wrong", "Bearer", "Basic abc", "{token}"])
def test_only_the_bearer_of_the_token_may(service: Service, uploader: Uploader, token: str, authorization: str | None) -> None:
    ident = uploader.kept()["id"]
    headers = {"Authorization": authorization.format(token=token)} if authorization else {}
    posted = httpx2.post(service.url + PATH, data={"id": _id()}, files={"file": ("a.jpg", PHOTO)}, headers=headers)
    fetched = httpx2.get(f"{service.url}{PATH}/{ident}", headers=headers)
    assert error_of(posted, 401) == error_of(fetched, 401) == "unknown_conversation"


@pytest.mark.parametrize(
    ("name", "content", "status", "code", "word"),
    [
        ("photo.jpg", b"<html><script>alert(1)</script>", 415, "unsupported_attachment", "PDF"),
        ("photo.jpg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", 415, "unsupported_attachment", "JPEG"),
        ("IMG_1.HEIC", b"\x00\x00\x00\x24ftypheic\x00\x00\x00\x00mif1heic", 415, "unsupported_attachment", "HEIC"),
        ("photo.jpg", PHOTO[: len(PHOTO) // 2], 422, "unreadable_attachment", "50"),
        ("photo.jpg", b"", 422, "unreadable_attachment", "endommagé"),
        ("a.pdf", b"%PDF-" + bytes(MAX_BYTES - 4), 413, "attachment_too_large", "10"),
        ("a.pdf", b"%PDF-" + bytes(MAX_BYTES + 2**20), 413, "attachment_too_large", "10"),
    ],
    ids=["HTML", "SVG", "HEIC", "truncated", "empty", "a byte too many", "a megabyte too many"],
)
def test_what_is_not_taken_is_said_in_french(uploader: Uploader, name: str, content: bytes, status: int, code: str, word: str) -> None:
    response = uploader.upload(name=name, content=content)
    assert error_of(response, status) == code
    assert word in response.json()["detail"]
    assert response.headers["cache-control"] == "no-store"


def test_the_largest_file_is_taken(uploader: Uploader) -> None:
    content = b"%PDF-" + bytes(MAX_BYTES - 5)
    assert uploader.get(uploader.kept("a.pdf", content)["id"]).content == content


@contextmanager
def request_begun(service: Service, token: str, length: str) -> Iterator[socket.socket]:
    """A connection on which an upload has begun, up to its body."""
    head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Type: multipart/form-data; boundary=x\r\n{length}\r\n\r\n"
    host, _, port = service.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(head.encode())
        yield connection


def test_a_huge_body_that_is_announced_is_refused_before_it_comes(service: Service, token: str) -> None:
    with request_begun(service, token, f"Content-Length: {2 * 2**30}") as connection:
        answer = connection.recv(2**16).decode()
    assert answer.startswith("HTTP/1.1 413 ")
    assert "connection: close" in answer.lower()


def test_an_endless_body_is_cut_off(service: Service, token: str) -> None:
    sent, piece = 0, b"100000\r\n" + bytes(2**20) + b"\r\n"
    with request_begun(service, token, "Transfer-Encoding: chunked") as connection, suppress(ConnectionError):
        while not select([connection], [], [], 0)[0]:
            connection.sendall(piece)
            sent += 2**20
    assert sent < MAX_DRAINED_BYTES + 20 * 2**20


@pytest.mark.parametrize(
    ("request_parts", "word"),
    [
        ({"files": {"file": ("a.jpg", PHOTO)}}, "id"),
        ({"data": {"id": "1"}, "files": {"file": ("a.jpg", PHOTO)}}, "UUID"),
        ({"data": {"id": _id()}, "files": {"photo": ("a.jpg", PHOTO)}}, "file"),
        ({"files": {"id": (None, _id()), "file": (None, b"text")}}, "form"),
        ({"data": {"id": _id()}}, "file"),
        ({"json": {"id": _id()}}, "id"),
        ({"content": b"--x", "headers": {"Content-Type": "multipart/form-data"}}, "formulaire"),
        ({"content": b"nothing", "headers": {"Content-Type": "multipart/form-data; boundary=x"}}, "formulaire"),
        ({"data": {"id": _id(), "more": "1"}, "files": {"file": ("a.jpg", PHOTO)}}, "formulaire"),
        ({"data": {"id": _id()}, "files": [("file", ("a.jpg", PHOTO)), ("file", ("b.jpg", PHOTO))]}, "formulaire"),
    ],
)
def test_an_ill_formed_request_is_told_what_is_wrong(uploader: Uploader, request_parts: dict[str, Any], word: str) -> None:
    response = uploader.client.post(PATH, **request_parts)
    assert error_of(response, 422) == "invalid_request"
    assert word in response.json()["detail"]


def test_a_closed_conversation_takes_nothing_more_and_keeps_what_it_has(uploader: Uploader, settings: Settings) -> None:
    ident = uploader.kept()["id"]
    asyncio.run(_close_all(settings))
    assert error_of(uploader.upload(), 409) == "conversation_closed"
    assert uploader.upload(ident).status_code == 200
    assert uploader.get(ident).status_code == 200


async def _close_all(settings: Settings) -> None:
    db = Database(settings.database_url)
    async with db.transaction() as session:
        await session.execute(sa.update(Conversation).values(state=ConversationState.CLOSED))
    await db.close()


def test_pages_of_any_origin_may_call_after_asking(service: Service, uploader: Uploader) -> None:
    asking = {"Origin": "https://boutique.example.com", "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
    for path in (PATH, f"{PATH}/{_id()}", "/chat/transcript"):
        preflight = httpx2.options(service.url + path, headers=asking)
        assert preflight.status_code == 200
        assert preflight.headers["access-control-allow-origin"] == "*"
        assert "authorization" in preflight.headers["access-control-allow-headers"].lower()
        assert "access-control-allow-credentials" not in preflight.headers
    origin = {"Origin": "https://boutique.example.com"}
    for response in (uploader.client.get(f"{PATH}/{_id()}", headers=origin), httpx2.post(service.url + PATH, headers=origin)):
        assert response.headers["access-control-allow-origin"] == "*"
        assert response.status_code in (401, 404)
    assert "access-control-allow-origin" not in httpx2.get(service.url + "/livez", headers=origin).headers


def test_the_demo_shows_pictures_made_in_the_page(service: Service) -> None:
    assert "img-src 'self' data: blob:;" in service.get("/").headers["content-security-policy"]


def send(customer: Customer, *idents: str, text: str = "", ident: str | None = None) -> dict[str, Any]:
    """Send a message with attachments; the ack or the error."""
    customer.send(type="message", id=ident or _id(), text=text, attachments=list(idents))
    while (frame := customer.receive())["type"] not in ("ack", "error"):
        pass
    return frame


def test_photos_travel_in_a_message_in_their_order(service: Service, customer: Customer, token: str, uploader: Uploader, rasa: FakeRasa) -> None:
    first, second = uploader.kept("un.jpg"), uploader.kept("deux.pdf", PDF)
    customer.send(type="message", id=_id(), text=" voici ", attachments=[second["id"], first["id"].upper()])
    customer.frame("ack")
    message = customer.message_of("customer")
    assert (message["text"], message["attachments"]) == ("voici", [second, first])
    assert customer.message_of("bot")["attachments"] == []
    assert [asked[1:] for asked in rasa.asked] == [("voici", None)]
    with service.connected() as tab:
        tab.hello(token, last_seq=1)
        assert tab.message_of("customer")["attachments"] == [second, first]


@pytest.mark.parametrize("text", ["", "  \u200b\n"])
def test_photos_alone_tell_the_dialogue_how_many(customer: Customer, uploader: Uploader, rasa: FakeRasa, text: str) -> None:
    kept = [uploader.kept()["id"] for _ in range(2)]
    send(customer, *kept, kept[0], text=text)
    assert customer.message_of("bot")["text"] == 'écho : /inform{"photos": "2"}'
    assert [asked[1:] for asked in rasa.asked] == [("", '/inform{"photos": "2"}')]


def test_without_rasa_photos_alone_get_an_honest_answer(customer: Customer, uploader: Uploader, rasa: FakeRasa) -> None:
    rasa.down = True
    send(customer, uploader.kept()["id"])
    answer = customer.message_of("bot")
    assert answer["degraded"] is True
    assert answer["choices"] == []
    assert "bien reçu et conservé" in answer["text"]
    assert "01 99 00 12 34" in answer["text"].replace("\u202f", " ").replace("\u00a0", " ")


def test_the_same_message_twice_is_one_with_its_photos(service: Service, customer: Customer, token: str, uploader: Uploader) -> None:
    kept, ident = uploader.kept()["id"], _id()
    acks = [send(customer, kept, ident=ident) for _ in range(3)]
    assert {(ack["type"], ack["seq"]) for ack in acks} == {("ack", 2)}
    assert send(customer, kept)["code"] == "unknown_attachment", "another message"


def test_what_is_not_the_customers_to_send_is_refused_whole(customer: Customer, uploader: Uploader, other: Uploader, rasa: FakeRasa) -> None:
    mine, theirs = uploader.kept()["id"], other.kept()["id"]
    for wrong in (theirs, _id()):
        error = send(customer, mine, wrong, text="voici")
        assert (error["type"], error["code"]) == ("error", "unknown_attachment")
    assert rasa.asked == []
    assert send(customer, mine, text="voici")["seq"] == 2, "nothing was stored and the photo can still be sent"


def test_a_message_carries_five_at_most(customer: Customer, uploader: Uploader) -> None:
    error = send(customer, *(_id() for _ in range(MAX_UNSENT + 1)), ident="0b35cbb4-26a1-4f61-8a2c-2a1c0a2ea0a7")
    assert (error["code"], error["id"]) == ("too_many_attachments", "0b35cbb4-26a1-4f61-8a2c-2a1c0a2ea0a7")
    assert "5 fichiers" in error["detail"]
    kept = [uploader.kept()["id"] for _ in range(MAX_UNSENT)]
    assert uploader.upload(kept[0]).status_code == 200
    assert send(customer, *kept)["type"] == "ack"
    assert uploader.upload().status_code == 201


def test_a_conversation_keeps_thirty_at_most(customer: Customer, uploader: Uploader) -> None:
    for _ in range(MAX_PER_CONVERSATION // MAX_UNSENT):
        send(customer, *(uploader.kept("a.pdf", PDF)["id"] for _ in range(MAX_UNSENT)))
    assert error_of(uploader.upload(), 409) == "too_many_attachments"


def test_an_empty_list_is_an_ordinary_message(customer: Customer, token: str) -> None:
    assert send(customer, text="bonjour")["type"] == "ack"
    assert send(customer, text=" ")["code"] == "empty_message"


def test_twenty_uploads_of_one_id_at_once_are_one(uploader: Uploader) -> None:
    ident = _id()
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: uploader.upload(ident), range(20)))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 200: 19}
    assert len({answer.text for answer in answers}) == 1


def test_of_twenty_uploads_at_once_the_last_five_wait(customer: Customer, uploader: Uploader) -> None:
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: uploader.upload(), range(20)))
    assert Counter(answer.status_code for answer in answers) == {201: 20}
    waiting = [answer.json()["id"] for answer in answers if uploader.get(answer.json()["id"]).status_code == 200]
    assert len(waiting) == MAX_UNSENT
    assert send(customer, *waiting)["type"] == "ack"


def test_one_photo_goes_with_one_of_many_messages_at_once(service: Service, token: str, uploader: Uploader) -> None:
    kept = uploader.kept()["id"]

    def try_to_send(_: int) -> str:
        with service.connected() as tab:
            tab.hello(token)
            return str(send(tab, kept)["type"])

    with ThreadPoolExecutor(8) as pool:
        assert Counter(pool.map(try_to_send, range(8))) == {"ack": 1, "error": 7}


async def _store_slip(settings: Settings) -> str:
    """A file of the bot's in the only conversation there is."""
    db = Database(settings.database_url)
    async with db.transaction() as session:
        conversation_id = await session.scalar(sa.select(Conversation.id).order_by(Conversation.started_at.desc()).limit(1))
        assert conversation_id is not None
        slip = await store_file(session, conversation_id, "bon de retour", "application/pdf", PDF, Author.BOT)
    await db.close()
    return slip.id


def test_the_bot_sends_files_once(customer: Customer, uploader: Uploader, settings: Settings, rasa: FakeRasa) -> None:
    slip = asyncio.run(_store_slip(settings))
    assert send(customer, slip)["code"] == "unknown_attachment", "it is not the customer's to send"
    rasa.answers = lambda _: [Reply("Voici votre bon.", attachments=[slip]), Reply("Encore une fois ?", attachments=[slip, "unknown"])]
    customer.send(type="message", id=_id(), text="mon bon de retour")
    first, second = customer.message_of("bot"), customer.message_of("bot")
    assert first["attachments"] == [
        {"id": slip, "name": "bon de retour.pdf", "media_type": "application/pdf", "size": len(PDF), "width": None, "height": None}
    ]
    assert (second["text"], second["attachments"]) == ("Encore une fois ?", []), "what is said is not lost"
    assert uploader.get(slip).content == PDF
