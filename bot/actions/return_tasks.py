"""Sending an article back within the withdrawal delay."""

import re

from bot.actions import texts
from bot.actions.case_tasks import ConfirmField
from bot.actions.fields import ArticleField, OrderField, article_name, chosen_line
from bot.actions.speech import payload
from bot.actions.tasks import ABANDON_CHOICE, CASE_CHOICE, PERSON_CHOICE, Context, Field, Task
from guichet import clock
from guichet.french import long_date, long_instant
from guichet.models import ReturnWish
from guichet.returns import Refusal, eligibility, register_return

WITHDRAW_CHOICE = (texts.WITHDRAW_HERE, payload("cancel_order"))
_ALL = re.compile(r"\b(?:tou(?:s|t|tes)|les deux|la totalit[ée]|l['’]ensemble)\b", re.IGNORECASE)
_WISHED = {
    ReturnWish.REFUND: re.compile(r"\brembours|\bargent\b|\bch[eè]que\b", re.IGNORECASE),
    ReturnWish.CREDIT: re.compile(r"\b(?:un|en|l['’]|d['’]) ?avoir\b|^\W*avoir\W*$|bon d['’]achat", re.IGNORECASE),
    ReturnWish.EXCHANGE: re.compile(r"\b[ée]chang|\brempla[cç]", re.IGNORECASE),
}
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
                choices=[WITHDRAW_CHOICE, PERSON_CHOICE] if found.refusal is Refusal.NOT_DELIVERED else [CASE_CHOICE, PERSON_CHOICE],
            )
            context.end()
            return False
        return await super().is_needed(context)


class QuantityField(Field):
    """How many pieces of the line go back."""

    name = "quantity"
    hint = texts.MISSED

    async def is_needed(self, context: Context) -> bool:
        """Not for a single piece."""
        line = chosen_line(context)
        assert line is not None  # noqa: S101 - the article comes first
        if line.quantity == 1:
            context.data["quantity"] = 1
        return not 1 <= context.data.get("quantity", 0) <= line.quantity

    async def read(self, context: Context) -> bool:
        """A button, a number, or all of them."""
        line = chosen_line(context) if context.order else None
        asked = context.data.get("field") == self.name
        said = context.turn.entities.get("quantity") or (_alone(context.turn.text) if asked else None)
        if line is not None and asked and _ALL.search(context.turn.text):
            said = str(line.quantity)
        if said is None or not said.isdecimal():
            return False
        if asked and line is not None and not 1 <= int(said) <= line.quantity:
            context.say(texts.NOT_A_QUANTITY, nombre=line.quantity)
            return True
        context.data["quantity"] = int(said)
        return True

    async def ask(self, context: Context) -> None:
        """One button per number, five at most."""
        line = chosen_line(context)
        assert line is not None  # noqa: S101 - the article comes first
        numbers = sorted({*range(1, min(line.quantity, 4) + 1), line.quantity})
        choices = [(str(number), payload("inform", quantity=str(number))) for number in numbers]
        context.say(texts.ASK_QUANTITY, nombre=line.quantity, article=line.product.name, choices=[*choices, ABANDON_CHOICE])


class ReturnWishField(Field):
    """Exchange, refund or credit."""

    name = "return_wish"

    async def is_needed(self, context: Context) -> bool:
        """Until said."""
        return "return_wish" not in context.data

    def is_answer(self, text: str) -> bool:
        """A sentence that names one of the three."""
        return _wish_said(text) is not None

    async def read(self, context: Context) -> bool:
        """A button, or a sentence that names one of the three."""
        given = context.turn.entities.get("return_wish")
        if given not in set(ReturnWish):
            given = _wish_said(context.turn.text)
        if given is None:
            return False
        context.data["return_wish"] = ReturnWish(given).value
        return True

    async def ask(self, context: Context) -> None:
        """One button per possibility of the FAQ."""
        choices = [(label, payload("inform", return_wish=wish)) for wish, label in texts.RETURN_WISHES.items()]
        context.say(texts.ASK_RETURN_WISH, choices=[*choices, ABANDON_CHOICE])


class ConfirmReturnField(ConfirmField):
    """A yes to the return."""

    async def recap(self, context: Context, choices: list[tuple[str, str]]) -> None:
        """Article and last day."""
        assert context.order is not None  # noqa: S101 - the order field comes first
        last_day = eligibility(context.order, context.faq.facts, clock.today()).last_day
        context.say(
            texts.RETURN_CONFIRM,
            article=article_name(context),
            quantite=context.data["quantity"],
            souhait=texts.RETURN_WISH_NAMES[ReturnWish(context.data["return_wish"])],
            dernier_jour=long_date(last_day) if last_day else "",
            choices=[*choices, ABANDON_CHOICE],
        )


class StartReturn(Task):
    """A return, from the right to it to the parcel's label."""

    intent = "start_return"
    fields = (OrderField(), ReturnArticleField(), QuantityField(), ReturnWishField(), ConfirmReturnField(texts.CONFIRM_RETURN))

    async def finish(self, context: Context) -> None:
        """Register it and say how to prepare the parcel."""
        line = chosen_line(context)
        assert context.order is not None and line is not None  # noqa: S101, PT018 - both fields come first
        wish = ReturnWish(context.data["return_wish"])
        registered = await register_return(context.session, context.order, line, context.data["quantity"], wish, context.faq.facts)
        context.say(
            texts.RETURN_REGISTERED,
            numero=registered.number,
            article=line.product.name,
            quantite=registered.quantity,
            souhait=texts.RETURN_WISH_NAMES[registered.wish or wish],
            instant=long_instant(registered.registered_at),
            annee=registered.registered_at.astimezone(clock.PARIS).year,
        )
        context.say(texts.RETURN_HOW, numero=registered.number)


def _wish_said(text: str) -> ReturnWish | None:
    """What a sentence asks for in exchange, if anything."""
    return next((wish for wish, words in _WISHED.items() if words.search(text)), None)


def _alone(text: str) -> str | None:
    """The number that a short answer consists of."""
    found = re.fullmatch(r"\D{0,20}(\d{1,3})\D{0,20}", text.strip())
    return found[1] if found else None
