"""Layered settlement: basic insurance, then serious illness, then medical assistance, by the edition of the day.

Editions hold amounts in yuan and shares of 100.
"""

from dataclasses import replace
from fractions import Fraction

from django.utils.translation import gettext as _
from pydantic import Field, model_validator

from catchment.kernel.errors import Invalid, Problem
from catchment.rooms.claims.types import Kind, Layer, Settlement, Stay, Step, Way, Year
from catchment.rooms.rulebook.rules import Rule
from catchment.standards.money import fen, share
from catchment.standards.reasons import Reason

CITIES = ("shangluo", "ankang", "demo", "employee", "local")
KEY = "claims.layers."
Percent = Field(ge=0, le=100)
Yuan = Field(ge=0, le=10**9)


class LevelItem(Rule):
    """What basic insurance asks and gives at one level of hospital."""

    level: str
    zh: str
    deductible: int = Yuan
    percent: int = Percent


class BandItem(Rule):
    """Serious illness pays `percent` of what lies above `above`, up to the next band."""

    above: int = Yuan
    percent: int = Percent


class CategoryItem(Rule):
    """A category of person. `relief`: serious illness with half the deductible, as the edition's tilt says.

    `aid_percent` of what is left is paid by medical assistance, none where it is nothing; `aid_limit` for a year.
    """

    category: str
    zh: str
    relief: bool = False
    aid_percent: int = Field(default=0, ge=0, le=100)
    aid_deductible: int = Field(default=0, ge=0)
    aid_limit: int | None = None


class OutpatientItem(Rule):
    """What basic insurance gives for a visit at one level: `percent` of what is in scope above a deductible."""

    level: str
    deductible: int = Yuan
    percent: int = Percent


class LayersRule(Rule):
    """One city's three layers. Reductions by way of coming are percentage points off the share of basic insurance."""

    city: str
    levels: tuple[LevelItem, ...]
    basic_cap: int = Yuan
    repeat_percent: int = Percent
    repeat_floor: int = Percent
    reduction: dict[Way, int] = Field(default_factory=dict)
    bands: tuple[BandItem, ...] = Field(min_length=1)
    serious_cap: int = Yuan
    relief_deductible_percent: int = Percent
    relief_points: int = Percent
    categories: tuple[CategoryItem, ...]
    outpatient: tuple[OutpatientItem, ...] = ()
    outpatient_cap: int = Field(default=0, ge=0)

    @model_validator(mode="after")
    def _rising(self) -> "LayersRule":
        edges = [band.above for band in self.bands]
        if edges != sorted(set(edges)):
            raise ValueError("bands must rise")
        return self


def settle(stay: Stay, year: Year, rule: LayersRule, *, edition: str, verified: bool) -> Settlement:
    """Share one stay's cost between the layers and the person, exactly. Raises `Invalid` naming the field at fault."""
    level, category = _checked(stay, rule)
    in_scope = stay.total - stay.excluded - stay.first_pay
    if stay.kind is Kind.OUTPATIENT:
        return _visit(stay, year, rule, in_scope, edition=edition, verified=verified)
    basic = _basic(in_scope, stay.way, year, level, rule)
    own = in_scope - basic.paid
    serious = _serious(own, year, category, rule)
    aid = _aid(own - serious.paid, year, category)
    return Settlement(
        stay=stay,
        in_scope=in_scope,
        steps=(basic, serious, aid),
        patient=stay.total - basic.paid - serious.paid - aid.paid,
        year=Year(
            year.admissions + 1,
            year.basic + basic.paid,
            year.own + own,
            year.serious + serious.paid,
            year.aid + aid.paid,
            year.aid_deductible + aid.deductible,
            year.outpatient,
        ),
        edition=edition,
        verified=verified,
    )


def unpaid(stay: Stay, year: Year) -> Settlement:
    """The settlement of somebody whom no insurance covers: all of it is the person's own."""
    step = Step(layer=Layer.BASIC, base=0, deductible=0, paid=0, why=(Reason("uninsured"),))
    return Settlement(
        stay=stay, in_scope=0, steps=(step,), patient=stay.total, year=year, edition="", verified=True,
    )  # fmt: skip


def _visit(stay: Stay, year: Year, rule: LayersRule, in_scope: int, *, edition: str, verified: bool) -> Settlement:
    """An outpatient visit: basic insurance alone, to a cap of its own for the year."""
    basic = _outpatient(in_scope, stay, year, rule)
    return Settlement(
        stay=stay,
        in_scope=in_scope,
        steps=(basic,),
        patient=stay.total - basic.paid,
        year=replace(year, outpatient=year.outpatient + basic.paid),
        edition=edition,
        verified=verified,
    )


