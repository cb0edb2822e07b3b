"""The engine of tasks: one field at a time, corrections, leaving, asides. The task and its fields are made up."""

from typing import Any

import pytest
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions import texts
from bot.actions.tasks import ABANDON_CHOICE, PERSON_CHOICE, Context, Field, Task, advance, begin, listen, miss, resume
from bot.actions.understanding import Turn
from guichet.db import Database
from guichet.services import Services
from guichet.settings import Settings

from .builders import faq_of

ABANDONED = "C’est noté, j’arrête là. Puis-je vous aider pour autre chose\u202f?"


class Choice(Field):
    """Read from the entity of its name, at any time."""

    hint = "Une couleur ou une taille, chez {nom}."

    def __init__(self, name: str) -> None:
        self.name = name

    async def is_needed(self, context: Context) -> bool:
        return self.name not in context.data

    async def read(self, context: Context) -> bool:
        value = context.turn.entities.get(self.name)
        if value is None:
            return False
        if value == "forbidden":
            context.say("Impossible.")
            context.end()
        context.data[self.name] = value
        return True

    async def ask(self, context: Context) -> None:
        context.say(f"{self.name} ?", choices=[ABANDON_CHOICE])


class Note(Choice):
    """Any sentence, once it is asked for."""

    takes_free_text = True

    async def read(self, context: Context) -> bool:
        if context.data.get("field") != self.name or not context.turn.text:
            return False
        context.data[self.name] = context.turn.text
        return True


class Painting(Task):
    """Three fields, and a sentence at the end."""

    intent = "paint"
    fields = (Choice("colour"), Choice("order_number"), Note("note"))

    async def prepare(self, context: Context) -> None:
        context.say("Peignons.")

    async def finish(self, context: Context) -> None:
        context.say("{colour}, {order_number} : {note}", **{name: context.data[name] for name in ("colour", "order_number", "note")})


TASK = Painting()
EVERYTHING = {"colour": "bleu", "order_number": "10025873", "note": "merci"}


@pytest.fixture(scope="module")
def services() -> Services:
    """Real ones; the database is never connected to."""
    return Services(Settings(), Database("sqlite+aiosqlite:///:memory:"), faq_of)


@pytest.fixture
def turn(services: Services) -> "TurnMaker":
    return TurnMaker(services)


