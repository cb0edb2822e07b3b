"""Letters: what a mail says, as a few blocks, and its two forms, HTML and text, made from the same blocks.

Texts are typeset before they are escaped; the HTML template escapes everything, so that nothing a customer wrote is ever markup.
"""

from dataclasses import dataclass, field
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from guichet import mail_texts
from guichet.french import typeset
from guichet.shop import ShopFacts

TEMPLATES = Path(__file__).parent / "templates"


def _environment(*, autoescape: bool) -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=autoescape,  # noqa: S701 - off for plain text only
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


_PAGES, _PLAIN = _environment(autoescape=True), _environment(autoescape=False)


@dataclass(frozen=True)
class Block:
    """One part of a letter, in this order: a title, a text, rows of label and value, a list, a link."""

    text: str = ""
    title: str = ""
    rows: tuple[tuple[str, str], ...] = ()
    items: tuple[str, ...] = ()
    link: tuple[str, str] | None = None
    """Label and address."""

    def typeset(self) -> "Block":
        """The same with the spaces and apostrophes of French."""
        rows = tuple((typeset(label), typeset(value)) for label, value in self.rows)
        link = (typeset(self.link[0]), self.link[1]) if self.link else None
        return Block(typeset(self.text), typeset(self.title), rows, tuple(typeset(item) for item in self.items), link)


@dataclass(frozen=True)
class Letter:
    """A letter: its subject and its blocks, between the greeting and the signature."""

    subject: str
    blocks: tuple[Block, ...]
    reason: str = field(default=mail_texts.REASON)
    """Why the reader gets it, said at the bottom."""
    unsubscribe_url: str | None = None


@dataclass(frozen=True)
class Rendered:
    """A letter ready to be sent."""

    subject: str
    text: str
    html: str


def render(letter: Letter, facts: ShopFacts) -> Rendered:
    """Both forms of a letter, signed by the shop with the ways to reach it."""
    subject = typeset(letter.subject)
    values = {
        "subject": subject,
        "hello": mail_texts.HELLO,
        "blocks": [block.typeset() for block in letter.blocks],
        "signature": typeset(mail_texts.SIGNATURE.format(**facts.values())),
        "contact": typeset(mail_texts.CONTACT.format(**facts.values())),
        "reason": typeset(letter.reason),
        "unsubscribe": mail_texts.UNSUBSCRIBE,
        "unsubscribe_url": letter.unsubscribe_url,
        "shop": facts.nom,
    }
    text = _PLAIN.get_template("mail.txt.jinja").render(values)
    return Rendered(subject, text.strip() + "\n", _PAGES.get_template("mail.html.jinja").render(values))


def render_page(name: str, **values: object) -> str:
    """A page of ``guichet/templates`` as HTML; everything in ``values`` is escaped."""
    return _PAGES.get_template(name).render(values)
