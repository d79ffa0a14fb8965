"""The list of who belongs to which category of medical assistance, as the civil affairs office sends it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from catchment.kernel.errors import Invalid, Problem

TITLES: Mapping[str, tuple[str, ...]] = {
    "person": ("身份证号", "证件号", "证件号码", "公民身份号码"),
    "name": ("姓名",),
    "category": ("人员类别", "救助类别", "类别"),
    "since": ("起始日期", "开始日期", "认定日期", "生效日期"),
    "until": ("截止日期", "结束日期", "终止日期"),
}
"""The columns by field; the field's own name is understood too."""
NEEDED = ("person", "category", "since")
SOURCE = "aid:"
"""What the names of these lists begin with among the sources of claims."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One row that can be read. `until` is the day after the last one."""

    person: str
    name: str
    category: str
    since: date
    until: date | None


def rows_in(table: Iterable[tuple[int, Sequence[str]]]) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows under the titles, by field. Raises `Invalid` where a needed column is missing."""
    lines = iter(table)
    _number, titles = next(lines, (0, ()))
    fields = [_field(title) for title in titles]
    if missing := [TITLES[name][0] for name in NEEDED if name not in fields]:
        raise Invalid(Problem("file", _("缺少列：%s") % "、".join(missing)))
    for number, cells in lines:
        yield number, {name: cell for name, cell in zip(fields, cells, strict=False) if name and cell}


def read(row: Mapping[str, str], categories: Mapping[str, str]) -> Told:
    """A row, its category by code or by name (`categories` gives the name by code). Raises `Invalid`."""
    problems = [Problem(TITLES[name][0], _("不能为空")) for name in NEEDED if not row.get(name)]
    since, until = (_day(name, row.get(name, ""), problems) for name in ("since", "until"))
    codes = {name: code for code, name in categories.items()} | {code: code for code in categories}
    category = codes.get(row.get("category", ""), "")
    if row.get("category") and not category:
        known = "、".join(categories.values())
        problems.append(Problem(TITLES["category"][0], _("没有这个类别，规则里有：%s") % known))
    if since and until and until < since:
        problems.append(Problem(TITLES["until"][0], _("早于起始日期")))
    if problems or since is None:
        raise Invalid(*problems)
    last = until + timedelta(days=1) if until else None
    return Told(person=row["person"].upper(), name=row.get("name", ""), category=category, since=since, until=last)


def _field(title: str) -> str:
    return next((name for name, titles in TITLES.items() if title.strip() in (name, *titles)), "")


def _day(name: str, text: str, problems: list[Problem]) -> date | None:
    try:
        return date.fromisoformat(text.replace("/", "-")) if text else None
    except ValueError:
        problems.append(Problem(TITLES[name][0], _("%s 不是日期，应写作 2026-03-05") % text[:20]))
        return None
