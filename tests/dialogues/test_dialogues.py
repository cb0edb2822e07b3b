"""Conversations as customers have them (``*.yml``), through the real socket, Rasa and database.

Each step says something or presses a button, and names what the answer must and must not contain; at the end the backend must be as told.
``{n3}``, ``{e3}`` and ``{p3}`` stand for number, e-mail and postcode of the demo's order 3 (docs/demo.md, counted from 0).
"""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from guichet.db import Database
from guichet.demo_data import CUSTOMERS, SCENARIOS, number_of
from guichet.models import Order, Return, SavCase
from tests.customer import Customer, connected
from tests.live import Live

KEYS = {"dit", "bouton", "repond", "pas", "boutons", "cartes"}
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
    if "dit" in step:
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
    if "cartes" in step:
        assert [card["kind"] for message in messages for card in message["cards"]] == step["cartes"]
    assert not any(message["degraded"] for message in messages)
    return messages


@pytest.mark.parametrize("scenario", _load())
def test_dialogue(live: Live, scenario: dict[str, Any]) -> None:
    with connected(live.url) as customer:
        conversation = customer.hello()["conversation"]
        messages = [customer.frame("message")]
        for step in scenario["etapes"]:
            messages = _step(customer, step, messages)
    asyncio.run(_check_backend(live.database_url, conversation, scenario.get("base", {})))


async def _check_backend(url: str, conversation: str, expected: dict[str, Any]) -> None:
    assert expected.keys() <= {"dossiers", "retours"}
    db = Database(url)
    try:
        async with db.transaction() as session:
            cases = list(await session.scalars(select(SavCase).where(SavCase.conversation_id == conversation)))
            orders = {order.id: order.number for order in await session.scalars(select(Order))}
            found = [{"motif": case.motive.value, "commande": orders.get(case.order_id or 0), "texte": case.description} for case in cases]
            wanted = expected.get("dossiers", [])
            assert len(found) == len(wanted), found
            for case, facts in zip(found, wanted, strict=True):
                assert case["motif"] == facts["motif"]
                if "commande" in facts:
                    assert case["commande"] == facts["commande"].format(**VALUES)
                assert facts.get("texte", "") in case["texte"]
            for number in expected.get("retours", []):
                query = select(Return).join(Order, Order.id == Return.order_id).where(Order.number == number.format(**VALUES))
                assert await session.scalar(query.options(joinedload(Return.order_line))) is not None
    finally:
        await db.close()
