"""Tables that are taken away: no cell of them is a formula when a spreadsheet opens them."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zipfile import BadZipFile

from django.http import HttpResponse
from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from catchment.kernel import uploads
from catchment.kernel.errors import Invalid, Problem

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""With these a cell begins that a spreadsheet reckons or passes on; some programs take the wide forms alike."""
BOM = "\ufeff"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_COLUMNS = 200


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook. `above`: lines over the heads; `widths` of columns in characters."""

    title: str
    heads: Sequence[str]
    rows: Iterable[Sequence[Any]]
    above: Sequence[Sequence[Any]] = ()
    widths: Sequence[float] = ()


WHY = "退回原因"
"""The title of the column that says why a row was rejected; a file may come back with it."""


def harmless(value: Any) -> Any:
    """A value that a spreadsheet shows and never runs: text that begins like a formula gets an apostrophe before it.

    Numbers stay numbers, a text that is one stays it. For every cell of every export, csv and xlsx alike.
    """
    if not isinstance(value, str) or not value.lstrip(" \u3000").startswith(FORMULA) or _is_number(value):
        return value
    return f"'{value}"


def csv_text(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A table as csv, its cells made harmless; an empty cell for `None`. It begins so that spreadsheets read UTF-8."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    for row in (heads, *rows):
        writer.writerow([harmless(value) for value in row])
    return BOM + text.getvalue()


def csv_answer(name: str, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """The table as a file to keep, under a name of letters, digits, dots and dashes."""
    return uploads.to_keep(csv_text(heads, rows).encode(), "text/csv; charset=utf-8", name)


def workbook(
    title: str,
    heads: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    above: Sequence[Sequence[Any]] = (),
    widths: Sequence[float] = (),
) -> bytes:
    """A table as xlsx, one sheet, its cells made harmless and text kept as text.

    `above`: lines over the heads, such as title, period and source; `widths` of columns in characters.
    """
    return workbook_of([Sheet(title, heads, rows, above, widths)])


def workbook_of(sheets: Iterable[Sheet]) -> bytes:
    """Tables as xlsx, a sheet each, their cells made harmless and text kept as text."""
    book = Workbook(write_only=True)
    for one in sheets:
        sheet = book.create_sheet(one.title[:31])
        sheet.freeze_panes = f"A{len(one.above) + 2}"
        for at, width in enumerate(one.widths, 1):
            sheet.column_dimensions[get_column_letter(at)].width = width
        for row in (*one.above, one.heads, *one.rows):
            sheet.append([_cell(sheet, value, bold=row is one.heads) for value in row])
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def rows_in(name: str, content: bytes) -> Iterator[tuple[int, list[str]]]:
    """Every row of an xlsx or CSV file that is not empty: its number and its cells as text, days as 2026-03-05.

    CSV in UTF-8 or GB 18030. Raises `Invalid` for a file that is neither, and for an xlsx file that would overflow.
    """
    if name.lower().endswith(".xlsx"):
        rows: Iterable[Sequence[Any]] = _first_sheet(content)
    else:
        rows = csv.reader(io.StringIO(text_of(content)))
    for number, row in enumerate(rows, 1):
        cells = [_plain(value) for value in row[:MOST_COLUMNS]]
        if any(cells):
            yield number, cells


def rejected_csv(name: str, content: bytes, rejections: Iterable[Mapping[str, Any]]) -> str:
    """The rejected rows of a file as CSV in its own columns, with why in a last one: mended, it is a file to take.

    Each rejection names its `row` by number and its `reason`.
    """
    (_number, titles), *rows = rows_in(name, content)
    reasons = {one["row"]: one["reason"] for one in rejections}
    again = [[*cells, *[""] * (len(titles) - len(cells)), reasons[n]] for n, cells in rows if n in reasons]
    heads = titles if titles[-1:] == [WHY] else [*titles, WHY]
    return csv_text(heads, [[*row[: len(heads) - 1], row[-1]] for row in again])


def _first_sheet(content: bytes) -> Iterator[Sequence[Any]]:
    uploads.require_sound_book(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError):
        raise Invalid(Problem("file", _("不是有效的 xlsx 文件"))) from None
    yield from book.worksheets[0].iter_rows(values_only=True)


def text_of(content: bytes) -> str:
    """The text of a CSV file in UTF-8 or GB 18030. Raises `Invalid` on the field `file` for any other."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text
    raise Invalid(Problem("file", _("不是 UTF-8 或 GB 18030 的 CSV 文件；表格请存成 xlsx 或 CSV")))


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _cell(sheet: Any, value: Any, *, bold: bool) -> Any:
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, harmless(ILLEGAL_CHARACTERS_RE.sub("", value)))
    cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    return cell


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
