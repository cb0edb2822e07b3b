"""The mails customers get: each function writes one into the outbox, in the caller's transaction, once per thing told.

All return False, with nothing written, when that mail exists already or must not be sent.
"""

import hashlib
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from guichet import clock, labels, mail_texts
from guichet.french import NBSP, full_instant, long_date, long_instant
from guichet.letters import Block, Letter, render
from guichet.models import (
    CaseArticle,
    CaseEvent,
    CaseMotive,
    CaseState,
    Conversation,
    ConversationEvent,
    MailKind,
    Order,
    OrderLine,
    OrderState,
    OutgoingMail,
    Product,
    Return,
    SavCase,
    Shipment,
    ShipmentState,
)
from guichet.orders import situation
from guichet.outbox import Mail, count_recent, enqueue, is_email
from guichet.shop import ShopFacts, WithdrawalWindow

MAX_UNPROVED_PER_DAY = 10
"""Receipts and transcripts to one address within a day: a chat must not flood somebody else's mailbox."""
MAX_TRANSCRIPTS_PER_DAY = 3
"""Transcripts of one conversation within a day."""
_UNPROVED = (MailKind.CASE_RECEIPT, MailKind.TRANSCRIPT)
_OPENED = {
    CaseMotive.PARCEL_NOT_RECEIVED: (mail_texts.ENQUIRY_SUBJECT, mail_texts.ENQUIRY_OPENED),
    CaseMotive.CONTACT: (mail_texts.MESSAGE_SUBJECT, mail_texts.MESSAGE_OPENED),
    CaseMotive.WITHDRAWAL: (mail_texts.WITHDRAWAL_SUBJECT, mail_texts.WITHDRAWAL_OPENED),
    CaseMotive.REFUND_LATE: (mail_texts.REFUND_LATE_SUBJECT, mail_texts.REFUND_LATE_OPENED),
    **dict.fromkeys(
        (CaseMotive.ORDER_CHANGE, CaseMotive.ORDER_CANCELLATION, CaseMotive.ADDRESS_CHANGE),
        (mail_texts.REQUEST_SUBJECT, mail_texts.REQUEST_OPENED),
    ),
}


class TooManyTranscripts(Exception):  # noqa: N818
    """The conversation, or the address, has had its share of mails for a day."""


_BOLD, _LINK = re.compile(r"\*\*(.+?)\*\*"), re.compile(r"\[([^\]]+)\]\((https?://[^)\s]+)\)")


async def case_receipt(session: AsyncSession, case: SavCase, order: Order | None, facts: ShopFacts) -> bool:
    """The case is open: number, motive, article, promise. Only when the contact is an e-mail; what was described is not repeated,
    since the address may be somebody else's."""
    if not is_email(case.contact) or await _is_flooded(session, case.contact):
        return False
    subject, opened = _OPENED.get(case.motive, (mail_texts.CASE_SUBJECT, mail_texts.CASE_OPENED))
    promise = opened.format(limite=long_instant(case.due_at), ouverture=full_instant(case.opened_at), **facts.values())
    rows = [(labels.CASE, case.number), (labels.MOTIVE, labels.MOTIVES[case.motive])]
    if order is not None:
        rows.append((labels.ORDER, order.number))
    articles = await _articles_of(session, case)
    rows += [(labels.ARTICLE, article) for article in articles]
    blocks = [Block(promise), Block(rows=tuple(rows))]
    if articles:
        blocks.append(Block(mail_texts.CASE_KEEP))
    letter = Letter(subject.format(numero=case.number), tuple(blocks))
    return await enqueue(session, _mail(f"case_receipt:{case.id}", MailKind.CASE_RECEIPT, case.contact, letter, facts, case=case))


async def case_update(session: AsyncSession, case: SavCase, event: CaseEvent, facts: ShopFacts) -> bool:
    """The service client wrote ``event``, flushed, into the case: its text and the case's state. Only when the contact is an e-mail."""
    if not is_email(case.contact):
        return False
    blocks = [
        Block(mail_texts.CASE_UPDATE),
        Block(event.text),
        Block(rows=((labels.CASE, case.number), (labels.STATE, labels.CASE_STATES[case.state]))),
    ]
    if case.state is CaseState.AWAITING_CUSTOMER:
        blocks.append(Block(mail_texts.CASE_AWAITING))
    letter = Letter(mail_texts.CASE_UPDATE_SUBJECT.format(numero=case.number), tuple(blocks))
    return await enqueue(session, _mail(f"case_update:{event.id}", MailKind.CASE_UPDATE, case.contact, letter, facts, case=case))


