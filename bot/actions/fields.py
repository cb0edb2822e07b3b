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
_NO = re.compile(
    r"^\W*(?:non|nan|pas la peine|inutile)\b|\b(?:laisse|veux|souhaite|d[ée]sire)\w* (?:pas|rien)\b|\b(?:pas|aucun) (?:de )?message", re.IGNORECASE
)
_NOT_THIS_ONE = re.compile(
    r"\bpas (?:de )?(?:cette|celle|la bonne)\b.{0,12}(?:commande)?|mauvaise commande|tromp[ée] de commande|\bautre commande"
    r"|^\W*non\W+(?:pas celle|l'autre)",
    re.IGNORECASE,
)
_FIGURES = {
    name: str(value)
    for value, names in enumerate(
        (
            *("zéro zero", "un une", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze"),
            *("treize", "quatorze", "quinze", "seize"),
        )
    )
    for name in names.split()
} | {"vingt": "20", "trente": "30", "quarante": "40", "cinquante": "50", "soixante": "60"}
_ADDS = re.compile(r"\b(?:aussi|également|egalement|en plus|ajout\w*|oubli\w*)\b", re.IGNORECASE)
_SET_ASIDE = re.compile(
    r"\b(?:pas|garde|conserve|sauf|hormis|except[ée]|sans|enl[eè]ve[zr]?|retire[zr]?|supprime[zr]?) "
    r"(?:de |du |pour )?(?:l[ea]s? |l['’]|un |une |des |mon |ma |mes )?\w+|\b\w+ (?:c|c['’]est) (?:bon|ok)\b|\b\w+ pas(?=\W*$)",
    re.IGNORECASE,
)
_INSTEAD = re.compile(r"au lieu d|à la place d|a la place d", re.IGNORECASE)
_WHOLE = re.compile(r"\b(?:toute (?:la|ma) (?:commande|livraison)|tous (?:l|m)es (?:articles|produits)|la totalite)\b")
_ALL_OF_THEM = re.compile(r"\b(?:tous|toutes|tout|l ?ensemble)\b")
_BOTH_OF_THEM = re.compile(r"\bles (?:deux|2)\b")
WHOLE_ORDER = "whole_order"
ADD_ARTICLE, NO_MORE = "add_article", "no_more_article"
MOST_ARTICLES = 8
MOST_ORDERS = 6
SAME_ARTICLE = 80.0
"""Similarity, 0 to 100, from which a sentence names an article of the order."""


def dictated_number(text: str, length: int = 8) -> str | None:
    """So many figures in whatever groups or words they were said, where a number was asked for."""
    figures = re.sub(r"\w+", lambda word: _FIGURES.get(word[0].lower(), word[0]), text)
    found = re.search(rf"(?<!\d)(?<!\d[ .-])\d(?:[ .-]{{0,2}}\d){{{length - 1}}}(?![ .-]{{0,2}}\d)", figures)
    return re.sub(r"\D", "", found[0]) if found else None


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
        asked = context.data.get("field") == self.name
        if asked and "order_number" not in news and not context.data.get("order_number") and (dictated := dictated_number(context.turn.text)):
            news["order_number"] = dictated
        if asked and not news and context.data.get("order_number") and (dictated := dictated_number(context.turn.text, 5)):
            news["postcode"] = dictated
        names_another = not news and context.order is not None and _NOT_THIS_ONE.search(context.turn.text.replace("’", "'")) is not None
        if context.turn.entities.get("answer") == "other_order" or names_another:
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
    """Lines of the order, by button or by name with typing errors; the only line of an order is not asked for."""

    name = "article"

    def __init__(self, *, whole_order_label: str) -> None:
        self._whole_order_label = whole_order_label

    def choosable(self, context: Context) -> list[OrderLine]:
        """The lines the task may be about; the order is proved."""
        assert context.order is not None  # noqa: S101 - the order field comes first
        return list(context.order.lines)

    def all_of_them(self, context: Context) -> list[str]:
        """What "the whole order" stands for."""
        return [WHOLE_ORDER]

    async def is_needed(self, context: Context) -> bool:
        """Not for an order of one line, nor when the problem was told with the articles' names."""
        lines = self.choosable(context)
        if len(lines) == 1:
            context.data["articles"] = [str(lines[0].id)]
        if "articles" not in context.data and context.data.get("problem"):
            named = named_articles(lines, context.data["problem"])
            if named:
                context.data["articles"] = named
        return "articles" not in context.data or bool(context.data.get("adding"))

    async def read(self, context: Context) -> bool:
        """A button, or a sentence that names articles of the order; "aussi" adds them to those chosen before."""
        if context.order is None:
            return False
        if context.turn.entities.get("answer") == ADD_ARTICLE:
            context.data["adding"] = True
            return True
        if context.data.get("adding") and (context.turn.intent == "deny" or context.turn.entities.get("answer") == NO_MORE):
            context.data.pop("adding")
            return True
        chosen, before = self._chosen(context), list(context.data.get("articles", []))
        aside = named_articles(self.choosable(context), " ".join(_SET_ASIDE.findall(context.turn.text)), all_of_it=True)
        left = [ident for ident in before if ident not in aside]
        if not chosen and left and left != before:
            context.data["articles"] = left
            return True
        if not chosen:
            return False
        adds = context.data.pop("adding", False) or _ADDS.search(context.turn.text)
        kept = [ident for ident in before if ident not in (*chosen, WHOLE_ORDER)] if adds else []
        context.data["articles"] = chosen if WHOLE_ORDER in chosen else kept + chosen
        return True

    def _chosen(self, context: Context) -> list[str]:
        lines = self.choosable(context)
        given = context.turn.entities.get("article")
        if given == WHOLE_ORDER or self._is_all(context, len(lines)):
            return self.all_of_them(context)
        if given is not None:
            return [given] if given in {str(line.id) for line in lines} else []
        return named_articles(lines, context.turn.text)

    def _is_all(self, context: Context, count: int) -> bool:
        text = fold(context.turn.text)
        if _WHOLE.search(text):
            return True
        is_asked = context.data.get("field") == self.name
        return is_asked and bool(_ALL_OF_THEM.search(text) or (count == 2 and _BOTH_OF_THEM.search(text)))

    async def ask(self, context: Context) -> None:
        """One button per article that is not chosen yet."""
        assert context.order is not None  # noqa: S101 - the order field comes first
        chosen = context.data.get("articles", [])
        lines = [line for line in self.choosable(context) if str(line.id) not in chosen]
        choices = [(line.product.name, payload("inform", article=str(line.id))) for line in lines[:MOST_ARTICLES]]
        if len(lines) > 1:
            choices.append((self._whole_order_label, payload("inform", article=WHOLE_ORDER)))
        adds = context.data.get("adding")
        last = (texts.NO_MORE_ARTICLE, payload("inform", answer=NO_MORE)) if adds else ABANDON_CHOICE
        context.say(texts.ASK_OTHER_ARTICLE if adds else texts.ASK_ARTICLE, numero=context.order.number, choices=[*choices, last])


def named_articles(lines: list[OrderLine], text: str, *, all_of_it: bool = False) -> list[str]:
    """The ids of the lines whose products ``text`` names, typing errors allowed.

    A word that only one product has names it; words that several have name the one of which most are said. None when none fits, or
    several equally. What the customer sets aside ("pas la scie") is not named, unless ``all_of_it`` is read.
    """
    said = _words(text if all_of_it else _SET_ASIDE.sub(" ", text))
    names = {str(line.id): set(_words(f"{line.product.name} {line.product.brand}")) for line in lines}
    heard = {ident: {word for word in words if _is_said(word, said)} for ident, words in names.items()}
    telling = [ident for ident in heard if heard[ident] - set().union(*(heard[other] for other in heard if other != ident))]
    if len(telling) > 1 and _INSTEAD.search(text):
        return []
    if telling:
        return telling
    most = max((len(words) for words in heard.values()), default=0)
    best = [ident for ident, words in heard.items() if len(words) == most]
    return best if most and len(best) == 1 else []


def _words(text: str) -> list[str]:
    words = re.findall(r"\w+", fold(text))
    return [word for word in words if len(word) > 3 and word not in _COMMON_WORDS]


def _is_said(word: str, said: list[str]) -> bool:
    return any(word == other or (len(word) > 5 and fuzz.ratio(word, other) >= SAME_ARTICLE) for other in said)


def chosen_lines(context: Context) -> list[OrderLine]:
    """The order lines the task is about; none for the whole order."""
    chosen = context.data.get("articles", [])
    return [line for line in (context.order.lines if context.order else []) if str(line.id) in chosen]


def article_names(context: Context) -> str:
    """The articles as they are named to the customer."""
    names = [line.product.name for line in chosen_lines(context)]
    return enumeration(names) if names else texts.WHOLE_ORDER.lower()


def enumeration(items: list[str]) -> str:
    """« a, b et c »."""
    return texts.AND.join(filter(None, [", ".join(items[:-1]), items[-1]]))


def wants_no_message(context: Context) -> bool:
    """Ends the task when the customer would rather not leave a message."""
    if not _NO.search(context.turn.text):
        return False
    context.say(texts.NO_MESSAGE)
    context.end()
    return True


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
        if not found and context.data.get("field") == self.name and wants_no_message(context):
            return True
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
