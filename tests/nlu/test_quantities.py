"""Amounts, counts, payments in times, durations and days are found where they stand in the typed text, and nothing else is taken for them."""

import time
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message

from bot.nlu import quantities
from bot.nlu.identifiers import IdentifierExtractor, find_identifiers
from bot.nlu.quantities import QuantityExtractor, find_quantities

WEDNESDAY = date(2026, 3, 18)


def found(text: str, today: date = WEDNESDAY) -> "list[tuple[str, str, str]]":
    """Kind, text as typed and value of each quantity, identifiers set apart."""
    taken = [(identifier.start, identifier.end) for identifier in find_identifiers(text)]
    return [(item.kind, text[item.start : item.end], item.value) for item in find_quantities(text, today, taken)]


def days(text: str, today: date = WEDNESDAY) -> "list[tuple[str, str]]":
    return [(span, value) for kind, span, value in found(text, today) if kind == "date"]


@pytest.mark.parametrize(
    ("text", "span", "value"),
    [
        ("95 euros", "95 euros", "95.00"),
        ("mes 340 euros sont passés où", "340 euros", "340.00"),
        ("sa fait 1 moi ke jattend mes 75 euro", "75 euro", "75.00"),
        ("600€", "600€", "600.00"),
        ("payé 600 EUR.", "600 EUR", "600.00"),
        ("1 250,50 €", "1 250,50 €", "1250.50"),
        ("1\u202f250,50\u00a0€", "1\u202f250,50\u00a0€", "1250.50"),
        ("1.250,50 €", "1.250,50 €", "1250.50"),
        ("1,250.50 €", "1,250.50 €", "1250.50"),
        ("1.250 €", "1.250 €", "1250.00"),
        ("9.9€", "9.9€", "9.90"),
        ("12e50", "12e50", "12.50"),
        ("12€50", "12€50", "12.50"),
        ("12 € 50", "12 € 50", "12.50"),
        ("95 euros et 50 centimes", "95 euros et 50 centimes", "95.50"),
        ("95 euros 50 de port", "95 euros 50", "95.50"),
        ("50 centimes", "50 centimes", "0.50"),
        ("deux cents euros", "deux cents euros", "200.00"),
        ("QUATRE-VINGT-DIX-NEUF euros", "QUATRE-VINGT-DIX-NEUF euros", "99.00"),
        ("septante euros la lame", "septante euros", "70.00"),
        ("cinquente euros", "cinquente euros", "50.00"),
        ("quatre euros cinquante", "quatre euros cinquante", "4.50"),
        ("une centaine d'euros", "une centaine d'euros", "100.00"),
        ("150 balles", "150 balles", "150.00"),
        ("80 balles de plus", "80 balles", "80.00"),
        ("1,5k€", "1,5k€", "1500.00"),
        ("2 k euros", "2 k euros", "2000.00"),
        ("€ 95", "€ 95", "95.00"),
        ("EUR 95,90", "EUR 95,90", "95.90"),
        ("j'ai payé 600e", "600e", "600.00"),
        ("payé 8e", "8e", "8.00"),
        ("9,90e", "9,90e", "9.90"),
        ("mes 210 e", "210 e", "210.00"),
        ("entre 10 et 15 €", "15 €", "15.00"),
        ("-10€ sur la page", "10€", "10.00"),
        ("１２ €", "１２ €", "12.00"),
        ("👍🏽 95 €", "95 €", "95.00"),
    ],
)
def test_amount(text: str, span: str, value: str) -> None:
    assert found(text) == [("amount", span, value)]


