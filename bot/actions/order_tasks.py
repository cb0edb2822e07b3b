"""Tasks that tell the customer where things are: order, parcel, refund, case."""

from bot.actions import texts
from bot.actions.case_tasks import masked_contact
from bot.actions.fields import OrderField
from bot.actions.order_report import NOTIFY, case_card, refund_cards, return_cards, tell_order
from bot.actions.tasks import CASE_CHOICE, PERSON_CHOICE, Context, Field, Task
from guichet.cases import case_by_number, cases_of_conversation
from guichet.models import Order, SavCase
from guichet.notifications import subscribe
from guichet.orders import proved_orders


class OrderStatus(Task):
    """Where the order is now."""

    intent = "order_status"
    fields = (OrderField(),)

    async def finish(self, context: Context) -> None:
        """All parcels, what is in each, and the next step."""
        tell_order(context, _order(context), missing=False)


class Notify(Task):
    """News of the order by e-mail, offered with an order's state; started by its button only."""

    intent = NOTIFY
    fields = (OrderField(),)

    async def finish(self, context: Context) -> None:
        """Subscribe the order's own address."""
        order = _order(context)
        await subscribe(context.session, order, order.customer.email)
        context.say(texts.NOTIFIED, numero=order.number, contact=masked_contact(order.customer.email))


class MissingParcel(Task):
    """The parcel did not come."""

    intent = "missing_parcel"
    fields = (OrderField(),)

    async def prepare(self, context: Context) -> None:
        """The general advice of the FAQ comes first, once, when the order is not known yet."""
        entry = context.faq.entries.get(self.intent)
        if context.order is None and entry is not None and not context.ended:
            context.tell(entry.answer, more=entry.more)

    async def finish(self, context: Context) -> None:
        """The same as the order's status, seen by somebody who has not got it."""
        tell_order(context, _order(context), missing=True)


class RefundStatus(Task):
    """Where the money is."""

    intent = "refund_status"
    fields = (OrderField(),)

    async def finish(self, context: Context) -> None:
        """Refunds with dates and means; returns under way when there is no refund yet."""
        order = _order(context)
        if order.refunds:
            context.say(texts.REFUNDS_ARE, numero=order.number, cards=refund_cards(order))
        elif order.returns:
            context.say(texts.REFUND_RETURN_PENDING, numero=order.number, cards=return_cards(order))
        else:
            context.say(texts.NO_REFUND, numero=order.number, choices=[PERSON_CHOICE])


class CaseOrOrderField(OrderField):
    """A case number of this conversation, or an order whose cases are wanted."""

    async def is_needed(self, context: Context) -> bool:
        """Not when cases can be shown already."""
        return not await _visible_cases(context) and await super().is_needed(context)

    async def read(self, context: Context) -> bool:
        """Also takes a case number."""
        number = context.turn.entities.get("case_number")
        if number:
            context.data["case_number"] = number
            if not await _visible_cases(context) and context.order is None:
                context.say(texts.CASE_UNKNOWN)
            return True
        return await super().read(context)


class CaseStatus(Task):
    """News of a case."""

    intent = "sav_case_status"
    fields: tuple[Field, ...] = (CaseOrOrderField(),)

    async def finish(self, context: Context) -> None:
        """The cases that may be seen, the one asked for first."""
        cases = await _visible_cases(context)
        if not cases:
            context.say(
                texts.NO_CASE,
                numero=_order(context).number,
                choices=[CASE_CHOICE, PERSON_CHOICE],
            )
            return
        text = texts.CASES_ARE if len(cases) == 1 else texts.CASES_ARE_MANY
        context.say(text, cards=[case_card(case) for case in cases])


async def _visible_cases(context: Context) -> list[SavCase]:
    number = context.data.get("case_number")
    if number:
        orders = await proved_orders(context.session, context.conversation_id)
        case = await case_by_number(context.session, context.conversation_id, number, [order.id for order in orders])
        if case is not None:
            return [case]
    if context.order is not None:
        return list(context.order.cases)
    return [] if number else await cases_of_conversation(context.session, context.conversation_id)


def _order(context: Context) -> Order:
    assert context.order is not None  # noqa: S101 - the order field is filled before a task finishes
    return context.order
