"""Sending an article back within the withdrawal delay."""

import re
from datetime import date, timedelta

from bot.actions import texts
from bot.actions.case_tasks import ADD_ARTICLE_CHOICE, ConfirmField, can_add_article
from bot.actions.fields import ArticleField, OrderField, chosen_lines, enumeration
from bot.actions.order_report import return_cards
from bot.actions.speech import payload
from bot.actions.tasks import ABANDON_CHOICE, CASE_CHOICE, PERSON_CHOICE, Context, Field, Task
from guichet import clock, labels
from guichet.french import full_instant, long_date
from guichet.models import Attachment, Order, OrderLine, ReturnWish
from guichet.returns import Eligibility, Refusal, eligibility, register_return, returnable, slip_of

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
    Refusal.ALL_RETURNED: texts.RETURN_ALL_RETURNED,
}


class ReturnArticleField(ArticleField):
    """The articles to send back, once the order may be returned at all."""

    def __init__(self) -> None:
        super().__init__(whole_order_label=texts.ALL_ARTICLES)

    def choosable(self, context: Context) -> list[OrderLine]:
        """Lines that are not wholly in a return yet."""
        assert context.order is not None  # noqa: S101 - the order field comes first
        left = returnable(context.order)
        return [line for line in context.order.lines if left[line.id]]

    def all_of_them(self, context: Context) -> list[str]:
        """Each line."""
        return [str(line.id) for line in self.choosable(context)]

    async def is_needed(self, context: Context) -> bool:
        """Ends the task, with the reason, when the order cannot be returned."""
        assert context.order is not None  # noqa: S101 - the order field comes first
        found = eligibility(context.order, context.faq.facts, _declared_on(context))
        if found.refusal is not None:
            await _refuse(context, context.order, found)
            return False
        gone = [line for line in chosen_lines(context) if not returnable(context.order)[line.id]]
        if gone:
            await _tell_returned(context, context.order, gone)
            return False
        return await super().is_needed(context)


async def _tell_returned(context: Context, order: Order, gone: list[OrderLine]) -> None:
    """Articles that are in a return already: which one, with its slip."""
    idents = {line.id for line in gone}
    returns = [known for known in order.returns if idents & {article.order_line_id for article in known.articles}]
    slips = [await slip_of(context.session, context.conversation_id, known, order, context.faq.facts) for known in returns]
    context.say(
        texts.ALREADY_IN_RETURN,
        articles=enumeration([line.product.name for line in gone]),
        retour=enumeration([known.number for known in returns]),
        cards=return_cards(order),
        attachments=[ident for slip in slips for ident in _unsent(slip)],
    )
    context.end()


def _unsent(slip: Attachment) -> list[str]:
    """The slip to send, unless the conversation shows it already."""
    return [slip.id] if slip.event_seq is None else []


def _declared_on(context: Context) -> date:
    """The day the customer began: whoever declares a withdrawal on the last evening may finish after midnight (L.221-18: sent in time)."""
    today = clock.today()
    begun = date.fromisoformat(context.data.setdefault("begun_on", today.isoformat()))
    return begun if today - begun <= timedelta(days=1) else today


async def _refuse(context: Context, order: Order, found: Eligibility) -> None:
    assert found.refusal is not None  # noqa: S101 - asked for then only
    returns = order.returns if found.refusal is Refusal.ALL_RETURNED else []
    slips = [await slip_of(context.session, context.conversation_id, known, order, context.faq.facts) for known in returns]
    choices = [WITHDRAW_CHOICE, PERSON_CHOICE] if found.refusal is Refusal.NOT_DELIVERED else [CASE_CHOICE, PERSON_CHOICE]
    context.say(
        _REFUSALS[found.refusal],
        numero=order.number,
        dernier_jour=long_date(found.last_day) if found.last_day else "",
        cards=return_cards(order) if returns else [],
        attachments=[ident for slip in slips for ident in _unsent(slip)],
        choices=choices,
    )
    context.end()


