"""The slip that goes with a return: a page to print, put into the parcel, and cut the parcel's label from.

It also acknowledges the withdrawal, with its date and time (Code de la consommation, article L.221-21).
"""

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from reportlab.graphics.barcode.code128 import Code128
from reportlab.graphics.shapes import Circle, Drawing, Line
from reportlab.lib.colors import black
from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, HRFlowable, Spacer, Table, TopPadder

from guichet import clock, labels, mail_texts, slip_texts
from guichet.french import full_date, full_instant
from guichet.models import Order, OrderLine, ReturnWish
from guichet.paper import GREY, HAIRLINE, HEADING, HEIGHT, REGULAR, SMALL, WIDTH, document, fitting, paragraph, style
from guichet.shop import ShopFacts

RIGHT_WIDTH, SENDER_WIDTH, LABEL_CODE_WIDTH = 60 * mm, 64 * mm, 52 * mm
"""Of the right column with the barcode, and of the label's left column with a smaller one: bars of 0.33 mm and 0.29 mm at least for a
number such as RET-2026-000012; common scanners read 0.19 mm."""
GAP, PAD = 6 * mm, 4 * mm
LARGE = tuple(range(20, 11, -1))
_FLAT = [("LEFTPADDING", (0, 0), (-1, -1), 0), ("RIGHTPADDING", (0, 0), (-1, -1), 0), ("TOPPADDING", (0, 0), (-1, -1), 0),
         ("BOTTOMPADDING", (0, 0), (-1, -1), 0), ("VALIGN", (0, 0), (-1, -1), "TOP"), ("FONTNAME", (0, 0), (-1, -1), REGULAR)]  # fmt: skip


def return_slip(
    number: str,
    registered_at: datetime,
    order: Order,
    lines: Sequence[tuple[OrderLine, int]],
    wish: ReturnWish | None,
    send_back_by: date | None,
    facts: ShopFacts,
) -> bytes:
    """The slip of a return as a PDF: one A4 page, more when many articles go back. The same return always gives the same bytes.

    Args:
        number: the return's.
        registered_at: when the withdrawal was received (aware).
        order: loaded with its customer and delivery address.
        lines: what goes back, each with its quantity; loaded with their products.
        send_back_by: ``WithdrawalWindow.send_back_by``; None when it is not known.
    """

    def story() -> list[Any]:
        steps, label = _steps(number, facts), _label(number, order, facts)
        return [
            *_head(number, facts),
            *_facts(registered_at, order, wish, send_back_by),
            *_articles(lines),
            CondPageBreak(sum(block.wrap(WIDTH, HEIGHT)[1] for block in (*steps, label))),
            *steps,
            TopPadder(label),
        ]

    def foot(page: int, pages: int) -> str:
        return slip_texts.PAGE.format(titre=slip_texts.TITLE, numero=number, page=page, pages=pages)

    return document(
        story,
        foot,
        title=f"{slip_texts.TITLE} {number}",
        subject=slip_texts.SUBJECT.format(numero=number, commande=order.number),
        author=facts.nom,
    )


def _head(number: str, facts: ShopFacts) -> list[Any]:
    """The shop and the title on the left, the barcode above the number on the right."""
    code = [_barcode(number, RIGHT_WIDTH, 13 * mm), Spacer(0, 1.5 * mm), paragraph(number, style(15, bold=True))]
    title = [paragraph(facts.nom, style(11), most=60), Spacer(0, 1 * mm), paragraph(slip_texts.TITLE, style(22, bold=True))]
    return [_columns([[title, code]]), Spacer(0, 3 * mm), _rule(1), Spacer(0, 4 * mm)]