@pytest.mark.parametrize(
    ("text", "span", "value"),
    [
        ("deux perceuses", "deux", "2"),
        ("j'ai reçu 3 cartons", "3", "3"),
        ("3 perceuse", "3", "3"),
        ("commandé 12pcs", "12", "12"),
        ("12 pcs", "12", "12"),
        ("1 perceuse", "1", "1"),
        ("une dizaine de boîtes", "une dizaine", "10"),
        ("deux douzaines de gants", "deux douzaines", "24"),
        ("x4", "x4", "4"),
        ("perceuse × 4", "× 4", "4"),
        ("2x vis inox", "2x", "2"),
        ("les 2", "2", "2"),
        ("les deux sont cassées", "deux", "2"),
        ("les 2 scies", "2", "2"),
        ("les quatre casques anti-bruit repartent", "quatre", "4"),
        ("il en manque 2", "2", "2"),
        ("il m'en manque deux !", "deux", "2"),
        ("je n'en ai reçu que 3", "3", "3"),
        ("j'en veux trois svp", "trois", "3"),
        ("2 sur 3", "2", "2"),
        ("il y a 5 rabots", "5", "5"),
        ("j'ai commandé vingt-deux rabots", "vingt-deux", "22"),
        ("catre cartons", "catre", "4"),
        ("un seul carton est arrivé", "un seul", "1"),
        ("devis 20 échelles", "20", "20"),
        ("remise quantité, 50 casques", "50", "50"),
        ("2 t-shirts", "2", "2"),
        ("1 000 vis", "1 000", "1000"),
        ("je ve vous en rendre 5 boites", "5", "5"),
        ("2 balles de tennis", "2", "2"),
        ("deux boîtes de 6x60", "deux", "2"),
        ("10025873 2 perceuses", "2", "2"),
        ("2 perceuses 18V", "2", "2"),
    ],
)
def test_quantity(text: str, span: str, value: str) -> None:
    assert found(text) == [("quantity", span, value)]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("deux des trois perceuses", ["2", "3"]),
        ("une des deux perceuses est cassée", ["1", "2"]),
        ("j'ai commandé 4 et reçu 3", ["4", "3"]),
        ("5 casques au lieu de 15", ["5", "15"]),
        ("devis pour nonante chaises et dix tables", ["90", "10"]),
    ],
)
def test_several_quantities(text: str, values: "list[str]") -> None:
    assert [value for _, _, value in found(text)] == values


@pytest.mark.parametrize(
    ("text", "span", "value"),
    [
        ("je veux payer en 3 fois", "3 fois", "3"),
        ("3x", "3x", "3"),
        ("4 X", "4 X", "4"),
        ("3x sans frais", "3x", "3"),
        ("3 fois sans frais ?", "3 fois", "3"),
        ("4 fois", "4 fois", "4"),
        ("paiement en quatre fois", "quatre fois", "4"),
        ("paiement 3 fois", "3 fois", "3"),
        ("vous faites le 3x ?", "3x", "3"),
        ("le 4 fois oney", "4 fois", "4"),
        ("on peut payer en dix fois ?", "dix fois", "10"),
        ("Puis-je payer en 3 ou 4 fois ?", "4 fois", "4"),
        ("en 4 fois c'est possible ?", "4 fois", "4"),
    ],
)
def test_instalments(text: str, span: str, value: str) -> None:
    assert found(text) == [("instalments", span, value)]


@pytest.mark.parametrize(
    ("text", "span", "value"),
    [
        ("14 jours", "14 jours", "P14D"),
        ("lé 14j", "14j", "P14D"),
        ("2 semaines", "2 semaines", "P2W"),
        ("depuis une semaine", "une semaine", "P1W"),
        ("rien reçu depuis quinze jours", "quinze jours", "P15D"),
        ("une quinzaine de jours", "une quinzaine de jours", "P15D"),
        ("livraison 2 à 3 jours", "2 à 3 jours", "P3D"),
        ("garantie 3 ans", "3 ans", "P3Y"),
        ("depuis un mois", "un mois", "P1M"),
        ("un an et demi", "un an et demi", "P1Y6M"),
        ("sous 48h", "48h", "PT48H"),
        ("24 heures", "24 heures", "PT24H"),
        ("en attente depuis 40 minutes", "40 minutes", "PT40M"),
        ("3 heures d'attente", "3 heures", "PT3H"),
        ("il y a trois semaines", "trois semaines", "P3W"),
        ("il y a moins de 14 jours", "14 jours", "P14D"),
    ],
)
def test_duration(text: str, span: str, value: str) -> None:
    assert found(text) == [("duration", span, value)]


