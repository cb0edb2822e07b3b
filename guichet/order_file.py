"""An order file: CSV in UTF-8, one row per order line (docs/integration.md). Read as the very sheets that the API takes."""

import csv
import io
import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pydantic import ValidationError

from guichet import texts
from guichet.clock import PARIS
from guichet.order_sheet import MAX_LINES, MAX_SHIPMENTS, ORDER_NUMBER, OrderSheet

ORDER_COLUMNS = {
    "date": ("placed_at",),
    "etat": ("state",),
    "paiement": ("payment_method",),
    "frais_port_cents": ("shipping_cents",),
    "email": ("customer", "email"),
    "nom": ("customer", "name"),
    "type": ("customer", "kind"),
    "societe": ("customer", "company"),
    "telephone": ("customer", "phone"),
    "rue": ("delivery_address", "street"),
    "code_postal": ("delivery_address", "postcode"),
    "ville": ("delivery_address", "city"),
    "facturation_rue": ("billing_address", "street"),
    "facturation_code_postal": ("billing_address", "postcode"),
    "facturation_ville": ("billing_address", "city"),
}
"""Columns that are the same on every row of an order (or empty after the first), and where they go in the sheet."""
LINE_COLUMNS = {"sku": "sku", "quantite": "quantity", "prix_unitaire_cents": "unit_price_cents"}
PARCEL_COLUMNS = {
    "etat_colis": "state",
    "transporteur": "carrier",
    "numero_suivi": "tracking_number",
    "url_suivi": "tracking_url",
    "expedie_le": "shipped_on",
    "promis_le": "promised_on",
    "livre_le": "delivered_on",
}
REQUIRED = ("numero", "date", "etat", "paiement", "email", "nom", "rue", "code_postal", "ville", *LINE_COLUMNS)
_FRENCH_DAY = re.compile(r"^(\d{1,2})/(\d{1,2})/(\d{4})(.*)$")


class FileError(Exception):
    """The file as a whole cannot be read; the message is French and says why."""


@dataclass(frozen=True)
class Problem:
    """Why an order was refused: the row of the file, counted from 1 with the header, and a French reason."""

    row: int
    number: str
    reason: str

    def __str__(self) -> str:
        return texts.IMPORT_PROBLEM.format(row=self.row, number=self.number or "?", reason=self.reason)


@dataclass(frozen=True)
class Row:
    """One line of the file: its place, its cells, and how many there were."""

    place: int
    cells: dict[str, str]
    count: int


class OrderFileError(Exception):
    """An order of the file cannot be read; carries what is to be corrected."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__(*problems)


def read_rows(data: bytes) -> dict[str, list[Row]]:
    """The rows of each order, by its number, in the order of the file.

    Raises:
        FileError: not UTF-8, or not the columns of an order file.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileError(texts.IMPORT_NOT_UTF8) from None
    delimiter = ";" if ";" in text.partition("\n")[0] else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    header = [name.strip().lower() for name in next(reader, [])]
    _check_header(header)
    orders: dict[str, list[Row]] = {}
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                row = _row(reader.line_num, header, cells)
                orders.setdefault(row.cells["numero"], []).append(row)
    except csv.Error:
        raise FileError(texts.IMPORT_NOT_CSV.format(row=reader.line_num)) from None
    return orders


def _row(place: int, header: list[str], cells: list[str]) -> Row:
    """A row with a cell for every column, whatever it holds."""
    padded = [cell.strip() for cell in cells] + [""] * (len(header) - len(cells))
    return Row(place, dict(zip(header, padded, strict=False)), len(cells))


def _check_header(header: list[str]) -> None:
    missing = [name for name in REQUIRED if name not in header]
    if missing:
        raise FileError(texts.IMPORT_NO_HEADER.format(columns=", ".join(missing)))
    unknown = [name for name in header if name not in texts.IMPORT_COLUMNS]
    if unknown:
        raise FileError(texts.IMPORT_UNKNOWN_COLUMNS.format(columns=", ".join(unknown), possible=", ".join(texts.IMPORT_COLUMNS)))
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice:
        raise FileError(texts.IMPORT_COLUMN_TWICE.format(columns=", ".join(twice)))


def order_of(number: str, rows: list[Row]) -> OrderSheet:
    """The order that these rows describe.

    Raises:
        OrderFileError: something in them is to be corrected.
    """
    problems = [*_number_problems(number, rows), *_count_problems(number, rows), *_differences(number, rows), *_repeated(number, rows)]
    if problems:
        raise OrderFileError(problems)
    parcels = _parcels(rows)
    try:
        return OrderSheet.model_validate(_plain(rows, parcels))
    except ValidationError as error:
        found = [_problem(number, rows, parcels, each["loc"]) for each in error.errors()]
        raise OrderFileError(list(dict.fromkeys(found))) from None


