"""Nothing a customer types reaches Rasa as a command."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.speech import say
from guichet.conversations import Reply
from guichet.rasa import _ITEMS, as_plain_text

BLANKS = "".join(char for char in map(chr, range(0x110000)) if not char.strip())
"""Everything ``str.strip`` removes: what Rasa strips before it looks for a slash."""
CONTROLS = "".join(map(chr, range(32)))


@given(st.text("/" + BLANKS + CONTROLS + "restart{") | st.text())
def test_the_result_is_never_a_command_and_never_empty(text: str) -> None:
    stripped = as_plain_text(text).strip()
    assert stripped
    assert not stripped.startswith("/")


@given(st.text(min_size=1).filter(lambda text: text[0] not in "/" + BLANKS + CONTROLS))
def test_ordinary_text_only_loses_trailing_blanks(text: str) -> None:
    assert as_plain_text(text) == text.rstrip()


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("/restart", "restart"),
        ("\u3000\u2028 //\t/restart", "restart"),
        ("\x1c/restart", "restart"),
        ('/inform{"answer": "yes"}', 'inform{"answer": "yes"}'),
        ("et/ou ?", "et/ou ?"),
        (" bonjour \n", "bonjour"),
        ("/", "?"),
        (" \t\u00a0", "?"),
        ("", "?"),
    ],
)
def test_examples(typed: str, plain: str) -> None:
    assert as_plain_text(typed) == plain


def test_a_bubble_of_an_action_becomes_a_reply_with_all_it_holds() -> None:
    dispatcher = CollectingDispatcher()
    say(dispatcher, "Voici.", more="Plus.", choices=[("Oui", "/affirm")], cards=[{"kind": "order"}], attachments=["1", "2"])
    (item,) = _ITEMS.validate_python([{"recipient_id": "c", "custom": dispatcher.messages[0]["custom"]}])
    assert item.reply() == Reply("Voici.", "Plus.", [("Oui", "/affirm")], [{"kind": "order"}], attachments=["1", "2"])
