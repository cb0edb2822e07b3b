"""Sending an article back within the withdrawal delay."""

from bot.actions import texts
from bot.actions.case_tasks import ConfirmField
from bot.actions.fields import ArticleField, OrderField, article_name, chosen_line
from bot.actions.tasks import ABANDON_CHOICE, CASE_CHOICE, PERSON_CHOICE, Context, Task
from guichet import clock
from guichet.french import long_date
from guichet.returns import Refusal, eligibility, register_return

_REFUSALS = {
    Refusal.PROFESSIONAL: texts.RETURN_PROFESSIONAL,
    Refusal.NOT_DELIVERED: texts.RETURN_NOT_DELIVERED,
    Refusal.TOO_LATE: texts.RETURN_TOO_LATE,
    Refusal.SETTLED: texts.RETURN_SETTLED,
}


class ReturnArticleField(ArticleField):
    """The article to send back, once the order may be returned at all."""

    def __init__(self) -> None:
        super().__init__(allow_whole_order=False)

    async def is_needed(self, context: Context) -> bool:
        """Ends the task, with the reason, when the order cannot be returned."""
        assert context.order is not None  # noqa: S101 - the order field comes first
        found = eligibility(context.order, context.faq.facts, clock.today())
        if found.refusal is not None:
            context.say(
                _REFUSALS[found.refusal],
                numero=context.order.number,
                dernier_jour=long_date(found.last_day) if found.last_day else "",
                choices=[CASE_CHOICE, PERSON_CHOICE],
            )
            context.end()
            return False
        return await super().is_needed(context)


class ConfirmReturnField(ConfirmField):
    """A yes to the return."""

    async def recap(self, context: Context, choices: list[tuple[str, str]]) -> None:
        """Article and last day."""
        assert context.order is not None  # noqa: S101 - the order field comes first
        last_day = eligibility(context.order, context.faq.facts, clock.today()).last_day
        context.say(
            texts.RETURN_CONFIRM,
            article=article_name(context),
            dernier_jour=long_date(last_day) if last_day else "",
            choices=[*choices, ABANDON_CHOICE],
        )


class StartReturn(Task):
    """A return, from the right to it to the parcel's label."""

    intent = "start_return"
    fields = (OrderField(), ReturnArticleField(), ConfirmReturnField(texts.CONFIRM_RETURN))

    async def finish(self, context: Context) -> None:
        """Register it and say how to prepare the parcel."""
        line = chosen_line(context)
        assert context.order is not None and line is not None  # noqa: S101, PT018 - both fields come first
        registered = await register_return(context.session, context.order, line)
        context.say(
            texts.RETURN_REGISTERED,
            numero=registered.number,
            article=line.product.name,
        )
        context.say(texts.RETURN_HOW, numero=registered.number)
