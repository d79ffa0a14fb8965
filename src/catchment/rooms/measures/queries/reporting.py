"""The official report of a run as a spreadsheet."""

from datetime import date, datetime
from io import BytesIO
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from catchment.kernel.actor import Actor
from catchment.rooms.measures.models import Run
from catchment.rooms.measures.queries.comparing import is_small, smallest_cell
from catchment.rooms.measures.queries.values import values_of
from catchment.rooms.measures.rules import LEVEL_WORDS, LIGHTS, MARKS, STATUSES, read_set
from catchment.rooms.measures.types import MeasureValue
from catchment.rooms.rulebook import queries as rulebook
from catchment.standards.measures.definition import Measure
from catchment.standards.measures.evaluating import Status

WIDTHS = (9, 46, 18, 12, 10, 14, 14, 10, 26, 24, 22, 40)
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def report_of(actor: Actor, run: Run, level: str, *, now: datetime, outside: bool) -> bytes:
    """The run's values at a level as xlsx: title, period, source, date, marks, then a line for each value.

    `outside` leaves out counts below the smallest cell of the day, as for what leaves the county.
    """
    edition = rulebook.edition(run.key, run.version)
    content = read_set(edition.content)
    least = smallest_cell(timezone.localdate(now)) if outside else 0
    told = values_of(actor, run, level)
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("指标"))
    for at, width in enumerate(WIDTHS, 1):
        sheet.column_dimensions[get_column_letter(at)].width = width
    heading = WriteOnlyCell(sheet, value=safe(content.zh))
    heading.font = Font(bold=True, size=14)
    sheet.append([heading])
    for name, text in _head(
        run, edition.source, level, timezone.localdate(now), verified=edition.verified, least=least
    ):
        sheet.append([safe(name), safe(text)])
    sheet.append([])
    sheet.append([_bold(sheet, name) for name in _columns()])
    for one in told:
        sheet.append([_wrapped(sheet, cell) for cell in _line(one, content.by_code[one.code], least)])
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def safe(value: Any) -> Any:
    """A cell that no spreadsheet program takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _head(run: Run, source: str, level: str, day: date, *, verified: bool, least: int) -> list[tuple[str, str]]:
    rows = [
        (_("统计期"), run.period),
        (_("范围"), str(LEVEL_WORDS[level])),
        (_("规则版本"), f"{run.key} {run.version}" + ("" if verified else " · " + _("未核实"))),
        (_("依据"), source),
        (_("数据截至"), run.as_of or timezone.localtime(run.computed_at).strftime("%Y-%m-%d %H:%M")),
        (_("计算于"), timezone.localtime(run.computed_at).strftime("%Y-%m-%d %H:%M")),
        (_("导出日期"), day.isoformat()),
    ]
    return [*rows, (_("小数处理"), _("少于 %s 的计数不列出") % least)] if least else rows


def _columns() -> tuple[str, ...]:
    return (
        _("代码"), _("指标"), _("地区或机构"), _("数值"), _("单位"), _("分子"), _("分母"), _("灯"), _("状态"),
        _("缺少的来源"), _("口径依据"), _("公式"),
    )  # fmt: skip


def _line(one: MeasureValue, measure: Measure, least: int) -> list[Any]:
    small = is_small(one, least)
    numbers = [None if small else number for number in (one.value, one.numerator, one.denominator)]
    value = None if numbers[0] is None else round(numbers[0], one.digits)
    mark = f"{MARKS[measure.mark]}" + (f"（{measure.tag}）" if measure.tag else "")
    status = _("小于可报的最小数") if small else str(STATUSES[one.status])
    light = str(LIGHTS[one.light]) if one.light and not small and one.status == Status.VALUED else ""
    return [
        one.code, one.name, one.place_name, value, one.unit, numbers[1], numbers[2], light, status,
        "、".join(one.missing_sources), mark, measure.formula_zh,
    ]  # fmt: skip


def _bold(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, value=safe(text))
    cell.font = Font(bold=True)
    return cell


def _wrapped(sheet: Any, value: Any) -> Any:
    cell = WriteOnlyCell(sheet, value=safe(value))
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell
