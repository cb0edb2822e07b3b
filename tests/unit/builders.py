"""Small builders that several unit tests share: a FAQ in files or in memory, orders that no database has seen."""

from datetime import date
from pathlib import Path
from typing import Any

from guichet.faq import Entry, Faq
from guichet.models import Customer, CustomerKind, Order, OrderLine, OrderState, Product, Shipment, ShipmentState
from guichet.shop import ShopFacts

ROOT = Path(__file__).parents[2]

FACTS_YML = """\
nom: Topaz.pro
telephone: 01 99 00 12 34
courriel_service_client: service-client@topaz.example.com
adresse_retour: 12 rue de l’Exemple, 59000 Lille
horaires:
  lundi: ["09:00-12:30", "13:30-18:00"]
  mardi: ["09:00-12:30", "13:30-18:00"]
  mercredi: ["09:00-12:30", "13:30-18:00"]
  jeudi: ["09:00-12:30", "13:30-18:00"]
  vendredi: ["09:00-12:30", "13:30-17:00"]
horaires_texte: du lundi au vendredi
delai_retractation_jours: 14
delai_reliquat_jours: 15
delai_solution_heures: 48
minimum_euros: 150
"""
ACCOUNT_YML = """\
theme: Compte client
entrees:
  - id: forgot_password
    question: J’ai oublié mon mot de passe
    reponse: Appelez-nous au {{ telephone }} !
    formulations:
      - mot de passe oublié
      - g oublié mon mdp
      - plus moyen de me connecter
      - mdp perdu
      - quel est mon mot de passe ?
    tests:
      - mon secret ne me revient pas
    suites: [covid, contact_human]
    validite: {du: 2026-01-01, au: 2026-12-31}
"""
HEALTH_YML = """\
theme: Sécurité sanitaire
entrees:
  - id: covid
    question: Livrez-vous malgré la Covid ?
    reponse: Oui, et dès {{ minimum_euros }} € en plusieurs fois.
    en_savoir_plus: Nous sommes ouverts {{ horaires_texte }}.
    formulations:
      - livrez-vous pendant l'épidémie
      - covid et livraison
      - vos livreurs portent un masque ?
      - gestes barrières
      - c'est risqué de commander ?
"""
FAQ_FILES = {"boutique.yml": FACTS_YML, "compte.yml": ACCOUNT_YML, "sante.yml": HEALTH_YML}

FACTS = ShopFacts.model_validate(
    {
        "nom": "Topaz.pro",
        "telephone": "01 99 00 12 34",
        "courriel_service_client": "service-client@topaz.example.com",
        "adresse_retour": "12 rue de l’Exemple, 59000 Lille",
        "horaires": {
            **dict.fromkeys(("lundi", "mardi", "mercredi", "jeudi"), ("09:00-12:30", "13:30-18:00")),
            "vendredi": ("09:00-12:30", "13:30-17:00"),
        },
        "horaires_texte": "du lundi au vendredi",
        "delai_retractation_jours": 14,
        "delai_reliquat_jours": 15,
        "delai_solution_heures": 48,
    }
)


def entry(ident: str, *phrasings: str, **fields: Any) -> Entry:
    """An entry of the FAQ with these phrasings."""
    defaults: dict[str, Any] = {
        "theme": "Essais",
        "question": f"Question {ident}",
        "answer": f"Réponse {ident}",
        "more": None,
        "tests": (),
        "follow_ups": (),
        "valid_from": None,
        "valid_until": None,
    }
    return Entry(id=ident, phrasings=phrasings, **(defaults | fields))


def faq_of(*entries: Entry) -> Faq:
    """A FAQ with these entries and ordinary facts."""
    return Faq(FACTS, {each.id: each for each in entries})


def line(ident: int, name: str = "Scie sauteuse", brand: str = "DeWalt", quantity: int = 1, cents: int = 11990) -> OrderLine:
    """A line of an order."""
    return OrderLine(id=ident, quantity=quantity, unit_price_cents=cents, product=Product(name=name, brand=brand))


def parcel(state: ShipmentState = ShipmentState.DELIVERED, *, promised: date | None = None, delivered: date | None = None) -> Shipment:
    """A parcel, nothing said of what is in it."""
    return Shipment(state=state, promised_on=promised, delivered_on=delivered)


def order(*shipments: Shipment, state: OrderState = OrderState.DELIVERED, kind: CustomerKind = CustomerKind.PRIVATE) -> Order:
    """An order in these parcels."""
    lines = [line(1)]
    return Order(number="10025873", state=state, shipping_cents=0, customer=Customer(kind=kind), shipments=list(shipments), lines=lines)
