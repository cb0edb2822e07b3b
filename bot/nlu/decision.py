"""What to do with a message: answer it, ask what is meant, or say that it is beyond the assistant."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME, INTENT_MESSAGE_PREFIX
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.identifiers import CASE_NUMBER, ORDER_NUMBER, RETURN_NUMBER, find_identifiers
from bot.nlu.requests import REQUESTS
from bot.nlu.spelling import strip_accents

ANSWER = "answer"
CLARIFY = "clarify"
DECLINE = "decline"
DECISION = "decision"
OUT_OF_SCOPE = "out_of_scope"
INFORM = "inform"
ABOUT_AN_ORDER, STATUS = ("track_order", "multiple_parcels"), "order_status"
YES_AND_NO = ("affirm", "deny")
"""With an order's number these say which order is meant: "non, l'autre, la 10025873"."""
CONVERSATION_INTENTS = ("affirm", "bot_challenge", "deny", "goodbye", "greet", "help", "insult", "thank")

_COURTESY = frozenset(
    [
        "a",
        "adresse",
        "alors",
        "au",
        "avec",
        "bah",
        "ben",
        "bien",
        "bonjour",
        "c",
        "cde",
        "cdt",
        "ce",
        "ces",
        "cest",
        "cmd",
        "code",
        "commande",
        "cp",
        "d",
        "dans",
        "de",
        "des",
        "donc",
        "du",
        "e",
        "el",
        "elle",
        "email",
        "en",
        "est",
        "et",
        "euh",
        "il",
        "j",
        "je",
        "l",
        "la",
        "le",
        "les",
        "livraison",
        "ma",
        "mail",
        "me",
        "mel",
        "mes",
        "mon",
        "n",
        "no",
        "num",
        "numero",
        "numeros",
        "ok",
        "on",
        "oui",
        "pardon",
        "pour",
        "postal",
        "postale",
        "s",
        "se",
        "sinon",
        "son",
        "suis",
        "sur",
        "svp",
        "stp",
        "tenez",
        "tpz",
        "un",
        "une",
        "voici",
        "voila",
        "vous",
        "votre",
        "merci",
        "client",
        "mien",
        "ok",
    ]
)


_FILES = {"dossier": CASE_NUMBER, "sav": CASE_NUMBER, "retour": RETURN_NUMBER}
"""Words that only name what is given with them; with the number of an order they say what is wanted of it."""


@dataclass(frozen=True)
class Thresholds:
    """Where the lines are drawn, as probabilities.

    Attributes:
        answer: From this probability of the best intent on, the assistant answers.
        decline: Below this probability of the best intent in scope, it does not even ask back.
    """

    answer: float
    decline: float


def decide(
    ranking: Sequence[Mapping[str, Any]],
    thresholds: Thresholds,
    never_offered: frozenset[str] = frozenset(CONVERSATION_INTENTS),
) -> dict[str, Any]:
    """Decides on a ranking of intents, the likeliest first.

    Args:
        ranking: Items with `name` and `confidence`.
        thresholds: Where the lines are drawn.
        never_offered: Intents that make no sense as the answer to "did you mean…?".

    Returns:
        `decision`, the best `intent` and its `confidence`, and the `alternatives` one may offer to the customer.
    """
    in_scope = [item for item in ranking if item["name"] != OUT_OF_SCOPE]
    if not ranking or not in_scope:
        return {"decision": DECLINE, "intent": OUT_OF_SCOPE, "confidence": 0.0, "alternatives": []}
    offers = [_offer(item) for item in in_scope if item["name"] not in never_offered][:3]
    best = in_scope[0]
    decision = _verdict(ranking[0], best, thresholds)
    if decision == DECLINE:
        return {"decision": DECLINE, "intent": OUT_OF_SCOPE, "confidence": ranking[0]["confidence"], "alternatives": offers}
    return {"decision": decision, "intent": best["name"], "confidence": best["confidence"], "alternatives": offers}


def with_second(
    verdict: dict[str, Any],
    requests: Sequence[Sequence[Mapping[str, Any]]],
    thresholds: Thresholds,
    never_offered: frozenset[str] = frozenset(CONVERSATION_INTENTS),
) -> dict[str, Any]:
    """Adds the `second` intent that a message asks for, if one of its requests is clear about it.

    Args:
        verdict: What `decide` said of the message as a whole.
        requests: The ranking of each request in the message.
        thresholds: A request is clear from the answer threshold on.
        never_offered: Intents that are no request of their own.

    Returns:
        The verdict, unchanged unless the requests are about the message's intent and another one. Two clear requests leave
        nothing to ask back: it is what blurred the message as a whole.
    """
    clear = [ranking[0] for ranking in requests if ranking and ranking[0]["confidence"] >= thresholds.answer]
    wanted = {item["name"]: item for item in clear if item["name"] not in (OUT_OF_SCOPE, *never_offered)}
    if verdict["decision"] == DECLINE or len(wanted) < 2 or verdict["intent"] not in wanted:
        return verdict
    others = [item for name, item in wanted.items() if name != verdict["intent"]]
    return {**verdict, "decision": ANSWER, "second": _offer(max(others, key=lambda item: item["confidence"]))}


def _verdict(first: Mapping[str, Any], best: Mapping[str, Any], thresholds: Thresholds) -> str:
    """Decides on the likeliest intent of all and the best in scope: if out of scope is likelier, the customer is asked while there is hope."""
    if best["confidence"] < thresholds.decline:
        return DECLINE
    return ANSWER if first is best and best["confidence"] >= thresholds.answer else CLARIFY