class QuantityField(Field):
    """How many pieces of each line go back."""

    name = "quantity"
    hint = texts.MISSED

    async def is_needed(self, context: Context) -> bool:
        """Not for single pieces, nor when the first message told how many of the one article."""
        told, lines = context.data.pop("quantity", None), chosen_lines(context)
        if told is not None and len(lines) == 1:
            _pieces(context)[str(lines[0].id)] = told
        return _uncounted(context) is not None

    async def read(self, context: Context) -> bool:
        """A button, a number, or all of them."""
        asked = context.data.get("field") == self.name
        said = context.turn.entities.get("quantity") or (_alone(context.turn.text) if asked else None)
        line = (_uncounted(context) or _only(chosen_lines(context))) if context.order else None
        if line is not None and asked and _ALL.search(context.turn.text):
            said = str(_left(context, line))
        if said is None or not said.isdecimal():
            return False
        if line is None:
            context.data["quantity"] = int(said)
            return context.order is None
        if asked and not 1 <= int(said) <= _left(context, line):
            context.say(texts.NOT_A_QUANTITY, nombre=_left(context, line))
            return True
        _pieces(context)[str(line.id)] = int(said)
        return True

    async def ask(self, context: Context) -> None:
        """One button per number, five at most."""
        line = _uncounted(context)
        assert line is not None  # noqa: S101 - otherwise it is not asked
        left = _left(context, line)
        numbers = sorted({*range(1, min(left, 4) + 1), left})
        choices = [(str(number), payload("inform", quantity=str(number))) for number in numbers]
        context.say(texts.ASK_QUANTITY, nombre=left, article=line.product.name, choices=[*choices, ABANDON_CHOICE])


def _pieces(context: Context) -> dict[str, int]:
    """How many of each line go back, as far as it is known."""
    pieces: dict[str, int] = context.data.setdefault("pieces", {})
    return pieces


def _left(context: Context, line: OrderLine) -> int:
    assert context.order is not None  # noqa: S101 - the order field comes first
    return returnable(context.order)[line.id]


def _uncounted(context: Context) -> OrderLine | None:
    """The first chosen line whose pieces are not known; single pieces are."""
    pieces = _pieces(context)
    for line in chosen_lines(context):
        if _left(context, line) == 1:
            pieces[str(line.id)] = 1
        if not 1 <= pieces.get(str(line.id), 0) <= _left(context, line):
            return line
    return None


def _only(lines: list[OrderLine]) -> OrderLine | None:
    return lines[0] if len(lines) == 1 else None


def _counted(context: Context) -> str:
    pieces = _pieces(context)
    return enumeration([texts.PIECES.format(nombre=pieces[str(line.id)], article=line.product.name) for line in chosen_lines(context)])


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
        last_day = eligibility(context.order, context.faq.facts, _declared_on(context)).last_day
        if can_add_article(context):
            choices = [*choices, ADD_ARTICLE_CHOICE]
        context.say(
            texts.RETURN_CONFIRM,
            articles=_counted(context),
            souhait=labels.RETURN_WISHES[ReturnWish(context.data["return_wish"])],
            dernier_jour=long_date(last_day) if last_day else "",
            choices=[*choices, ABANDON_CHOICE],
        )


class StartReturn(Task):
    """A return, from the right to it to the parcel's label."""

    intent = "start_return"
    fields = (OrderField(), ReturnArticleField(), QuantityField(), ReturnWishField(), ConfirmReturnField(texts.CONFIRM_RETURN))

    async def finish(self, context: Context) -> None:
        """Register it and say how to prepare the parcel."""
        assert context.order is not None  # noqa: S101 - the order field comes first
        wish = ReturnWish(context.data["return_wish"])
        pieces = {line.id: _pieces(context)[str(line.id)] for line in chosen_lines(context)}
        registered = await register_return(context.session, context.conversation_id, context.order, pieces, wish, context.faq.facts)
        context.say(
            texts.RETURN_REGISTERED,
            numero=registered.number,
            articles=_counted(context),
            souhait=labels.RETURN_WISHES[registered.wish or wish],
            instant=full_instant(registered.registered_at),
        )
        slip = await slip_of(context.session, context.conversation_id, registered, context.order, context.faq.facts)
        context.say(texts.RETURN_HOW, more=texts.RETURN_HOW_MORE, numero=registered.number, attachments=_unsent(slip))


def _wish_said(text: str) -> ReturnWish | None:
    """What a sentence asks for in exchange, if anything."""
    return next((wish for wish, words in _WISHED.items() if words.search(text)), None)


def _alone(text: str) -> str | None:
    """The number that a short answer consists of."""
    found = re.fullmatch(r"\D{0,20}(\d{1,3})\D{0,20}", text.strip())
    return found[1] if found else None