def _outpatient(in_scope: int, stay: Stay, year: Year, rule: LayersRule) -> Step:
    item = next((one for one in rule.outpatient if one.level == stay.level), None)
    if item is None:
        return Step(layer=Layer.BASIC, base=in_scope, deductible=0, paid=0, why=(Reason("no-outpatient"),))
    deductible = min(in_scope, fen(item.deductible))
    earned = share(in_scope - deductible, Fraction(item.percent, 100))
    paid = min(earned, max(0, fen(rule.outpatient_cap) - year.outpatient))
    why = [Reason("outpatient", {"deductible": deductible, "percent": item.percent})]
    if paid < earned:
        why.append(Reason("outpatient-cap", {"cap": fen(rule.outpatient_cap)}))
    return Step(layer=Layer.BASIC, base=in_scope, deductible=deductible, paid=paid, why=tuple(why))


def _checked(stay: Stay, rule: LayersRule) -> tuple[LevelItem, CategoryItem]:
    levels = {one.level: one for one in rule.levels}
    categories = {one.category: one for one in rule.categories}
    problems = []
    if stay.level not in levels:
        problems.append(Problem("level", _("没有这个级别，可用的有：%s") % "、".join(levels)))
    if stay.category not in categories:
        problems.append(Problem("category", _("没有这个人员类别，可用的有：%s") % "、".join(categories)))
    if min(stay.total, stay.excluded, stay.first_pay) < 0:
        problems.append(Problem("total", _("金额不能为负")))
    if stay.excluded + stay.first_pay > stay.total:
        problems.append(Problem("excluded", _("自费与先行自付之和超过总费用")))
    if problems:
        raise Invalid(*problems)
    return levels[stay.level], categories[stay.category]


def _basic(in_scope: int, way: Way, year: Year, level: LevelItem, rule: LayersRule) -> Step:
    part = max(rule.repeat_floor, 100 - rule.repeat_percent * year.admissions)
    deductible = min(in_scope, share(fen(level.deductible), Fraction(part, 100)))
    percent = max(0, level.percent - rule.reduction.get(way, 0))
    earned = share(in_scope - deductible, Fraction(percent, 100))
    paid = min(earned, max(0, fen(rule.basic_cap) - year.basic))
    told = {"level": {"code": level.level, "zh": level.zh}, "deductible": deductible, "n": year.admissions + 1}
    why = [Reason("basic", {**told, "percent": percent})]
    if percent < level.percent:
        why.append(Reason("reduced", {"points": level.percent - percent}))
    if paid < earned:
        why.append(Reason("cap", {"cap": fen(rule.basic_cap)}))
    return Step(layer=Layer.BASIC, base=in_scope, deductible=deductible, paid=paid, why=tuple(why))


def _serious(own: int, year: Year, category: CategoryItem, rule: LayersRule) -> Step:
    """Of the whole year's own part, less what was paid for it before."""
    deductible, points = fen(rule.bands[0].above), 0
    if category.relief:
        deductible, points = share(deductible, Fraction(rule.relief_deductible_percent, 100)), rule.relief_points
    earned = max(0, _by_bands(year.own + own, deductible, points, rule) - year.serious)
    room = earned if category.relief else max(0, fen(rule.serious_cap) - year.serious)
    paid = min(earned, room, own)
    why = [Reason("serious", {"own": year.own + own, "deductible": deductible})]
    if points:
        why.append(Reason("relief", {"category": _whom(category), "points": points}))
    if paid < earned:
        why.append(Reason("cap", {"cap": fen(rule.serious_cap)}))
    return Step(layer=Layer.SERIOUS, base=year.own + own, deductible=deductible, paid=paid, why=tuple(why))


def _by_bands(own: int, deductible: int, points: int, rule: LayersRule) -> int:
    edges = [deductible, *(fen(band.above) for band in rule.bands[1:])]
    tops = [*edges[1:], max(own, edges[-1])]
    parts = [
        share(max(0, min(own, top) - edge), Fraction(min(100, band.percent + points), 100))
        for band, edge, top in zip(rule.bands, edges, tops, strict=True)
    ]
    return sum(parts)


def _aid(left: int, year: Year, category: CategoryItem) -> Step:
    if not category.aid_percent:
        none = Reason("no-aid", {"category": _whom(category)})
        return Step(layer=Layer.AID, base=left, deductible=0, paid=0, why=(none,))
    deductible = min(left, max(0, fen(category.aid_deductible) - year.aid_deductible))
    earned = share(left - deductible, Fraction(category.aid_percent, 100))
    limit = earned if category.aid_limit is None else max(0, fen(category.aid_limit) - year.aid)
    told = {"category": _whom(category), "left": left - deductible, "percent": category.aid_percent}
    why = [Reason("aid", told)]
    if limit < earned:
        why.append(Reason("aid-limit", {"cap": fen(category.aid_limit or 0)}))
    return Step(layer=Layer.AID, base=left, deductible=deductible, paid=min(earned, limit), why=tuple(why))


def _whom(category: CategoryItem) -> dict[str, str]:
    return {"code": category.category, "zh": category.zh}
