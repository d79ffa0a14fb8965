"""The official report of a run as a spreadsheet."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from catchment.kernel import sheets
from catchment.kernel.actor import Actor
from catchment.rooms.consent import queries as consent
from catchment.rooms.measures.models import Run
from catchment.rooms.measures.queries.values import values_of
from catchment.rooms.measures.rules import LEVEL_WORDS, LIGHTS, MARKS, STATUSES, read_set
from catchment.rooms.measures.types import MeasureValue
from catchment.rooms.rulebook import queries as rulebook
from catchment.standards.measures.definition import Measure
from catchment.standards.measures.evaluating import Status

WIDTHS = (9, 46, 18, 12, 10, 14, 14, 10, 26, 24, 22, 40)


def report_of(actor: Actor, run: Run, level: str, *, now: datetime, outside: bool) -> bytes:
    """The run's values at a level as xlsx: title, period, source, date, marks, then a line for each value.

    `outside` leaves out counts below the smallest cell of the day, as for what leaves the county.
    """
    edition = rulebook.edition(run.key, run.version)
    content = read_set(edition.content)
    least = consent.smallest_cell(timezone.localdate(run.computed_at)) if outside else 0
    told = values_of(actor, run, level, outside=outside)
    head = [(content.zh,), *_head(run, edition.source, level, timezone.localdate(now), edition.verified, least), ()]
    lines = [_line(one, content.by_code[one.code]) for one in told]
    return sheets.workbook(_("指标"), _columns(), lines, above=head, widths=WIDTHS)


def _head(run: Run, source: str, level: str, day: date, verified: bool, least: int) -> list[tuple[str, str]]:
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


def _line(one: MeasureValue, measure: Measure) -> list[Any]:
    value = None if one.value is None else round(one.value, measure.digits)
    mark = f"{MARKS[measure.mark]}" + (f"（{measure.tag}）" if measure.tag else "")
    light = str(LIGHTS[one.light]) if one.light and one.status == Status.VALUED else ""
    return [
        one.code, one.name, one.place_name, value, one.unit, one.numerator, one.denominator, light,
        str(STATUSES[one.status]),
        "、".join(one.missing_sources), mark, measure.formula_zh,
    ]  # fmt: skip
