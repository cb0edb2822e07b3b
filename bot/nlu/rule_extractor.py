"""What entity extractors that go by rules have in common."""

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.constants import INTENT_MESSAGE_PREFIX
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message


class Finding(Protocol):
    """Something recognised in a text: its kind, its canonical value, its offsets in characters."""

    @property
    def kind(self) -> str:
        """The entity's name."""

    @property
    def value(self) -> str:
        """In canonical writing."""

    @property
    def start(self) -> int:
        """First character."""

    @property
    def end(self) -> int:
        """First character after it."""


class RuleExtractor(GraphComponent, EntityExtractorMixin):
    """Adds what `find` recognises to the entities of a message, with offsets in the text as typed."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "RuleExtractor":
        """Creates the component; it has no settings."""
        return cls()

    @abstractmethod
    def find(self, text: str, taken: Sequence[tuple[int, int]]) -> Iterable[Finding]:
        """Recognises what is in `text`; `taken` are the offsets of entities found before."""

    def process(self, messages: list[Message]) -> list[Message]:
        """Adds entities to `messages`; `/intent{…}` payloads carry their own and are left alone."""
        for message in messages:
            text: str | None = message.get(TEXT)
            if text and not text.startswith(INTENT_MESSAGE_PREFIX):
                before = message.get(ENTITIES) or []
                found = self.find(text, [(entity["start"], entity["end"]) for entity in before])
                entities = [{"entity": each.kind, "value": each.value, "start": each.start, "end": each.end} for each in found]
                message.set(ENTITIES, before + self.add_extractor_name(entities), add_to_output=True)
        return messages