def _number_problems(number: str, rows: list[Row]) -> list[Problem]:
    if not re.fullmatch(ORDER_NUMBER, number):
        return [Problem(row.place, number, _cell_reason("numero", number)) for row in rows]
    if len(rows) > MAX_LINES:
        return [Problem(rows[0].place, number, texts.IMPORT_TOO_MANY.format(count=len(rows), limit=MAX_LINES))]
    if len(_parcels(rows)) > MAX_SHIPMENTS:
        return [Problem(rows[0].place, number, texts.IMPORT_TOO_MANY_PARCELS.format(count=len(_parcels(rows)), limit=MAX_SHIPMENTS))]
    return []


def _count_problems(number: str, rows: list[Row]) -> list[Problem]:
    reason = texts.IMPORT_CELL_COUNT
    return [Problem(row.place, number, reason.format(count=row.count, expected=len(row.cells))) for row in rows if row.count != len(row.cells)]


def _differences(number: str, rows: list[Row]) -> list[Problem]:
    """What ought to be the same on every row of the order, and on every row of a parcel, and is not."""
    found = _differing(number, rows, list(ORDER_COLUMNS))
    for parcel in _parcels(rows):
        found += _differing(number, parcel, list(PARCEL_COLUMNS))
    return found


def _differing(number: str, rows: list[Row], columns: list[str]) -> list[Problem]:
    found = []
    for column in columns:
        before = rows[0].cells.get(column, "")
        for row in rows[1:]:
            value = row.cells.get(column, "")
            if value not in ("", before):
                found.append(Problem(row.place, number, texts.IMPORT_DIFFERENT.format(column=column, value=value, before=before)))
    return found


def _repeated(number: str, rows: list[Row]) -> list[Problem]:
    seen: set[str] = set()
    found = []
    for row in rows:
        if row.cells["sku"] in seen:
            found.append(Problem(row.place, number, texts.IMPORT_SKU_TWICE.format(sku=row.cells["sku"])))
        seen.add(row.cells["sku"])
    return found


def _parcels(rows: list[Row]) -> list[list[Row]]:
    """The rows that are in a parcel, parcel by parcel."""
    parcels: dict[str, list[Row]] = {}
    for row in rows:
        if any(row.cells.get(column) for column in PARCEL_COLUMNS):
            parcels.setdefault(row.cells.get("numero_suivi", ""), []).append(row)
    return list(parcels.values())


def _plain(rows: list[Row], parcels: list[list[Row]]) -> dict[str, Any]:
    """What the sheet is made from: empty cells are left out, so that they are missing or take their default."""
    order: dict[str, Any] = {"customer": {}, "delivery_address": {}}
    for column, path in ORDER_COLUMNS.items():
        value = rows[0].cells.get(column, "")
        if value:
            place: dict[str, Any] = order if len(path) == 1 else order.setdefault(path[0], {})
            place[path[-1]] = _instant(value) if column == "date" else value
    order["lines"] = [{field: row.cells[column] for column, field in LINE_COLUMNS.items() if row.cells[column]} for row in rows]
    order["shipments"] = [
        {field: _day(column, cell) for column, field in PARCEL_COLUMNS.items() if (cell := parcel[0].cells.get(column))}
        | {"contents": [{"sku": row.cells["sku"], "quantity": row.cells["quantite"]} for row in parcel]}
        for parcel in parcels
    ]
    return order


def _instant(cell: str) -> datetime | str:
    """An instant, in Paris when it has no zone; empty when the cell is none."""
    try:
        instant = datetime.fromisoformat(_iso(cell))
    except ValueError:
        return ""
    return instant if instant.tzinfo else instant.replace(tzinfo=PARIS)


def _day(column: str, cell: str) -> date | str:
    if not column.endswith("_le"):
        return cell
    try:
        return date.fromisoformat(_iso(cell))
    except ValueError:
        return ""


def _iso(cell: str) -> str:
    french = _FRENCH_DAY.match(cell)
    return f"{french[3]}-{french[2]:0>2}-{french[1]:0>2}{french[4]}" if french else cell


def _problem(number: str, rows: list[Row], parcels: list[list[Row]], path: tuple[int | str, ...]) -> Problem:
    """Where in the file a mistake of the sheet is, and what was expected there."""
    match path:
        case ("lines", int(index), str(field)):
            row, column = rows[index], next(column for column, name in LINE_COLUMNS.items() if name == field)
        case ("shipments", int(index), "contents", int(line), str(field)):
            row, column = parcels[index][line], "sku" if field == "sku" else "quantite"
        case ("shipments", int(index), str(field)):
            row, column = parcels[index][0], next(column for column, name in PARCEL_COLUMNS.items() if name == field)
        case ("shipments", int(index)):  # delivered without a day, or the other way round
            row, column = parcels[index][0], "livre_le"
        case _:
            row, column = rows[0], next(column for column, place in ORDER_COLUMNS.items() if place == path)
    return Problem(row.place, number, _cell_reason(column, row.cells.get(column, "")))


def _cell_reason(column: str, value: str) -> str:
    template = texts.IMPORT_REFUSED_CELL if value else texts.IMPORT_EMPTY_CELL
    return template.format(column=column, value=value[:100], expected=texts.IMPORT_COLUMNS[column])
