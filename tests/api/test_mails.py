"""What customers get by e-mail, and when: receipts, updates, transcripts, on each database."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from guichet import clock
from guichet.cases import CaseRequest, open_case
from guichet.conversations import Reply, add_customer_message, append_replies, start_conversation
from guichet.db import Database
from guichet.demo_data import CUSTOMERS, load_demo, number_of
from guichet.faq_files import load_facts
from guichet.mails import MAX_UNPROVED_PER_DAY, case_update, return_receipt, transcript
from guichet.models import Attachment, Author, CaseEvent, CaseMotive, CaseState, MailKind, Order, OutgoingMail, ReturnWish
from guichet.orders import order_by_number
from guichet.protocol import card
from guichet.returns import register_return
from tests.conftest import ROOT

FACTS = load_facts(ROOT / "faq")
EMAIL = CUSTOMERS[0][2]
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
DELIVERED = number_of(3)


def plain(text: str) -> str:
    """With ordinary spaces, to be read in a test."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


async def mails(session: AsyncSession) -> list[OutgoingMail]:
    return list(await session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)))


async def conversation_in(session: AsyncSession) -> str:
    conversation, _ = await start_conversation(session, "192.0.2.1", Reply("Bonjour"))
    return conversation.id


async def order_in(session: AsyncSession, number: str) -> Order:
    found = await order_by_number(session, number)
    assert found is not None
    return found


def request(conversation: str, **fields: Any) -> CaseRequest:
    values = {"motive": CaseMotive.DEFECTIVE, "description": "Voir https://phishing.example.com <b>vite</b>", "contact": EMAIL}
    return CaseRequest(conversation, **(values | fields))


async def test_a_case_has_one_receipt_with_number_motive_article_and_promise(db: Database) -> None:
    with clock.at(NOW):
        async with db.transaction() as session:
            await load_demo(session)
            order = await order_in(session, DELIVERED)
            asked = request(await conversation_in(session), order_id=order.id, order_line_ids=(order.lines[0].id,))
            case = await open_case(session, asked, FACTS)
            assert await open_case(session, asked, FACTS) is case
        async with db.transaction() as session:
            (mail,) = await mails(session)
    assert (mail.kind, mail.recipient, mail.case_id, mail.order_id) == (MailKind.CASE_RECEIPT, EMAIL, case.id, order.id)
    assert mail.subject == f"Votre dossier {case.number} est ouvert"
    text = plain(mail.text)
    for expected in (case.number, DELIVERED, "article défectueux", "Scie circulaire 165 mm", "sous 48 h", "mercredi 25 novembre à 10 h 30"):
        assert expected in text
        assert expected in plain(mail.html)
    assert FACTS.telephone in text
    assert "phishing" not in mail.text + mail.html, "what was written is not passed on to an address that may be somebody else's"


@pytest.mark.parametrize(
    ("motive", "subject"),
    [(CaseMotive.CONTACT, "Votre message est bien reçu ({})"), (CaseMotive.PARCEL_NOT_RECEIVED, "Recherche de votre colis : dossier {}")],
)
async def test_messages_and_enquiries_have_their_own_receipt(db: Database, motive: CaseMotive, subject: str) -> None:
    async with db.transaction() as session:
        case = await open_case(session, request(await conversation_in(session), motive=motive), FACTS)
        (mail,) = await mails(session)
    assert plain(mail.subject) == subject.format(case.number)


async def test_a_phone_number_gets_no_mail(db: Database) -> None:
    async with db.transaction() as session:
        await open_case(session, request(await conversation_in(session), contact="+33 6 39 98 01 42"), FACTS)
        assert await mails(session) == []


async def test_a_case_rolled_back_leaves_no_receipt(db: Database) -> None:
    async def open_and_fail() -> None:
        async with db.transaction() as session:
            await open_case(session, request(await conversation_in(session)), FACTS)
            raise LookupError

    with pytest.raises(LookupError):
        await open_and_fail()
    async with db.transaction() as session:
        assert await mails(session) == []


