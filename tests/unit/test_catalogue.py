"""Products are found in real wordings, typing errors included, and none is found where none is named."""

import pytest

from guichet.catalogue import MOST_SHOWN, Findings, Outcome, find
from guichet.demo_catalogue import PRODUCTS
from guichet.models import Product
from guichet.prices import PriceRange, price_range
from guichet.product_words import likeness, sound, words

CATALOGUE = [
    Product(id=index, sku=sku, name=name, brand=brand, category=category, price_cents=cents, stock=stock)
    for index, (sku, name, brand, category, cents, stock) in enumerate(PRODUCTS)
]
DRILLS = {"PVB18", "PPX850", "GSB18V55", "GSR12V15", "DDF482", "DCD796"}


def skus(found: Findings) -> list[str]:
    return [product.sku for product in found.products]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("avez-vous la perceuse Bosch GSB 18 en stock ?", "GSB18V55"),
        ("La GSB18V-55 est-elle disponible ?", "GSB18V55"),
        ("vous avez la ddf482 ?", "DDF482"),
        ("réf. GSR12V15 svp", "GSR12V15"),
        ("la perseuse bosh gsb 18 c dispo ?", "GSB18V55"),
        ("jcherche une scie sauteuse elle est ou", "SSP90"),
        ("la scie sauteuz vs lavé en stok oui/non", "SSP90"),
        ("Vous vendez des scies circulaires ? Je ne les vois pas.", "SCI165"),
        ("scie a onglet radiale dewalt", "DWS774"),
        ("pr chercher une scie a onglet jecris koi exactement", "DWS774"),
        ("ya encor d karcher k5", "K5POWER"),
        ("es ce que vous avez encore en stock le nettoyeur haute pression karcher k5", "K5POWER"),
        ("euh le nétoyeur haute presion vous en avez", "NHP150"),
        ("Bonjour, je cherche un nettoyeur haute pression, comment le trouver sur votre site ? Merci", "NHP150"),
        ("le poste a souder inverter 160 A, il est marqué indisponible. Vous en recevez bientôt ?", "POS160"),
        ("poste mig en stock ?", "MIG200"),
        ("ou sont les masques de soudure", "MASKLCD"),
        ("disque diamant 230, c'est rangé dans quoi", "DIA230"),
        ("Je voulais commander le groupe électrogène 3000 W mais la page affiche « épuisé »", "HX3000"),
        ("ou sont les groupes electrogenes ?? c'est le foutoir votre menu", "HX3000"),
        ("cé en rupture la tronçonneuz ? revien kan", "MS170"),
        ("où sont rangées les bétonnières sur votre boutique", "BET160"),
        ("Bjr, je cherche la betoniere 160 litres", "BET160"),
        ("Je ne trouve pas les chaussures de securité sur votre site.", "CHS3"),
        ("il nous faut 25 casques de chantier blancs pour lundi", "CASQB"),
        ("les escabeaux, s'il vous plaît, quel rayon ?", "ESC5"),
        ("vous avez des echelels", "ECH3X8"),
        ("disqueuse makita dispo ?", "GA5030"),
        ("meuleuse d'angle dewalt 125", "MEU125"),
        ("ponseuse excentrique makita", "BO5031"),
        ("Un perforateur SDS Makita, vous en avez ?", "HR2630"),
        ("Une clé à choc Milwaukee", "M18FIW"),
        ("cle dynamometrique facom", "DYN200"),
        ("vous reste-t-il des coffrets de forets béton", "FOR15"),
        ("coffret facom", "COF94"),
        ("le niveau laser vert il revi1 kan en stok svp", "LASV3"),
        ("aspirateur eau et poussière WD3", "WD3"),
        ("Besoin de vis inox, où les trouver ?", "VIS500"),
        ("y sont où vos gants", "GAN12"),
        ("compreseur michelin", "COMP24"),
        ("établi pliant wolfcraft encore dispo ?", "ETA120"),
        ("servante 6 tiroirs", "SERV6"),
        ("chercher marteau", "MART28"),
        ("un metre ruban stanley", "MET5"),
    ],
)
def test_the_product_named_comes_first(text: str, first: str) -> None:
    found = find(CATALOGUE, text)
    assert found.outcome is Outcome.FOUND or (found.outcome is Outcome.NEAR and len(text.split()) > 4), found.outcome
    assert skus(found)[0] == first


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("je cherche une perceuse", DRILLS),
        ("perceuz bosch", {"PVB18", "GSB18V55", "GSR12V15"}),
        ("des perceuses à percussion ?", {"PPX850", "GSB18V55", "DCD796"}),
        ("rayon soudure", {"POS160", "MIG200", "MASKLCD"}),
        ("catégorie nettoyage introuvable", {"NHP150", "K5POWER", "WD3"}),
        ("vos meuleuses", {"MEU125", "GWS9", "GA5030"}),
        ("milwaukee", {"M18FIW"}),
        ("delta plus", {"GAN12", "CHS3", "CASQB"}),
    ],
)
def test_all_that_fit_are_counted_and_five_at_most_are_shown(text: str, expected: set[str]) -> None:
    found = find(CATALOGUE, text)
    assert found.outcome is Outcome.FOUND
    assert found.total == len(expected)
    assert set(skus(found)) <= expected
    assert len(found.products) == min(len(expected), MOST_SHOWN)


