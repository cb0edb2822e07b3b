"""How an order is told: text and cards."""

from datetime import timedelta
from typing import Any

from bot.actions import texts
from bot.actions.speech import Choices, payload
from bot.actions.tasks import CASE_CHOICE, OFFERED_CASE_CHOICE, PERSON_CHOICE, RETURN_CHOICE, Context
from guichet import clock, labels
from guichet.conversations import Choice
from guichet.french import NBSP, euros, long_date
from guichet.models import Author, CaseMotive, CaseWish, Order, OrderState, SavCase, Shipment, ShipmentState
from guichet.orders import ParcelSituation, situation, unshipped_lines
from guichet.protocol import card
from guichet.shop import ShopFacts


def order_sentence(order: Order) -> str:
    """State of the order and what comes next."""
    label, _ = texts.ORDER_STATES[order.state]
    placed = long_date(order.placed_at.astimezone(clock.PARIS).date())
    sentence = texts.ORDER_IS.format(numero=order.number, date=placed, etat=label)
    following = texts.ORDER_NEXT.get(order.state)
    if following:
        sentence += " " + following.format(paiement=texts.PAYMENTS[order.payment_method])
    return sentence


def rest_sentence(order: Order, facts: ShopFacts) -> str | None:
    """What of a partly shipped order is still to come, and since when it is not normal any more (FAQ: delai_reliquat_jours)."""
    rest = unshipped_lines(order)
    if order.state is not OrderState.PARTLY_SHIPPED or not rest:
        return None
    articles = ", ".join(f"{count}{NBSP}×{NBSP}{line.product.name}" for line, count in rest)
    sentence = texts.STILL_TO_SHIP.format(articles=articles)
    if rest_is_late(order, facts):
        sentence += " " + texts.REST_TOO_LONG.format(**facts.values())
    return sentence


def rest_is_late(order: Order, facts: ShopFacts) -> bool:
    """Whether what is still to ship has been awaited for more than ``delai_reliquat_jours`` days (FAQ)."""
    shipped = [shipment.shipped_on for shipment in order.shipments if shipment.shipped_on]
    is_due = bool(shipped) and clock.today() > max(shipped) + timedelta(days=facts.delai_reliquat_jours)
    return order.state is OrderState.PARTLY_SHIPPED and bool(unshipped_lines(order)) and is_due


def parcel_advice(shipment: Shipment, *, missing: bool) -> str:
    """What to do about a parcel; ``missing`` when the customer says it did not come."""
    where = situation(shipment, clock.today())
    template = texts.PARCEL_NEXT[where]
    if where is ParcelSituation.DELIVERED and missing:
        template = texts.MISSING_DELIVERED
    return template.format(
        promis=long_date(shipment.promised_on) if shipment.promised_on else "",
        livre=long_date(shipment.delivered_on) if shipment.delivered_on else "",
        transporteur=shipment.carrier or "",
    )


def parcel_card(shipment: Shipment, rank: int, count: int) -> dict[str, Any]:
    """Carrier, tracking, state, promised date and contents of a parcel."""
    where = situation(shipment, clock.today())
    label, tone = texts.PARCEL_STATES[where]
    step = texts.PARCEL_STEPS.get(where)
    days = [
        (labels.SHIPPED_ON, shipment.shipped_on),
        (labels.DELIVERED_ON, shipment.delivered_on) if shipment.state is ShipmentState.DELIVERED else (labels.PROMISED, shipment.promised_on),
    ]
    rows = [(labels.CARRIER, shipment.carrier), (labels.TRACKING, shipment.tracking_number)]
    rows += [(name, long_date(day)) for name, day in days if day is not None]
    return card(
        kind="parcel",
        title=labels.PARCEL_OF.format(rang=rank, nombre=count) if count > 1 else labels.PARCEL,
        badge={"label": label, "tone": tone},
        rows=[{"label": name, "value": value} for name, value in rows if value],
        items=[f"{content.quantity}{NBSP}×{NBSP}{content.order_line.product.name}" for content in shipment.contents],
        link={"label": labels.FOLLOW_PARCEL, "href": shipment.tracking_url} if shipment.tracking_url else None,
        progress={"step": step, "of": max(texts.PARCEL_STEPS.values()), "label": label} if step else None,
    )


def order_cards(order: Order) -> list[dict[str, Any]]:
    """One card per parcel, one per refund."""
    count = len(order.shipments)
    parcels = [parcel_card(shipment, rank, count) for rank, shipment in enumerate(order.shipments, 1)]
    return parcels + refund_cards(order)


def refund_cards(order: Order) -> list[dict[str, Any]]:
    """Amount, means and dates of each refund."""
    cards = []
    for refund in order.refunds:
        label, tone = texts.REFUND_STATES[refund.state]
        rows = [
            (labels.MOTIVE, refund.reason),
            (texts.REFUND_MEANS, refund.means),
            (texts.REFUND_DECIDED, long_date(refund.decided_on)),
        ]
        if refund.issued_on:
            rows.append((texts.REFUND_ISSUED, long_date(refund.issued_on)))
        cards.append(
            card(
                kind="refund",
                title=texts.REFUND_TITLE.format(montant=euros(refund.amount_cents)),
                badge={"label": label, "tone": tone},
                rows=[{"label": name, "value": value} for name, value in rows],
            )
        )
    return cards


