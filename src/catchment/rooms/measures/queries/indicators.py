"""Indicators on the map: what the last runs found for the county's areas, period by period."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache

from django.utils import timezone
from django.utils.translation import get_language

from catchment.kernel.actor import Actor
from catchment.rooms.measures.models import Run, Value
from catchment.rooms.measures.queries.keeping import moment_of
from catchment.rooms.measures.queries.layers import Row
from catchment.rooms.measures.queries.values import title, values
from catchment.rooms.measures.rules import SETS, key_of, read_set
from catchment.rooms.measures.types import MeasureValue
from catchment.rooms.rulebook import queries as rulebook
from catchment.rooms.rulebook.types import EditionValue
from catchment.standards.measures.definition import Direction, Measure
from catchment.standards.measures.evaluating import Light, Status
from catchment.standards.measures.periods import period_of

PREFIX = "measure:"
AREAS = ("township", "village", "county")
HEADLINE = "national-2024"
_GRAINS = {"year": "year", "month": "month"}
_BETTER = {Direction.UP: "higher", Direction.DOWN: "lower"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """One measure that has values for townships, with its edition and the periods it was computed for."""

    set_name: str
    measure: Measure
    edition: EditionValue
    runs: tuple[tuple[str, int], ...]

    @property
    def code(self) -> str:
        return f"{PREFIX}{self.set_name}:{self.measure.code}"

    @property
    def title(self) -> str:
        return title(self.measure)

    @property
    def better(self) -> str:
        """Which way is good: `higher`, `lower`, or neither."""
        return _BETTER.get(self.measure.direction, "")

    @property
    def grains(self) -> tuple[str, ...]:
        """The grains for which there are values, years first."""
        kinds = {period_of(period).kind.value for period, _run in self.runs}
        return tuple(grain for grain in _GRAINS if grain in kinds)


def indicators() -> list[Indicator]:
    """Every measure with a value for a township in the newest run of a year or month, set by set."""
    newest = _newest_runs()
    held = _held(tuple(sorted(run for runs in newest.values() for run in runs.values())))
    found = []
    for name in SETS:
        runs = newest.get(key_of(name), {})
        if not runs:
            continue
        last = Run.objects.get(pk=max(runs.values()))
        edition = rulebook.edition(last.key, last.version)
        value = EditionValue(**{one: getattr(edition, one) for one in EditionValue.__dataclass_fields__})
        for measure in read_set(edition.content).measures:
            own = tuple(sorted((period, run) for period, run in runs.items() if (run, measure.code) in held))
            if own:
                found.append(Indicator(set_name=name, measure=measure, edition=value, runs=own))
    return [one for one in found if one.grains]


def rows_of(indicator: Indicator, grain: str) -> tuple[tuple[str, ...], dict[str, Row]]:
    """The periods of a grain, and for each area its numerators, denominators and values in that order."""
    runs = {period: run for period, run in indicator.runs if period_of(period).kind == grain}
    periods = tuple(sorted(runs))
    place = {runs[period]: number for number, period in enumerate(periods)}
    rows: dict[str, Row] = {}
    told = Value.objects.filter(run_id__in=place, code=indicator.measure.code, level__in=AREAS, status=Status.VALUED)
    for code, run, value, n, d in told.values_list("place", "run_id", "value", "numerator", "denominator"):
        row = rows.setdefault(code, {name: [None] * len(periods) for name in ("n", "d", "v")})
        for name, number in (("n", n), ("d", d)):
            row[name][place[run]] = (
                None if number is None else int(number) if number == int(number) else round(number, 1)
            )
        row["v"][place[run]] = None if value is None else round(value, indicator.measure.digits)
    return periods, rows


def last_day(indicator: Indicator, grain: str) -> date:
    """The end of the newest period of a grain."""
    return max(period_of(period).last for period, _run in indicator.runs if period_of(period).kind == grain)


def headline(actor: Actor, now: datetime, *, most: int = 5) -> list[MeasureValue]:
    """The county's values of the national set in its newest year, those with a light first; none without the right."""
    if not actor.may("measures.read-all"):
        return []
    told = [one for name, one in _newest_told(actor, now, "county", "") if name == HEADLINE]
    valued = [one for one in told if one.status == Status.VALUED and one.value is not None]
    order = {Light.RED: 0, Light.AMBER: 1, Light.GREEN: 2}
    return sorted(valued, key=lambda one: order.get(Light(one.light), 3))[:most]


def red(actor: Actor, now: datetime, level: str, place: str) -> list[tuple[str, MeasureValue]]:
    """The indicators of a county or township that miss their target in the newest year, each with its set's name."""
    if level not in {"county", "township"} or not actor.may("measures.read-all"):
        return []
    return [(name, one) for name, one in _newest_told(actor, now, level, place) if one.light == Light.RED]


def _newest_told(actor: Actor, now: datetime, level: str, place: str) -> tuple[tuple[str, MeasureValue], ...]:
    """Every set's values in its newest whole year; kept some minutes, while nothing new is computed."""
    years = {
        key.removeprefix("measures."): max(runs.items())
        for key, found in _newest_runs().items()
        if (runs := _whole_years(found, timezone.localdate(now)))
    }
    asker = replace(actor, request_id="")
    return _told(asker, moment_of(now), tuple(years.items()), level, place, get_language() or "")


def _whole_years(runs: dict[str, int], day: date) -> dict[str, int]:
    """The runs of years that are over; of those that run where there is no other."""
    years = {period: run for period, run in runs.items() if period_of(period).kind == "year"}
    return {period: run for period, run in years.items() if period_of(period).last < day} or years


@lru_cache(maxsize=256)
def _told(
    actor: Actor, _now: datetime, years: tuple[tuple[str, tuple[str, int]], ...], level: str, place: str, _language: str
) -> tuple[tuple[str, MeasureValue], ...]:
    return tuple(
        (name, one) for name, (period, _run) in years for one in values(actor, name, period, level, place=place)
    )


def last_run() -> int:
    """The number of the last run of any set; 0 before the first."""
    return Run.objects.order_by("-id").values_list("id", flat=True).first() or 0


def _newest_runs() -> dict[str, dict[str, int]]:
    """For each set the last run of each year and month."""
    found: dict[str, dict[str, int]] = {}
    for key, period, run in Run.objects.order_by("id").values_list("key", "period", "id"):
        if period_of(period).kind in _GRAINS:
            found.setdefault(key, {})[period] = run
    return found


@lru_cache(maxsize=4)
def _held(runs: tuple[int, ...]) -> frozenset[tuple[int, str]]:
    """Which measures each run has for townships. A run never changes, so this may be kept."""
    rows = Value.objects.filter(run_id__in=runs, level="township", status=Status.VALUED)
    return frozenset(rows.values_list("run_id", "code").distinct())
