"""Conversations as customers have them (``*.yml``), through the real socket, Rasa and database.

Each step says something, presses a button or sends photos, and names what the answer must and must not contain; at the end the backend
must be as told. ``{n3}``, ``{e3}`` and ``{p3}`` stand for number, e-mail and postcode of the demo's order 3 (docs/demo.md, counted from 0).

A dialogue may have orders of its own (``commandes``: bodies of ``PUT /api/v1/orders/…`` by number, over ``ORDER``) and an instant
(``le``: ``2026-04-21 18:00``, the shop's time), at which the product's clock stands for all its steps; a step may have its own.
"""

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from guichet import clock
from guichet.db import Database
from guichet.demo_data import CUSTOMERS, SCENARIOS, number_of
from guichet.models import Attachment, Order, Return, ReturnArticle, SavCase
from guichet.order_intake import put_order
from guichet.order_sheet import OrderSheet
from tests.customer import Customer, connected
from tests.live import Live

KEYS = {"dit", "bouton", "photos", "le", "repond", "pas", "boutons", "cartes", "fichiers"}
MOST_CHARACTERS = 400
"""Of a bubble; more belongs behind « En savoir plus »."""
ORDER: dict[str, Any] = {
    "customer": {"email": "noemie.valette@example.com", "name": "Noémie Valette", "kind": "private"},
    "delivery_address": {"street": "3 rue de l’Exemple", "postcode": "75011", "city": "Paris"},
    "state": "delivered",
    "placed_at": "2026-03-30T08:00:00Z",
    "payment_method": "card",
    "lines": [{"sku": "PVB18", "quantity": 1, "unit_price_cents": 12990}],
}
"""What an order of a dialogue is unless it says otherwise."""
VALUES = {f"n{index}": number_of(index) for index in range(len(SCENARIOS))}
VALUES |= {f"e{index}": CUSTOMERS[scenario.customer][2] for index, scenario in enumerate(SCENARIOS)}
VALUES |= {f"p{index}": CUSTOMERS[scenario.customer][5] for index, scenario in enumerate(SCENARIOS)}


def _load() -> list[Any]:
    files = sorted(Path(__file__).parent.glob("*.yml"))
    scenarios = [scenario for path in files for scenario in YAML(typ="safe").load(path.read_text("utf-8"))]
    return [pytest.param(scenario, id=scenario["nom"]) for scenario in scenarios]


def _plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ").replace("’", "'").lower()


def _shown(messages: list[dict[str, Any]]) -> str:
    """All that the customer can read in an answer."""
    parts: list[str] = []
    for message in messages:
        parts += [message["text"], message["more"] or ""]
        for card in message["cards"]:
            parts += [card["title"], card["badge"]["label"] if card["badge"] else "", *card["items"]]
            parts += [f"{row['label']} : {row['value']}" for row in card["rows"]]
    return _plain("\n".join(parts))


def _step(customer: Customer, step: dict[str, Any], last: list[dict[str, Any]]) -> list[dict[str, Any]]:
    assert step.keys() <= KEYS, f"clés inconnues : {step.keys() - KEYS}"
    if "photos" in step:
        messages = customer.send_photos(step["photos"], step.get("dit", ""))
    elif "dit" in step:
        messages = customer.say(step["dit"].format(**VALUES))
    else:
        labels = {_plain(choice["label"]): choice["id"] for message in last for choice in message["choices"]}
        assert _plain(step["bouton"]) in labels, f"« {step['bouton']} » n'est pas parmi {list(labels)}"
        messages = customer.press(labels[_plain(step["bouton"])])
    shown = _shown(messages)
    for expected in step.get("repond", []):
        assert _plain(expected.format(**VALUES)) in shown, shown
    for forbidden in step.get("pas", []):
        assert _plain(forbidden.format(**VALUES)) not in shown, shown
    offered = [_plain(choice["label"]) for message in messages for choice in message["choices"]]
    for expected in step.get("boutons", []):
        assert _plain(expected) in offered, offered
    names = [attachment["name"] for message in messages for attachment in message["attachments"]]
    for expected in step.get("fichiers", []):
        assert any(expected in name for name in names), names
    if "cartes" in step:
        assert [card["kind"] for message in messages for card in message["cards"]] == step["cartes"]
    assert not any(message["degraded"] for message in messages)
    assert all(len(message["text"]) <= MOST_CHARACTERS for message in messages), [len(message["text"]) for message in messages]
    return messages


@pytest.mark.parametrize("scenario", _load())
def test_dialogue(live: Live, scenario: dict[str, Any]) -> None:
    assert scenario.keys() <= {"nom", "etapes", "base", "commandes", "le"}
    asyncio.run(_put_orders(live.database_url, scenario.get("commandes", {})))
    with live.at(_instant(scenario.get("le"))), connected(live.url) as customer:
        conversation = customer.hello()["conversation"]
        messages = [customer.frame("message")]
        for step in scenario["etapes"]:
            with live.at(_instant(step.get("le", scenario.get("le")))):
                messages = _step(customer, step, messages)
    asyncio.run(_check_backend(live.database_url, conversation, scenario.get("base", {})))


def _instant(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written).replace(tzinfo=clock.PARIS) if written else None


async def _put_orders(url: str, orders: dict[str, dict[str, Any]]) -> None:
    db = Database(url)
    try:
        async with db.transaction() as session:
            for number, changes in orders.items():
                await put_order(session, str(number), OrderSheet.model_validate(ORDER | changes))
    finally:
        await db.close()


async def _check_backend(url: str, conversation: str, expected: dict[str, Any]) -> None:
    assert expected.keys() <= {"dossiers", "retours", "retournes"}
    db = Database(url)
    try:
        async with db.transaction() as session:
            query = select(SavCase).where(SavCase.conversation_id == conversation).order_by(SavCase.id)
            cases = list(await session.scalars(query.options(selectinload(SavCase.history), selectinload(SavCase.articles))))
            orders = {order.id: order.number for order in await session.scalars(select(Order))}
            found = [await _facts(session, case, orders) for case in cases]
            wanted = expected.get("dossiers", [])
            assert len(found) == len(wanted), found
            for case, facts in zip(found, wanted, strict=True):
                assert facts.keys() <= case.keys()
                assert facts.pop("texte", "") in case["texte"]
                wanted_facts = {name: value.format(**VALUES) if isinstance(value, str) else value for name, value in facts.items()}
                assert wanted_facts == {name: case[name] for name in wanted_facts}
            for number in expected.get("retours", []):
                assert await _pieces(session, number.format(**VALUES)) > 0
            for number, pieces in expected.get("retournes", {}).items():
                assert await _pieces(session, str(number).format(**VALUES)) == pieces
    finally:
        await db.close()


async def _facts(session: AsyncSession, case: SavCase, orders: dict[int, str]) -> dict[str, Any]:
    photos = await session.scalars(select(Attachment.id).where(Attachment.case_id == case.id))
    return {
        "motif": case.motive.value,
        "commande": orders.get(case.order_id or 0),
        "texte": "\n".join(dict.fromkeys([case.description, *(event.text for event in case.history)])),
        "articles": len(case.articles),
        "photos": len(photos.all()),
        "etat": case.state.value,
    }


async def _pieces(session: AsyncSession, number: str) -> int:
    """How many pieces of an order are in returns."""
    query = (
        select(func.coalesce(func.sum(ReturnArticle.quantity), 0))
        .join(Return, Return.id == ReturnArticle.return_id)
        .join(Order, Order.id == Return.order_id)
        .where(Order.number == number)
    )
    return await session.scalar(query) or 0