@pytest.mark.parametrize(
    ("text", "span", "value"),
    [
        ("mardi dernier", "mardi dernier", "2026-03-17"),
        ("mercredi dernier", "mercredi dernier", "2026-03-11"),
        ("le 14", "14", "2026-03-14"),
        ("commande du 14", "14", "2026-03-14"),
        ("reçu le 18", "18", "2026-03-18"),
        ("le 31", "31", "2026-01-31"),
        ("le 14/03", "14/03", "2026-03-14"),
        ("le 2/3", "2/3", "2026-03-02"),
        ("commandé 14/03", "14/03", "2026-03-14"),
        ("14/03/26", "14/03/26", "2026-03-14"),
        ("le 14.03.2026", "14.03.2026", "2026-03-14"),
        ("2026-03-14", "2026-03-14", "2026-03-14"),
        ("14 mars 2026", "14 mars 2026", "2026-03-14"),
        ("né le 12/05/1985", "12/05/1985", "1985-05-12"),
        ("facture du 2 février", "2 février", "2026-02-02"),
        ("14 fevrier", "14 fevrier", "2026-02-14"),
        ("le 1er mars", "1er mars", "2026-03-01"),
        ("le premier mars", "premier mars", "2026-03-01"),
        ("le quatorze mars", "quatorze mars", "2026-03-14"),
        ("le quinze", "quinze", "2026-03-15"),
        ("mardi 24 mars", "mardi 24 mars", "2026-03-24"),
        ("mardi 17", "mardi 17", "2026-03-17"),
        ("vendredi 13 ou le 14", "vendredi 13", "2026-03-13"),
        ("le 29 février 2024", "29 février 2024", "2024-02-29"),
        ("hier", "hier", "2026-03-17"),
        ("depuis hier soir", "hier", "2026-03-17"),
        ("avant-hier", "avant-hier", "2026-03-16"),
        ("avant hier", "avant hier", "2026-03-16"),
        ("demain", "demain", "2026-03-19"),
        ("après-demain", "après-demain", "2026-03-20"),
        ("aujourd’hui", "aujourd’hui", "2026-03-18"),
        ("ce matin", "ce matin", "2026-03-18"),
        ("il y a 3 jours", "il y a 3 jours", "2026-03-15"),
        ("il y a deux jours", "il y a deux jours", "2026-03-16"),
        ("ya 15 j", "ya 15 j", "2026-03-03"),
        ("dans 3 jours", "dans 3 jours", "2026-03-21"),
        ("lundi prochain", "lundi prochain", "2026-03-23"),
        ("mercredi prochain", "mercredi prochain", "2026-03-25"),
        ("depuis jeudi", "jeudi", "2026-03-12"),
        ("mecredi dernier", "mecredi dernier", "2026-03-11"),
        ("mardi de la semaine dernière", "mardi de la semaine dernière", "2026-03-10"),
        ("mardi de la semaine prochaine", "mardi de la semaine prochaine", "2026-03-24"),
        ("on est mercredi", "mercredi", "2026-03-18"),
        ("le 14 à 10h", "14", "2026-03-14"),
    ],
)
def test_day(text: str, span: str, value: str) -> None:
    assert found(text)[:1] == [("date", span, value)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        # Nothing said, or the past: the nearest past day.
        ("mardi", "2026-03-17"),
        ("commandé mardi", "2026-03-17"),
        ("livraison prévue mardi", "2026-03-17"),
        ("elle devait arriver mardi", "2026-03-17"),
        ("c'était pour mardi", "2026-03-17"),
        ("vous m'aviez dit que je serais livré mardi", "2026-03-17"),
        ("j'ai commandé mardi, vous livrez quand ?", "2026-03-17"),
        ("quand arrivera la commande de mardi", "2026-03-17"),
        ("la commande que j'ai passée mardi sera livrée quand", "2026-03-17"),
        ("colis bien arrivé chez vous mardi", "2026-03-17"),
        ("réclamation ouverte mardi", "2026-03-17"),
        ("je voudrais rendre la scie livrée mardi", "2026-03-17"),
        ("reçu avant le 10", "2026-03-10"),
        # The future said.
        ("vous livrez mardi ?", "2026-03-24"),
        ("livrez-moi mardi", "2026-03-24"),
        ("je serai là mardi", "2026-03-24"),
        ("mardi je serai absent", "2026-03-24"),
        ("je ne suis pas là mardi", "2026-03-24"),
        ("il me la faut pour mardi", "2026-03-24"),
        ("elle sera livrée mardi", "2026-03-24"),
        ("ça doit être livré mardi", "2026-03-24"),
        ("mon chantier démarre mardi", "2026-03-24"),
        ("vous êtes ouverts mardi ?", "2026-03-24"),
        ("d'ici mardi", "2026-03-24"),
        ("avant mardi", "2026-03-24"),
        ("je serai absent le 14", "2026-04-14"),
        ("jusqu'au 14", "2026-04-14"),
        ("livrez le 20 svp", "2026-03-20"),
        ("livraison demain ou le 20", "2026-03-19"),
        # Months: nearest past, unless very long ago.
        ("commandé le 25 décembre", "2025-12-25"),
        ("le 1er avril", "2026-04-01"),
        ("je l'ai acheté le 1er avril", "2025-04-01"),
        ("nous serons fermés le 11 novembre", "2026-11-11"),
        # A weekday that does not fit the nearest number looks further.
        ("mardi 14", "2026-04-14"),
        ("c'était mardi 14", "2025-10-14"),
    ],
)
def test_past_or_future(text: str, value: str) -> None:
    assert days(text)[0][1] == value


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("je serai là mardi, j'ai reçu le premier colis lundi", ["2026-03-24", "2026-03-16"]),
        ("vous livrez mardi ou mercredi ?", ["2026-03-24", "2026-03-25"]),
        ("rien reçu mardi et jeudi", ["2026-03-10", "2026-03-12"]),
        ("du 14 au 18 mars", ["2026-03-14", "2026-03-18"]),
        ("les 14 et 15 mars", ["2026-03-14", "2026-03-15"]),
        ("absent du 20 au 25", ["2026-03-20", "2026-03-25"]),
    ],
)
def test_several_days(text: str, values: "list[str]") -> None:
    assert [value for _, value in days(text)] == values


