"""Messages that ask two things: where a second request may begin.

A sentence that only tells what happened is no request. So most messages come out whole, and cost nothing more to understand.
"""

import re
from collections.abc import Iterable
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.normalizer import NORMALIZED_TEXT, normalized_text

REQUESTS = "requests"
"""Message property: the requests of a message that has several, as messages of their own."""
_MOST = 3
_FEWEST_WORDS = 3
_QUESTION = r"(?:comment|combien|quand|pourquoi|quel(?:le)?s?|qui (?:paie|paye|prend|r[eè]gle)|est[- ]ce|puis[- ]je|peut[- ]on|pouvez[- ]|o[uù] )"
_WISH = (
    r"(?:(?:je|j'|on|nous) ?(?:veux|veut|voulons|voudrais|voudrait|voudrions|souhaite|souhaitons|souhaiterais|aimerais|aimerait|demande|cherche)"
    r"|savoir|dites[- ]moi|pourriez|pouvez|possible|besoin d|(?:il )?faut[- ]il|merci de)"
)
_ALSO = r"(?:aussi|[eé]galement|par ailleurs|d'autre part|sinon|au passage|autre (?:question|chose)|deuxi[eè]me(?:ment)?|ensuite|en outre|au fait)"
_CUT = re.compile(
    rf"(?<=[?!;])\s*|(?<=[.…])\s+|\s*,?\s+(?:et|puis|ou alors|mais|plus)\s+(?=\S)|\s*,\s*(?={_QUESTION}|{_WISH}\b)|\s+(?={_ALSO}\b)",
    re.IGNORECASE,
)
_INFINITIVE = r"^(?:de |d'|pour )?(?!hier|premier|dernier)\w+(?:er|ir|dre|ttre|ire)\b"
_ASKS = re.compile(rf"\?|\b(?:{_QUESTION}|{_WISH})|{_INFINITIVE}", re.IGNORECASE)
_BESIDES = re.compile(rf"\b{_ALSO}\b", re.IGNORECASE)
_REFUSES = re.compile(
    r"\b(?:ne|n'|n) ?(?:\w+ )?(?:veux|veut|voulons|voudrais|souhait\w+|demand\w+|cherch\w+)"
    r"|\b(?:pas|plus|aucun) (?:\w+ )?(?:besoin|la peine|envie|question)"
    r"|\b(?:inutile|plut[oô]t que|au lieu|(?:ce n'|c'?)est pas)\b|\bj'ai (?:bien )?compris\b",
    re.IGNORECASE,
)
"""« Je ne veux pas annuler »: what is said not to be wanted."""


def requests(text: str) -> list[str]:
    """Returns the parts of a normalized text that each ask for something, three at most; nothing unless there are two."""
    pieces = [piece.strip(" ,;.") for piece in _CUT.split(text)]
    pieces = [piece for piece in pieces if len(re.findall(r"\w+", piece)) >= _FEWEST_WORDS and not _REFUSES.search(piece)]
    asking = [index for index, piece in enumerate(pieces) if _ASKS.search(piece)]
    if len(asking) == 1 and asking[0] and _BESIDES.search(pieces[asking[0]]):
        asking.insert(0, asking[0] - 1)
    return [pieces[index] for index in asking[:_MOST]] if len(asking) > 1 else []


def with_requests(messages: Iterable[Message]) -> list[Message]:
    """Returns `messages` and, after them, the requests they consist of: what a component does to one, it does to the others."""
    whole = list(messages)
    return [*whole, *(request for message in whole for request in message.get(REQUESTS) or ())]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class RequestSplitter(GraphComponent):
    """Sets `requests` on messages that ask two things or three; the components after it look at each as well."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "RequestSplitter":
        """Creates the component."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Cuts `messages` where a second request begins."""
        for message in messages:
            parts = requests(normalized_text(message))
            if parts:
                message.set(REQUESTS, [Message({TEXT: part, NORMALIZED_TEXT: part}) for part in parts])
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leaves training examples whole: each stands for one intent."""
        return training_data
