"""Where the money is, as the bot tells it: in time, late, and the case that a late refund opens once."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from guichet import clock
from guichet.demo_data import CUSTOMERS, SCENARIOS, number_of
from guichet.models import CaseQueue, CaseState, MailKind, Order, OutgoingMail, Refund, RefundState, Return, ReturnState, ReturnWish, SavCase
from guichet.services import Services

from .chat import NOW, Chat, values

LATE_REFUND, LATE_RETURN, IN_CONTROL, DECIDED, ISSUED = 40, 41, 15, 29, 13
OPEN = "Ouvrir un dossier"
APOLOGY = "je vous présente nos excuses"


async def ask(chat: Chat, index: int) -> str:
    """Where is my money, for one of the demo's orders."""
    said = await chat.say("mon remboursement ?", "refund_status", order_number=number_of(index), email=CUSTOMERS[SCENARIOS[index].customer][2])
    assert all(len(message["custom"]["text"]) <= 400 for message in chat.messages)
    return said


async def cases(services: Services) -> list[SavCase]:
    async with services.db.transaction() as session:
        return list(await session.scalars(select(SavCase).where(SavCase.conversation_id.is_not(None)).order_by(SavCase.id)))


async def test_a_late_refund_is_said_so_with_the_day_it_was_due(chat: Chat) -> None:
    said = await ask(chat, LATE_REFUND)
    assert f"Le remboursement de 84,90 € pour la commande **{number_of(LATE_REFUND)}**, décidé le dimanche 11 janvier" in said
    assert "au plus tard le **dimanche 25 janvier**" in said
    assert APOLOGY in said
    assert [card["kind"] for card in chat.cards] == ["refund"]
    assert chat.choices == [OPEN, "Parler à une personne"]


async def test_the_button_opens_a_case_at_once_and_only_once(chat: Chat, services: Services) -> None:
    await ask(chat, LATE_REFUND)
    said = await chat.press(OPEN)
    (case,) = await cases(services)
    assert f"le dossier **{case.number}** est ouvert" in said
    assert "n•••@example.com" in said
    assert "Motif : remboursement en retard" in values(chat.cards[0])
    assert case.queue is CaseQueue.ORDERS
    assert case.description == (
        "Remboursement en retard : 84,90\u00a0€ (carte bancaire), décidé le dimanche 11 janvier, à effectuer au plus tard le dimanche 25 janvier. "
        "Signalé par le client le samedi 31 janvier."
    )

    said = await ask(chat, LATE_REFUND)
    assert APOLOGY in said
    assert f"déjà enregistrée sous le numéro **{case.number}**" in said
    assert [card["kind"] for card in chat.cards] == ["refund", "case"]
    assert OPEN not in chat.choices
    said = await chat.say("", "inform", answer="refund_late", order_number=number_of(LATE_REFUND))
    assert f"déjà enregistrée sous le numéro **{case.number}**" in said
    assert len(await cases(services)) == 1


async def test_the_customer_gets_a_receipt_of_the_case(chat: Chat, services: Services) -> None:
    await ask(chat, LATE_REFUND)
    await chat.press(OPEN)
    (case,) = await cases(services)
    async with services.db.transaction() as session:
        mail = await session.scalar(select(OutgoingMail).where(OutgoingMail.kind == MailKind.CASE_RECEIPT))
    assert mail is not None
    assert mail.subject.replace("\u00a0", " ") == f"Votre remboursement en retard : dossier {case.number}"
    assert "nous vous présentons nos excuses" in mail.text


async def test_what_is_late_again_after_a_settled_case_is_a_new_case(chat: Chat, services: Services) -> None:
    await ask(chat, LATE_REFUND)
    await chat.press(OPEN)
    async with services.db.transaction() as session:
        await session.execute(update(SavCase).where(SavCase.conversation_id.is_not(None)).values(state=CaseState.SETTLED))
    with clock.at(NOW + timedelta(days=2)):
        await ask(chat, LATE_REFUND)
        await chat.press(OPEN)
    first, second = await cases(services)
    assert first.number != second.number


async def test_no_case_for_a_refund_issued_before_the_button_is_pressed(chat: Chat, services: Services) -> None:
    await ask(chat, LATE_REFUND)
    async with services.db.transaction() as session:
        await session.execute(update(Refund).where(Refund.state == RefundState.DECIDED).values(state=RefundState.ISSUED, issued_on=NOW.date()))
    said = await chat.press(OPEN)
    assert said.startswith("Voici où en est le remboursement")
    assert await cases(services) == []


async def test_the_button_shows_nothing_of_an_order_that_is_not_proved(chat: Chat, services: Services) -> None:
    said = await chat.say("", "inform", answer="refund_late", order_number=number_of(LATE_REFUND))
    assert "84,90" not in said
    assert chat.is_open
    assert await cases(services) == []


async def test_a_return_received_long_ago_without_a_refund_is_late(chat: Chat, services: Services) -> None:
    said = await ask(chat, LATE_RETURN)
    assert "plus de 14 jours après votre demande, reçue le **jeudi 1er janvier**" in said
    assert APOLOGY in said
    assert [card["kind"] for card in chat.cards] == ["return"]
    await chat.press(OPEN)
    (case,) = await cases(services)
    assert "demandé le jeudi 1er janvier, reçu depuis, sans remboursement" in case.description


async def test_a_refund_in_time_has_its_last_day(chat: Chat) -> None:
    said = await ask(chat, DECIDED)
    assert "Il sera effectué au plus tard le **vendredi 13 février**." in said
    assert "excuses" not in said
    assert OPEN not in chat.choices


async def test_an_issued_refund_is_not_promised_again(chat: Chat) -> None:
    said = await ask(chat, ISSUED)
    assert "au plus tard" not in said
    assert "Effectué le : lundi 19 janvier" in values(chat.cards[0])


async def test_a_return_under_control_has_its_last_day(chat: Chat) -> None:
    said = await ask(chat, IN_CONTROL)
    assert "après réception et acceptation de votre retour, et effectué au plus tard le **mercredi 4 février**" in said


@pytest.mark.parametrize(
    ("state", "wish", "expected"),
    [
        (ReturnState.REGISTERED, ReturnWish.REFUND, "il le sera après réception et acceptation de votre retour."),
        (ReturnState.RECEIVED, ReturnWish.EXCHANGE, "il le sera après réception et acceptation de votre retour."),
        (ReturnState.REFUSED, ReturnWish.REFUND, "n'a pas été accepté : aucun remboursement n'est décidé"),
    ],
)
async def test_no_last_day_where_no_money_is_due(chat: Chat, services: Services, state: ReturnState, wish: ReturnWish, expected: str) -> None:
    async with services.db.transaction() as session:
        order = await session.scalar(select(Order.id).where(Order.number == number_of(LATE_RETURN)))
        await session.execute(update(Return).where(Return.order_id == order).values(state=state, wish=wish))
    said = await ask(chat, LATE_RETURN)
    assert expected in said
    assert "au plus tard" not in said
    assert OPEN not in chat.choices
