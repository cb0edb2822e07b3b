"""The fields that tasks share: the proved order, the article concerned, a yes, a way to answer the customer."""

import re

import phonenumbers
from rapidfuzz import fuzz

from bot.actions import texts
from bot.actions.speech import payload
from bot.actions.tasks import ABANDON_CHOICE, PERSON_CHOICE, Context, Field
from bot.actions.understanding import EVIDENCE
from guichet import clock
from guichet.access import ProofOutcome, choosable_orders, choose_order, prove_order, proved_order
from guichet.faq_search import fold
from guichet.french import long_date
from guichet.models import Order, OrderLine

_COMMON_WORDS = {"sans", "plus", "avec", "pour", "dans", "boite"}
WHOLE_ORDER = "whole_order"
MOST_ORDERS = 6
SAME_ARTICLE = 80.0
"""Similarity, 0 to 100, from which a sentence names an article of the order."""


def order_label(order: Order) -> str:
    """An order among others: number, day and state."""
    placed = long_date(order.placed_at.astimezone(clock.PARIS).date())
    return texts.ORDER_LABEL.format(numero=order.number, date=placed, etat=texts.ORDER_STATES[order.state][0])


class OrderField(Field):
    """An order the conversation has proved: number, then e-mail or delivery postcode."""

    name = "order"

    @property
    def hint(self) -> str:  # type: ignore[override]
        return texts.NOT_A_NUMBER

    async def is_needed(self, context: Context) -> bool:
        """Not when an order is proved already and no other was named."""
        if context.order is None:
            number = context.data.get("order_number")
            context.order = await proved_order(context.session, context.conversation_id, number)
        return context.order is None

    async def read(self, context: Context) -> bool:
        """Take number, e-mail and postcode as they come, and try the proof as soon as there is enough."""
        news = {name: context.turn.entities[name] for name in EVIDENCE if name in context.turn.entities}
        if context.turn.entities.get("answer") == "other_order":
            context.order = None
            context.data.clear()
            news = {"order_number": ""}
        if not news:
            return self._explain_number(context)
        if "email" in news or "postcode" in news:
            context.data.pop("email", None)
            context.data.pop("postcode", None)
        context.data.update(news)
        number = context.data.get("order_number")
        if context.order is not None and context.order.number != number and "order_number" in news:
            context.order = None
        if number and context.order is None and not await self._known(context, number):
            await self._prove(context, number)
        return True

    async def _known(self, context: Context, number: str) -> bool:
        context.order = await choose_order(context.session, context.conversation_id, number)
        return context.order is not None

    async def _prove(self, context: Context, number: str) -> None:
        email, postcode = context.data.get("email"), context.data.get("postcode")
        if not email and not postcode:
            return
        proof = await prove_order(context.session, context.conversation_id, number, context.services.settings, email=email, postcode=postcode)
        context.order = proof.order
        if proof.outcome is ProofOutcome.TOO_MANY_ATTEMPTS:
            context.say(texts.TOO_MANY_ATTEMPTS, choices=[PERSON_CHOICE])
            context.end()
        context.data["refused"] = proof.outcome is ProofOutcome.REFUSED

    def _explain_number(self, context: Context) -> bool:
        if not context.turn.has_lost_number or context.data.get("field") != self.name or context.data.get("order_number"):
            return False
        context.say(texts.WHERE_IS_THE_NUMBER)
        return True

    async def ask(self, context: Context) -> None:
        """Ask for the number, then for the proof; after a refusal, for what must be corrected."""
        if context.data.pop("refused", False):
            context.say(texts.PROOF_REFUSED, choices=[PERSON_CHOICE, ABANDON_CHOICE])
        elif context.data.get("order_number"):
            context.say(texts.ASK_PROOF, choices=[ABANDON_CHOICE])
        else:
            await self._ask_number(context)

    async def _ask_number(self, context: Context) -> None:
        """Ask for the number; where several orders need no other proof, they are there to choose from."""
        orders = await choosable_orders(context.session, context.conversation_id)
        if len(orders) < 2:
            context.say(texts.ASK_ORDER_NUMBER, choices=[ABANDON_CHOICE])
            return
        choices = [(order_label(order), payload("inform", order_number=order.number)) for order in orders[:MOST_ORDERS]]
        context.say(texts.ASK_WHICH_ORDER, choices=[*choices, ABANDON_CHOICE])