class TurnMaker:
    """Makes the context of a turn: what is said, and what the task knows so far."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def __call__(self, text: str = "", data: dict[str, Any] | None = None, **entities: str) -> Context:
        said = Turn(text=text, intent="inform", guesses=(), entities=entities)
        return Context(self._services, AsyncSession(), CollectingDispatcher(), "c", said, dict(data or {}))


def said(context: Context) -> list[str]:
    return [message["custom"]["text"] for message in context.dispatcher.messages]


async def test_begin_asks_for_the_first_field(turn: TurnMaker) -> None:
    context = turn("je veux peindre")
    await begin(TASK, context)
    assert said(context) == ["Peignons.", "colour\u202f?"]
    assert context.data == {"field": "colour"}
    assert not context.ended


async def test_begin_does_not_ask_for_what_the_first_sentence_says(turn: TurnMaker) -> None:
    context = turn("peindre en bleu", colour="bleu")
    await begin(TASK, context)
    assert said(context) == ["Peignons.", "order_number\u202f?"]
    assert context.data == {"colour": "bleu", "field": "order_number"}


async def test_begin_does_not_take_the_first_sentence_for_free_text(turn: TurnMaker) -> None:
    context = turn("peindre la 10025873 en bleu", colour="bleu", order_number="10025873")
    await begin(TASK, context)
    assert said(context) == ["Peignons.", "note\u202f?"]
    assert "note" not in context.data


async def test_begin_finishes_at_once_when_everything_is_known(turn: TurnMaker) -> None:
    context = turn(data=EVERYTHING)
    await begin(TASK, context)
    assert said(context) == ["Peignons.", "bleu, 10025873\u00a0: merci"]
    assert context.ended


async def test_advance_asks_one_thing_at_a_time(turn: TurnMaker) -> None:
    context = turn(data={"order_number": "10025873"})
    await advance(TASK, context)
    assert said(context) == ["colour\u202f?"]
    assert context.data["field"] == "colour"


async def test_advance_after_the_end_says_nothing(turn: TurnMaker) -> None:
    for data in ({}, EVERYTHING):
        context = turn(data=data)
        context.end()
        await advance(TASK, context)
        assert said(context) == []


async def test_a_field_that_ends_the_task_while_it_is_looked_at(turn: TurnMaker) -> None:
    class Refused(Choice):
        async def is_needed(self, context: Context) -> bool:
            context.say("Cela ne se peint pas.")
            context.end()
            return True

    class Refusal(Painting):
        fields = (Refused("colour"), Choice("order_number"))

    context = turn()
    await advance(Refusal(), context)
    assert said(context) == ["Cela ne se peint pas."]


async def test_listen_takes_the_answer_and_goes_on(turn: TurnMaker) -> None:
    context = turn("bleu", {"field": "colour", "misses": 1}, colour="bleu")
    assert await listen(TASK, context, aside=False)
    assert said(context) == ["order_number\u202f?"]
    assert context.data == {"colour": "bleu", "field": "order_number", "misses": 0}


async def test_listen_finishes_with_the_last_answer(turn: TurnMaker) -> None:
    context = turn("deux couches", {"colour": "bleu", "order_number": "10025873", "field": "note"})
    assert await listen(TASK, context, aside=False)
    assert said(context) == ["bleu, 10025873\u00a0: deux couches"]
    assert context.ended


async def test_listen_accepts_a_correction_and_asks_again(turn: TurnMaker) -> None:
    context = turn("plutôt vert", {"colour": "bleu", "field": "order_number"}, colour="vert")
    assert await listen(TASK, context, aside=False)
    assert context.data["colour"] == "vert"
    assert said(context) == ["order_number\u202f?"]


async def test_listen_takes_several_fields_at_once(turn: TurnMaker) -> None:
    context = turn("vert, 10025874", {"field": "note"}, colour="vert", order_number="10025874")
    context.turn = Turn("", "inform", (), context.turn.entities)
    assert await listen(TASK, context, aside=False)
    assert context.data == {"colour": "vert", "order_number": "10025874", "field": "note", "misses": 0}


async def test_listen_without_a_pending_field_listens_for_the_first(turn: TurnMaker) -> None:
    context = turn("bleu", {}, colour="bleu")
    assert await listen(TASK, context, aside=False)
    assert said(context) == ["order_number\u202f?"]


async def test_listen_stops_when_the_answer_ends_the_task(turn: TurnMaker) -> None:
    context = turn("noir", {"field": "colour"}, colour="forbidden")
    assert await listen(TASK, context, aside=False)
    assert said(context) == ["Impossible."]
    assert context.ended


@pytest.mark.parametrize(("text", "entities"), [("laissez tomber", {}), ("", {"answer": "abandon"})])
async def test_the_customer_may_leave(turn: TurnMaker, text: str, entities: dict[str, str]) -> None:
    context = turn(text, {"field": "note"}, **entities)
    assert await listen(TASK, context, aside=False)
    assert said(context) == [ABANDONED]
    assert context.ended
    assert "note" not in context.data


async def test_listen_leaves_alone_what_says_nothing_of_the_task(turn: TurnMaker) -> None:
    context = turn("il fait beau", {"field": "colour", "misses": 1})
    assert not await listen(TASK, context, aside=False)
    assert said(context) == []
    assert context.data == {"field": "colour", "misses": 1}


async def test_listen_reads_each_field_once_and_no_free_text_that_was_not_asked_for(turn: TurnMaker) -> None:
    reads = []

    class Watched(Choice):
        async def read(self, context: Context) -> bool:
            reads.append(self.name)
            return False

    class WatchedNote(Watched):
        takes_free_text = True

    class Errand(Painting):
        fields = (Watched("colour"), Watched("order_number"), WatchedNote("note"))

    assert not await listen(Errand(), turn("il fait beau", {"field": "order_number"}), aside=False)
    assert reads == ["order_number", "colour"]


async def test_a_plain_answer_counts_even_when_it_looks_like_another_question(turn: TurnMaker) -> None:
    context = turn("bleu", {"field": "colour"}, colour="bleu")
    assert await listen(TASK, context, aside=True)
    assert context.data["colour"] == "bleu"


@pytest.mark.parametrize(
    ("text", "understood"),
    [pytest.param("et la garantie ?", False, id="a question"), pytest.param("la garantie ne répond pas", True, id="a sentence")],
)
async def test_an_aside_is_no_free_text_when_it_is_a_question(turn: TurnMaker, text: str, *, understood: bool) -> None:
    context = turn(text, {"colour": "bleu", "order_number": "10025873", "field": "note"})
    assert await listen(TASK, context, aside=True) is understood
    assert context.data.get("note") == (text if understood else None)


@pytest.mark.parametrize(
    ("entities", "understood"),
    [pytest.param({"colour": "vert"}, False, id="a word in passing"), pytest.param({"order_number": "10025874"}, True, id="an identifier")],
)
async def test_an_aside_corrects_only_with_an_identifier(turn: TurnMaker, entities: dict[str, str], *, understood: bool) -> None:
    known = {"colour": "bleu", "order_number": "10025873", "field": "note"}
    context = turn("et en vert, la 10025874 ?", known, **entities)
    assert await listen(TASK, context, aside=True) is understood
    assert {name: context.data[name] for name in known} == (known | entities if understood else known)


async def test_a_first_miss_gives_a_hint_and_asks_again(turn: TurnMaker) -> None:
    context = turn("euh", {"field": "colour"})
    await miss(TASK, context)
    assert said(context) == ["Une couleur ou une taille, chez Topaz.pro.", "colour\u202f?"]
    assert context.data["misses"] == 1


async def test_a_second_miss_offers_a_person(turn: TurnMaker) -> None:
    context = turn("euh", {"field": "colour", "misses": 1})
    await miss(TASK, context)
    (bubble,) = [message["custom"] for message in context.dispatcher.messages]
    assert bubble["text"].startswith("Une couleur ou une taille, chez Topaz.pro. Je ne suis pas sûr de bien vous comprendre\u202f;")
    assert bubble["choices"] == [PERSON_CHOICE, ABANDON_CHOICE]
    assert context.data["misses"] == 2


async def test_resume_puts_only_the_pending_question_again(turn: TurnMaker) -> None:
    context = turn(data={"colour": "bleu", "field": "order_number"})
    context.say("Voici la garantie.")
    await resume(TASK, context)
    assert said(context) == ["order_number\u202f?"]


def test_say_fills_facts_and_values_and_leaves_braces_of_values_alone(turn: TurnMaker) -> None:
    context = turn()
    context.say("{nom} : {note}", note="{nom} !", choices=[ABANDON_CHOICE])
    assert context.dispatcher.messages[0]["custom"] == {
        "text": "Topaz.pro\u00a0: {nom}\u202f!",
        "more": None,
        "choices": [(texts.ABANDON, '/inform{"answer": "abandon"}')],
        "cards": [],
        "attachments": [],
    }