def _facts(registered_at: datetime, order: Order, wish: ReturnWish | None, send_back_by: date | None) -> list[Any]:
    placed = full_date(order.placed_at.astimezone(clock.PARIS).date())
    cells = [
        _fact(labels.ORDER, slip_texts.ORDER_PLACED.format(numero=order.number, date=placed)),
        _fact(slip_texts.CUSTOMER, _name(order)),
        _fact(slip_texts.REGISTERED, full_instant(registered_at)),
    ]
    if wish is not None:
        cells.append(_fact(slip_texts.WISH, _capital(labels.RETURN_WISHES[wish])))
    rows = [[*cells[start : start + 2], ""][:2] for start in range(0, len(cells), 2)]
    deadline = [] if send_back_by is None else [_deadline(send_back_by), Spacer(0, 3 * mm)]
    return [_columns(rows), *deadline, paragraph(slip_texts.ACKNOWLEDGED, SMALL), Spacer(0, 6 * mm)]


def _fact(label: str, value: str) -> list[Any]:
    return [paragraph(label, SMALL), paragraph(value, style(9.5)), Spacer(0, 3 * mm)]


def _deadline(day: date) -> Any:
    """The day that matters most, in a frame."""
    looks = [
        ("BOX", (0, 0), (-1, -1), 1, black),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("LEFTPADDING", (0, 0), (0, 0), PAD),
        ("TOPPADDING", (0, 0), (-1, -1), 2 * mm),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2.4 * mm),
    ]
    words = [paragraph(slip_texts.SEND_BACK_BY, style(9.5)), paragraph(full_date(day), style(13, bold=True))]
    return _table([words], [56 * mm, WIDTH - 56 * mm], looks)


def _articles(lines: Sequence[tuple[OrderLine, int]]) -> list[Any]:
    """What goes back, one row an article; the head is repeated on the next page."""
    names = ((labels.ARTICLE, "left"), (slip_texts.REFERENCE, "left"), (slip_texts.QUANTITY, "right"))
    head = [paragraph(name, style(7.5, grey=True, align=align)) for name, align in names]
    right = style(9, align="right")
    rows = [[paragraph(line.product.name), paragraph(line.product.sku, most=40), paragraph(str(quantity), right)] for line, quantity in lines]
    looks = [
        ("TOPPADDING", (0, 0), (-1, -1), 1.4 * mm),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1.4 * mm),
        ("RIGHTPADDING", (0, 0), (1, -1), 4 * mm),
        ("LINEBELOW", (0, 0), (-1, 0), 0.8, black),
        ("LINEBELOW", (0, 1), (-1, -1), 0.4, HAIRLINE),
    ]
    table = _table([head, *rows], [WIDTH - RIGHT_WIDTH, RIGHT_WIDTH - 20 * mm, 20 * mm], looks, repeat=1)
    return [paragraph(slip_texts.ARTICLES, HEADING), Spacer(0, 1 * mm), table, Spacer(0, 5 * mm)]


def _steps(number: str, facts: ShopFacts) -> list[Any]:
    """How to prepare the parcel and who pays, in the words of the mail."""
    steps = [step.format(numero=number, **facts.values()) for step in mail_texts.RETURN_STEPS]
    rows = [[paragraph(f"{rank}.", style(9, bold=True)), paragraph(step, most=400)] for rank, step in enumerate(steps, 1)]
    table = _table(rows, [6 * mm, WIDTH - 6 * mm], [("BOTTOMPADDING", (0, 0), (-1, -1), 1 * mm)])
    return [
        paragraph(mail_texts.RETURN_TITLE, HEADING),
        Spacer(0, 1.5 * mm),
        table,
        Spacer(0, 1 * mm),
        paragraph(slip_texts.AS_LETTER, most=400),
        Spacer(0, 1.5 * mm),
        paragraph(mail_texts.RETURN_AFTER, most=400),
        Spacer(0, 6 * mm),
    ]


