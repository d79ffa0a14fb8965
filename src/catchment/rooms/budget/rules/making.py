"""Making a budget: from history or heads to one sum, each step told. Pure; every sum exact to the fen."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from django.utils.translation import gettext as _

from catchment.kernel.errors import Invalid, Problem
from catchment.rooms.budget.rules.editions import ModelRule, Rate, percent
from catchment.rooms.budget.types import Category, Cell, Heads, Line, Made, YearSpend
from catchment.standards.money import fen, share, split, yuan
from catchment.standards.reasons import Reason

Parts = dict[Category, int]
FULL = 12
PACKAGES = ("contract", "public-health")


def make(rule: ModelRule, history: Sequence[YearSpend], now: Heads, before: Heads, carried: int = 0) -> Made:
    """The budget of a year from what was spent before and who is insured now and was a year earlier.

    `carried` is what the community still owes of earlier overruns. `Invalid` when a category goes by history and no
    full year is known, or nothing is left.
    """
    lines: list[Line] = []
    parts = _base(rule, history, now, lines)
    _growth(rule, history, parts, lines)
    _people(rule, now, before, parts, lines)
    _changes(rule, parts, lines)
    _flows(rule, parts, lines)
    reserve = _reserve(rule, parts, lines)
    packages, premium = _packages(rule, now, carried, lines)
    made = {**{category.value: amount for category, amount in parts.items()}, **packages}
    total = sum(made.values())
    if total <= 0:
        raise Invalid(Problem("total", _("预算为 %s 元，不能成立：请检查参保人数与各项标准") % yuan(total)))
    return Made(lines=tuple(lines), parts=made, total=total, reserve=reserve, premium=premium)


def weighted(history: Sequence[YearSpend], weights: Sequence[int], category: Category) -> int:
    """The mean of the last full years by weights, last year first; fewer years share the weights they have."""
    known = [(one.fund.get(category, 0), weight) for one, weight in zip(history, weights, strict=False)]
    whole = sum(weight for _spent, weight in known)
    return share(sum(spent * weight for spent, weight in known), Fraction(1, whole)) if whole else 0


def full_years(history: Iterable[YearSpend], most: int) -> list[YearSpend]:
    """The years of which every month is known, last one first."""
    full = [one for one in history if one.months == FULL]
    return sorted(full, key=lambda one: -one.year)[:most]


def risk_index(heads: Heads, rule: ModelRule, *, ages: bool) -> Fraction:
    """What a head costs on average beside the youngest without chronic disease: by age, or by chronic disease."""
    if not heads.total:
        return Fraction(1)
    weigh = _age_weight if ages else _chronic_weight
    return sum((weigh(cell, rule) * cell.heads for cell in heads.cells), Fraction(0)) / heads.total


def rated(cells: Iterable[Cell], rates: Iterable[Rate]) -> int:
    """Heads times rates in fen; a head is counted at the first rate that fits, and not at all where none does."""
    rates = list(rates)
    return sum(cell.heads * next((fen(rate.yuan) for rate in rates if _fits(cell, rate)), 0) for cell in cells)


def months_of(total: int) -> list[int]:
    """The twelve months' parts of a year, which sum to it exactly."""
    return split(total, [1] * FULL)


def _base(rule: ModelRule, history: Sequence[YearSpend], now: Heads, lines: list[Line]) -> Parts:
    full = full_years(history, len(rule.weights))
    parts: Parts = {}
    for category in Category:
        if rule.method[category] == "per-head":
            parts[category] = rated(now.cells, [rate for rate in rule.rates if rate.category is category])
            why: tuple[Reason, ...] = (Reason("per-head", {"n": now.total}),)
            tag = rule.tag("rates")
        else:
            parts[category], why = _history(rule, full, category)
            tag = rule.tag("weights")
        lines.append(_line("base", category, 0, None, parts[category], tag, *why))
    return parts


def _history(
    rule: ModelRule, full: Sequence[YearSpend], category: Category
) -> tuple[int, tuple[Reason, ...]]:  # fmt: skip
    if not full:
        raise Invalid(Problem("history", _("没有一个完整年度的支出：请先上传前三年数据，再编制预算")))
    adjusted = [_without(one, rule, category) for one in full]
    told = [
        Reason("year", {"year": one.year, "spent": one.fund[category], "weight": weight})
        for one, weight in zip(adjusted, rule.weights, strict=False)
    ]
    fewer = [Reason("fewer-years", {"n": len(full)})] if len(full) < len(rule.weights) else []
    return weighted(adjusted, rule.weights, category), (*told, *fewer)


def _without(one: YearSpend, rule: ModelRule, category: Category) -> YearSpend:
    out = sum(fen(x.yuan) for x in rule.exclusions if x.year == one.year and x.category is category)
    return YearSpend(year=one.year, fund={category: max(0, one.fund.get(category, 0) - out)})


def _growth(rule: ModelRule, history: Sequence[YearSpend], parts: Parts, lines: list[Line]) -> None:
    full, cap = full_years(history, len(rule.weights)), percent(rule.growth_cap_percent)
    seen = Fraction(full[0].total, full[1].total) - 1 if len(full) > 1 and full[1].total else None
    rise = min(max(seen, Fraction(0)), cap) if seen is not None else Fraction(0)
    why = Reason("no-growth")
    if seen is not None:
        told = {"seen": _points(seen), "cap_percent": str(rule.growth_cap_percent), "rise": _points(rise)}
        why = Reason("growth", told)
    _all("growth", 1 + rise, why, rule, rule.tag("growth_cap_percent"), parts, lines)