class ArticleField(Field):
    """A line of the order, by button or by name with typing errors; the only line of an order is not asked for."""

    name = "article"

    def __init__(self, *, allow_whole_order: bool) -> None:
        self._allow_whole_order = allow_whole_order

    async def is_needed(self, context: Context) -> bool:
        """Not for an order of one line, nor when the problem was told with the article's name."""
        if context.order is not None and len(context.order.lines) == 1:
            context.data["article"] = str(context.order.lines[0].id)
        if "article" not in context.data and context.order is not None and context.data.get("problem"):
            named = named_article(context.order.lines, context.data["problem"])
            if named is not None:
                context.data["article"] = named
        return "article" not in context.data

    async def read(self, context: Context) -> bool:
        """A button, or a sentence that names an article of the order."""
        if context.order is None:
            return False
        chosen = context.turn.entities.get("article")
        if chosen is None and context.turn.text:
            chosen = named_article(context.order.lines, context.turn.text)
        allowed = {str(line.id) for line in context.order.lines} | ({WHOLE_ORDER} if self._allow_whole_order else set())
        if chosen not in allowed:
            return False
        context.data["article"] = chosen
        return True

    async def ask(self, context: Context) -> None:
        """One button per article."""
        assert context.order is not None  # noqa: S101 - the order field comes first
        choices = [(line.product.name, payload("inform", article=str(line.id))) for line in context.order.lines]
        if self._allow_whole_order:
            choices.append((texts.WHOLE_ORDER, payload("inform", article=WHOLE_ORDER)))
        context.say(texts.ASK_ARTICLE, numero=context.order.number, choices=[*choices, ABANDON_CHOICE])


def named_article(lines: list[OrderLine], text: str) -> str | None:
    """The id of the line of whose product ``text`` says the most words, typing errors allowed; None when none or several fit."""
    said = _words(text)
    counts = {str(line.id): sum(_is_said(word, said) for word in _words(f"{line.product.name} {line.product.brand}")) for line in lines}
    most = max(counts.values(), default=0)
    best = [ident for ident, count in counts.items() if count == most]
    return best[0] if most and len(best) == 1 else None


def _words(text: str) -> list[str]:
    words = re.findall(r"\w+", fold(text))
    return [word for word in words if len(word) > 3 and word not in _COMMON_WORDS]


def _is_said(word: str, said: list[str]) -> bool:
    return any(word == other or (len(word) > 5 and fuzz.ratio(word, other) >= SAME_ARTICLE) for other in said)


def chosen_line(context: Context) -> OrderLine | None:
    """The order line the task is about; None for the whole order."""
    lines = context.order.lines if context.order else []
    return next((line for line in lines if str(line.id) == context.data.get("article")), None)


def article_name(context: Context) -> str:
    """The article as it is named to the customer."""
    line = chosen_line(context)
    return line.product.name if line else texts.WHOLE_ORDER.lower()


class ContactField(Field):
    """An e-mail or a phone number to answer to."""

    name = "contact"
    hint = texts.NOT_A_CONTACT

    async def is_needed(self, context: Context) -> bool:
        """Always, until given."""
        return "contact" not in context.data

    async def read(self, context: Context) -> bool:
        """An e-mail, or a French or international phone number."""
        found = context.turn.entities.get("email") or phone_number(context.turn.text)
        if not found:
            return False
        context.data["contact"] = found
        return True

    async def ask(self, context: Context) -> None:
        """Ask for either."""
        context.say(texts.ASK_CONTACT, choices=[ABANDON_CHOICE])


def phone_number(text: str) -> str | None:
    """The first phone number of ``text`` as it is written internationally."""
    for match in phonenumbers.PhoneNumberMatcher(text, "FR", leniency=phonenumbers.Leniency.POSSIBLE):
        if match.raw_string[0] in "0+":  # other runs of digits are SIREN, amounts, order numbers
            return phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return None
