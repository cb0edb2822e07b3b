"""Payment in several times and products, as the bot answers them: at once, after one question, in the middle of another task."""

from datetime import date

import pytest

from bot.actions import texts
from bot.actions.shop_tasks import PayInInstalments, product_card, schedule_card
from bot.actions.task_actions import TASKS
from guichet import clock
from guichet.faq import Entry, Faq
from guichet.faq_compile import ACTED_UPON
from guichet.models import Product
from guichet.services import Services

from .builders import faq_of
from .chat import NOW, Chat, plain, values

# --- payment in several times


async def test_an_amount_in_the_sentence_is_answered_at_once_with_both_schedules(chat: Chat) -> None:
    said = await chat.say("je peux payer 640 euros en plusieurs fois ?", "payment_installments", amount="640.00")
    assert "640,00 € se règlent en 3 ou 4 fois" in said
    assert "Oney Bank" in said
    assert "sans frais" in said
    assert not chat.is_open
    assert [plain(card["title"]) for card in chat.cards] == ["640,00 € en 3 fois", "640,00 € en 4 fois"]
    assert values(chat.cards[0]) == ["Aujourd'hui, samedi 31 janvier : 213,34 €", "samedi 28 février : 213,33 €", "mardi 31 mars : 213,33 €"]


async def test_only_the_schedule_asked_for_is_shown(chat: Chat) -> None:
    said = await chat.say("1 250,50 € en 4 fois c'est possible ?", "payment_installments", amount="1250.50", instalments="4")
    assert "1 250,50 € se règlent en 4 fois" in said
    assert [plain(card["title"]) for card in chat.cards] == ["1 250,50 € en 4 fois"]
    assert [row["value"] for row in chat.cards[0]["rows"]] == ["312,64\u00a0€", "312,62\u00a0€", "312,62\u00a0€", "312,62\u00a0€"]


async def test_three_or_four_times_shows_both(chat: Chat) -> None:
    await chat.say("payer 300 € en 3 ou 4 fois", "payment_installments", amount="300.00", instalments="4")
    assert len(chat.cards) == 2


async def test_another_number_of_payments_is_not_offered(chat: Chat) -> None:
    said = await chat.say("800 euros en 10 fois ?", "payment_installments", amount="800.00", instalments="10")
    assert "en 10 fois n'est pas proposé" in said
    assert len(chat.cards) == 2


@pytest.mark.parametrize(("amount", "part"), [("95.00", "95,00 €, c'est trop peu"), ("2000.01", "2 000,01 €, c'est trop pour")])
async def test_beyond_the_limits_they_are_said_with_the_other_means(chat: Chat, amount: str, part: str) -> None:
    said = await chat.say("ça passe en 3 fois ?", "payment_installments", amount=amount)
    assert part in said
    assert "de 150,00 € à 2 000,00 €" in said
    assert "PayPal" in said
    assert chat.cards == []
    assert not chat.is_open


@pytest.mark.parametrize("amount", ["150.00", "2000.00"])
async def test_the_limits_are_included(chat: Chat, amount: str) -> None:
    await chat.say("possible en 3 fois ?", "payment_installments", amount=amount)
    assert len(chat.cards) == 2


async def test_without_an_amount_the_faq_answers_and_one_question_is_asked(chat: Chat) -> None:
    said = await chat.say("est-ce que je peux payer en 4 fois ?", "payment_installments", instalments="4")
    assert "150 €" in said
    assert "2 000 €" in said
    assert said.endswith("Pour quel montant ? Je calcule l'échéancier 3x 4x Oney tout de suite.")
    assert chat.is_open
    assert chat.choices == ["Quels moyens de paiement acceptez-vous ?", "Comment passer commande ?", "Parler à une personne", "Non merci"]
    await chat.say("760 euros", "nlu_fallback", amount="760.00")
    assert [plain(card["title"]) for card in chat.cards] == ["760,00 € en 4 fois"]
    assert not chat.is_open


