"""Rows of spreadsheets in and out: CSV in UTF-8 or GB18030, and xlsx whose cells no program takes for formulas."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils.exceptions import InvalidFileException

MOST_COLUMNS = 200
_STARTS = ("=", "+", "-", "@", "\t", "\r")
ILLEGAL = dict.fromkeys([*range(9), 11, 12, *range(14, 32)])


class SheetError(ValueError):
    """A file that is no spreadsheet; the message says the way out."""


def rows_of(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Every row that is not empty as its number in the file and its cells as text; days as 2026-03-05."""
    if path.suffix.lower() == ".xlsx":
        yield from _of_xlsx(path)
        return
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030", errors="replace")
    for number, row in enumerate(csv.reader(io.StringIO(text)), 1):
        if any(cell.strip() for cell in row):
            yield number, [cell.strip() for cell in row[:MOST_COLUMNS]]


def written(title: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """One sheet as xlsx. Text that begins like a formula stays text, here and where it is saved again as CSV."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    sheet.append([_headed(sheet, name) for name in header])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def harmless(text: str) -> str:
    """Text that no spreadsheet runs: an apostrophe before what begins like a formula, no control characters."""
    plain = text.translate(ILLEGAL)
    return f"'{plain}" if plain.startswith(_STARTS) else plain


def _cell(sheet: Any, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, harmless(value))
    cell.data_type = "s"
    return cell


def _headed(sheet: Any, name: str) -> Any:
    cell = WriteOnlyCell(sheet, harmless(name))
    cell.font = Font(bold=True)
    return cell


def _of_xlsx(path: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        book = load_workbook(path, read_only=True, data_only=True)
        sheet = book.worksheets[0]
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError, IndexError):
        raise SheetError(f"{path.name}: no readable xlsx file; save it as xlsx or CSV and try again") from None
    for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
        cells = [_text(value) for value in row[:MOST_COLUMNS]]
        if any(cells):
            yield number, cells


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