async def test_nobody_is_flooded_and_the_cases_are_opened_all_the_same(db: Database) -> None:
    async with db.transaction() as session:
        conversation = await conversation_in(session)
        numbers = set()
        for rank in range(MAX_UNPROVED_PER_DAY + 3):
            contact = EMAIL.upper() if rank % 2 else EMAIL
            numbers.add((await open_case(session, request(conversation, description=f"Message {rank}", contact=contact), FACTS)).number)
        assert len(numbers) == MAX_UNPROVED_PER_DAY + 3
        assert len(await mails(session)) == MAX_UNPROVED_PER_DAY


async def test_an_update_of_a_case_is_sent_once_and_escaped(db: Database) -> None:
    async with db.transaction() as session:
        case = await open_case(session, request(await conversation_in(session)), FACTS)
        case.state = CaseState.AWAITING_CUSTOMER
        event = CaseEvent(case_id=case.id, at=clock.now(), author=Author.AGENT, text="Envoyez la photo\ndu <moteur> & de l'étiquette.")
        session.add(event)
        await session.flush()
        assert await case_update(session, case, event, FACTS)
        assert not await case_update(session, case, event, FACTS)
        _, mail = await mails(session)
    assert "du <moteur> & de l’étiquette." in mail.text
    assert "du &lt;moteur&gt; &amp; de l’étiquette." in mail.html
    assert "<moteur>" not in mail.html
    assert "en attente de votre réponse" in mail.text


async def test_a_return_has_one_receipt_with_article_last_day_and_how_to(db: Database) -> None:
    with clock.at(NOW):
        async with db.transaction() as session:
            await load_demo(session)
            order = await order_in(session, DELIVERED)
            registered = await register_return(session, await conversation_in(session), order, {order.lines[0].id: 1}, ReturnWish.REFUND, FACTS)
            assert not await return_receipt(session, registered, order, FACTS)
            (mail,) = await mails(session)
            slip = await session.get_one(Attachment, mail.attachment_id)
    assert slip.name == f"bordereau-{registered.number}.pdf"
    assert (mail.recipient, mail.order_id) == (CUSTOMERS[3][2], order.id)
    text = plain(mail.text)
    for expected in (registered.number, DELIVERED, "1 × Scie circulaire 165 mm", "lundi 7 décembre", "emballage d’origine", FACTS.adresse_retour):
        assert expected in text


async def test_a_transcript_holds_what_was_said_and_is_sent_again_only_with_something_new(db: Database) -> None:
    shown = card(kind="parcel", title="Votre colis", badge={"label": "en route", "tone": "info"}, rows=[{"label": "Transporteur", "value": "Geodis"}])
    with clock.at(NOW):
        async with db.transaction() as session:
            conversation, _ = await start_conversation(session, "192.0.2.1", Reply("Bonjour, **bienvenue** !"))
            await add_customer_message(session, conversation.id, "1", text="<script>où est mon colis</script>")
            await append_replies(session, conversation.id, [Reply("Ici : [suivi](https://colis.example.com/1)", cards=[shown])])
            assert await transcript(session, conversation, EMAIL, FACTS)
            assert not await transcript(session, conversation, EMAIL, FACTS)
            await append_replies(session, conversation.id, [Reply("Autre chose ?")], Author.AGENT)
            assert await transcript(session, conversation, EMAIL, FACTS)
            first, second = await mails(session)
            with pytest.raises(ValueError, match="one e-mail address"):
                await transcript(session, conversation, "camille", FACTS)
    text = plain(first.text)
    assert "L’assistant automatique, lundi 23 novembre à 10 h 30\nBonjour, bienvenue !" in text
    assert "Vous, lundi 23 novembre à 10 h 30\n<script>où est mon colis</script>" in text
    assert "Ici : suivi (https://colis.example.com/1)\n- Votre colis : en route, Transporteur : Geodis" in text
    assert "<script>" not in first.html
    assert "Le service client, " in second.text
    assert (first.conversation_id, first.unsubscribe_url) == (conversation.id, None)
