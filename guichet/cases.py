"""SAV cases: opening one, its number, its deadline, its history."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from guichet import clock, texts
from guichet.attachments import attach_to_case, unclaimed
from guichet.mails import case_receipt
from guichet.models import (
    Attachment,
    Author,
    CaseArticle,
    CaseEvent,
    CaseMotive,
    CaseState,
    CaseWish,
    Order,
    Reserves,
    SavCase,
)
from guichet.numbers import next_number
from guichet.orders import CASE_ARTICLES
from guichet.shop import ShopFacts


@dataclass(frozen=True)
class CaseRequest:
    """What a customer asks for. Equal requests are one case, however often they arrive."""

    conversation_id: str
    motive: CaseMotive
    description: str
    contact: str
    order_id: int | None = None
    order_line_ids: tuple[int, ...] = ()
    reserves: Reserves | None = None
    wish: CaseWish | None = None

    @property
    def key(self) -> str:
        """SHA-256 of the request, hexadecimal."""
        words = " ".join(self.description.casefold().split())
        parts = [self.conversation_id, self.motive.value, words, self.contact, self.order_id, sorted(self.order_line_ids)]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


async def open_case(session: AsyncSession, request: CaseRequest, facts: ShopFacts) -> SavCase:
    """Open a case, with a receipt by e-mail, or give back the one this very request opened before.

    The customer has a proposal within ``delai_solution_heures`` hours of opening days (FAQ, retours et remboursements).
    """
    existing = await _case_of_request(session, request)
    if existing is not None:
        return existing
    try:
        async with session.begin_nested():
            return await _insert_case(session, request, facts)
    except IntegrityError:  # the same request, committed by somebody else in the meantime
        winner = await _case_of_request(session, request)
        if winner is None:
            raise
        return winner


async def _insert_case(session: AsyncSession, request: CaseRequest, facts: ShopFacts) -> SavCase:
    now = clock.now()
    case = SavCase(
        number=await next_number(session, f"SAV-{now.year}"),
        request_key=request.key,
        order_id=request.order_id,
        conversation_id=request.conversation_id,
        motive=request.motive,
        state=CaseState.OPEN,
        description=request.description,
        contact=request.contact,
        opened_at=now,
        due_at=facts.solution_due(now),
        reserves=request.reserves,
        wish=request.wish,
    )
    case.articles = [CaseArticle(order_line_id=ident) for ident in sorted(set(request.order_line_ids))]
    case.history = [CaseEvent(at=now, author=Author.CUSTOMER, text=request.description)]
    session.add(case)
    await session.flush()
    await attach_to_case(session, case.id, await unclaimed(session, request.conversation_id))
    order = await session.get(Order, request.order_id) if request.order_id else None
    await case_receipt(session, case, order, facts)
    return case


async def _case_of_request(session: AsyncSession, request: CaseRequest) -> SavCase | None:
    return await session.scalar(_cases().where(SavCase.request_key == request.key))


async def add_to_case(session: AsyncSession, case: SavCase, text: str, attachments: Sequence[Attachment]) -> CaseEvent:
    """Write what the customer adds into a case: its history has it, and a case that was settled or waited for the customer goes on.

    Args:
        case: loaded with its history.
        text: may be empty when there are attachments.
    """
    files = [texts.ADDED_TO_CASE.format(noms=", ".join(each.name for each in attachments))] if attachments else []
    event = CaseEvent(at=clock.now(), author=Author.CUSTOMER, text="\n".join([*filter(None, [text]), *files]))
    case.history.append(event)
    if case.state in (CaseState.AWAITING_CUSTOMER, CaseState.SETTLED):
        case.state = CaseState.IN_PROGRESS
    await attach_to_case(session, case.id, attachments)
    await session.flush()
    return event


async def case_by_number(session: AsyncSession, conversation_id: str, number: str, order_ids: list[int]) -> SavCase | None:
    """A case that this conversation opened, or that belongs to an order it has proved; otherwise None."""
    case = await session.scalar(_cases().where(SavCase.number == number).execution_options(populate_existing=True))
    if case is None or (case.conversation_id != conversation_id and case.order_id not in order_ids):
        return None
    return case


async def cases_of_conversation(session: AsyncSession, conversation_id: str) -> list[SavCase]:
    """The cases opened in a conversation, newest first."""
    query = _cases().where(SavCase.conversation_id == conversation_id).order_by(SavCase.id.desc())
    return list(await session.scalars(query))


def _cases() -> Select[SavCase]:
    return select(SavCase).options(selectinload(SavCase.history), *CASE_ARTICLES)