@pytest.mark.parametrize(
    ("text", "intent", "title"),
    [
        ("800", "nlu_fallback", "800,00 € en 3 fois"),
        ("1 250,50", "out_of_scope", "1 250,50 € en 3 fois"),
        ("environ 400 e", "inform", "400,00 € en 3 fois"),
        ("c'est 999,9", "payment_methods", "999,90 € en 3 fois"),
    ],
)
async def test_a_bare_number_is_an_amount_once_it_is_asked_for(chat: Chat, text: str, intent: str, title: str) -> None:
    await chat.say("paiement en plusieurs fois ?", "payment_installments")
    await chat.say(text, intent)
    assert plain(chat.cards[0]["title"]) == title
    assert not chat.is_open


async def test_a_bare_number_is_none_in_the_first_message(chat: Chat) -> None:
    await chat.say("800", "payment_installments")
    assert chat.is_open


async def test_a_shop_without_such_payment_only_gives_its_answer(services: Services, real_faq: Faq) -> None:
    facts = real_faq.facts.model_copy(update={"financement_min_euros": None})
    chat = Chat(Services(services.settings, services.db, lambda: Faq(facts, real_faq.entries)))
    said = await chat.say("95 euros en 3 fois ?", "payment_installments", amount="95.00")
    assert said == plain(real_faq.entries["payment_installments"].answer)
    assert not chat.is_open


async def test_an_entry_that_is_no_longer_valid_is_not_given(services: Services, real_faq: Faq) -> None:
    def outdated(ident: str) -> Entry:
        return Entry(**{**vars(real_faq.entries[ident]), "valid_until": date(2025, 12, 31)})

    faq = Faq(real_faq.facts, {"payment_installments": outdated("payment_installments")})
    chat = Chat(Services(services.settings, services.db, lambda: faq))
    assert "n'est plus valable" in await chat.say("payer en 3 fois ?", "payment_installments")
    assert not chat.is_open
    assert chat.choices == ["Parler à une personne"]


def test_a_schedule_card_begins_today() -> None:
    with clock.at(NOW):
        assert plain(schedule_card(15_000, 3)["rows"][0]["label"]) == "Aujourd'hui, samedi 31 janvier"


# --- leaving the one question


@pytest.mark.parametrize("start", ["payment_installments", "search_product", "stock_availability"])
async def test_the_customer_may_leave(chat: Chat, start: str) -> None:
    await chat.say("", start)
    assert chat.is_open
    assert "j'arrête là" in await chat.say("non merci", "deny")
    assert not chat.is_open
    await chat.say("", start)
    await chat.say("", "inform", answer="abandon")
    assert not chat.is_open


@pytest.mark.parametrize("start", ["payment_installments", "search_product", "stock_availability"])
@pytest.mark.parametrize(
    ("text", "intent", "part"),
    [
        ("et la garantie ?", "warranty_bogus", "Je n'ai pas de réponse sûre"),
        ("j'ai oublié mon mot de passe", "forgot_password", "mot de passe"),
        ("quel temps fera-t-il demain à Brest", "out_of_scope", "Je n'ai pas de réponse sûre"),
        ("non", "deny", "Je reste à votre disposition"),
        ("bonjour", "greet", "utter_greet"),
        ("au revoir", "goodbye", "utter_goodbye"),
        ("merci", "thank", "utter_thank"),
    ],
)
async def test_anything_else_is_a_new_message(chat: Chat, start: str, text: str, intent: str, part: str) -> None:
    await chat.say("", start)
    said = await chat.say(text, intent)
    assert part in said
    assert not any(question in said for question in ("Pour quel montant", "Quel produit cherchez-vous", "De quel produit"))
    assert not chat.is_open
    assert not chat.is_rejected


async def test_a_faq_question_instead_of_the_answer_keeps_its_buttons(chat: Chat) -> None:
    await chat.say("", "payment_installments")
    await chat.say("j'ai oublié mon mot de passe", "forgot_password")
    assert chat.choices
    assert chat.slots["last_entry"] == "forgot_password"


async def test_what_is_not_understood_is_asked_back_as_usual(chat: Chat) -> None:
    await chat.say("", "payment_installments")
    said = await chat.say("blablabla", "nlu_fallback")
    assert "Je n'ai pas de réponse sûre" in said  # nothing to offer: no guess is known
    assert chat.slots["misunderstandings"] == 1
    assert not chat.is_open