def test_what_is_in_stock_comes_before_what_is_not_and_then_the_cheapest() -> None:
    assert skus(find(CATALOGUE, "vos meuleuses")) == ["GWS9", "MEU125", "GA5030"]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("une ponceuse girafe", "PEX300"),
        ("la scie circulaire Metabo, vous l'avez ?", "SCI165"),
        ("perceuse bosch gsb 24", "GSB18V55"),
        ("escabeau 8 marches", "ESC5"),
        ("poste à souder tig", "POS160"),
    ],
)
def test_what_is_not_quite_it_is_said_to_be_near(text: str, first: str) -> None:
    found = find(CATALOGUE, text)
    assert found.outcome is Outcome.NEAR
    assert skus(found)[0] == first


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("vous vendez des friteuses ?", "friteuses"),
        ("avez-vous des brouettes en stock ?", "brouettes"),
        ("je cherche une tondeuse thermique à moins de 300 euros", "tondeuse thermique"),
        ("rayon puériculture", "puériculture"),
        ("Des échafaudages ?", "échafaudages"),
        ("On cherche un souffleur à feuilles pour le cimetière", "souffleur à feuilles"),
        ("je cherche un salon de jardin", "salon de jardin"),
        ("Où trouver les sangles d'arrimage ?", "sangles d'arrimage"),
        ("reste-t-il des bottes de chantier", "bottes de chantier"),
        ("iphone", "iphone"),
    ],
)
def test_what_the_shop_does_not_sell_is_named_as_it_was_written(text: str, name: str) -> None:
    assert find(CATALOGUE, text) == Findings(Outcome.UNKNOWN, unknown=name, price=price_range(text.lower())[0])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "😀",
        "en stock ?",
        "encore en stock ?",
        "c'est dispo ?",
        "comment trouver un article ?",
        "Comment rechercher un article ?",
        "où chercher ?",
        "votre loupe, elle est où",
        "ya un moteur de recherche chez vous?",
        "recherche par code-barres",
        "peut-on chercher par numéro d'article plutôt que par nom",
        "J'ai la référence exacte du fabricant, est-ce que je peux la taper quelque part ?",
        "y a tellement de pages que je m'y perds, y'a pas un plan du magasin ?",
        "Comment savoir, avant de valider mon panier, si un article est réellement en stock chez vous ?",
        "Où voit-on, sur la fiche d'un article, s'il est disponible ?",
        "Le produit il est écrit « rupture », quand il revient ?",
        "Toujours marqué indisponible depuis un mois !! ça revient quand votre truc ou faut que j'aille voir ailleurs ?",
        "l'article est gris et je peux pas cliquer, quand il revient ?",
        "seulement les modèles sans fil",
        "au niveau du stock vous en êtes où ?",
        "comment mettre la main sur un article dont je n'ai que le code-barres ?",
        "le délai avant le prochain arrivage svp",
        "vous en avez dix ?",
        "oui",
        "merci beaucoup",
        "1250",
    ],
)
def test_nothing_is_found_where_nothing_is_named(text: str) -> None:
    assert find(CATALOGUE, text) == Findings(Outcome.NOTHING_NAMED)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("une scie à moins de 150 €", ["SSP90", "SCI165"]),
        ("une scie entre 150 et 200 euros", ["DJR187"]),
        ("scie à partir de 200 €", ["DWS774"]),
        ("perceuse bosch max 120 euros", ["GSR12V15"]),
        ("des gants pas plus de 30€", ["GAN12"]),
        ("quelque chose à moins de 20 €", ["MET5", "CASQB", "VIS500"]),
    ],
)
def test_prices_limit_what_is_found(text: str, expected: list[str]) -> None:
    found = find(CATALOGUE, text)
    assert found.outcome is Outcome.FOUND
    assert skus(found) == expected