async def return_receipt(session: AsyncSession, registered: Return, order: Order, facts: ShopFacts, *, slip_id: str | None = None) -> bool:
    """The return is registered: number, articles, last day, how to, and the slip. ``order`` is loaded with its customer, shipments and
    lines, the return with its articles."""
    rows = [(labels.RETURN, registered.number), (labels.ORDER, order.number)]
    pieces = {article.order_line_id: article.quantity for article in registered.articles}
    rows += [(labels.ARTICLE, _counted(line, pieces[line.id])) for line in order.lines if line.id in pieces]
    delivered = [shipment.delivered_on for shipment in order.shipments if shipment.delivered_on]
    if delivered:
        last_day = WithdrawalWindow.after(max(delivered), facts).send_back_by(registered.registered_at.astimezone(clock.PARIS).date())
        rows.append((labels.LAST_DAY, long_date(last_day)))
    steps = tuple(step.format(numero=registered.number, **facts.values()) for step in mail_texts.RETURN_STEPS)
    blocks = (
        Block(mail_texts.RETURN_REGISTERED, rows=tuple(rows)),
        Block(title=mail_texts.RETURN_TITLE, items=steps),
        Block(mail_texts.RETURN_AFTER),
    )
    letter = Letter(mail_texts.RETURN_SUBJECT.format(numero=registered.number), blocks)
    mail = _mail(f"return_receipt:{registered.id}", MailKind.RETURN_RECEIPT, order.customer.email, letter, facts, order_id=order.id)
    return await enqueue(session, replace(mail, attachment_id=slip_id))


async def order_update(session: AsyncSession, order: Order, facts: ShopFacts, *, unsubscribe_url: str, change: str) -> bool:
    """The order or its parcels changed: where everything stands, to the order's own customer.

    Args:
        order: loaded with its customer and shipments.
        change: names the change and who is told of it; one mail for each.
    """
    placed = long_date(order.placed_at.astimezone(clock.PARIS).date())
    news = mail_texts.ORDER_NEWS.format(numero=order.number, date=placed, etat=labels.ORDER_STATES[order.state])
    count = len(order.shipments)
    parcels = tuple(_parcel(shipment, rank, count) for rank, shipment in enumerate(order.shipments, 1))
    letter = Letter(
        mail_texts.ORDER_SUBJECT.format(numero=order.number, etat=_headline(order)),
        (Block(news), *parcels),
        reason=mail_texts.REASON_ORDER,
        unsubscribe_url=unsubscribe_url,
    )
    mail = _mail(f"order_update:{change}", MailKind.ORDER_UPDATE, order.customer.email, letter, facts, order_id=order.id)
    return await enqueue(session, mail)


async def request_transcript(session: AsyncSession, conversation: Conversation, email: str, facts: ShopFacts) -> None:
    """Send the customer the transcript they asked for; nothing more when that very one was sent before.

    Raises:
        TooManyTranscripts
        ValueError: ``email`` is not an e-mail address.
    """
    await session.execute(select(Conversation.id).where(Conversation.id == conversation.id).with_for_update(key_share=True))
    since = clock.now() - timedelta(days=1)
    sent = select(func.count()).where(
        OutgoingMail.conversation_id == conversation.id, OutgoingMail.kind == MailKind.TRANSCRIPT, OutgoingMail.created_at >= since
    )
    if (await session.scalar(sent) or 0) >= MAX_TRANSCRIPTS_PER_DAY:
        raise TooManyTranscripts
    if not await transcript(session, conversation, email, facts) and await _is_flooded(session, email):
        raise TooManyTranscripts


