"""What a county brings by file: earlier years' spending, appraisal scores. Every row is accounted for."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from catchment.kernel import audit, sheets
from catchment.kernel.actor import Actor
from catchment.kernel.errors import Invalid, Problem
from catchment.kernel.fates import Account, Fate
from catchment.rooms.budget.models import Score, ScoreSheet, Upload, UploadRow
from catchment.rooms.budget.types import Category
from catchment.rooms.places import queries as places
from catchment.rooms.places.models import Facility, Network
from catchment.standards.money import fen

COLUMNS = {"year": "年度", "month": "月份", "facility": "机构代码", "category": "类别", "fund": "基金支出（元）"}
SCORE_COLUMNS = {"facility": "机构代码", "score": "得分"}
CATEGORIES = {
    "县内住院": Category.INPATIENT_IN,
    "县外住院": Category.INPATIENT_OUT,
    "门诊": Category.OUTPATIENT,
    "慢性病门诊": Category.CHRONIC,
}
MOST_ROWS, MOST_BYTES, MOST_SCORE = 200_000, 10 * 1024 * 1024, 1000
FIRST_YEAR, LAST_YEAR, MONTHS = 1990, 2100, 12


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file under our names, and where it stood."""

    line: int
    raw: dict[str, str]


def bring_history(
    *, actor: Actor, now: datetime, community: str, name: str, content: bytes, by: str
) -> Account:  # fmt: skip
    """Take earlier years' fund spending from xlsx or CSV; the same file again changes nothing.

    A row is a year, a month (empty: the whole year), a facility's code (may be empty), a category and yuan. A row whose
    year, month, facility and category is known is `known` where the amount is the same, else rejected.
    """
    actor.require("budget.supply")
    network, rows = places.network_by_code(community), read_rows(name, content, COLUMNS)
    account, digest = Account(), hashlib.sha256(content).hexdigest()
    if Upload.objects.filter(network=network, digest=digest).exists():
        account.add(Fate.KNOWN, len(rows))
        return account
    with transaction.atomic():
        upload = Upload.objects.create(network=network, name=name[:200], digest=digest, at=now, by=by)
        for one in _accounted(network, upload, rows):
            account.add_row(Fate(one.fate), row=one.line, reason=one.reason)
        upload.counts = {"read": account.read, **account.counts()}
        upload.save(update_fields=["counts"])
        audit.record(actor=actor, event="budget.history", at=now, subject=("upload", upload.pk), detail=upload.counts)
        return account


def freeze_scores(
    *, actor: Actor, now: datetime, community: str, year: int, name: str, content: bytes, by: str
) -> ScoreSheet:  # fmt: skip
    """Freeze a year's appraisal scores, all rows or none; a corrected sheet is another file, and the newest counts.

    `Invalid` names each row at fault.
    """
    actor.require("budget.settle")
    if not by.strip():
        raise Invalid(Problem("by", _("请写明谁冻结这份得分")))
    network, rows = places.network_by_code(community), read_rows(name, content, SCORE_COLUMNS)
    digest = hashlib.sha256(content).hexdigest()
    known = ScoreSheet.objects.filter(network=network, year=year, digest=digest).first()
    if known is not None:
        return known
    scores = _scores(network, rows)
    with transaction.atomic():
        sheet = ScoreSheet.objects.create(
            network=network, year=year, name=name[:200], digest=digest, frozen_at=now, frozen_by=by.strip()
        )
        Score.objects.bulk_create(Score(sheet=sheet, facility_id=key, score=score) for key, score in scores.items())
        detail = {"year": year, "scores": len(scores), "digest": digest}
        audit.record(actor=actor, event="budget.scores", at=now, subject=("scores", sheet.pk), detail=detail)
        return sheet