async def test_a_bare_yes_has_the_question_put_again(chat: Chat) -> None:
    await chat.say("", "stock_availability")
    assert "De quel produit s'agit-il ?" in await chat.say("oui", "affirm")
    assert chat.is_open


async def test_another_task_starts_instead(chat: Chat) -> None:
    await chat.say("", "payment_installments")
    said = await chat.say("où en est ma commande ?", "order_status")
    assert "numéro de commande" in said
    assert chat.slots["task"] == "order_status"
    assert chat.is_open


async def test_an_order_number_instead_of_the_answer_asks_for_its_status(chat: Chat) -> None:
    await chat.say("", "search_product")
    await chat.say("10025801", "inform", order_number="10025801")
    assert chat.slots["task"] == "order_status"
    assert chat.slots["task_data"]["order_number"] == "10025801"


async def test_an_order_named_before_is_remembered(chat: Chat) -> None:
    chat.slots["task_data"] = {"order_number": "10025801"}
    await chat.say("640 € en 3 fois", "payment_installments", amount="640.00")
    assert chat.slots["task_data"]["order_number"] == "10025801"


# --- products


async def test_stock_of_a_product_named(chat: Chat) -> None:
    said = await chat.say("avez-vous la perceuse Bosch GSB 18 en stock ?", "stock_availability")
    assert said == plain(texts.PRODUCT_STOCK)
    (card,) = chat.cards
    assert card["kind"] == "product"
    assert "GSB 18V-55" in card["title"]
    assert card["badge"] == {"label": "en stock (8)", "tone": "success"}
    assert values(card)[:2] == ["Marque : Bosch", "Prix : 159,00 €"]
    assert not chat.is_open


async def test_a_product_sold_out_offers_a_person(chat: Chat) -> None:
    said = await chat.say("ya encor d karcher k5", "stock_availability")
    assert "prochain arrivage" in said
    assert [card["badge"]["label"] for card in chat.cards] == ["épuisé"]
    assert chat.choices == ["Parler à une personne"]


async def test_fewer_than_wanted(chat: Chat) -> None:
    said = await chat.say("il me faut 25 servantes, vous les avez ?", "stock_availability", quantity="25")
    assert "pas 25" in said
    assert chat.choices == ["Parler à une personne"]
    said = await chat.say("il me faut 25 casques de chantier", "stock_availability", quantity="25")
    assert "pas 25" not in said


async def test_a_number_of_the_name_is_not_how_many_are_wanted(chat: Chat) -> None:
    assert "pas 94" not in await chat.say("le coffret facom 94 outils est dispo ?", "stock_availability", quantity="94")


async def test_a_search_shows_five_at_most_and_how_to_filter(chat: Chat) -> None:
    said = await chat.say("je cherche une perceuse", "search_product")
    assert "5 des 6 produits" in said
    assert "Filtrer par" in said
    assert len(chat.cards) == 5
    assert not chat.is_open


async def test_a_search_within_a_price(chat: Chat) -> None:
    await chat.say("une scie à moins de 150 €", "search_product", amount="150.00")
    assert [card["title"] for card in chat.cards] == ["Scie sauteuse pendulaire", "Scie circulaire 165 mm"]
    assert "rien à ce prix" in await chat.say("une scie à moins de 50 €", "search_product", amount="50.00")


async def test_what_is_only_near_is_said_to_be(chat: Chat) -> None:
    assert "s'en approche" in await chat.say("une ponceuse girafe ?", "search_product")
    assert {card["title"].split()[0] for card in chat.cards} == {"Ponceuse"}


@pytest.mark.parametrize("intent", ["search_product", "stock_availability"])
async def test_what_is_not_sold_is_said_honestly_with_advice(chat: Chat, intent: str) -> None:
    said = await chat.say("vous vendez des friteuses ?", intent)
    assert "Je ne trouve pas « friteuses » dans notre catalogue" in said
    assert "moteur de recherche" in said
    assert chat.choices
    assert chat.cards == []
    assert not chat.is_open


