"""Importing an order file: each order as a whole or not at all, through the same function as the API's PUT."""

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy.exc import IntegrityError

from guichet import texts
from guichet.db import Database
from guichet.order_file import OrderFileError, Problem, Row, order_of, read_rows
from guichet.order_intake import LineInUse, UnknownSku, put_order


@dataclass
class ImportReport:
    """What became of a file: numbers of orders, and everything that was refused."""

    created: int = 0
    updated: int = 0
    refused: int = 0
    problems: list[Problem] = field(default_factory=list)


async def import_orders(db: Database, data: bytes, *, dry_run: bool = False, tell: Callable[[Problem], None] = lambda _: None) -> ImportReport:
    """Import an order file.

    Args:
        data: the file's content.
        dry_run: check everything, keep nothing.
        tell: called with each problem as soon as it is known.

    Raises:
        FileError: the file as a whole cannot be read; nothing was imported.
    """
    report = ImportReport()
    for number, rows in read_rows(data).items():
        try:
            created = await _import(db, number, rows, dry_run)
        except OrderFileError as error:
            report.refused += 1
            report.problems += error.problems
            for problem in error.problems:
                tell(problem)
        else:
            report.created += created
            report.updated += not created
    return report


async def _import(db: Database, number: str, rows: list[Row], dry_run: bool) -> bool:
    """Import one order; True when it is new.

    Raises:
        OrderFileError: it is refused, and nothing of it kept.
    """
    sheet = order_of(number, rows)
    try:
        async with db.transaction() as session:
            created = await put_order(session, number, sheet)
            if dry_run:
                await session.rollback()
    except UnknownSku as error:
        raise OrderFileError([_about(number, rows, sku, texts.IMPORT_UNKNOWN_SKU.format(sku=sku)) for sku in error.skus]) from None
    except LineInUse as error:
        reason = texts.IMPORT_LINE_IN_USE.format(user=error.user, sku=error.sku)
        raise OrderFileError([_about(number, rows, error.sku, reason)]) from None
    except IntegrityError:
        raise OrderFileError([Problem(rows[0].place, number, texts.IMPORT_CONFLICT)]) from None
    return created


def _about(number: str, rows: list[Row], sku: str, reason: str) -> Problem:
    """A problem of the row with this sku, or of the order's first row when the file does not have it."""
    row = next((row for row in rows if row.cells["sku"] == sku), rows[0])
    return Problem(row.place, number, reason)
