"""Lines of `bot.predict` name only documented intents."""

import pytest

from bot.predict import prediction


def parsed(decision: str, intent: str, *names: str) -> "dict":
    ranking = [{"name": name, "confidence": 0.5 / (index + 1)} for index, name in enumerate(names)]
    return {"intent": {"name": intent, "confidence": 0.7}, "intent_ranking": ranking, "decision": {"decision": decision}}


@pytest.mark.parametrize(
    ("result", "decision", "intent", "alternatives"),
    [
        (parsed("answer", "covid", "covid", "out_of_scope", "greet"), "answer", "covid", ["greet"]),
        (parsed("clarify", "nlu_fallback", "nlu_fallback", "covid", "greet"), "clarify", "covid", ["greet"]),
        (parsed("clarify", "inform", "order_status", "covid"), "clarify", "order_status", ["covid"]),
        (parsed("decline", "out_of_scope", "out_of_scope", "covid", "greet"), "decline", "out_of_scope", ["covid", "greet"]),
        ({"intent": {"name": None, "confidence": 0.0}}, "decline", "out_of_scope", []),
    ],
)
def test_prediction(result: "dict", decision: str, intent: str, alternatives: "list[str]") -> None:
    line = prediction("texte", result)
    assert (line["text"], line["decision"], line["intent"]) == ("texte", decision, intent)
    assert [item["intent"] for item in line["alternatives"]] == alternatives
