"""Reading and writing editions as files."""

from datetime import date, datetime
from io import BytesIO
from typing import Any
from zipfile import BadZipFile

import yaml
from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from catchment.kernel import uploads
from catchment.kernel.errors import Invalid, Problem
from catchment.rooms.rulebook.models import Edition
from catchment.rooms.rulebook.types import EditionForm

MOST_COLUMNS, MOST_ROWS = 100, 20_000


class _Plain(yaml.SafeLoader):
    """YAML without references: a few lines of them can stand for more than a machine holds."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError(_("不能使用引用（*）"))
        return super().compose_node(parent, index)


def read_yaml(text: str, *, shipped: bool = False) -> EditionForm:
    """An edition from YAML text. Raises `Invalid` with the line where the text is no YAML, or the missing keys.

    What rooms ship may say with references (`&`, `*`) what it says more than once; what comes from outside may not.
    """
    given = yaml.safe_load(text) if shipped else _loaded(text, "file")
    if not isinstance(given, dict):
        raise Invalid(Problem("file", _("文件应以 key、version、title、in_force_from、source、content 开头")))
    return _form(given)


def read_sheet(content: bytes) -> EditionForm:
    """An edition from a spreadsheet (xlsx): sheet `edition` has one name and value a row, every other sheet is a list.

    Raises `Invalid` naming sheet and row.
    """
    uploads.require_sound_book(content)
    try:
        book = load_workbook(BytesIO(content), read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError):
        raise Invalid(Problem("file", _("不是有效的 xlsx 文件"))) from None
    if "edition" not in book.sheetnames:
        raise Invalid(Problem("edition", _("缺少名为 edition 的工作表")))
    given: dict[str, Any] = {str(row[0]): _cell(row[1]) for row in _rows(book["edition"]) if row[0] is not None}
    values = {name: given.pop(name) for name in list(given) if name not in EditionForm.__dataclass_fields__}
    lists = {name: _items(name, book[name]) for name in book.sheetnames if name != "edition"}
    return _form({**given, "content": {**values, **lists}})


def _form(given: dict[str, Any]) -> EditionForm:
    needed = ("key", "version", "title", "in_force_from", "source", "content")
    missing = [Problem(name, _("缺少这一项")) for name in needed if given.get(name) in (None, "")]
    unknown = [Problem(str(name), _("不认识这一项")) for name in given if name not in EditionForm.__dataclass_fields__]
    if missing or unknown:
        raise Invalid(*missing, *unknown)
    if not isinstance(given["in_force_from"], date):
        raise Invalid(Problem("in_force_from", _("应为日期，如 2026-01-01")))
    return EditionForm(**{**given, "version": str(given["version"]), "content": _plain(given["content"])})


def _plain(value: Any) -> Any:
    """Content as JSON holds it: days in it become text."""
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def _rows(sheet: Any) -> list[tuple[Any, ...]]:
    found = list(sheet.iter_rows(values_only=True, max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS))
    if len(found) > MOST_ROWS:
        raise Invalid(Problem(sheet.title, _("一张工作表最多 %s 行") % MOST_ROWS))
    return [tuple(row) + (None,) * (2 - len(row)) for row in found]


def _items(name: str, sheet: Any) -> list[dict[str, Any]]:
    rows = _rows(sheet)
    if not rows or any(column is None for column in rows[0][: len([c for c in rows[0] if c is not None])]):
        raise Invalid(Problem(name, _("首行应为字段名，中间不能有空格")))
    columns = [str(column) for column in rows[0] if column is not None]
    return [
        {column: _cell(value) for column, value in zip(columns, row, strict=False) if value is not None}
        for row in rows[1:]
        if any(value is not None for value in row)
    ]


def _cell(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, str) and value[:1] in "[{":
        return _loaded(value, "content")
    return value


def _loaded(text: str, field: str) -> Any:
    """What YAML text says. Days that are none, numbers without end and depth without end are told as well."""
    try:
        return yaml.load(text, Loader=_Plain)  # noqa: S506 a safe loader, and stricter
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise Invalid(Problem(field, _("不是有效的 YAML：%s") % error)) from None


def write_yaml(edition: Edition) -> str:
    """An edition as the text that `read_yaml` takes."""
    names = ("key", "version", "title", "in_force_from", "in_force_to", "source", "verified", "verified_by", "content")
    given = {name: getattr(edition, name) for name in names if getattr(edition, name) not in (None, "")}
    return yaml.safe_dump(given, allow_unicode=True, sort_keys=False)
