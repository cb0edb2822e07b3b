"""The pipeline of `config.yml`, trained and run in memory, for measurements that need many models."""

import importlib
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.classifier import CalibratedIntentClassifier


class TrainedPipeline:
    """Components of this package in the order of a configuration, all trained on the same examples."""

    def __init__(self, components: Sequence[GraphComponent]) -> None:
        """Makes a pipeline of trained components."""
        self._components = components

    @classmethod
    def train(cls, config: Path, examples: list[Message]) -> "TrainedPipeline":
        """Trains the pipeline that `config` describes.

        Args:
            config: Rasa configuration whose components are given by module path.
            examples: Messages with text and intent; features are added to them.

        Raises:
            ImportError: A component does not exist.
        """
        data = TrainingData(examples)
        components: list[GraphComponent] = []
        with tempfile.TemporaryDirectory() as directory:
            storage = LocalModelStorage(Path(directory))
            for index, settings in enumerate(yaml.safe_load(config.read_text(encoding="utf-8"))["pipeline"]):
                component = _create(settings, storage, index)
                if hasattr(component, "train"):
                    component.train(data)
                if hasattr(component, "process_training_data"):
                    component.process_training_data(data)
                components.append(component)
        return cls(components)

    @property
    def held_out(self) -> "list[tuple[Message, list[dict[str, Any]]]]":
        """Each training example with the ranking it gets from the model of all the others (`CalibratedIntentClassifier.held_out`)."""
        return next(component.held_out for component in self._components if isinstance(component, CalibratedIntentClassifier))

    def parse(self, text: str) -> Message:
        """Runs `text` through all components."""
        messages = [Message({TEXT: text})]
        for component in self._components:
            messages = component.process(messages)
        return messages[0]


def _create(settings: dict[str, Any], storage: LocalModelStorage, index: int) -> GraphComponent:
    module, _, name = settings["name"].rpartition(".")
    component: type[GraphComponent] = getattr(importlib.import_module(module), name)
    config = {**component.get_default_config(), **{key: value for key, value in settings.items() if key != "name"}}
    node = f"{name}{index}"
    return component.create(config, storage, Resource(node), ExecutionContext(GraphSchema({}), node_name=node))
