"""What a mended claim must fulfil before anything of it is written, and what was changed by mending."""

from collections.abc import Iterator
from dataclasses import asdict, fields
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from catchment.kernel.errors import Invalid, Problem
from catchment.rooms.claims.types import LineTold, Mended
from catchment.standards.money import yuan


def require_sound(content: Mended, today: date) -> None:
    """Raise `Invalid` naming each field that cannot be so; whether the claim passes is for the checks to say."""
    if problems := [*_dates(content, today), *_amounts(content), *_codes(content)]:
        raise Invalid(*problems)


def changes(before: Mended, after: Mended) -> dict[str, list[Any]]:
    """The old and the new value of each field that differs, as JSON."""
    old, new = _plain(before), _plain(after)
    return {name: [old[name], new[name]] for name in old if old[name] != new[name]}


def _dates(content: Mended, today: date) -> Iterator[Problem]:
    if content.ends_on < content.begins_on:
        yield Problem("ends_on", _("出院日期早于入院日期 %s，请改其中一个") % content.begins_on)
    if content.ends_on > today:
        yield Problem("ends_on", _("出院日期在今天之后，请改为实际出院的日期"))


def _amounts(content: Mended) -> Iterator[Problem]:
    if not content.lines:
        yield Problem("lines", _("至少要有一行费用"))
        return
    for at, line in enumerate(content.lines, 1):
        if (line.excluded or 0) + (line.first_pay or 0) > line.amount:
            told = _("第 %(row)d 行：自费与先行自付之和超过金额 %(amount)s 元") % {
                "row": at, "amount": yuan(line.amount),
            }  # fmt: skip
            yield Problem("lines", told)
    if (lines := sum(line.amount for line in content.lines)) != content.total:
        told = _("明细合计 %(lines)s 元，与总费用 %(total)s 元不符，请改总费用或明细") % {
            "lines": yuan(lines), "total": yuan(content.total),
        }  # fmt: skip
        yield Problem("total", told)


def _codes(content: Mended) -> Iterator[Problem]:
    codes = [one["code"] for one in content.diagnoses]
    if again := sorted({code for code in codes if codes.count(code) > 1}):
        yield Problem("diagnoses", _("%s 写了两次，请留一个") % "、".join(again))


def _plain(content: Mended) -> dict[str, Any]:
    return {one.name: _json(getattr(content, one.name)) for one in fields(content) if one.name != "in_yuan"}


def _json(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [asdict(one) if isinstance(one, LineTold) else one for one in value]
    return value
