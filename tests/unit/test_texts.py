"""What the service and the dialogue say is proper French: apostrophes, vous, spaces."""

import re
from collections.abc import Iterator
from types import ModuleType

import pytest

import bot.actions.texts
import guichet.labels
import guichet.mail_texts
import guichet.slip_texts
import guichet.texts
from guichet.french import typeset


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from strings(tuple(value.values()))
    elif isinstance(value, tuple):
        for each in value:
            yield from strings(each)


def texts_of(module: ModuleType) -> list[object]:
    constants = {name: value for name, value in vars(module).items() if name.isupper()}
    return [
        pytest.param(text, id=f"{module.__name__}.{name}-{rank}") for name, value in constants.items() for rank, text in enumerate(strings(value))
    ]


MODULES = (guichet.texts, guichet.labels, guichet.mail_texts, guichet.slip_texts, bot.actions.texts)
every_text = pytest.mark.parametrize("text", [each for module in MODULES for each in texts_of(module)])


@every_text
def test_apostrophes_are_typographic(text: str) -> None:
    assert not re.search(r"\w'\w", text)


@every_text
def test_customers_are_addressed_as_vous(text: str) -> None:
    assert not re.search(r"\b(tu|te|toi|ton|ta|tes|tien|tienne|tiens|tiennes)\b|\bt[’']", text, re.IGNORECASE)


@every_text
def test_high_punctuation_is_never_left_alone_on_a_line(text: str) -> None:
    assert not re.search(r"\s[:;?!»]|«\s", typeset(text).replace("\u00a0", "_").replace("\u202f", "_"))


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_texts_are_found(module: ModuleType) -> None:
    assert len(texts_of(module)) > 10
