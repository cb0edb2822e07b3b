"""Without Rasa: an honest answer at once, marked as such, and the normal service as soon as it is back."""

import uuid
from typing import Any

from guichet.app import create_app
from guichet.conversations import Reply
from guichet.rasa import RasaClient
from guichet.settings import Settings
from tests.api.conftest import FakeRasa, Service, serve
from tests.customer import Customer


def _ask(customer: Customer, text: str) -> dict[str, Any]:
    customer.send(type="message", id=str(uuid.uuid4()), text=text)
    customer.message_of("customer")
    return customer.message_of("bot")


def test_a_known_question_is_answered_from_the_faq(customer: Customer, rasa: FakeRasa) -> None:
    rasa.down = True
    customer.hello()
    answer = _ask(customer, "j'ai oublié mon mot de passe")
    assert answer["degraded"] is True
    assert "formulaire d’oubli" in answer["text"]
    assert "indisponible" in answer["text"]


def test_anything_else_leads_to_a_person(customer: Customer, rasa: FakeRasa) -> None:
    rasa.down = True
    customer.hello()
    answer = _ask(customer, "zzz qqq")
    assert answer["degraded"] is True
    assert "01 99 00 12 34" in answer["text"].replace("\u202f", " ").replace("\u00a0", " ")


def test_an_offered_question_is_answered_even_then(customer: Customer, rasa: FakeRasa) -> None:
    rasa.answers = lambda _: [Reply("Est-ce ceci ?", choices=[("J’ai oublié mon mot de passe", "/forgot_password")])]
    customer.hello()
    offer = _ask(customer, "login")
    rasa.down = True
    customer.send(type="choice", id=str(uuid.uuid4()), choice=offer["choices"][0]["id"])
    answer = customer.message_of("bot")
    assert answer["degraded"] is True
    assert "formulaire d’oubli" in answer["text"]


def test_the_service_is_whole_again_when_rasa_is_back(customer: Customer, rasa: FakeRasa) -> None:
    rasa.down = True
    customer.hello()
    assert _ask(customer, "bonjour")["degraded"] is True
    rasa.down = False
    assert _ask(customer, "bonjour")["degraded"] is False


def test_readiness_says_what_is_down(service: Service, rasa: FakeRasa) -> None:
    assert service.get("/readyz").json() == {"database": "ok", "rasa": "ok"}
    rasa.down = True
    response = service.get("/readyz")
    assert (response.status_code, response.json()) == (503, {"database": "ok", "rasa": "down"})
    assert service.get("/livez").status_code == 200


def test_nothing_listening_counts_as_down(settings: Settings, service: Service) -> None:
    nowhere = RasaClient("http://127.0.0.1:9", timeout_s=1.0)
    with serve(create_app(settings, nowhere)) as other, other.connected() as customer:
        customer.hello()
        assert _ask(customer, "j'ai oublié mon mot de passe")["degraded"] is True
