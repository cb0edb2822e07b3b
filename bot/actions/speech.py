"""Saying things: one shape for every bubble the actions produce."""

import json
from collections.abc import Sequence
from typing import Any

from rasa_sdk.executor import CollectingDispatcher

from guichet.conversations import Choice, PersonWanted
from guichet.french import typeset

Choices = Sequence[Choice]


def say(
    dispatcher: CollectingDispatcher,
    text: str,
    *,
    more: str | None = None,
    choices: Choices = (),
    cards: Sequence[dict[str, Any]] = (),
    attachments: Sequence[str] = (),
    person: PersonWanted | None = None,
) -> None:
    """Add a bubble to the answer; guichet stores it and hides the payloads behind opaque ids.

    With ``person`` the conversation goes to the queue as soon as the answer is stored: nothing happens if the answer never arrives.

    Args:
        attachments: ids of files kept with ``guichet.attachments.store_file``, sent with the bubble.
    """
    dispatcher.utter_message(
        json_message={
            "text": typeset(text),
            "more": typeset(more) if more else None,
            "choices": [(typeset(choice[0]), *choice[1:]) for choice in choices],
            "cards": list(cards),
            "attachments": list(attachments),
        }
        | ({"person": {"reason": person.reason, "team": person.team}} if person else {})
    )


def payload(intent: str, **entities: str) -> str:
    """What a button stands for: ``/intent{"entity": "value"}``."""
    return f"/{intent}{json.dumps(entities)}" if entities else f"/{intent}"
