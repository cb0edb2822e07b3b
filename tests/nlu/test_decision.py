"""Answer, clarify or decline: the lines are where the configuration draws them."""

import pytest
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.decision import IntentDecisionClassifier, Thresholds, about_this_order, decide, only_informs, with_second

THRESHOLDS = Thresholds(answer=0.6, decline=0.2)


def ranking(**confidences: float) -> "list[dict]":
    return [{"name": name, "confidence": confidence} for name, confidence in confidences.items()]


def component() -> IntentDecisionClassifier:
    config = {**IntentDecisionClassifier.get_default_config(), "answer_threshold": 0.6, "decline_threshold": 0.2}
    return IntentDecisionClassifier.create(config, None, None, None)


def decided(text: str, **confidences: float) -> Message:
    message = Message({"text": text, "intent_ranking": ranking(**confidences)})
    message.set("intent", dict(message.get("intent_ranking")[0]))
    return component().process([message])[0]


@pytest.mark.parametrize(
    ("confidences", "decision", "intent"),
    [
        ({"cancel_order": 0.6, "modify_order": 0.4}, "answer", "cancel_order"),
        ({"cancel_order": 0.59, "modify_order": 0.4}, "clarify", "cancel_order"),
        ({"cancel_order": 0.19, "out_of_scope": 0.1}, "decline", "out_of_scope"),
        ({"out_of_scope": 0.4, "cancel_order": 0.3}, "clarify", "cancel_order"),
        ({"out_of_scope": 0.9, "cancel_order": 0.1}, "decline", "out_of_scope"),
        ({}, "decline", "out_of_scope"),
        ({"out_of_scope": 1.0}, "decline", "out_of_scope"),
    ],
)
def test_decision(confidences: "dict[str, float]", decision: str, intent: str) -> None:
    verdict = decide(ranking(**confidences), THRESHOLDS)
    assert (verdict["decision"], verdict["intent"]) == (decision, intent)


def test_only_what_a_customer_can_mean_is_offered() -> None:
    verdict = decide(ranking(greet=0.3, cancel_order=0.25, out_of_scope=0.2, modify_order=0.1, thank=0.05, covid=0.04), THRESHOLDS)
    assert [offer["intent"] for offer in verdict["alternatives"]] == ["cancel_order", "modify_order", "covid"]


def test_clarify_becomes_rasas_fallback() -> None:
    message = decided("changer", cancel_order=0.4, modify_order=0.35)
    assert message.get("intent")["name"] == "nlu_fallback"
    assert [item["name"] for item in message.get("intent_ranking")] == ["nlu_fallback", "cancel_order", "modify_order"]
    assert message.as_dict(only_output_properties=True)["decision"]["decision"] == "clarify"


def test_decline_becomes_out_of_scope() -> None:
    assert decided("xyz", cancel_order=0.1, modify_order=0.05).get("intent")["name"] == "out_of_scope"


@pytest.mark.parametrize("text", ["123456", "12", "06 39 98 12 34 ?", "1/2"])
def test_figures_alone_ask_no_question(text: str) -> None:
    message = decided(text, change_password=0.9, cancel_order=0.1)
    assert message.get("decision") == {"decision": "decline", "intent": "out_of_scope", "confidence": 0.0, "alternatives": []}
    assert message.get("intent")["name"] == "out_of_scope"


@pytest.mark.parametrize("text", ["👍", "?!", "le 12", "ok 👍 1"])
def test_an_emoji_or_a_word_says_something(text: str) -> None:
    assert decided(text, thank=0.9).get("intent")["name"] == "thank"


def test_an_order_number_alone_still_informs() -> None:
    assert decided("10025873", change_password=0.9).get("intent")["name"] == "inform"


def test_answer_keeps_the_intent() -> None:
    assert decided("annuler", cancel_order=0.9).get("intent") == {"name": "cancel_order", "confidence": 0.9}


def test_payloads_are_left_untouched() -> None:
    message = decided("/cancel_order", greet=0.1)
    assert message.get("intent")["name"] == "greet"
    assert message.get("decision") is None