def test_when_nothing_has_this_price_the_nearest_is_shown() -> None:
    found = find(CATALOGUE, "une scie à moins de 100 €")
    assert found.outcome is Outcome.OTHER_PRICE
    assert skus(found)[0] == "SSP90"
    assert find(CATALOGUE, "un groupe électrogène à plus de 1 000 €").outcome is Outcome.OTHER_PRICE


def test_an_amount_in_words_comes_from_what_was_understood() -> None:
    assert skus(find(CATALOGUE, "une scie à moins de cent cinquante euros", 15_000)) == ["SSP90", "SCI165"]


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("moins de 200 €", None, 20_000),
        ("entre 100 et 200 euros", 10_000, 20_000),
        ("entre 200 et 100 euros", 10_000, 20_000),
        ("de 50€ a 99,90 €", 5_000, 9_990),
        ("a partir de 50 €", 5_000, None),
        ("plus de 1 000 euros", 100_000, None),
        ("pas plus de 150", None, 15_000),
        ("jusqu'a 300 balles", None, 30_000),
        ("80 € maximum", None, 8_000),
        ("budget 150 euros", None, 15_000),
        ("dans les 100 euros", 8_000, 12_000),
    ],
)
def test_price_ranges(text: str, least: int | None, most: int | None) -> None:
    found, rest = price_range(text)
    assert found == PriceRange(least, most)
    assert not any(char.isdigit() for char in rest)
    assert len(rest) == len(text)


@pytest.mark.parametrize("text", ["moins de 3 metres", "plus de 200 resultats", "une perceuse 18 v", "entre nous", "a 95 €", "depuis plus de 2 mois"])
def test_other_numbers_are_no_price_range(text: str) -> None:
    assert price_range(text)[0] is None


@pytest.mark.parametrize(
    ("said", "known"),
    [("perseuz", "perceuse"), ("bosh", "bosch"), ("makitta", "makita"), ("dewald", "dewalt"), ("souder", "soudage"), ("compress", "compresseur")],
)
def test_words_that_are_alike(said: str, known: str) -> None:
    assert likeness(said, known) > 0


@pytest.mark.parametrize(
    ("said", "known"),
    [
        ("perceuse", "ponceuse"),
        ("scie", "vis"),
        ("18", "180"),
        ("visseuse", "meuleuse"),
        ("presser", "pression"),
        ("radiant", "radiale"),
        ("site", "spit"),
    ],
)
def test_words_that_are_not(said: str, known: str) -> None:
    assert likeness(said, known) == 0


def test_words_are_folded_singular_and_apart_from_digits() -> None:
    assert words("Perceuses d’Angle K5, GSB18V-55 à 2 vitesses") == ["perceuse", "angle", "k", "5", "gsb", "18", "v", "55", "2", "vitesse"]
    assert sound("ponceuse") == sound("ponseuz")


def test_long_messages_are_read_fast() -> None:
    assert find(CATALOGUE, "perceuse " * 50_000).total == len(DRILLS)
