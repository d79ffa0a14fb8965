"""Case mix: how heavy the cases are, how much they cost and how long they stay against the county's own average."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum

from catchment.rooms.claims.models import CasePayment, Claim
from catchment.rooms.claims.rules import Worth
from catchment.rooms.claims.types import Kind, State

BY = {"facility": "facility__name", "department": "department", "doctor": "practitioner__name"}
GROUPED = "ok"


@dataclass(slots=True)
class CaseMix:
    """The figures of one facility, department or doctor. Indices compare with all cases of the period, 1 is average.

    `cmi` is weight a case over cases whose group has a weight; `cost_index` and `days_index` are means over groups of
    own mean by all's mean, weighted by cases. `None` where there is nothing to divide by.
    """

    name: str
    cases: int = 0
    grouped: int = 0
    weighted: int = 0
    weight: Decimal = Decimal(0)
    total: int = 0
    days: int = 0
    groups: set[str] = field(default_factory=set)
    cost_expected: float = 0.0
    days_expected: float = 0.0
    compared: int = 0

    @property
    def cmi(self) -> float | None:
        return round(float(self.weight) / self.weighted, 3) if self.weighted else None

    @property
    def cost_index(self) -> float | None:
        return round(self.cost_expected / self.compared, 2) if self.compared else None

    @property
    def days_index(self) -> float | None:
        return round(self.days_expected / self.compared, 2) if self.compared else None

    @property
    def mean_cost(self) -> int:
        """Fen a case."""
        return self.total // self.cases if self.cases else 0

    @property
    def mean_days(self) -> float | None:
        return round(self.days / self.cases, 1) if self.cases else None

    @property
    def grouped_percent(self) -> float | None:
        return round(100 * self.grouped / self.cases, 1) if self.cases else None


@dataclass(frozen=True, slots=True)
class GroupLine:
    """One group: how many cases, its weight, mean cost in fen and mean days, here and everywhere."""

    group: str
    cases: int
    weight: Decimal | None
    mean_cost: int
    mean_days: float
    all_cost: int
    all_days: float


def case_mix(since: date, until: date, *, by: str, facility_id: int | None = None) -> list[CaseMix]:
    """The figures by facility, department or doctor of stays that ended in the days; the first line is all together.

    Checked and settled stays count. Most cases first.
    """
    everything = _stays(since, until)
    means = _means(everything)
    rows = everything if facility_id is None else everything.filter(facility_id=facility_id)
    lines: dict[str, CaseMix] = {}
    together = CaseMix("")
    for row in _summed(rows, BY[by]):
        for line in (lines.setdefault(row["unit"] or "", CaseMix(row["unit"] or "")), together):
            _add(line, row, means)
    return [together, *sorted(lines.values(), key=lambda one: (-one.cases, one.name))]


def groups_of(since: date, until: date, *, facility_id: int | None = None, limit: int = 60) -> list[GroupLine]:
    """The groups that were treated, the most frequent first."""
    everything = _stays(since, until).filter(grouped=GROUPED)
    means = _means(everything)
    rows = everything if facility_id is None else everything.filter(facility_id=facility_id)
    found = (
        rows.values("drg", "weight").annotate(n=Count("pk"), cost=Sum("total"), stay=Sum("days")).order_by("-n", "drg")
    )
    return [
        GroupLine(
            row["drg"], row["n"], row["weight"], row["cost"] // row["n"], round(row["stay"] / row["n"], 1),
            int(means[row["drg"]][0]), round(means[row["drg"]][1], 1),
        )
        for row in found[:limit]
    ]  # fmt: skip


def special_cases(since: date, until: date, *, facility_id: int | None = None, limit: int = 100) -> list[CasePayment]:
    """Cases of statements that were no ordinary ones: outliers, excluded, ungrouped; the dearest first."""
    rows = CasePayment.objects.filter(claim__ends_on__range=(since, until), statement__kind="monthly").exclude(
        worth__in=(Worth.NORMAL, Worth.RECOVERED)
    )
    if facility_id is not None:
        rows = rows.filter(claim__facility_id=facility_id)
    return list(rows.select_related("claim__facility").order_by("-claim__total")[:limit])


def usual_of(group: str, until: date) -> tuple[int, int, float] | None:
    """Cases, mean cost in fen and mean days of a group over the year before the day; `None` when nobody had it."""
    rows = _stays(until.replace(year=until.year - 1, day=min(until.day, 28)), until).filter(drg=group)
    found = rows.aggregate(n=Count("pk"), cost=Sum("total"), stay=Sum("days"))
    return (found["n"], found["cost"] // found["n"], round(found["stay"] / found["n"], 1)) if found["n"] else None


def _stays(since: date, until: date) -> QuerySet[Claim]:
    return Claim.objects.filter(
        Q(state=State.CHECKED) | Q(state=State.SETTLED), kind=Kind.INPATIENT, ends_on__range=(since, until)
    )


def _means(rows: QuerySet[Claim]) -> dict[str, tuple[float, float]]:
    summed = rows.filter(grouped=GROUPED).values_list("drg").annotate(Count("pk"), Sum("total"), Sum("days"))
    return {group: (cost / n, days / n) for group, n, cost, days in summed}


def _summed(rows: QuerySet[Claim], unit: str) -> Iterable[dict[str, Any]]:
    named: Any = rows.values("drg", "grouped", "weight", unit=F(unit))
    return named.annotate(n=Count("pk"), cost=Sum("total"), stay=Sum("days"))  # type: ignore[no-any-return]


def _add(line: CaseMix, row: dict[str, Any], means: dict[str, tuple[float, float]]) -> None:
    count = row["n"]
    line.cases, line.total, line.days = line.cases + count, line.total + row["cost"], line.days + row["stay"]
    if row["grouped"] != GROUPED:
        return
    line.grouped += count
    line.groups.add(row["drg"])
    if row["weight"] is not None:
        line.weighted, line.weight = line.weighted + count, line.weight + row["weight"] * count
    cost, days = means[row["drg"]]
    line.compared += count
    line.cost_expected += row["cost"] / cost if cost else count
    line.days_expected += row["stay"] / days if days else count
