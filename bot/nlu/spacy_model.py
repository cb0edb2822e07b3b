"""The installed spaCy model: its vocabulary, and Rasa's `SpacyNLP` made to accept it."""

import warnings
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.model import InvalidModelError
from rasa.nlu.utils import spacy_utils
from rasa.nlu.utils.spacy_utils import SpacyModel

if TYPE_CHECKING:
    from spacy.language import Language

_UNUSED_PIPES = ("parser", "ner", "senter")


@lru_cache(maxsize=2)
def load_language(name: str, excluded: tuple[str, ...] = _UNUSED_PIPES) -> "Language":
    """Loads an installed spaCy model, once per process.

    Args:
        name: Package name, such as `fr_core_news_md`.
        excluded: Pipes that are not loaded.

    Raises:
        InvalidModelError: No such model is installed.
    """
    import spacy

    try:
        with warnings.catch_warnings():
            # The model was trained with spaCy 3.8 and works on 3.7; spaCy says so at every load.
            warnings.filterwarnings("ignore", message=r"\[W095\]")
            return spacy.load(name, exclude=list(excluded))
    except OSError as error:
        raise InvalidModelError(f"The spaCy model '{name}' is not installed.") from error


@lru_cache(maxsize=2)
def frequent_words(name: str) -> list[str]:
    """Returns the words for which a spaCy model has vectors, the most frequent first.

    Raises:
        InvalidModelError: No such model is installed.
    """
    every_pipe = ("tok2vec", "morphologizer", "tagger", "attribute_ruler", "lemmatizer", *_UNUSED_PIPES)
    vocabulary = load_language(name, every_pipe).vocab
    return [vocabulary.strings[key] for key in vocabulary.vectors]


@DefaultV1Recipe.register(
    [DefaultV1Recipe.ComponentType.MODEL_LOADER, DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER],
    is_trainable=False,
    model_from="SpacyNLP",
)
class SpacyNLP(spacy_utils.SpacyNLP):
    """Rasa's `SpacyNLP`, for a pipeline that wants spaCy's tokens or vectors.

    Rasa's own refuses the French model (made for spaCy 3.8, working on 3.7), loads pipes that nothing uses and loads
    everything twice. The class name must stay: Rasa's other spaCy components ask for it.
    """

    @classmethod
    def create(cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext) -> "SpacyNLP":
        """Creates the component around a model that is loaded once per process.

        Raises:
            InvalidModelError: The configuration's `model` is not installed.
        """
        language = load_language(config["model"])
        cls.ensure_proper_language_model(language)
        return cls(SpacyModel(model=language, model_name=config["model"]), {**cls.get_default_config(), **config})
