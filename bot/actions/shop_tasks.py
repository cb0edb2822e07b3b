"""What the bot works out of the shop's facts and catalogue: payment in several times, stock, product search. No proof is needed."""

import re
from typing import Any

from bot.actions import texts
from bot.actions.brief_tasks import BriefTask, CaseField
from bot.actions.speech import payload
from bot.actions.tasks import PERSON_CHOICE, Context
from guichet import clock
from guichet.catalogue import Findings, Outcome, search
from guichet.french import euros, long_date
from guichet.instalments import COUNTS, Eligibility, Limits, schedule
from guichet.models import Product
from guichet.product_words import words
from guichet.protocol import card

LAST_ONES = 3
"""Stock up to which customers are told that little is left."""
_BARE_AMOUNT = re.compile(r"^\D{0,20}?(\d{1,3}(?:[ .\u00a0\u202f]\d{3})+|\d{1,6})(?:[.,](\d{1,2}))?(?:\s*(?:€|e|eur|euros?))?\W*$", re.IGNORECASE)

_LIKELY_AMOUNT = re.compile(r"(?<![\w.,])(\d{3,4})(?![\w.,]*\d)(?! ?(?:x|fois|jours|w|v|mm|nm)\b)", re.IGNORECASE)
_BOTH_COUNTS = re.compile(r"(?:3|trois) ?(?:x|fois)? ?(?:ou|et|/|,)(?: en)? ?(?:4|quatre)", re.IGNORECASE)


class PayInInstalments(BriefTask):
    """Whether an amount can be paid in 3 or 4 times, and when what is debited."""

    intent = "payment_installments"
    question = texts.ASK_AMOUNT
    answering_intents = frozenset({"nlu_fallback", "payment_methods", "place_order"})

    def __init__(self) -> None:
        self.fields = (CaseField(self),)

    async def read(self, context: Context) -> bool:
        """An amount understood in the sentence; once it is asked for, a bare number as well. How many payments, when told."""
        if "instalments" in context.turn.entities and not _BOTH_COUNTS.search(context.turn.text):
            context.data["count"] = int(context.turn.entities["instalments"])
        cents = _amount_cents(context)
        if cents is None and context.turn.text:
            cents = await self._price_named(context)
        if cents is None or Limits.of(context.faq.facts) is None:
            return False
        context.data.update(amount_cents=cents, told=True)
        return True

    async def _price_named(self, context: Context) -> int | None:
        """The price of the one product that the sentence names, whose card is shown; or the only number that can be an amount."""
        found = await search(context.session, context.turn.text, None)
        if found.outcome is Outcome.FOUND and found.total == 1:
            context.say(texts.PRODUCT_STOCK, cards=[product_card(found.products[0])])
            return found.products[0].price_cents
        expects = "field" in context.data or "instalments" in context.turn.entities
        numbers = _LIKELY_AMOUNT.findall(context.turn.text) if expects and found.outcome is Outcome.NOTHING_NAMED else []
        return int(numbers[0]) * 100 if len(numbers) == 1 else None

    async def prepare(self, context: Context) -> None:
        """In a shop without such payment there is nothing to work out after the answer of the FAQ."""
        await super().prepare(context)
        if Limits.of(context.faq.facts) is None:
            context.end()

    async def finish(self, context: Context) -> None:
        """The schedules, or the limits and the other means of payment."""
        cents, limits = context.data["amount_cents"], Limits.of(context.faq.facts)
        assert limits is not None  # noqa: S101 - no amount is read without limits
        found = limits.eligibility(cents)
        if found is Eligibility.POSSIBLE:
            _tell_schedules(context, cents, context.data.get("count"))
            return
        _tell_limits(context, cents, limits, found)


def _amount_cents(context: Context) -> int | None:
    """The amount of the turn in cents; None when it names none."""
    value = context.turn.entities.get("amount")
    if value is None:
        match = _BARE_AMOUNT.match(context.turn.text) if "field" in context.data else None
        if match is None:
            return None
        value = re.sub(r"\D", "", match[1]) + "." + (match[2] or "0")
    whole, _, decimals = value.partition(".")
    return int(whole) * 100 + int(decimals[:2].ljust(2, "0"))


def _tell_schedules(context: Context, cents: int, count: int | None) -> None:
    text = texts.INSTALMENTS_POSSIBLE if count is None else texts.INSTALMENTS_POSSIBLE_IN if count in COUNTS else texts.INSTALMENTS_ONLY
    context.say(
        f"{text}\n\n{texts.INSTALMENTS_HOW}",
        montant=euros(cents),
        nombre=count,
        cards=[schedule_card(cents, each) for each in ([count] if count in COUNTS else COUNTS)],
    )


def _tell_limits(context: Context, cents: int, limits: Limits, found: Eligibility) -> None:
    text = texts.INSTALMENTS_TOO_LOW if found is Eligibility.TOO_LOW else texts.INSTALMENTS_TOO_HIGH
    context.say(text, montant=euros(cents), minimum=euros(limits.least_cents), maximum=euros(limits.most_cents))
    entry = context.faq.entries.get("payment_methods")
    if entry is not None and entry.is_valid(clock.today()):
        context.tell(entry.answer, more=entry.more)


