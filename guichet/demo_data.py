"""The demo shop: the same customers, products and orders each time, with dates counted from today, so that every state exists.

docs/demo.md lists them for humans; it is written by ``guichet demo describe`` and a test keeps it true. Names are invented, addresses
end in example.com, phone numbers are those reserved for fiction (Arcep, décision n° 2018-0881).
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from guichet import clock
from guichet.demo_catalogue import PRODUCTS
from guichet.french import euros
from guichet.models import (
    Address,
    Author,
    CaseArticle,
    CaseEvent,
    CaseMotive,
    CaseState,
    Counter,
    Customer,
    CustomerKind,
    Order,
    OrderLine,
    OrderState,
    Product,
    Refund,
    RefundState,
    Return,
    ReturnArticle,
    ReturnState,
    SavCase,
    Shipment,
    ShipmentLine,
    ShipmentState,
)

# name, company, e-mail, phone, street, postcode, city
CUSTOMERS = (
    ("Camille Fontaine", None, "camille.fontaine@example.com", "06 39 98 01 01", "14 rue des Tanneurs", "59000", "Lille"),
    ("Nadia Belkacem", None, "nadia.belkacem@example.com", "06 39 98 01 02", "3 allée des Peupliers", "69003", "Lyon"),
    ("Marcel Guérin", None, "marcel.guerin@example.com", "01 99 00 01 03", "8 place de l’Église", "35000", "Rennes"),
    ("Aminata Diallo", None, "aminata.diallo@example.com", "06 39 98 01 04", "27 cours Julien", "13006", "Marseille"),
    ("Théo Lambert", None, "theo.lambert@example.com", "06 39 98 01 05", "5 rue du Moulin", "44000", "Nantes"),
    ("Josiane Morel", None, "josiane.morel@example.com", "01 99 00 01 06", "41 avenue Foch", "57000", "Metz"),
    ("Hugo Petit", "Petit Rénovation", "contact@petit-renovation.example.com", "06 39 98 01 07", "12 zone artisanale des Prés", "31000", "Toulouse"),
    ("Service technique", "Mairie de Valbrune", "technique@mairie-valbrune.example.com", "01 99 00 01 08", "1 place de la Mairie", "26000", "Valence"),
    ("Inès Caron", "Atelier Caron", "ines@atelier-caron.example.com", "06 39 98 01 09", "19 quai des Bateliers", "67000", "Strasbourg"),
    ("Lucas Renard", None, "lucas.renard@example.com", "06 39 98 01 10", "6 impasse des Lilas", "33000", "Bordeaux"),
)  # fmt: skip

CARRIERS = {
    "Colissimo": "https://www.laposte.fr/outils/suivre-vos-envois?code={number}",
    "Chronopost": "https://www.chronopost.fr/tracking-no-cms/suivi-page?listeNumerosLT={number}",
    "Geodis": "https://espace-client.geodis.com/services/destinataires/?reference={number}",
}


@dataclass(frozen=True)
class Parcel:
    """A shipment; days are counted from today, negative in the past."""

    state: ShipmentState
    lines: tuple[int, ...]
    shipped: int | None = None
    promised: int | None = None
    delivered: int | None = None
    carrier: str = "Colissimo"


@dataclass(frozen=True)
class Money:
    """A refund, in cents; days counted from today."""

    cents: int
    state: RefundState
    decided: int
    issued: int | None
    reason: str


@dataclass(frozen=True)
class Scenario:
    """One order: whose, what, since when, and what it shows."""

    customer: int
    lines: tuple[tuple[int, int], ...]
    state: OrderState
    placed: int
    shows: str
    parcels: tuple[Parcel, ...] = ()
    payment: str = "card"
    refund: Money | None = None
    returned: ReturnState | None = None
    case: tuple[CaseMotive, CaseState, int, str] | None = None


O, S = OrderState, ShipmentState  # noqa: E741
FIRST_NUMBER = 10025801
SCENARIOS = (
    Scenario(0, ((0, 1),), O.SHIPPED, -9, "Colis en retard de deux jours", (Parcel(S.IN_TRANSIT, (0,), -7, -2),)),
    Scenario(1, ((2, 1), (14, 2)), O.SHIPPED, -3, "En route, date promise à venir", (Parcel(S.IN_TRANSIT, (0, 1), -1, 2),)),
    Scenario(2, ((8, 1),), O.DELIVERED, -6, "Livrée aujourd’hui", (Parcel(S.DELIVERED, (0,), -2, 0, 0),)),
    Scenario(3, ((3, 1), (13, 1)), O.DELIVERED, -9, "Livrée il y a quatre jours, deux articles", (Parcel(S.DELIVERED, (0, 1), -6, -3, -4, "Chronopost"),)),
    Scenario(4, ((10, 1),), O.DELIVERED, -50, "Livrée il y a 45 jours : délai de rétractation passé", (Parcel(S.DELIVERED, (0,), -48, -45, -45),)),
    Scenario(5, ((6, 1),), O.AWAITING_PAYMENT, -2, "En attente d’un virement", payment="transfer"),
    Scenario(6, ((7, 1), (13, 2)), O.PARTLY_SHIPPED, -6, "Professionnel : une partie expédiée, le reste en préparation", (Parcel(S.IN_TRANSIT, (1,), -1, 2, None, "Geodis"),)),
    Scenario(7, ((11, 3), (9, 1)), O.AWAITING_PAYMENT, -5, "Mairie : mandat administratif attendu", payment="mandate"),
    Scenario(8, ((5, 1),), O.IN_PREPARATION, -1, "Professionnel : en préparation"),
    Scenario(9, ((12, 1),), O.SHIPPED, -4, "Livraison aujourd’hui", (Parcel(S.OUT_FOR_DELIVERY, (0,), -2, 0, None, "Chronopost"),)),
    Scenario(0, ((9, 1),), O.SHIPPED, -8, "Absent : avis de passage pour un colis volumineux", (Parcel(S.CUSTOMER_ABSENT, (0,), -5, -1, None, "Geodis"),)),
    Scenario(1, ((4, 1),), O.SHIPPED, -10, "À retirer au bureau de poste", (Parcel(S.AT_PICKUP_POINT, (0,), -7, -3),)),
    Scenario(2, ((1, 1),), O.SHIPPED, -30, "Retournée à l’expéditeur, non retirée", (Parcel(S.RETURNED_TO_SENDER, (0,), -27, -24),)),
    Scenario(3, ((6, 1),), O.REFUNDED, -40, "Retour accepté et remboursé", (Parcel(S.DELIVERED, (0,), -37, -34, -34),), refund=Money(24900, RefundState.ISSUED, -15, -12, "Retour accepté"), returned=ReturnState.ACCEPTED),
    Scenario(4, ((14, 4),), O.CANCELLED, -12, "Annulée, remboursement effectué", refund=Money(7960, RefundState.ISSUED, -11, -9, "Commande annulée")),
    Scenario(5, ((2, 1),), O.DELIVERED, -20, "Retour en cours de contrôle", (Parcel(S.DELIVERED, (0,), -17, -15, -15),), returned=ReturnState.RECEIVED),
    Scenario(6, ((0, 5),), O.DELIVERED, -12, "Professionnel : livrée, dossier SAV ouvert (article défectueux)", (Parcel(S.DELIVERED, (0,), -9, -7, -7, "Geodis"),), case=(CaseMotive.DEFECTIVE, CaseState.IN_PROGRESS, -2, "Une visseuse sur cinq ne démarre plus.")),
    Scenario(7, ((8, 4),), O.SHIPPED, -12, "Mairie : quatre établis en retard", (Parcel(S.IN_TRANSIT, (0,), -8, -4, None, "Geodis"),)),
    Scenario(8, ((10, 2), (13, 1)), O.DELIVERED, -15, "Professionnel : livrée en deux colis", (Parcel(S.DELIVERED, (0,), -12, -10, -10), Parcel(S.DELIVERED, (1,), -11, -9, -8))),
    Scenario(9, ((3, 1), (14, 1), (13, 1)), O.PARTLY_SHIPPED, -25, "Reste attendu depuis plus de quinze jours", (Parcel(S.DELIVERED, (1, 2), -22, -19, -20),)),
    Scenario(0, ((13, 2),), O.DELIVERED, -14, "Dit livrée, à contester", (Parcel(S.DELIVERED, (0,), -11, -9, -9),)),
    Scenario(1, ((5, 1),), O.IN_PREPARATION, 0, "Passée aujourd’hui"),
    Scenario(2, ((7, 1),), O.SHIPPED, -5, "Deux colis, l’un livré, l’autre en route", (Parcel(S.DELIVERED, (0,), -4, -2, -2), Parcel(S.IN_TRANSIT, (0,), -2, 1))),
    Scenario(3, ((11, 1),), O.DELIVERED, -11, "Livrée la semaine passée", (Parcel(S.DELIVERED, (0,), -9, -7, -7),)),
    Scenario(4, ((0, 1), (2, 1), (10, 1)), O.DELIVERED, -8, "Trois articles livrés", (Parcel(S.DELIVERED, (0, 1, 2), -6, -4, -4),)),
    Scenario(5, ((12, 1),), O.CANCELLED, -7, "Annulée avant paiement", payment="transfer"),
    Scenario(6, ((3, 2),), O.IN_PREPARATION, -3, "Professionnel : en préparation"),
    Scenario(7, ((13, 10),), O.DELIVERED, -33, "Mairie : livrée, professionnelle (pas de rétractation)", (Parcel(S.DELIVERED, (0,), -30, -27, -28, "Geodis"),)),
    Scenario(8, ((6, 1),), O.REFUNDED, -60, "Remboursée après un litige", (Parcel(S.DELIVERED, (0,), -57, -54, -54),), refund=Money(24900, RefundState.ISSUED, -30, -27, "Avarie de transport"), case=(CaseMotive.DAMAGED, CaseState.SETTLED, -50, "Cuve fendue à la livraison, réserves notées.")),
    Scenario(9, ((4, 1),), O.DELIVERED, -30, "Remboursement décidé, pas encore effectué", (Parcel(S.DELIVERED, (0,), -27, -25, -25),), refund=Money(11990, RefundState.DECIDED, -1, None, "Retour accepté"), returned=ReturnState.ACCEPTED),
    Scenario(0, ((1, 1),), O.IN_PREPARATION, -2, "Payée par PayPal, en préparation", payment="paypal"),
    Scenario(1, ((3, 1),), O.DELIVERED, -13, "Dossier SAV en attente du client", (Parcel(S.DELIVERED, (0,), -10, -8, -8),), case=(CaseMotive.INCOMPLETE, CaseState.AWAITING_CUSTOMER, -6, "Le guide parallèle n’est pas dans la boîte.")),
    Scenario(2, ((13, 1),), O.SHIPPED, -6, "Promise pour aujourd’hui, encore en route", (Parcel(S.IN_TRANSIT, (0,), -3, 0),)),
    Scenario(3, ((8, 1), (14, 1)), O.SHIPPED, -14, "Deux colis, tous deux en retard", (Parcel(S.IN_TRANSIT, (0,), -11, -6, None, "Geodis"), Parcel(S.IN_TRANSIT, (1,), -10, -5))),
    Scenario(4, ((7, 1),), O.AWAITING_PAYMENT, 0, "Paiement en 4 fois en cours de validation", payment="instalments"),
    Scenario(5, ((0, 1),), O.DELIVERED, -16, "Livrée hier, longtemps attendue", (Parcel(S.DELIVERED, (0,), -12, -8, -1),)),
    Scenario(6, ((9, 1),), O.SHIPPED, -7, "Professionnel : échelle en route", (Parcel(S.IN_TRANSIT, (0,), -2, 3, None, "Geodis"),)),
    Scenario(7, ((5, 1),), O.PARTLY_SHIPPED, -4, "Mairie : rien d’arrivé, un colis préparé", (Parcel(S.PREPARING, (0,), None, 4, None, "Geodis"),)),
    Scenario(8, ((11, 1),), O.SHIPPED, -5, "Professionnel : en route", (Parcel(S.IN_TRANSIT, (0,), -2, 1, None, "Chronopost"),)),
    Scenario(9, ((6, 1),), O.DELIVERED, -5, "Livrée avant-hier", (Parcel(S.DELIVERED, (0,), -3, -2, -2),)),
    Scenario(1, ((10, 1),), O.DELIVERED, -50, "Remboursement décidé il y a vingt jours, toujours pas effectué : en retard", (Parcel(S.DELIVERED, (0,), -47, -45, -45),), refund=Money(8490, RefundState.DECIDED, -20, None, "Retour accepté"), returned=ReturnState.ACCEPTED),
    Scenario(3, ((4, 1),), O.DELIVERED, -40, "Retour reçu, rien de remboursé trente jours après la demande", (Parcel(S.DELIVERED, (0,), -37, -35, -35),), returned=ReturnState.RECEIVED),
)  # fmt: skip


def number_of(index: int) -> str:
    """The order number of the ``index``-th scenario: irregular steps, so that a neighbour's number is not guessed from one's own."""
    return str(FIRST_NUMBER + index * 37 + (index * index) % 11)


async def load_demo(session: AsyncSession) -> bool:
    """Fill an empty database with the demo shop; False, and nothing done, when there are orders already."""
    if await session.scalar(select(Order.id).limit(1)) is not None:
        return False
    products = [
        Product(sku=sku, name=name, brand=brand, category=category, price_cents=price, stock=stock)
        for sku, name, brand, category, price, stock in PRODUCTS
    ]
    session.add_all(products)
    customers = [await _customer(session, row) for row in CUSTOMERS]
    await session.flush()
    numbers = {"SAV": 0, "RET": 0}
    for index, scenario in enumerate(SCENARIOS):
        customer, address = customers[scenario.customer]
        await _order(session, index, scenario, customer, address, products, numbers)
    year = clock.today().year
    session.add_all(Counter(series=f"{series}-{year}", value=value) for series, value in numbers.items())
    return True


async def _customer(session: AsyncSession, row: tuple[str, str | None, str, str, str, str, str]) -> tuple[Customer, Address]:
    name, company, email, phone, street, postcode, city = row
    kind = CustomerKind.PROFESSIONAL if company else CustomerKind.PRIVATE
    customer = Customer(kind=kind, name=name, company=company, email=email, phone=phone)
    session.add(customer)
    await session.flush()
    address = Address(customer_id=customer.id, street=street, postcode=postcode, city=city)
    session.add(address)
    return customer, address


async def _order(
    session: AsyncSession,
    index: int,
    scenario: Scenario,
    customer: Customer,
    address: Address,
    products: list[Product],
    numbers: dict[str, int],
) -> None:
    order = Order(
        number=number_of(index),
        customer_id=customer.id,
        delivery_address_id=address.id,
        billing_address_id=address.id,
        state=scenario.state,
        placed_at=_instant(scenario.placed),
        payment_method=scenario.payment,
        shipping_cents=0,
    )
    session.add(order)
    await session.flush()
    lines = [
        OrderLine(order_id=order.id, product_id=products[p].id, quantity=quantity, unit_price_cents=products[p].price_cents)
        for p, quantity in scenario.lines
    ]
    session.add_all(lines)
    await session.flush()
    for rank, parcel in enumerate(scenario.parcels):
        session.add(_shipment(index, rank, parcel, order, lines))
    if scenario.refund:
        session.add(_refund(order, scenario.refund))
    if scenario.returned:
        session.add(_return(order, lines[0], scenario, numbers))
    if scenario.case:
        session.add(_case(order, lines[0], customer, scenario.case, numbers))
    await session.flush()


def _shipment(index: int, rank: int, parcel: Parcel, order: Order, lines: list[OrderLine]) -> Shipment:
    number = None if parcel.shipped is None else f"6A{index:04d}{rank}{(index * 7919 + rank * 104729 + 480611) % 1000000:06d}"
    shipment = Shipment(
        order_id=order.id,
        carrier=parcel.carrier,
        tracking_number=number,
        tracking_url=CARRIERS[parcel.carrier].format(number=number) if number else None,
        state=parcel.state,
        shipped_on=_day(parcel.shipped),
        promised_on=_day(parcel.promised),
        delivered_on=_day(parcel.delivered),
    )
    shipment.contents = [ShipmentLine(order_line_id=lines[i].id, quantity=lines[i].quantity) for i in parcel.lines]
    return shipment


def _refund(order: Order, money: Money) -> Refund:
    decided = clock.today() + timedelta(days=money.decided)
    return Refund(
        order_id=order.id,
        amount_cents=money.cents,
        means="carte bancaire",
        state=money.state,
        decided_on=decided,
        issued_on=_day(money.issued),
        reason=money.reason,
    )


def _return(order: Order, line: OrderLine, scenario: Scenario, numbers: dict[str, int]) -> Return:
    numbers["RET"] += 1
    return Return(
        number=f"RET-{clock.today().year}-{numbers['RET']:06d}",
        order_id=order.id,
        request_key=f"demo-{order.number}",
        state=scenario.returned,
        registered_at=_instant(scenario.placed + 10),
        articles=[ReturnArticle(order_line_id=line.id, quantity=line.quantity)],
    )


def _case(
    order: Order,
    line: OrderLine,
    customer: Customer,
    case: tuple[CaseMotive, CaseState, int, str],
    numbers: dict[str, int],
) -> SavCase:
    motive, state, opened, description = case
    numbers["SAV"] += 1
    at = _instant(opened)
    history = [CaseEvent(at=at, author=Author.CUSTOMER, text=description)]
    replies = {
        CaseState.IN_PROGRESS: "Dossier pris en charge, diagnostic en cours.",
        CaseState.AWAITING_CUSTOMER: "Nous attendons une photo de l’étiquette du carton.",
        CaseState.SETTLED: "Remboursement accordé.",
    }
    if state in replies:
        history.append(CaseEvent(at=at + timedelta(hours=20), author=Author.AGENT, text=replies[state]))
    record = SavCase(
        number=f"SAV-{clock.today().year}-{numbers['SAV']:06d}",
        request_key=f"demo-{order.number}",
        order_id=order.id,
        conversation_id=None,
        motive=motive,
        state=state,
        description=description,
        contact=customer.email,
        opened_at=at,
        due_at=at + timedelta(hours=48),
    )
    record.articles = [CaseArticle(order_line_id=line.id)]
    record.history = history
    return record


def _day(offset: int | None) -> date | None:
    return None if offset is None else clock.today() + timedelta(days=offset)


def _instant(offset: int) -> datetime:
    """Nine in the morning UTC, but never in the future."""
    day = clock.today() + timedelta(days=offset)
    return min(datetime.combine(day, time(9), UTC), clock.now())


def describe_demo() -> str:
    """docs/demo.md: the customers and what each order shows, and the catalogue."""
    rows = []
    for index, scenario in enumerate(SCENARIOS):
        name, company, email, _, _, postcode, _ = CUSTOMERS[scenario.customer]
        rows.append(f"| {number_of(index)} | {email} | {postcode} | {company or name} | {scenario.shows} |")
    return (
        "# The demo shop\n\n"
        "Written by `guichet demo describe`; a test keeps it true. Dates are counted from the day the demo data is loaded, so that every state\n"
        "exists on that day (`make demo-data` loads it afresh). Prove an order with its number and either the e-mail or the delivery postcode.\n\n"
        "| order | e-mail | postcode | customer | what it shows |\n|---|---|---|---|---|\n" + "\n".join(rows) + "\n\n" + _describe_catalogue()
    )


def _describe_catalogue() -> str:
    rows = [f"| {sku} | {name} | {brand} | {category} | {euros(price)} | {stock} |" for sku, name, brand, category, price, stock in PRODUCTS]
    return (
        "## The catalogue\n\nWhat can be asked for (« avez-vous la perceuse Bosch GSB 18 en stock ? »).\n\n"
        "| reference | name | brand | category | price | stock |\n|---|---|---|---|---|---|\n" + "\n".join(rows) + "\n"
    )