def _label(number: str, order: Order, facts: ShopFacts) -> Any:
    """The label to cut off, in one piece: who sends it and the number on the left, where it goes in large type on the right."""
    inside = WIDTH - SENDER_WIDTH - 3 * PAD
    address = _address_lines(facts.adresse_retour)
    large = fitting(address, inside, LARGE, bold=True)
    place = order.delivery_address
    sender = [
        paragraph(slip_texts.SENDER, SMALL),
        paragraph(_name(order), style(9, bold=True), most=100),
        paragraph(place.street, most=100),
        paragraph(f"{place.postcode} {place.city}", most=70),
        Spacer(0, 6 * mm),
    ]
    mark = [_barcode(number, LABEL_CODE_WIDTH, 13 * mm), Spacer(0, 1 * mm), paragraph(number, style(11, bold=True))]
    recipient = [paragraph(slip_texts.RECIPIENT, SMALL), Spacer(0, 1 * mm), *(paragraph(line, large) for line in address)]
    looks = [
        ("LEFTPADDING", (0, 0), (-1, -1), PAD),
        ("RIGHTPADDING", (0, 0), (-1, -1), PAD / 2),
        ("TOPPADDING", (0, 0), (-1, -1), PAD),
        ("BOTTOMPADDING", (0, 0), (-1, -1), PAD),
        ("SPAN", (1, 0), (1, 1)),
        ("VALIGN", (0, 1), (0, 1), "BOTTOM"),
        ("BOX", (0, 0), (-1, -1), 1, black),
        ("LINEBEFORE", (1, 0), (1, -1), 0.4, HAIRLINE),
    ]
    box = _table([[sender, recipient], [mark, ""]], [SENDER_WIDTH, WIDTH - SENDER_WIDTH], looks)
    return _table([[_cut()], [paragraph(slip_texts.CUT, style(7.5, grey=True, align="right"))], [Spacer(0, 1.5 * mm)], [box]], [WIDTH], whole=True)


def _barcode(number: str, width: float, height: float) -> Any:
    """A Code 128 exactly ``width`` wide; the white that it needs around it is the page's."""
    modules = Code128(number, barWidth=1, quiet=0).width
    code = Code128(number, barWidth=width / modules, barHeight=height, quiet=0)
    code.hAlign = "LEFT"
    return code


def _cut() -> Any:
    """A dashed line with a pair of scissors on it."""
    drawing = Drawing(WIDTH, 3 * mm, initialFontName=REGULAR)
    middle = 1.5 * mm
    for side in (-1, 1):
        drawing.add(Circle(1 * mm, middle + side * 0.9 * mm, 0.75 * mm, fillColor=None, strokeColor=GREY, strokeWidth=0.7))
        drawing.add(Line(1.6 * mm, middle + side * 0.5 * mm, 5.5 * mm, middle - side * 0.7 * mm, strokeColor=GREY, strokeWidth=0.7))
    drawing.add(Line(7 * mm, middle, WIDTH, middle, strokeColor=GREY, strokeWidth=0.7, strokeDashArray=[3, 3]))
    return drawing


def _table(rows: list[list[Any]], widths: list[float], looks: Sequence[tuple[Any, ...]] = (), *, repeat: int = 0, whole: bool = False) -> Any:
    return Table(rows, widths, style=[*_FLAT, *looks], repeatRows=repeat, splitByRow=0 if whole else 1)


def _columns(rows: list[list[Any]]) -> Any:
    return _table(rows, [WIDTH - RIGHT_WIDTH, RIGHT_WIDTH], [("RIGHTPADDING", (0, 0), (0, -1), GAP)])


def _rule(width: float) -> Any:
    return HRFlowable(width="100%", thickness=width, color=black, spaceBefore=0, spaceAfter=0)


def _address_lines(address: str) -> list[str]:
    """One line a part, as on an envelope; a comma after a street's number parts nothing."""
    return [part for part in re.split(r"\n|(?<!\d),\s+|\s[–—-]\s", address) if part.strip()]


def _name(order: Order) -> str:
    customer = order.customer
    return f"{customer.name}, {customer.company}" if customer.company else customer.name


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