@pytest.mark.parametrize(("intent", "part"), [("search_product", "moteur de recherche"), ("stock_availability", "fiche du produit")])
async def test_without_a_product_the_faq_answers_then_one_question_is_asked(chat: Chat, intent: str, part: str) -> None:
    said = await chat.say("comment savoir si un article est en stock ?", intent)
    assert part in said
    assert chat.is_open
    assert chat.choices[-1] == "Non merci"
    await chat.say("la meuleuse dewalt", "nlu_fallback")
    assert [card["title"] for card in chat.cards] == ["Meuleuse d’angle 125 mm"]
    assert not chat.is_open


@pytest.mark.parametrize("intent", ["search_product", "open_sav_case", "defective_product", "out_of_scope", "payment_methods"])
async def test_a_product_is_an_answer_whatever_it_was_understood_as(chat: Chat, intent: str) -> None:
    await chat.say("", "stock_availability")
    await chat.say("une ponceuse makita", intent)
    answered = bool(chat.cards)
    assert answered is (intent != "open_sav_case")
    assert chat.slots["task"] == ("stock_availability" if answered else "open_sav_case")


async def test_a_second_task_of_the_same_message_is_offered_at_the_end(chat: Chat) -> None:
    await chat.say("la ponceuse makita est en stock ? et où en est ma commande ?", "stock_availability", second="order_status")
    assert "Où en est ma commande ?" in chat.choices
    assert chat.slots["offered"] == "order_status"


@pytest.mark.parametrize(
    ("stock", "label", "tone"),
    [(0, "épuisé", "danger"), (1, "plus que 1", "warning"), (3, "plus que 3", "warning"), (12, "en stock (12)", "success")],
)
def test_how_stock_is_said(stock: int, label: str, tone: str) -> None:
    product = Product(sku="X1", name="Scie", brand="DeWalt", category="Scies", price_cents=9500, stock=stock)
    card = product_card(product)
    assert card["badge"] == {"label": label, "tone": tone}
    assert values(card) == ["Marque : DeWalt", "Prix : 95,00 €", "Référence : X1"]


# --- in the middle of another task


async def test_in_the_middle_of_another_task_it_is_answered_and_the_task_goes_on(chat: Chat) -> None:
    await chat.say("où en est ma commande ?", "order_status")
    said = await chat.say("je peux payer en plusieurs fois au fait ?", "payment_installments")
    assert "Oney" in said
    assert said.endswith(plain(texts.ASK_ORDER_NUMBER))
    said = await chat.say("640 euros en 3 fois ?", "payment_installments", amount="640.00", instalments="3")
    assert [plain(card["title"]) for card in chat.cards] == ["640,00 € en 3 fois"]
    assert said.endswith(plain(texts.ASK_ORDER_NUMBER))
    said = await chat.say("et la perceuse gsb 18 est en stock ?", "stock_availability")
    assert [card["kind"] for card in chat.cards] == ["product"]
    assert chat.slots["task"] == "order_status"
    said = await chat.say("10025801", "inform", order_number="10025801")
    assert "code postal" in said
    await chat.say("59000", "inform", postcode="59000")
    assert [card["kind"] for card in chat.cards] == ["parcel"]
    assert not chat.is_open


async def test_an_article_of_the_order_is_no_search(chat: Chat) -> None:
    await chat.say("retour 10025921", "start_return", order_number="10025921", email="aminata.diallo@example.com")
    assert chat.is_open
    said = await chat.say("la scie", "search_product")
    assert "en échange" in said
    assert chat.cards == []
    said = await chat.say("un avoir", "start_return", return_wish="credit")
    assert "Scie circulaire 165 mm" in said


def test_every_entry_acted_upon_has_its_task() -> None:
    assert set(ACTED_UPON) <= TASKS.keys()


async def test_no_entry_of_the_faq_is_needed(services: Services) -> None:
    chat = Chat(Services(services.settings, services.db, faq_of))
    assert "n'est plus valable" in await chat.say("payer en 3 fois", "payment_installments")
    assert not chat.is_open


def test_instalments_are_asked_for_one_thing_only() -> None:
    assert [field.name for field in PayInInstalments().fields] == ["case"]
