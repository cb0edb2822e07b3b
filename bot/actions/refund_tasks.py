"""Where the money is, and a case at once when it is late."""

from bot.actions import texts
from bot.actions.case_tasks import case_cards, masked_contact
from bot.actions.fields import OrderField
from bot.actions.order_report import case_card, refund_cards, return_cards
from bot.actions.speech import payload
from bot.actions.tasks import PERSON_CHOICE, Context, Task
from guichet import clock
from guichet.cases import CaseRequest, open_case
from guichet.changes import pending_request
from guichet.conversations import Choice
from guichet.french import euros, long_date
from guichet.models import CaseMotive, Order, RefundState, ReturnState, SavCase
from guichet.refunds import due_on, late_refund, late_return, return_due_on, told_on
from guichet.shop import ShopFacts

REFUND_LATE = "refund_late"
"""The task that opens a case for a late refund, and the answer of the button that starts it."""


class RefundStatus(Task):
    """Where the money is."""

    intent = "refund_status"
    fields = (OrderField(),)

    async def finish(self, context: Context) -> None:
        """Refunds with dates and means; returns under way when there is no refund yet; late ones with an apology."""
        assert context.order is not None  # noqa: S101 - the order field comes first
        tell_refunds(context, context.order)


class RefundLate(Task):
    """A case for a refund that is late; started by its button only."""

    intent = REFUND_LATE
    fields = (OrderField(),)

    async def finish(self, context: Context) -> None:
        """Open it; the case that exists, or a refund that is not late any more, is told instead."""
        order = context.order
        assert order is not None  # noqa: S101 - the order field comes first
        # the description holds the day: what is late again after a settled case is a new case
        problem = _late(order, context.faq.facts, texts.REFUND_LATE_DESCRIPTION, texts.REFUND_LATE_RETURN_DESCRIPTION)
        if problem is None or pending_request(order, CaseMotive.REFUND_LATE) is not None:
            tell_refunds(context, order)
            return
        request = CaseRequest(
            conversation_id=context.conversation_id,
            motive=CaseMotive.REFUND_LATE,
            description=problem,
            contact=order.customer.email,
            order_id=order.id,
        )
        case = await open_case(context.session, request, context.faq.facts)
        context.say(
            texts.REFUND_CASE_OPENED,
            numero=case.number,
            contact=masked_contact(case.contact),
            avant=long_date(case.due_at.astimezone(clock.PARIS).date()),
            cards=await case_cards(context, case),
        )


def tell_refunds(context: Context, order: Order) -> None:
    """Say where the refunds of ``order`` are, and what can be done."""
    late = _late(order, context.faq.facts, texts.REFUND_LATE, texts.REFUND_LATE_RETURN)
    cards = refund_cards(order) or return_cards(order)
    if late is None:
        _tell_in_time(context, order, cards)
        return
    known = pending_request(order, CaseMotive.REFUND_LATE)
    if known is None:
        context.tell(f"{late} {texts.REFUND_LATE_OFFER}", cards=cards, choices=[_open_choice(order), PERSON_CHOICE])
        return
    context.tell(late, cards=cards)
    context.say(texts.ALREADY_REQUESTED, numero=known.number, cards=[case_card(known)], choices=[PERSON_CHOICE])


def _late(order: Order, facts: ShopFacts, of_refund: str, of_return: str) -> str | None:
    """One of the two templates, filled in with what is late; None when nothing is."""
    today = clock.today()
    refund, returned = late_refund(order, today, facts), late_return(order, today, facts)
    if refund is not None:
        return of_refund.format(
            numero=order.number,
            montant=euros(refund.amount_cents),
            moyen=refund.means,
            decision=long_date(refund.decided_on),
            limite=long_date(due_on(refund, facts)),
            jour=long_date(today),
        )
    if returned is not None:
        values = {"retour": returned.number, "depuis": long_date(told_on(returned)), "jour": long_date(today)}
        return of_return.format(**{**facts.values(), **values})
    return None


def _tell_in_time(context: Context, order: Order, cards: list[dict[str, object]]) -> None:
    facts = context.faq.facts
    decided = [due_on(refund, facts) for refund in order.refunds if refund.state is RefundState.DECIDED]
    if order.refunds:
        text = texts.REFUNDS_ARE_DUE if decided else texts.REFUNDS_ARE
        context.say(text, numero=order.number, limite=long_date(max(decided)) if decided else "", cards=cards)
    elif not order.returns and (known := _withdrawn(order)) is not None:
        is_withdrawal = known.motive is CaseMotive.WITHDRAWAL
        context.say(
            texts.REFUND_AFTER_WITHDRAWAL if is_withdrawal else texts.REFUND_AFTER_REQUEST,
            numero=order.number,
            dossier=known.number,
            moyen=texts.PAYMENTS[order.payment_method],
            cards=[case_card(known)],
        )
    elif not order.returns:
        context.say(texts.NO_REFUND, numero=order.number, choices=[PERSON_CHOICE])
    elif all(known.state is ReturnState.REFUSED for known in order.returns):
        context.say(texts.REFUND_RETURN_REFUSED, numero=order.number, cards=cards, choices=[PERSON_CHOICE])
    else:
        due = [day for known in order.returns if (day := return_due_on(known, facts)) is not None]
        text = texts.REFUND_RETURN_DUE if due else texts.REFUND_RETURN_PENDING
        context.say(text, numero=order.number, limite=long_date(max(due)) if due else "", cards=cards)


def _withdrawn(order: Order) -> SavCase | None:
    """The pending request that a refund will follow from."""
    return pending_request(order, CaseMotive.WITHDRAWAL) or pending_request(order, CaseMotive.ORDER_CANCELLATION)


def _open_choice(order: Order) -> Choice:
    return texts.OPEN_REFUND_CASE, payload("inform", answer=REFUND_LATE, order_number=order.number), r"YES|\bdossier"