@pytest.mark.parametrize(
    ("text", "today", "value"),
    [
        ("le 31", date(2026, 5, 1), "2026-03-31"),
        ("le 29 février", date(2026, 3, 1), "2024-02-29"),
        ("hier", date(2026, 1, 1), "2025-12-31"),
        ("je serai là le 2", date(2025, 12, 31), "2026-01-02"),
        ("mardi", date(2026, 3, 17), "2026-03-10"),
        ("commandé le 28", date(2026, 1, 3), "2025-12-28"),
    ],
)
def test_calendar_edges(text: str, today: date, value: str) -> None:
    assert days(text, today)[0][1] == value


@pytest.mark.parametrize("offset", range(14))
def test_a_bare_weekday_is_one_to_seven_days_away(offset: int) -> None:
    today = WEDNESDAY + timedelta(days=offset)
    past, coming = (date.fromisoformat(days(text, today)[0][1]) for text in ("commandé samedi", "vous livrez samedi"))
    assert past.weekday() == coming.weekday() == 5
    assert 1 <= (today - past).days <= 7
    assert 1 <= (coming - today).days <= 7


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "👋🎉",
        "2️⃣",
        "bonjour",
        "42",
        "la moitié",
        "une perceuse",
        "l'euro 2024",
        "100 dollars",
        "10 %",
        "dix pour cent",
        "le 3e colis",
        "le 20e",
        "paris 12e",
        "c'est la 3e fois",
        "1 fois",
        "une fois",
        "merci mille fois",
        "mille mercis",
        "j'ai appelé 3 fois",
        "débité 2x",
        "on m'a débité deux fois",
        "carte refusée trois fois",
        "livré en 2 fois",
        "je paye deux fois le port ?",
        "combien font 12 fois 15",
        "résous 3x + 7 = 22",
        "18 V",
        "1500 W",
        "25 m",
        "20 cm",
        "moteur 4 temps",
        "vis 6x60",
        "6 x 60",
        "4x4",
        "6x60x100",
        "étape 2",
        "GSB 18",
        "la gsb 18 en panne",
        "M12",
        "DHP482",
        "iphone 12 mini",
        "n° 2",
        "article 3",
        "à 14h",
        "14h30",
        "de 7 h à 17 h",
        "après 18h",
        "24h/24 7j/7",
        "7 jours sur 7",
        "j'ai 82 ans",
        "3 J",
        "2,5 mm",
        "3/4",
        "clé 10/12",
        "embout du 8",
        "pointure 42",
        "12 rue des Lilas",
        "au 12 rue des Lilas",
        "les 4 derniers chiffres",
        "06 12 34 56 78",
        "appelez le 06 12 34 56 78",
        "le 0612345678",
        "4970 1012 3456 7890",
        "SIRET 732 829 320 00074",
        "10025873",
        "SAV-2026-000123",
        "la semaine dernière",
        "le mois prochain",
        "le mercredi après-midi",
        "du lundi au vendredi",
        "lundi au vendredi",
        "tous les mardis",
        "chaque lundi",
        "lundi de Pâques",
        "le 18 volts",
        "le 2 pièces",
        "le 3008",
        "31/02/2026",
        "le 32",
        "le neuf je le garde",
        "produit neuf sous blister",
        "aspirateur à deux balles",
        "un de ces quatre",
        "un jour peut-être",
        "<img width=200 height=30>",
        "https://exemple.fr/p/2-perceuses?qty=3x&prix=95€",
        "my drill is broken since a long time",
        "mein hund ist krank",
    ],
)
def test_nothing(text: str) -> None:
    assert found(text) == []