def _people(rule: ModelRule, now: Heads, before: Heads, parts: Parts, lines: list[Line]) -> None:
    more = Fraction(now.total, before.total) if before.total else Fraction(1)
    why = Reason("population", {"before": before.total, "now": now.total})
    _all("population", more, why, rule, "local", parts, lines)
    older = risk_index(now, rule, ages=True) / risk_index(before, rule, ages=True)
    _all("ageing", older, Reason("ageing", {"times": _times(older)}), rule, rule.tag("ages"), parts, lines)
    sicker = risk_index(now, rule, ages=False) / risk_index(before, rule, ages=False)
    told = {"before": before.chronic, "now": now.chronic, "weight": str(rule.chronic_weight)}
    _all("spectrum", sicker, Reason("spectrum", told), rule, rule.tag("chronic_weight"), parts, lines)


def _all(
    code: str, factor: Fraction, why: Reason, rule: ModelRule, tag: str, parts: Parts, lines: list[Line]
) -> None:  # fmt: skip
    """Times one factor what goes by history; heads counted one by one need no such correction."""
    for category in Category:
        if rule.method[category] == "history":
            before = parts[category]
            parts[category] = share(before, factor)
            lines.append(_line(code, category, before, factor, parts[category], tag, why))


def _changes(rule: ModelRule, parts: Parts, lines: list[Line]) -> None:
    for change in rule.changes:
        before, factor = parts[change.category], 1 + percent(change.percent)
        parts[change.category] = share(before, factor)
        why, tag = Reason("change", {"name": change.name}), rule.tag("changes")
        lines.append(_line("policy", change.category, before, factor, parts[change.category], tag, why))


def _flows(rule: ModelRule, parts: Parts, lines: list[Line]) -> None:
    """What is expected to come home leaves the budget for stays outside and enters the county's at its price."""
    home, price = percent(rule.return_percent), percent(rule.return_price_percent)
    outside, inside = parts[Category.INPATIENT_OUT], parts[Category.INPATIENT_IN]
    moved = share(outside, home)
    parts[Category.INPATIENT_OUT], parts[Category.INPATIENT_IN] = outside - moved, inside + share(moved, price)
    why = Reason("flow", {"home": str(rule.return_percent), "price": str(rule.return_price_percent)})
    tag = rule.tag("return_percent")
    for category, before in ((Category.INPATIENT_OUT, outside), (Category.INPATIENT_IN, inside)):
        lines.append(_line("flow", category, before, None, parts[category], tag, why))


def _reserve(rule: ModelRule, parts: Parts, lines: list[Line]) -> int:
    held = percent(rule.reserve_percent)
    why, tag = Reason("reserve", {"percent": str(rule.reserve_percent)}), rule.tag("reserve_percent")
    whole = sum(parts.values())
    for category in Category:
        before = parts[category]
        parts[category] = share(before, 1 - held)
        lines.append(_line("reserve", category, before, 1 - held, parts[category], tag, why))
    return whole - sum(parts.values())


def _packages(rule: ModelRule, now: Heads, carried: int, lines: list[Line]) -> tuple[dict[str, int], int]:
    contract = now.contracted * fen(rule.contract_yuan)
    premium = now.total * fen(rule.premium_yuan)
    health = now.total * fen(rule.public_health_yuan)
    told = (
        ("contract", contract, now.contracted, rule.contract_yuan, "contract_yuan"),
        ("premium", -premium, now.total, rule.premium_yuan, "premium_yuan"),
        ("public-health", health, now.total, rule.public_health_yuan, "public_health_yuan"),
    )
    packages: dict[str, int] = {}
    for code, amount, n, each, field in told:
        if amount:
            packages[code] = amount
            lines.append(_line(code, "", 0, None, amount, rule.tag(field), Reason(code, {"n": n, "each": fen(each)})))
    if carried:
        packages["carried"] = -carried
        lines.append(_line("carried", "", 0, None, -carried, "local", Reason("carried")))
    return packages, premium


def _line(
    code: str, category: str, before: int, factor: Fraction | None, after: int, tag: str, *why: Reason
) -> Line:  # fmt: skip
    return Line(code=code, category=str(category), before=before, factor=factor, after=after, why=why, tag=tag)


def _age_weight(cell: Cell, rule: ModelRule) -> Fraction:
    return Fraction([band.weight for band in rule.ages if band.from_age <= cell.from_age][-1])


def _chronic_weight(cell: Cell, rule: ModelRule) -> Fraction:
    return Fraction(rule.chronic_weight) if cell.chronic else Fraction(1)


def _fits(cell: Cell, rate: Rate) -> bool:
    return (
        rate.from_age <= cell.from_age < rate.below_age
        and rate.insurance in {"", cell.insurance}
        and rate.chronic in {None, cell.chronic}
    )


def _points(ratio: Fraction) -> str:
    return f"{float(ratio * 100):.2f}"


def _times(ratio: Fraction) -> str:
    return f"{float(ratio):.4f}"


def summed(lines: Iterable[Line]) -> list[tuple[str, int, int]]:
    """The waterfall: each kind of step once, in order, with what it changed and the running sum after it."""
    changes: dict[str, int] = {}
    for line in lines:
        changes[line.code] = changes.get(line.code, 0) + line.change
    running, told = 0, []
    for code, change in changes.items():
        running += change
        told.append((code, change, running))
    return told


def paid_in_full(parts: Mapping[str, int]) -> int:
    """The packages that are paid whatever care costs: contracts and public health."""
    return sum(parts.get(name, 0) for name in PACKAGES)