def schedule_card(cents: int, count: int) -> dict[str, Any]:
    """The payments of an order of today."""
    rows = [
        {"label": texts.SCHEDULE_TODAY.format(jour=long_date(payment.day)) if rank == 0 else long_date(payment.day), "value": euros(payment.cents)}
        for rank, payment in enumerate(schedule(cents, count, clock.today()))
    ]
    return card(
        kind="schedule",
        title=texts.SCHEDULE_TITLE.format(montant=euros(cents), nombre=count),
        badge={"label": texts.SCHEDULE_BADGE, "tone": "success"},
        rows=rows,
    )


class SearchProduct(BriefTask):
    """Products by type, brand, model, category and price."""

    intent = "search_product"
    question = texts.ASK_PRODUCT
    answering_intents = frozenset({"nlu_fallback", "stock_availability", "filter_products", "search_product"})

    def __init__(self) -> None:
        self.fields = (CaseField(self),)

    async def read(self, context: Context) -> bool:
        """A product the sentence names, whether the catalogue has it or not."""
        found = await _search(context)
        if found.outcome is Outcome.NOTHING_NAMED:
            return False
        context.data["told"] = True
        return True

    async def is_answered(self, context: Context) -> bool:
        """Within another question only a product that the catalogue has is an answer."""
        if not self.is_about_it(context) and (await _search(context)).outcome in (Outcome.UNKNOWN, Outcome.NOTHING_NAMED):
            return False
        return await super().is_answered(context)

    async def finish(self, context: Context) -> None:
        """The products found, or honestly none, with the FAQ's advice."""
        found = await _search(context)
        if found.outcome is Outcome.UNKNOWN:
            context.say(texts.PRODUCT_UNKNOWN, nom_cherche=found.unknown)
            self.answer_generally(context, "search_product", self.follow_ups(context))
            return
        self.tell(context, found)

    def tell(self, context: Context, found: Findings) -> None:
        """The cards, and how to go on by oneself."""
        context.say(_introduction(found), nombre=len(found.products), total=found.total, cards=[product_card(each) for each in found.products])
        context.say(texts.PRODUCT_FILTER, choices=[(context.faq.label(intent), payload(intent)) for intent in _next_questions(context)])


class StockAvailability(SearchProduct):
    """Whether a product is in stock."""

    intent = "stock_availability"
    question = texts.ASK_PRODUCT_STOCK

    def tell(self, context: Context, found: Findings) -> None:
        """The cards; a person for what is sold out or too few."""
        text = _introduction(found)
        if text == texts.PRODUCT_FOUND:
            text = texts.PRODUCT_STOCK if found.total == 1 else texts.PRODUCTS_STOCK
        context.say(text, nombre=len(found.products), total=found.total, cards=[product_card(each) for each in found.products])
        wanted = _wanted_count(context, found.products[0])
        if all(each.stock == 0 for each in found.products):
            context.say(texts.PRODUCT_SOLD_OUT, choices=[PERSON_CHOICE])
        elif found.total == 1 and wanted > found.products[0].stock:
            context.say(texts.PRODUCT_TOO_FEW, voulus=wanted, choices=[PERSON_CHOICE])
        elif found.total > 1:
            context.say(texts.PRODUCT_FILTER)


async def tell_if_found(context: Context) -> bool:
    """Answer with the products that a sentence plainly names; False, with nothing said, when it names none that the catalogue has."""
    found = await _search(context)
    if found.outcome is not Outcome.FOUND:
        return False
    StockAvailability().tell(context, found)
    return True


async def _search(context: Context) -> Findings:
    amount = context.turn.entities.get("amount")
    cents = None if amount is None else int(amount.replace(".", ""))
    return await search(context.session, context.turn.text, cents)


def _introduction(found: Findings) -> str:
    if found.outcome is Outcome.NEAR:
        return texts.PRODUCT_NEAR
    if found.outcome is Outcome.OTHER_PRICE:
        return texts.PRODUCT_OTHER_PRICE
    return texts.PRODUCTS_MANY if found.total > len(found.products) else texts.PRODUCT_FOUND


def _wanted_count(context: Context, product: Product) -> int:
    """How many the customer wants, when the sentence says so; a number of the product's name is none."""
    value = context.turn.entities.get("quantity", "")
    return int(value) if value.isdigit() and value not in words(product.name) else 0


def _next_questions(context: Context) -> list[str]:
    return [intent for intent in ("place_order", "payment_installments") if intent in context.faq.entries]


def product_card(product: Product) -> dict[str, Any]:
    """Name, brand, price and stock."""
    label, tone = texts.IN_STOCK, "success"
    if product.stock == 0:
        label, tone = texts.SOLD_OUT, "danger"
    elif product.stock <= LAST_ONES:
        label, tone = texts.FEW_IN_STOCK, "warning"
    return card(
        kind="product",
        title=product.name,
        badge={"label": label.format(stock=product.stock), "tone": tone},
        rows=[
            {"label": texts.PRODUCT_BRAND, "value": product.brand},
            {"label": texts.PRODUCT_PRICE, "value": euros(product.price_cents)},
            {"label": texts.PRODUCT_REFERENCE, "value": product.sku},
        ],
    )
