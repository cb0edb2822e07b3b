"""Tasks that tell the customer where things are: order, parcel."""

from bot.actions import texts
from bot.actions.case_tasks import masked_contact
from bot.actions.fields import OrderField
from bot.actions.order_report import NOTIFY, tell_order
from bot.actions.tasks import Context, Task
from guichet.models import Order
from guichet.notifications import subscribe


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


def _order(context: Context) -> Order:
    assert context.order is not None  # noqa: S101 - the order field is filled before a task finishes
    return context.order
