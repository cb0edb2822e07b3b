"""The widget as a person uses it."""

from typing import Any

from playwright.sync_api import Locator, Page, expect

ANSWER_MS = 20_000


class Widget:
    """The chat of one page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.launcher = page.get_by_test_id("guichet-launcher")
        self.input = page.get_by_test_id("guichet-input")
        self.choices = page.get_by_test_id("guichet-choice")
        self.cards = page.get_by_test_id("guichet-card")
        self.messages = page.get_by_test_id("guichet-message")
        self.attach_button = page.get_by_test_id("guichet-attach")
        self.chips = page.get_by_test_id("guichet-chip")
        self.pictures = page.get_by_test_id("guichet-picture")
        self.documents = page.get_by_test_id("guichet-document")
        self.notice = page.get_by_test_id("guichet-notice")

    def open(self) -> None:
        """Open the chat and wait for the greeting."""
        self.launcher.click()
        expect(self.by("bot").first).to_contain_text("assistant automatique", timeout=ANSWER_MS)

    def by(self, author: str) -> Locator:
        """The messages of one author."""
        return self.page.locator(f'[data-testid="guichet-message"][data-author="{author}"]')

    def say(self, text: str) -> Locator:
        """Write and wait for the answer; returns the last message of the bot."""
        before = self.by("bot").count()
        self.input.fill(text)
        self.input.press("Enter")
        return self._answer(before)

    def attach(self, *files: Any) -> None:
        """Choose files as the button offers them."""
        with self.page.expect_file_chooser() as chooser:
            self.attach_button.click()
        chooser.value.set_files(list(files))

    def send(self) -> Locator:
        """Press the button that sends; returns the message in the log."""
        before = self.by("customer").count()
        self.page.get_by_test_id("guichet-send").click()
        expect(self.by("customer")).to_have_count(before + 1)
        return self.by("customer").last

    def press(self, label: str) -> Locator:
        """Press a button and wait for the answer."""
        before = self.by("bot").count()
        self.choices.filter(has_text=label).click()
        return self._answer(before)

    def _answer(self, before: int) -> Locator:
        expect(self.by("bot").nth(before)).to_be_visible(timeout=ANSWER_MS)
        return self.by("bot").last

    def transcript(self) -> list[tuple[str | None, str | None]]:
        """Author and sequence number of every message shown."""
        return [(message.get_attribute("data-author"), message.get_attribute("data-seq")) for message in self.messages.all()]