def _offer(item: Mapping[str, Any]) -> dict[str, Any]:
    return {"intent": item["name"], "confidence": item["confidence"]}


def about_this_order(ranking: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Returns the ranking of a message that names an order: whoever gives its number asks about it, not how orders are shipped in general."""
    confidences = {item["name"]: item["confidence"] for item in ranking}
    for general in ABOUT_AN_ORDER:
        if general in confidences:
            confidences[STATUS] = confidences.get(STATUS, 0.0) + confidences.pop(general)
    best_first = sorted(confidences.items(), key=lambda item: -item[1])
    return [{"name": name, "confidence": confidence} for name, confidence in best_first]


def only_informs(text: str) -> bool:
    """Tells whether a message just gives an identifier: "10025873", "voici mon mail : jean@example.com"."""
    identifiers = find_identifiers(text)
    if not identifiers:
        return False
    rest, end = "", 0
    for identifier in identifiers:
        rest += text[end : identifier.start] + " "
        end = identifier.end
    rest += text[end:]
    words = re.findall(r"[^\W_]+", strip_accents(rest.lower()))
    given = {identifier.kind for identifier in identifiers}
    return len(words) <= 12 and "?" not in rest and all(word in _COURTESY or _FILES.get(word) in given for word in words)


def is_only_figures(text: str) -> bool:
    """Tells whether a message has figures but neither a letter nor an emoji: it asks no question."""
    kinds = {unicodedata.category(char) for char in text}
    return "Nd" in kinds and "So" not in kinds and not any(kind[0] == "L" for kind in kinds)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class IntentDecisionClassifier(GraphComponent, IntentClassifier):
    """Sets the property `decision`, and the intent that the dialogue rules act on.

    `nlu_fallback` stands for "clarify", `out_of_scope` for "decline", `inform` for a message of identifiers only.
    The classifier's own ranking is kept, `nlu_fallback` in front as Rasa's `FallbackClassifier` does.
    """

    def __init__(self, thresholds: Thresholds, never_offered: frozenset[str]) -> None:
        """Makes a component that decides by `thresholds`; see `decide`."""
        self._thresholds = thresholds
        self._never_offered = never_offered

    @classmethod
    def required_components(cls) -> list[type]:
        """An intent classifier must come first."""
        return [IntentClassifier]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`answer_threshold` and `decline_threshold`, probabilities; `never_offered`, intents."""
        return {"answer_threshold": 0.5, "decline_threshold": 0.2, "never_offered": list(CONVERSATION_INTENTS)}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "IntentDecisionClassifier":
        """Creates the component.

        Raises:
            ValueError: The thresholds are not in order.
        """
        thresholds = Thresholds(float(config["answer_threshold"]), float(config["decline_threshold"]))
        if not 0 <= thresholds.decline <= thresholds.answer <= 1:
            raise ValueError("IntentDecisionClassifier needs 0 ≤ decline_threshold ≤ answer_threshold ≤ 1.")
        return cls(thresholds, frozenset(config["never_offered"]))

    def process(self, messages: list[Message]) -> list[Message]:
        """Decides on `messages`; `/intent` payloads have been decided by whoever sent them."""
        for message in messages:
            text = message.get(TEXT) or ""
            if not text.startswith(INTENT_MESSAGE_PREFIX):
                self._decide(message, text)
        return messages

    def _names_an_order(self, message: Message) -> bool:
        return any(entity["entity"] == ORDER_NUMBER for entity in message.get(ENTITIES) or [])

    def _decide(self, message: Message, text: str) -> None:
        ranking = message.get(INTENT_RANKING_KEY) or []
        requests = [request.get(INTENT_RANKING_KEY) or [] for request in message.get(REQUESTS) or ()]
        if ranking and self._names_an_order(message):
            ranking, *requests = map(about_this_order, [ranking, *requests])
            message.set(INTENT, dict(ranking[0]), add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        verdict = decide(() if is_only_figures(text) else ranking, self._thresholds, self._never_offered)
        verdict = with_second(verdict, requests, self._thresholds, self._never_offered)
        if "second" in verdict:
            message.set(INTENT, {"name": verdict["intent"], "confidence": verdict["confidence"]}, add_to_output=True)
        if only_informs(text) or (verdict["intent"] in YES_AND_NO and self._names_an_order(message)):
            verdict = {**verdict, "decision": CLARIFY, "intent": INFORM, "confidence": 1.0}
            message.set(INTENT, {"name": INFORM, "confidence": 1.0}, add_to_output=True)
        elif verdict["decision"] == CLARIFY:
            fallback = {"name": DEFAULT_NLU_FALLBACK_INTENT_NAME, "confidence": self._thresholds.answer}
            message.set(INTENT, fallback, add_to_output=True)
            message.set(INTENT_RANKING_KEY, [fallback, *ranking], add_to_output=True)
        elif verdict["decision"] == DECLINE:
            message.set(INTENT, {"name": OUT_OF_SCOPE, "confidence": 1 - _in_scope(ranking)}, add_to_output=True)
        message.set(DECISION, verdict, add_to_output=True)


def _in_scope(ranking: Sequence[Mapping[str, Any]]) -> float:
    """Returns the probability of the best intent in scope, 0 if there is none."""
    return max((item["confidence"] for item in ranking if item["name"] != OUT_OF_SCOPE), default=0.0)
