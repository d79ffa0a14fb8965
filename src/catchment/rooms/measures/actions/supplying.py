"""Taking figures of outside sources: a file read, every row accounted for."""

import hashlib
import math
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from catchment.kernel import audit, sheets
from catchment.kernel.actor import Actor
from catchment.kernel.errors import Invalid, Problem
from catchment.kernel.fates import Account
from catchment.rooms.measures.models import SuppliedFigure, Supply, SupplyRow
from catchment.rooms.measures.queries.figures import wanted_figures
from catchment.rooms.measures.types import Fate
from catchment.rooms.places.models import Area, Facility
from catchment.standards.measures.periods import period_of

COLUMNS = ("figure", "place", "period", "value", "note")
HEADINGS = {"指标来源": "figure", "数字代码": "figure", "区划或机构代码": "place", "地区": "place", "期间": "period",
            "数值": "value", "来源说明": "note"}  # fmt: skip
MOST_ROWS = 20_000
Given = tuple[int, dict[str, str]]


def read_figures(name: str, content: bytes) -> list[Given]:
    """The rows of an xlsx or CSV (UTF-8) with their line numbers. Raises `Invalid` for what is no such file."""
    rows = list(sheets.rows_in(name, content))
    if not rows:
        raise Invalid(Problem("file", _("文件是空的")))
    headings = [HEADINGS.get(cell.strip(), cell.strip().lower()) for cell in rows[0][1]]
    missing = [column for column in COLUMNS[:4] if column not in headings]
    if missing:
        words = _("首行缺少列：%(missing)s。需要 %(all)s")
        raise Invalid(Problem("file", words % {"missing": "、".join(missing), "all": "、".join(COLUMNS)}))
    if len(rows) > MOST_ROWS:
        raise Invalid(Problem("file", _("一次最多 %s 行，请分开上传") % MOST_ROWS))
    told = [(number, dict(zip(headings, row, strict=False))) for number, row in rows[1:]]
    return [(number, {column: row.get(column, "") for column in COLUMNS}) for number, row in told]


def supply_figures(*, actor: Actor, now: datetime, name: str, content: bytes) -> tuple[Supply, Account]:
    """Take a file of figures. Every row is taken, corrects an earlier number, is known already, or rejected with why.

    A rejected row is mended in the file and the file supplied again: what is known stays as it is.
    """
    actor.require("measures.supply")
    given, account = read_figures(name, content), Account(Fate)
    checker = _Checker(now)
    with transaction.atomic():
        supply = Supply.objects.create(
            name=name[:255],
            digest=hashlib.sha256(content).hexdigest(),
            supplied_at=now,
            supplied_by=actor.name,
            post_id=actor.post_id,
        )
        told = [_accounted(supply, number, row, *_take(checker, supply, row, now)) for number, row in given]
        SupplyRow.objects.bulk_create(told)
        for one in told:
            account.add_row(Fate(one.fate), row=one.number, reason=one.reason)
        supply.counts = account.counts()
        supply.save(update_fields=["counts"])
        audit.record(
            actor=actor, event="measures.supply", at=now, subject=("measures-supply", supply.pk), detail=supply.counts
        )
    return supply, account


def _accounted(supply: Supply, number: int, row: dict[str, str], fate: Fate, reason: str) -> SupplyRow:
    cut = {"figure": 80, "place": 40, "period": 20, "value": 60, "note": 300}
    told = {column: row[column][:size] for column, size in cut.items()}
    return SupplyRow(supply=supply, number=number, fate=fate, reason=reason[:300], **told)


def _take(checker: "_Checker", supply: Supply, row: dict[str, str], now: datetime) -> tuple[Fate, str]:
    reason = checker.problem(row)
    if reason:
        return Fate.REJECTED, reason
    spot = {
        "figure": row["figure"],
        "level": checker.levels[row["place"]],
        "place": row["place"],
        "period": row["period"],
    }
    standing = SuppliedFigure.objects.select_for_update().filter(**spot, replaced_at__isnull=True).first()
    value = float(row["value"].replace(",", ""))
    if standing is not None and standing.value == value:
        return Fate.KNOWN, ""
    if standing is not None:
        standing.replaced_at = now
        standing.save(update_fields=["replaced_at"])
    SuppliedFigure.objects.create(supply=supply, value=value, note=row["note"][:300], **spot)
    return Fate.TAKEN if standing is None else Fate.CORRECTED, ""


class _Checker:
    """Which figures and places there are, read once for a file."""

    def __init__(self, now: datetime) -> None:
        self.figures = {figure.code for figure in wanted_figures(now.date())}
        self.levels = dict(Facility.objects.values_list("code", "level")) | dict(
            Area.objects.values_list("code", "level")
        )
        self.levels.update(dict.fromkeys(Facility.objects.values_list("code", flat=True), "facility"))

    def problem(self, row: dict[str, str]) -> str:
        """What is wrong with the row and the way out; empty where nothing is."""
        if row["figure"] not in self.figures:
            return _("没有数字代码 %(code)s；可用的见“供数”页") % {"code": row["figure"]}
        if row["place"] not in self.levels:
            return _("没有代码为 %s 的地区或机构") % row["place"]
        try:
            period_of(row["period"])
        except ValueError:
            return _("期间应写作 2025、2025Q3、2025-09 或 2025-09-12m")
        try:
            number = float(row["value"].replace(",", ""))
        except ValueError:
            return _("数值不是数字：%s") % row["value"]
        return "" if math.isfinite(number) else _("数值不是数字：%s") % row["value"]