async def transcript(session: AsyncSession, conversation: Conversation, email: str, facts: ShopFacts) -> bool:
    """All that was said in a conversation so far. Asked for again with nothing new, it is not sent again.

    Raises:
        ValueError: ``email`` is not an e-mail address.
    """
    if await _is_flooded(session, email):
        return False
    query = (
        select(ConversationEvent)
        .options(selectinload(ConversationEvent.attachments))
        .where(ConversationEvent.conversation_id == conversation.id)
        .order_by(ConversationEvent.seq)
    )
    events = [event for event in await session.scalars(query) if event.state is None]
    started = long_date(conversation.started_at.astimezone(clock.PARIS).date())
    blocks = (Block(mail_texts.TRANSCRIPT.format(date=started)), *(_said(event, facts) for event in events))
    letter = Letter(mail_texts.TRANSCRIPT_SUBJECT.format(**facts.values()), blocks)
    last = max((event.seq for event in events), default=0)
    key = f"transcript:{conversation.id}:{last}:{hashlib.sha256(email.lower().encode()).hexdigest()}"
    return await enqueue(session, _mail(key, MailKind.TRANSCRIPT, email, letter, facts, conversation_id=conversation.id))


def _mail(
    key: str,
    kind: MailKind,
    recipient: str,
    letter: Letter,
    facts: ShopFacts,
    *,
    case: SavCase | None = None,
    order_id: int | None = None,
    conversation_id: str | None = None,
) -> Mail:
    rendered = render(letter, facts)
    return Mail(
        dedup_key=key,
        kind=kind,
        recipient=recipient,
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        unsubscribe_url=letter.unsubscribe_url,
        conversation_id=case.conversation_id if case else conversation_id,
        order_id=case.order_id if case else order_id,
        case_id=case.id if case else None,
    )


async def _is_flooded(session: AsyncSession, recipient: str) -> bool:
    since = clock.now() - timedelta(days=1)
    return await count_recent(session, _UNPROVED, recipient, since) >= MAX_UNPROVED_PER_DAY


async def _articles_of(session: AsyncSession, case: SavCase) -> list[str]:
    query = (
        select(Product.name)
        .join(OrderLine, OrderLine.product_id == Product.id)
        .join(CaseArticle, CaseArticle.order_line_id == OrderLine.id)
        .where(CaseArticle.case_id == case.id)
        .order_by(OrderLine.id)
    )
    return list(await session.scalars(query))


def _counted(line: OrderLine, quantity: int) -> str:
    return f"{quantity}{NBSP}×{NBSP}{line.product.name}"


def _headline(order: Order) -> str:
    """The parcel's situation when there is one parcel that says more than the order does."""
    if order.state is OrderState.SHIPPED and len(order.shipments) == 1:
        return labels.PARCEL_STATES[situation(order.shipments[0], clock.today())]
    return labels.ORDER_STATES[order.state]


def _parcel(shipment: Shipment, rank: int, count: int) -> Block:
    is_delivered = shipment.state is ShipmentState.DELIVERED
    day = shipment.delivered_on if is_delivered else shipment.promised_on
    rows = [
        (labels.STATE, labels.PARCEL_STATES[situation(shipment, clock.today())]),
        (labels.CARRIER, shipment.carrier),
        (labels.TRACKING, shipment.tracking_number),
        (labels.DELIVERED_ON if is_delivered else labels.PROMISED, long_date(day) if day else None),
    ]
    return Block(
        title=labels.PARCEL_OF.format(rang=rank, nombre=count) if count > 1 else labels.PARCEL,
        rows=tuple((label, value) for label, value in rows if value),
        link=(labels.FOLLOW_PARCEL, shipment.tracking_url) if shipment.tracking_url else None,
    )


def _said(event: ConversationEvent, facts: ShopFacts) -> Block:
    who = mail_texts.AUTHORS[event.author].format(**facts.values())
    text = _LINK.sub(r"\1 (\2)", _BOLD.sub(r"\1", event.text))
    items = [_card_line(card) for card in event.cards]
    items += [mail_texts.ATTACHED.format(nom=attachment.name) for attachment in event.attachments]
    return Block(text, title=mail_texts.SAID.format(qui=who, quand=long_instant(event.at)), items=tuple(items))


def _card_line(card: dict[str, Any]) -> str:
    details = [card["badge"]["label"]] if card["badge"] else []
    details += [f"{row['label']} : {row['value']}" for row in card["rows"]] + card["items"]
    return f"{card['title']} : {', '.join(details)}" if details else str(card["title"])
