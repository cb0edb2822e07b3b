"""Messages that ask two things are cut where the second begins; those that ask one stay whole."""

import pytest
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.requests import REQUESTS, RequestSplitter, requests, with_requests


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("je veux retourner ma perceuse et savoir qui paie le port", ["je veux retourner ma perceuse", "savoir qui paie le port"]),
        ("comment créer un compte ? vous pouvez livrer ailleurs ?", ["comment créer un compte ?", "vous pouvez livrer ailleurs ?"]),
        ("je voudrais changer l'adresse de livraison et annuler un article", ["je voudrais changer l'adresse de livraison", "annuler un article"]),
        ("il manque un carton. aussi est-ce que la scie est en stock", ["il manque un carton", "aussi est-ce que la scie est en stock"]),
        ("comment je renvoie l'outil, combien ça coûte", ["comment je renvoie l'outil", "combien ça coûte"]),
    ],
)
def test_two_requests_are_told_apart(text: str, parts: "list[str]") -> None:
    assert requests(text) == parts


@pytest.mark.parametrize(
    "text",
    [
        "",
        "?",
        "où est ma commande ?",
        "je cherche un marteau et un tournevis",
        "je ne veux pas annuler, je voudrais changer l'adresse",
        "ma scie est arrivée hier et elle ne démarre pas. que faire ?",
        "inutile de me dire comment renvoyer, je demande qui paie",
    ],
)
def test_one_request_stays_whole(text: str) -> None:
    assert requests(text) == []


def test_at_most_three_requests_are_looked_at() -> None:
    assert len(requests(" ".join(f"comment faire la chose {number} ?" for number in range(50)))) == 3


def test_the_splitter_works_on_normalized_text_and_leaves_training_examples_whole() -> None:
    double = Message({"text": "kan", "normalized_text": "comment payer en trois fois et quand serai-je livré"})
    single = Message({"text": "bonjour à tous"})
    RequestSplitter.create({}, None, None, None).process([double, single])
    assert [part.get("normalized_text") for part in double.get(REQUESTS)] == ["comment payer en trois fois", "quand serai-je livré"]
    assert single.get(REQUESTS) is None
    assert with_requests([double, single]) == [double, single, *double.get(REQUESTS)]
    example = Message({"text": "comment payer en trois fois et quand serai-je livré", "intent": "payment_installments"})
    RequestSplitter.create({}, None, None, None).process_training_data(TrainingData([example]))
    assert example.get(REQUESTS) is None
