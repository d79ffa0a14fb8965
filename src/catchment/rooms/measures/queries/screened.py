"""Screening on the map: who is assessed and who is found at high risk, by village, and a county's funnel."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache

from django.db.models import Count, Q
from django.utils.translation import get_language

from catchment.kernel import wall
from catchment.kernel.actor import Actor
from catchment.rooms.measures.queries.layers import Row
from catchment.rooms.places.models import Area
from catchment.rooms.places.types import Level
from catchment.rooms.screening import queries as screening
from catchment.rooms.screening.models import Assessment, Run
from catchment.rooms.screening.rules import Programme
from catchment.rooms.screening.types import Stage, Status

SYSTEM = "screening-statistics"
FRESH_MINUTES = 5
STAGES = ("eligible", "assessed", "found", "informed", "tested", "confirmed", "enrolled")
Counts = dict[str, tuple[int, int, int]]
"""For each area: whom the programme is for, who is assessed, who is at high risk."""


@dataclass(frozen=True, slots=True)
class FunnelLine:
    """One programme's funnel: its stages as they may be told, each with its share of the widest in per cent."""

    name: str
    stages: tuple[tuple[Stage, int], ...]


def programmes(day: date) -> tuple[Programme, ...]:
    """The programmes of which anybody was assessed; none before the first run."""
    return screening.programmes_on(day).programmes if Run.objects.filter(finished_at__isnull=False).exists() else ()


def name_of(programme: Programme) -> str:
    """The programme's name in the reader's language."""
    return programme.en if get_language() == "en" else programme.zh


def last_run() -> Run | None:
    """The last run over the county that was finished."""
    return Run.objects.filter(finished_at__isnull=False).order_by("-id").first()


def assessed(programme: Programme, run: Run) -> dict[str, Row]:
    """Those assessed, of those the programme is for."""
    return {code: {"n": [done], "d": [whole]} for code, (whole, done, _high) in _counted(programme, run.pk).items()}


def at_high_risk(programme: Programme, run: Run) -> dict[str, Row]:
    """Those in a band that asks for action, of those the programme is for."""
    return {code: {"n": [high], "d": [whole]} for code, (whole, _done, high) in _counted(programme, run.pk).items()}


def funnels(actor: Actor, now: datetime, day: date, *, most: int = 6) -> list[FunnelLine]:
    """The county's funnel of each programme, the one with most people found first."""
    if not actor.may("screening.statistics-all") or not programmes(day):
        return []
    run = last_run()
    moment = now.replace(minute=now.minute - now.minute % FRESH_MINUTES, second=0, microsecond=0)
    found = _overview(replace(actor, request_id=""), moment, run.pk if run else 0)
    ranked = sorted(found, key=lambda pair: -pair[1]["found"].count)
    return [FunnelLine(name_of(one), _shares(stages)) for one, stages in ranked[:most] if stages["eligible"].count]


@lru_cache(maxsize=32)
def _overview(actor: Actor, now: datetime, _run: int) -> list[tuple[Programme, dict[str, Stage]]]:
    """Kept for some minutes: the whole county is counted."""
    with wall.acting(SYSTEM):
        return screening.overview(actor, now)


def _shares(stages: dict[str, Stage]) -> tuple[tuple[Stage, int], ...]:
    widest = max(stages[code].count for code in STAGES)
    return tuple((stages[code], round(100 * stages[code].count / widest)) for code in STAGES)


@lru_cache(maxsize=64)
def _counted(programme: Programme, _run: int) -> Counts:
    bands = Q()
    for one in programme.bands:
        bands |= Q(model=one.model, band=one.band)
    acting = Q(status=Status.ASSESSED, model__in={one.model for one in programme.bands})
    with wall.acting(SYSTEM):
        rows = Assessment.objects.filter(newest=True, model__in=programme.models).exclude(digest="")
        counted = rows.values_list("person__area_id").annotate(
            whole=Count("person_id", distinct=True),
            done=Count("person_id", distinct=True, filter=acting),
            high=Count("person_id", distinct=True, filter=acting & bands),
        )
        return _summed({area: (whole, done, high) for area, whole, done, high in counted if area})


def _summed(counts: dict[int, tuple[int, int, int]]) -> Counts:
    """The same for the areas above: a village counts in its township and its county."""
    areas = Area.objects.filter(pk__in=counts).select_related("parent__parent").defer("boundary", "parent__boundary")
    found: Counts = {}
    for area in areas:
        above = [area, area.parent, area.parent.parent if area.parent else None]
        for one in above:
            if one is not None and one.level in {Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE}:
                known = found.get(one.code, (0, 0, 0))
                whole, done, high = (a + b for a, b in zip(known, counts[area.pk], strict=True))
                found[one.code] = (whole, done, high)
    return found
