"""Bringing areas as files: village lists and boundaries, each row's fate shown before anything is taken."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from django.http import HttpRequest
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from catchment.kernel import clock, sheets
from catchment.kernel.access import actor_of
from catchment.kernel.errors import Invalid, Problem
from catchment.rooms.places import actions
from catchment.rooms.places.types import AreaAccount, AreaNote
from catchment.standards.geography.reading import read_areas
from catchment.standards.geography.rows import AreaFileError, AreaRow, Datum, Unreadable

MOST_BYTES: Final = 20 * 1024 * 1024
MOST_ROWS: Final = 300
DATUMS: Final = {"wgs84": "WGS-84", "gcj02": "GCJ-02"}
FATES: Final = {
    "rejected": gettext_lazy("退回"), "mended": gettext_lazy("新收，图形已修复"), "taken": gettext_lazy("新收"),
    "completed": gettext_lazy("已有，补全"), "known": gettext_lazy("已有"), "outside": gettext_lazy("不在所选县内"),
}  # fmt: skip
_COUNTY_DIGITS: Final = 6


@dataclass(frozen=True, slots=True)
class Options:
    """How files are read: the datum of lists and of boundaries, and the counties to which they are limited."""

    list_datum: Datum = "wgs84"
    polygon_datum: Datum = "wgs84"
    counties: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Line:
    """One row as the page shows it."""

    place: str
    label: str
    fate: str
    told: str
    why: str


@dataclass(frozen=True, slots=True)
class Surveyed:
    """What became of the rows, or would (`kept` is false); of many the first, those rejected before all.

    `again` has the rejected lines of lists, in their own columns, to be mended; in a preview of mended lines all.
    """

    account: AreaAccount
    kept: bool
    lines: list[Line]
    again: str

    @property
    def left_out(self) -> int:
        return self.account.read - len(self.lines)


def options_in(request: HttpRequest) -> Options:
    """The options that were chosen; `Invalid` for a datum or a county code that is none."""
    datums = [request.POST.get(name, "wgs84") for name in ("list_datum", "polygon_datum")]
    if not set(datums) <= set(DATUMS):
        raise Invalid(Problem("list_datum", _("坐标系只能是 WGS-84 或 GCJ-02")))
    words = request.POST.get("counties", "").replace("，", " ").replace(",", " ").split()
    if wrong := [one for one in words if len(one) != _COUNTY_DIGITS or not (one.isascii() and one.isdecimal())]:
        raise Invalid(Problem("counties", _("县代码是 6 位数字：%s 不是") % "、".join(wrong)))
    return Options(datums[0], datums[1], frozenset(words))  # type: ignore[arg-type]


def survey(request: HttpRequest, files: Mapping[str, bytes], options: Options, *, keep: bool) -> Surveyed:
    """Take the areas of the files, or only say what would become of them. `Invalid` for a file that cannot be read."""
    texts = {name: _plain(name, content) for name, content in files.items()}
    with TemporaryDirectory(prefix="catchment-areas-") as folder:
        try:
            account = actions.import_areas(
                actor=actor_of(request), now=clock.now(), rows=_rows(Path(folder), texts, options),
                counties=options.counties, keep=keep, every_row=True,
            )  # fmt: skip
        except AreaFileError as error:
            raise Invalid(Problem("file", _in_language(str(error)))) from None
    rows = sorted(account.rows or (), key=lambda one: list(FATES).index(one.fate))
    typed = "" if keep else request.POST.get("mended", "")
    return Surveyed(account, keep, [_line(one) for one in rows[:MOST_ROWS]], typed or _again(texts, account))


def _plain(name: str, content: bytes) -> bytes:
    """A list in UTF-8, however the spreadsheet program wrote it."""
    return sheets.text_of(content).encode() if name.lower().endswith(".csv") else content


def _rows(folder: Path, files: Mapping[str, bytes], options: Options) -> Iterator[AreaRow | Unreadable]:
    for name, content in files.items():
        path = folder / name
        path.write_bytes(content)
        yield from read_areas(path, list_datum=options.list_datum, polygon_datum=options.polygon_datum)


def _line(note: AreaNote) -> Line:
    return Line(note.place, note.label, note.fate, str(FATES[note.fate]), _in_language(note.reason))


def _in_language(reason: str) -> str:
    """A reason is told in Chinese and English; the reader's half of it."""
    chinese, found, english = reason.partition(" · ")
    return english if found and get_language() == "en" else chinese


def _again(files: Mapping[str, bytes], account: AreaAccount) -> str:
    reasons = {one.place: _in_language(one.reason) for one in account.notes if one.fate == "rejected"}
    heads: dict[str, None] = {}
    lines: list[dict[str, str]] = []
    for name, content in files.items():
        if name.lower().endswith(".csv"):
            rows = csv.DictReader(io.StringIO(content.decode().removeprefix(sheets.BOM), newline=""))
            wrong = [
                {**{title: cell for title, cell in row.items() if title}, sheets.WHY: reasons[place]}
                for row in rows
                if (place := f"{name}:{rows.line_num}") in reasons
            ]
            heads |= dict.fromkeys(rows.fieldnames or ()) if wrong else {}
            lines += wrong
    if not lines:
        return ""
    titles = [title for title in heads if title != sheets.WHY] + [sheets.WHY]
    return sheets.csv_text(titles, [[line.get(title) or "" for title in titles] for line in lines])
