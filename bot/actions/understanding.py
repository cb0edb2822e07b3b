"""What the customer just said, as the NLU understood it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rasa_sdk import Tracker

EVIDENCE = ("order_number", "email", "postcode")
"""What an order is proved with."""
_ABANDON = re.compile(
    r"^\W*(non merci|rien|tant pis|stop|oublie[zr]?( [cç]a)?|finalement non|c'?est bon,? laisse[zr]?( tomber)?"
    r"|((je|on|j') ?(veux |voudrais )?)?(tout )?(annul|abandonn|arr[eê]t)(e[zr]?|ons)?( tout)?"
    r"|(je )?laisse[zr]?( tomber)?)( (merci|svp|stp|s'il (vous|te) pla[iî]t))?\W*$",
    re.IGNORECASE,
)
_GIVES_UP = re.compile(
    r"\b(laisse[zr]? (donc )?tomber|laisse[zr]?\W*$|oublie[zr]? ([cç]a|tout)|on (oublie|laisse)|j'?abandonne|je (ne )?veux plus\W*$"
    r"|on s'arr[êe]te l[àa]|je renonce (au dossier|[àa] (la|ma) demande)|(n'est|c'est) (plus|pas) n[ée]cessaire|j'?ai chang[ée] d'avis|pr[ée]f[èe]re (ne )?pas|je (le|la|les) garde finalement)",
    re.IGNORECASE,
)
_MOST_WORDS_TO_GIVE_UP = 12
_LOST_NUMBER = re.compile(
    r"\b(sa(is|it) (pas|plus)|(pas|plus|perdu|retrouve|trouve)( \w+)? (le |mon |ce |de )?(num[eé]ro|n°|mail)|l'?ai (pas|plus|perdu)\W*$"
    r"|(le |l')?(re)?trouve (pas|plus)\W*$|o[uù] (est|se trouve|je (le )?trouve|le trouver|il est)|ai pas\W*$|aucune id[ée]e|c'?est quoi)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Turn:
    """One customer message.

    Attributes:
        intent: the intent acted upon: an intent of the contract, ``inform``, ``nlu_fallback`` or ``out_of_scope``.
        guesses: the likeliest intents, best first, whatever was decided.
        entities: canonical values by entity; the last one wins.
        second: the other intent of a message that asks two things.
    """

    text: str
    intent: str
    guesses: tuple[str, ...]
    entities: Mapping[str, str]
    second: str | None = None

    @classmethod
    def of(cls, tracker: Tracker) -> "Turn":
        """The latest message of a tracker."""
        message: dict[str, Any] = tracker.latest_message or {}
        entities: Sequence[dict[str, Any]] = message.get("entities") or ()
        text = message.get("text") or ""
        return cls(
            text="" if text.startswith("/") else text,
            intent=(message.get("intent") or {}).get("name") or "nlu_fallback",
            guesses=_guesses(message),
            entities={entity["entity"]: str(entity["value"]) for entity in entities},
            second=((message.get("decision") or {}).get("second") or {}).get("intent"),
        )

    def without(self, entity: str) -> "Turn":
        """The same turn, blind to one kind of entity."""
        return replace(self, entities={name: value for name, value in self.entities.items() if name != entity})

    def remember(self, data: Mapping[str, Any] | None) -> dict[str, Any]:
        """The slot ``task_data`` with what this turn says of an order, so that nobody has to say it twice."""
        return {**(data or {}), **{name: self.entities[name] for name in EVIDENCE if name in self.entities}}

    @property
    def is_abandon(self) -> bool:
        """The customer wants to stop what is going on."""
        text = self.text.replace("’", "'")
        gives_up = len(text.split()) <= _MOST_WORDS_TO_GIVE_UP and _GIVES_UP.search(text)
        return self.entities.get("answer") == "abandon" or bool(_ABANDON.match(text) or gives_up)

    @property
    def has_lost_number(self) -> bool:
        """The customer does not know the number asked for."""
        return bool(_LOST_NUMBER.search(self.text.replace("’", "'")))

    @property
    def identifies(self) -> bool:
        """Gives a number, an e-mail or a postcode."""
        return not self.entities.keys().isdisjoint((*EVIDENCE, "case_number"))

    @property
    def is_question(self) -> bool:
        """Written as a question."""
        return self.text.rstrip().endswith("?")


def _guesses(message: Mapping[str, Any]) -> tuple[str, ...]:
    decision = message.get("decision") or {}
    best = [decision["intent"]] if decision.get("intent") else []
    return tuple(dict.fromkeys([*best, *(guess["intent"] for guess in decision.get("alternatives") or ())]))