def case_card(case: SavCase) -> dict[str, Any]:
    """Number, state, motive and last step of a case."""
    label, tone = texts.CASE_STATES[case.state]
    rows = [(labels.MOTIVE, labels.MOTIVES[case.motive])]
    rows += [(labels.ARTICLE, article.order_line.product.name) for article in case.articles]
    rows.append((texts.CASE_OPENED_ON, long_date(case.opened_at.astimezone(clock.PARIS).date())))
    if tone != "success":
        rows.append((texts.PROMISE_PASSED if case.due_at < clock.now() else labels.PROMISE, long_date(case.due_at.astimezone(clock.PARIS).date())))
    if len(case.history) > 1:
        last = case.history[-1]
        rows.append((texts.CASE_ADDED if last.author is Author.CUSTOMER else texts.CASE_LAST, last.text))
    return card(
        kind="case",
        title=texts.CASE_TITLE.format(numero=case.number),
        badge={"label": label, "tone": tone},
        rows=[{"label": name, "value": value} for name, value in rows],
    )


def return_cards(order: Order) -> list[dict[str, Any]]:
    """Number, state and articles of each return."""
    cards = []
    for known in order.returns:
        label, tone = texts.RETURN_STATES[known.state]
        cards.append(
            card(
                kind="return",
                title=texts.RETURN_TITLE.format(numero=known.number),
                badge={"label": label, "tone": tone},
                items=[texts.PIECES.format(nombre=article.quantity, article=article.order_line.product.name) for article in known.articles],
            )
        )
    return cards


MOST_CHARACTERS = 400
"""Of a bubble; more is folded."""
ADD_TO_CASE = "add_to_case"
"""The task that adds photos or words to a case, and the answer of the button that starts it."""
NOTIFY = "notify"
"""The task that subscribes to an order's news, and the answer of the button that starts it."""
ENQUIRY_CHOICE = (texts.OPEN_ENQUIRY, payload("open_sav_case", motive=CaseMotive.PARCEL_NOT_RECEIVED), r"YES|\b(?:re)?cherch|\benquete\b")
_NEW_DELIVERY = r"\bnouvelle livraison|\b(?:r?envo[iy]|reexpedi)\w*|\brelivr|\blivr\w+ (?:a|de) nouveau"
_TELL_ME = r"\bpreven|\baverti|\bnotifi|\balert|\bau courant\b|\b(?:un|par) e?-?mail\b"
_OTHER_ONE = r"\bautre\b.{0,12}\bcommande|^(?:non|nan)\b.{0,12}\bautre\b"
UNDER_WAY = frozenset({OrderState.AWAITING_PAYMENT, OrderState.IN_PREPARATION, OrderState.PARTLY_SHIPPED, OrderState.SHIPPED})


def next_steps(order: Order) -> Choices:
    """The buttons that help in the order's present state."""
    choices: list[Choice] = []
    places = {situation(shipment, clock.today()) for shipment in order.shipments}
    if ParcelSituation.LATE in places:
        choices.append(ENQUIRY_CHOICE)
    elif ParcelSituation.RETURNED_TO_SENDER in places:
        wishes = ((texts.NEW_DELIVERY, CaseWish.NEW_DELIVERY, _NEW_DELIVERY), (texts.REFUND_WANTED, CaseWish.REFUND, r"\brembours"))
        choices += [(label, payload("open_sav_case", motive=CaseMotive.PARCEL_NOT_RECEIVED, wish=wish), pattern) for label, wish, pattern in wishes]
    if ParcelSituation.RETURNED_TO_SENDER not in places and order.state in UNDER_WAY:
        choices.append((texts.NOTIFY_ME, payload("inform", answer=NOTIFY), _TELL_ME))
    if order.state is OrderState.DELIVERED:
        choices += [(texts.PROBLEM_WITH_ARTICLE, CASE_CHOICE[1]), RETURN_CHOICE]
    return [*choices, (texts.OTHER_ORDER, payload("order_status", answer="other_order"), _OTHER_ONE)]


def tell_order(context: Context, order: Order, *, missing: bool) -> None:
    """Say where the order stands, parcel by parcel, and what to do next."""
    facts = context.faq.facts
    parts = [order_sentence(order)]
    parts += [sentence for sentence in (rest_sentence(order, facts),) if sentence]
    advice = dict.fromkeys(parcel_advice(shipment, missing=missing) for shipment in order.shipments)
    if missing and not order.shipments and order.state not in (OrderState.CANCELLED, OrderState.REFUNDED):
        advice[texts.NO_PARCEL_YET] = None
    first, *others = advice or [""]
    text = "\n\n".join(filter(None, [" ".join(parts), first]))
    fits = len(text) + sum(map(len, others)) + 2 * len(others) <= MOST_CHARACTERS
    text, more = ("\n\n".join([text, *others]), None) if fits else (text, "\n\n".join(others))
    choices = list(next_steps(order))
    delivered = {ParcelSituation.DELIVERED} & {situation(shipment, clock.today()) for shipment in order.shipments}
    if missing and delivered:
        choices.insert(0, ENQUIRY_CHOICE)
    if rest_is_late(order, facts):
        choices.insert(0, (CASE_CHOICE[0], payload("open_sav_case", motive=CaseMotive.MISSING_ITEM), OFFERED_CASE_CHOICE[2]))
    if missing:
        choices.append(PERSON_CHOICE)
    context.tell(text, more=more, choices=choices, cards=order_cards(order))