@pytest.mark.parametrize(
    "text",
    [
        "10025873",
        "voici mon numéro de commande : 10025873",
        "jean@example.com",
        "59 000",
        "10025873 et jean@example.com svp",
        "SAV-2026-000123",
        "mon dossier SAV-2026-000123",
    ],
)
def test_identifiers_alone_inform(text: str) -> None:
    assert only_informs(text)
    assert decided(text, order_status=0.9).get("intent") == {"name": "inform", "confidence": 1.0}


@pytest.mark.parametrize(
    "text",
    ["", "bonjour", "où est la 10025873 ?", "annuler 10025873", "10025873 pas reçue", "la 10025873 ?", "retour commande 10025873", "sav 10025873"],
)
def test_wishes_are_more_than_information(text: str) -> None:
    assert not only_informs(text)


@pytest.mark.parametrize(("best", "intent"), [("deny", "inform"), ("affirm", "inform"), ("cancel_order", "cancel_order")])
def test_a_yes_or_no_with_an_order_s_number_says_which_order(best: str, intent: str) -> None:
    message = Message({"text": "non l'autre la 10025873", "intent_ranking": ranking(**{best: 0.9, "order_status": 0.05})})
    message.set("intent", dict(message.get("intent_ranking")[0]))
    message.set("entities", [{"entity": "order_number", "value": "10025873"}])
    assert component().process([message])[0].get("intent")["name"] == intent


def test_thresholds_in_the_wrong_order_are_refused() -> None:
    config = {**IntentDecisionClassifier.get_default_config(), "answer_threshold": 0.2, "decline_threshold": 0.6}
    with pytest.raises(ValueError, match="decline_threshold"):
        IntentDecisionClassifier.create(config, None, None, None)


def test_a_named_order_is_asked_about_not_how_orders_are_followed() -> None:
    ranking = [{"name": "track_order", "confidence": 0.5}, {"name": "cancel_order", "confidence": 0.3}, {"name": "order_status", "confidence": 0.2}]
    assert [(item["name"], round(item["confidence"], 2)) for item in about_this_order(ranking)] == [("order_status", 0.7), ("cancel_order", 0.3)]
    assert about_this_order(ranking[1:2]) == ranking[1:2]


def asks(*parts: "tuple[str, float]", **whole: float) -> "dict":
    requests = [ranking(**{intent: confidence, "help": 0.01}) for intent, confidence in parts]
    return with_second(decide(ranking(**whole), THRESHOLDS), requests, THRESHOLDS)


def test_the_second_of_two_requests_is_named_and_nothing_is_asked_back() -> None:
    verdict = asks(("start_return", 0.9), ("return_fees", 0.8), start_return=0.45, return_fees=0.4)
    assert (verdict["decision"], verdict["intent"], verdict["second"]["intent"]) == ("answer", "start_return", "return_fees")


@pytest.mark.parametrize(
    "parts",
    [
        [],
        [("start_return", 0.9)],
        [("start_return", 0.9), ("return_fees", 0.59)],
        [("start_return", 0.9), ("thank", 0.9)],
        [("start_return", 0.9), ("out_of_scope", 0.9)],
        [("refund_status", 0.9), ("return_fees", 0.9)],
    ],
)
def test_no_second_request_without_two_clear_ones_of_which_one_is_the_message_s(parts: "list[tuple[str, float]]") -> None:
    verdict = asks(*parts, start_return=0.45, return_fees=0.4)
    assert "second" not in verdict
    assert verdict["decision"] == "clarify"


def test_a_message_beyond_the_assistant_has_no_second_request() -> None:
    assert "second" not in asks(("start_return", 0.9), ("return_fees", 0.9), out_of_scope=0.9, start_return=0.1)


def test_the_intent_acted_upon_is_the_first_request_and_an_order_named_makes_both_about_it() -> None:
    message = Message({"text": "où est ma 10025873 et comment la retourner", "intent_ranking": ranking(how_to_return=0.4, track_order=0.35)})
    message.set("intent", {"name": "how_to_return", "confidence": 0.4})
    message.set("entities", [{"entity": "order_number", "value": "10025873"}])
    message.set("requests", [Message({"intent_ranking": ranking(track_order=0.9)}), Message({"intent_ranking": ranking(how_to_return=0.9)})])
    component().process([message])
    assert message.get("decision")["second"]["intent"] == "order_status"
    assert message.get("intent")["name"] == "how_to_return"
