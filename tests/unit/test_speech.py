"""Bubbles have one shape, and buttons stand for intents."""

from rasa_sdk.executor import CollectingDispatcher

from bot.actions.speech import payload, say


def test_payload() -> None:
    assert payload("contact_human") == "/contact_human"
    assert payload("inform", answer="yes") == '/inform{"answer": "yes"}'
    assert payload("inform", article='12" à bois') == '/inform{"article": "12\\" \\u00e0 bois"}'


def test_a_bubble_is_typeset() -> None:
    dispatcher = CollectingDispatcher()
    say(dispatcher, "Prêt ?", more="L'article : neuf", choices=[("Oui !", "/affirm")], cards=[{"kind": "order"}], attachments=["1"])
    assert [message["custom"] for message in dispatcher.messages] == [
        {
            "text": "Prêt\u202f?",
            "more": "L’article\u00a0: neuf",
            "choices": [("Oui\u202f!", "/affirm")],
            "cards": [{"kind": "order"}],
            "attachments": ["1"],
        }
    ]


def test_a_bubble_of_text_only() -> None:
    dispatcher = CollectingDispatcher()
    say(dispatcher, "Bonjour.")
    assert dispatcher.messages[0]["custom"] == {"text": "Bonjour.", "more": None, "choices": [], "cards": [], "attachments": []}