def test_all_kinds_in_one_message() -> None:
    text = "Bonjour, commande 10025873 du 14/03 : reçu 2 cartons sur 3, payé 95 € en 3 fois, remboursement sous 14 jours ?"
    assert found(text) == [
        ("date", "14/03", "2026-03-14"),
        ("quantity", "2", "2"),
        ("amount", "95 €", "95.00"),
        ("instalments", "3 fois", "3"),
        ("duration", "14 jours", "P14D"),
    ]


def test_offsets_point_into_the_text_as_typed() -> None:
    text = "Hé 👋🏽\u202f! J’ai reçu DEUX\u00a0cartons le 14\u202f; et payé 1\u202f250,50\u00a0€…"
    assert [span for _, span, _ in found(text)] == ["DEUX", "14", "1\u202f250,50\u00a0€"]


def test_nothing_overlaps_what_is_taken() -> None:
    text = "95 euros le 14"
    assert [item.value for item in find_quantities(text, WEDNESDAY, [(0, 2)])] == ["2026-03-14"]
    assert find_quantities(text, WEDNESDAY, [(0, 900)]) == []


def test_only_the_beginning_of_a_long_message_is_read() -> None:
    text = "95 euros. " + "bla " * 600 + "45 euros"
    assert [item.value for item in find_quantities(text, WEDNESDAY)] == ["95.00"]


PIECES = [
    *(
        "1",
        "1 ",
        "12 34 ",
        "000 ",
        "1 250 ",
        "1,",
        "1.",
        "0",
        " ",
        "\n",
        "é",
        "e",
        "€",
        "x",
        "x4 ",
        "12e",
        "'",
        "(",
        "<",
        "<a",
        "http://",
        "😀",
        "\ud800",
        "\0",
    ),
    *(
        "deux ",
        "un-",
        "cent ",
        "vingt et un ",
        "une dizaine de ",
        "les 2 ",
        "en 3 fois ",
        "entre 1 et ",
        "il y a ",
        "14/03 ",
        "le 14 ",
        "lundi ",
        "lundi et ",
    ),
    *("je serai ", "avait dit que ", "j'ai commandé 3 cartons mardi, livrez le 14. ", "1\u00a0", "² ", "٣ ", "2\u0301 "),
]


@pytest.mark.parametrize("piece", PIECES)
def test_endless_input_is_read_quickly(piece: str) -> None:
    text = (piece * 5_000)[:5_000]
    best = min(timed(lambda: find_quantities(text, WEDNESDAY)) for _ in range(3))
    assert best < 0.05


def timed(task: "Callable[[], object]") -> float:
    start = time.perf_counter()
    task()
    return time.perf_counter() - start


def test_every_beginning_of_a_message_can_be_read() -> None:
    text = "1 250,50 € x4 il y a deux jours le 14/03/2026, mardi 14 mars, en 3 fois, 2 à 3 jours <b> quatre-vingt-dix-neuf euros 90"
    for end in range(len(text) + 1):
        for item in find_quantities(text[:end], WEDNESDAY):
            assert 0 <= item.start < item.end <= end


def test_extractor_adds_rasa_entities_to_the_identifiers() -> None:
    message = Message({"text": "ma commande 10025873 d'hier, 2 cartons"})
    QuantityExtractor(lambda: WEDNESDAY).process(IdentifierExtractor().process([message]))
    assert message.get("entities") == [
        {"entity": "order_number", "value": "10025873", "start": 12, "end": 20, "extractor": "IdentifierExtractor"},
        {"entity": "date", "value": "2026-03-17", "start": 23, "end": 27, "extractor": "QuantityExtractor"},
        {"entity": "quantity", "value": "2", "start": 29, "end": 30, "extractor": "QuantityExtractor"},
    ]


@pytest.mark.parametrize("text", [None, "", '/inform{"article": "95 euros"}'])
def test_extractor_leaves_payloads_and_empty_messages_alone(text: "str | None") -> None:
    message = Message({"text": text})
    QuantityExtractor(lambda: WEDNESDAY).process([message])
    assert message.get("entities") is None


def test_component_takes_today_from_the_shop_s_clock(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    extractor = QuantityExtractor.create({}, LocalModelStorage(tmp_path), Resource("quantities"), ExecutionContext(GraphSchema({})))
    message = Message({"text": "aujourd'hui"})
    extractor.process([message])
    assert message.get("entities")[0]["value"] == quantities.today_in_paris().isoformat()
