"""Weights of groups from a published table, as an edition of the rulebook."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from catchment.kernel import sheets
from catchment.kernel.actor import Actor
from catchment.kernel.errors import Invalid, Problem
from catchment.rooms.claims.rules import WEIGHTS
from catchment.rooms.rulebook import actions as rulebook
from catchment.rooms.rulebook.models import Edition
from catchment.rooms.rulebook.types import EditionForm

GROUP = ("group", "DRG编码", "分组编码", "病组编码", "DRG组编码", "编码")
NAME = ("name", "DRG名称", "分组名称", "病组名称", "名称")
WEIGHT = ("weight", "RW", "权重", "基准权重", "分值", "基准点数")
REVIEW = ("review", "单议病组")
FACTORS = {"1": ("factor_1", "一级医院系数"), "2": ("factor_2", "二级医院系数"), "3": ("factor_3", "三级医院系数")}
YES = frozenset({"是", "yes", "true", "1", "y"})


def publish_weights(
    *, actor: Actor, now: datetime, content: bytes, city: str, scheme: str, version: str, since: date, source: str
) -> Edition:
    """Publish a table of weights, unverified. CSV in UTF-8 or GB18030 with a group column; a group may lack its weight.

    Raises `Invalid` with every row that cannot be read; then nothing is published.
    """
    groups, problems = _read(content)
    if problems or not groups:
        raise Invalid(*(problems or [Problem("file", _("文件里没有病组"))]))
    form = EditionForm(
        key=WEIGHTS + city,
        version=version,
        title=_("%(city)s 病组权重 %(version)s") % {"city": city, "version": version},
        in_force_from=since,
        source=source,
        content={"scheme": scheme, "groups": groups},
    )
    return rulebook.publish_edition(actor=actor, now=now, form=form)


def _read(content: bytes) -> tuple[list[dict[str, Any]], list[Problem]]:
    rows = sheets.rows_in("weights.csv", content)
    _number, header = next(rows, (0, []))
    if not any(name in header for name in GROUP) or not any(name in header for name in WEIGHT):
        told = _("首行应有病组编码（%(group)s）与权重（%(weight)s）的列") % {
            "group": "、".join(GROUP), "weight": "、".join(WEIGHT),
        }  # fmt: skip
        return [], [Problem("file", told)]
    groups: list[dict[str, Any]] = []
    problems: list[Problem] = []
    for number, cells in rows:
        try:
            groups.append(dict(_item(dict(zip(header, cells, strict=False)))))
        except (InvalidOperation, ValueError) as error:
            problems.append(Problem(_("第 %d 行") % number, str(error)))
    return groups, problems


def _item(row: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    group = _first(row, GROUP)
    if not group:
        raise ValueError(_("缺少病组编码"))
    yield "group", group
    yield "name", _first(row, NAME)
    if _first(row, WEIGHT):
        yield "weight", str(_number(_first(row, WEIGHT)))
    if _first(row, REVIEW).lower() in YES:
        yield "review", True
    factors = {level: str(_number(_first(row, names))) for level, names in FACTORS.items() if _first(row, names)}
    if factors:
        yield "factors", factors


def _number(text: str) -> Decimal:
    try:
        given = Decimal(text)
    except InvalidOperation:
        raise ValueError(_("%s 不是数字") % text) from None
    if not given.is_finite() or given < 0:
        raise ValueError(_("%s 应是不小于零的数") % text)
    return given


def _first(row: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((row[name] for name in names if row.get(name)), "")
