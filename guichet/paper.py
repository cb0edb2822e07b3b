"""What printed pages share: the typeface, text it can show, styles, and a document that is the same bytes for the same content.

The typeface is Bitstream Vera, which comes with reportlab, may be embedded, and holds the letters of western languages.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor, black
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph

from guichet.french import NBSP, NNBSP, typeset

REGULAR, BOLD = "Vera", "VeraBd"
GREY, HAIRLINE = HexColor("#4d4d4d"), HexColor("#999999")
SIDE, TOP, BOTTOM = 20 * mm, 15 * mm, 14 * mm
WIDTH, HEIGHT = A4[0] - 2 * SIDE, A4[1] - TOP - BOTTOM
"""Of what can be printed on, in points."""

for _name in (REGULAR, BOLD):
    pdfmetrics.registerFont(TTFont(_name, f"{_name}.ttf"))
_GLYPHS = frozenset(pdfmetrics.getFont(REGULAR).face.charToGlyph) & frozenset(pdfmetrics.getFont(BOLD).face.charToGlyph)
_SAME = str.maketrans({NNBSP: NBSP, "\u2009": NBSP, "\u2010": "-", "\u2011": "-", "\u2012": "–", "\u2212": "-", "\t": " ", "\n": " ", "\r": " "})


_TOWN = re.compile(r"(?<=\b\d{5}) (?=[A-ZÀ-Ý])")
"""A postcode stays with its town."""


def style(size: float, *, bold: bool = False, grey: bool = False, align: str = "left") -> ParagraphStyle:
    """A paragraph of ``size`` points."""
    alignment = {"left": 0, "center": TA_CENTER, "right": TA_RIGHT}[align]
    name, colour = BOLD if bold else REGULAR, GREY if grey else black
    return ParagraphStyle(
        f"{name}-{size}-{align}-{grey}", fontName=name, fontSize=size, leading=round(size * 1.38, 1), textColor=colour, alignment=alignment
    )


NORMAL, SMALL, HEADING = style(9), style(7.5, grey=True), style(10.5, bold=True)


def printable(text: str, most: int = 160) -> str:
    """``text`` on one line, typeset, with letters that the typeface has, cut after ``most`` characters.

    Foreign accents fall off their letters, other letters become « ? », pictures and control characters go.
    """
    shown = "".join(_shown(character) for character in unicodedata.normalize("NFC", typeset(text).translate(_SAME)))
    shown = re.sub(" {2,}", " ", shown).strip()
    shown = _TOWN.sub(NBSP, shown)
    return shown if len(shown) <= most else shown[: most - 1].rstrip() + "…"


def _shown(character: str) -> str:
    if (ord(character) in _GLYPHS and character.isprintable()) or character in (" ", NBSP):
        return character
    bare = "".join(part for part in unicodedata.normalize("NFKD", character) if ord(part) in _GLYPHS and part.isprintable())
    if bare:
        return bare
    return "?" if unicodedata.category(character)[0] in "LN" else ""


def paragraph(text: str, look: ParagraphStyle = NORMAL, most: int = 160) -> Any:
    """``text`` as a block that wraps; nothing in it is markup."""
    return Paragraph(escape(printable(text, most)), look)


def fitting(lines: Sequence[str], width: float, sizes: Sequence[float], *, bold: bool = False) -> ParagraphStyle:
    """The largest of ``sizes`` (points, falling) at which every line fits in ``width``; the last one when none does."""
    font = BOLD if bold else REGULAR
    for size in sizes:
        if all(pdfmetrics.stringWidth(printable(line), font, size) <= width for line in lines):
            return style(size, bold=bold)
    return style(sizes[-1], bold=bold)


def document(story: Callable[[], list[Any]], foot: Callable[[int, int], str], *, title: str, subject: str, author: str) -> bytes:
    """A PDF of A4 pages in French, without anything of the moment it was made.

    Args:
        story: makes the blocks; called twice, since blocks are used up and the first time only counts the pages.
        foot: what stands below page ``number`` of ``count``; not asked for a single page.
    """
    pages, content = _build(story(), lambda _: "", title, subject, author)
    if pages > 1:
        _, content = _build(story(), lambda page: foot(page, pages), title, subject, author)
    return content


def _build(story: list[Any], foot: Callable[[int], str], title: str, subject: str, author: str) -> tuple[int, bytes]:
    def draw(canvas: Any, template: Any) -> None:
        canvas.setFont(REGULAR, SMALL.fontSize)
        canvas.setFillColor(GREY)
        canvas.drawRightString(A4[0] - SIDE, BOTTOM - 5 * mm, printable(foot(template.page)))

    target = BytesIO()
    template = BaseDocTemplate(
        target,
        pagesize=A4,
        title=printable(title),
        subject=printable(subject),
        author=printable(author),
        creator=printable(author),
        lang="fr",
        displayDocTitle=True,
        initialFontName=REGULAR,
        invariant=1,
    )
    frame = Frame(SIDE, BOTTOM, WIDTH, HEIGHT, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0)
    template.addPageTemplates(PageTemplate(frames=[frame], onPage=draw))
    template.build(story)
    return template.page, target.getvalue()