def read_rows(name: str, content: bytes, columns: dict[str, str]) -> list[Row]:
    """The rows of an xlsx or CSV file (UTF-8 or GB 18030) by our names; headings in Chinese or English.

    `Invalid` for what is neither, misses a column, or is too large.
    """
    if len(content) > MOST_BYTES:
        raise Invalid(Problem("file", _("文件超过 10 MB，请分开上传")))
    table = sheets.rows_in(name, content)
    _line, headings = next(table, (0, []))
    named = {words: ours for ours, zh in columns.items() for words in (zh, ours)}
    if missing := [zh for ours, zh in columns.items() if not {zh, ours} & set(headings)]:
        raise Invalid(Problem("file", _("首行缺少这些列：%s") % "、".join(missing)))
    rows = []
    for line, cells in table:
        raw = {named[head]: cell for head, cell in zip(headings, cells, strict=False) if head in named}
        if any(raw.values()):
            rows.append(Row(line, raw))
        if len(rows) > MOST_ROWS:
            raise Invalid(Problem("file", _("超过 %d 行，请分开上传") % MOST_ROWS))
    return rows


def _accounted(network: Network, upload: Upload, rows: list[Row]) -> list[UploadRow]:
    held = dict(Facility.objects.values_list("code", "pk"))
    kept = {
        (row.year, row.month, row.facility_code, row.category): row.fund
        for row in UploadRow.objects.filter(upload__network=network, fate=Fate.TAKEN)
    }
    whole = {(year, month is None) for year, month, _facility, _category in kept}
    told = []
    for row in rows:
        one = UploadRow(upload=upload, line=row.line, raw=row.raw)
        try:
            _read(one, row.raw, held)
        except ValueError as error:
            one.fate, one.reason = Fate.REJECTED, str(error)
        else:
            _judge(one, kept, whole)
        told.append(one)
    UploadRow.objects.bulk_create(told)
    return told


def _judge(one: UploadRow, kept: dict[tuple[Any, ...], int | None], whole: set[tuple[Any, bool]]) -> None:
    key = (one.year, one.month, one.facility_code, one.category)
    if key in kept:
        same = kept[key] == one.fund
        one.fate = Fate.KNOWN if same else Fate.REJECTED
        one.reason = "" if same else _("同一年度、月份、机构、类别已有别的金额")
    elif (one.year, one.month is not None) in whole:
        one.fate, one.reason = Fate.REJECTED, _("同一年度不能既有全年数又有月份数")
    else:
        one.fate = Fate.TAKEN
        kept[key] = one.fund
        whole.add((one.year, one.month is None))


def _read(one: UploadRow, raw: dict[str, str], held: dict[str, int]) -> None:
    one.year = _number(raw.get("year", ""), FIRST_YEAR, LAST_YEAR, _("年度"))
    one.month = _number(raw["month"], 1, MONTHS, _("月份")) if raw.get("month") else None
    one.facility_code = raw.get("facility", "")
    if one.facility_code and one.facility_code not in held:
        raise ValueError(_("没有机构代码 %s；不知道机构的留空") % one.facility_code)
    given = raw.get("category", "")
    one.category = CATEGORIES.get(given, given)
    if one.category not in set(Category):
        raise ValueError(_("类别应为 %s") % "、".join(CATEGORIES))
    one.fund = fen(raw.get("fund", "").replace(",", ""))
    if one.fund < 0:
        raise ValueError(_("基金支出不能为负"))


def _scores(network: Network, rows: list[Row]) -> dict[int, Decimal]:
    held, scores, problems = _members(network), {}, []
    for row in rows:
        code = row.raw.get("facility", "")
        try:
            score = Decimal(row.raw.get("score", ""))
        except InvalidOperation:
            score = Decimal(-1)
        if code not in held:
            problems.append(Problem(f"row {row.line}", _("机构 %s 不是这个医共体的成员") % code))
        elif not score.is_finite() or not 0 <= score <= MOST_SCORE:
            problems.append(Problem(f"row {row.line}", _("得分应为 0 至 1000 的数")))
        elif held[code] in scores:
            problems.append(Problem(f"row {row.line}", _("机构 %s 出现两次") % code))
        else:
            scores[held[code]] = score
    if problems or not scores:
        raise Invalid(*(problems or [Problem("file", _("没有一行得分"))]))
    return scores


def _members(network: Network) -> dict[str, int]:
    return {one.facility.code: one.facility_id for one in places.members_of(network.pk) if one.until is None}


def _number(text: str, least: int, most: int, name: str) -> int:
    try:
        value = int(text)
    except ValueError:
        value = least - 1
    if not least <= value <= most:
        raise ValueError(_("%(name)s应为 %(least)d 至 %(most)d 的整数") % {"name": name, "least": least, "most": most})
    return value
