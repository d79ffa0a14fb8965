"""Screening on the map: who is assessed and who is found at high risk, by village, and a county's funnel."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Final

import orjson
import polars as pl
from django.db import connection
from django.utils.translation import get_language

from catchment.kernel import wall
from catchment.kernel.actor import Actor
from catchment.rooms.measures.queries.keeping import kept, moment_of
from catchment.rooms.measures.queries.layers import Row
from catchment.rooms.places.models import Area
from catchment.rooms.places.types import Level
from catchment.rooms.screening import queries as screening
from catchment.rooms.screening.models import Run
from catchment.rooms.screening.rules import Programme
from catchment.rooms.screening.types import Stage, Status

SYSTEM = "screening-statistics"
STAGES = ("eligible", "assessed", "found", "informed", "tested", "confirmed", "enrolled")
Counts = dict[str, tuple[int, int, int]]
"""For each area: whom the programme is for, whose assessment holds, who is at high risk."""
_AREA: Final = ("pk", "code", "level", "parent_id")
_LEVELS: Final = (Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE)
_COUNTED: Final = {"programme": pl.String, "area": pl.Int64, "whole": pl.Int64, "done": pl.Int64, "high": pl.Int64}
_COUNT: Final = f"""
    select w.programme, p.area_id, count(*), count(*) filter (where w.done), count(*) filter (where w.high)
    from (
        select a.person_id, m.programme,
            coalesce(bool_or(m.acts and a.status = '{Status.ASSESSED}'
                and (a.rests_on is null or a.rests_on > m.after)), false) as done,
            coalesce(bool_or(b.band is not null and a.status = '{Status.ASSESSED}'), false) as high
        from screening_assessment a
        join jsonb_to_recordset(%s::jsonb) m(programme text, model text, acts boolean, after date) on m.model = a.model
        left join jsonb_to_recordset(%s::jsonb) b(programme text, model text, band text)
            on b.programme = m.programme and b.model = a.model and b.band = a.band
        where a.newest and a.digest <> ''
        group by a.person_id, m.programme
    ) w join people_person p on p.id = w.person_id
    where p.area_id is not null
    group by w.programme, p.area_id
"""  # noqa: S608 constants only


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
    """Those whose assessment is not older than the programme's interval, of those the programme is for."""
    counts = _counts_of(run).get(programme.code, {})
    return {code: {"n": [done], "d": [whole]} for code, (whole, done, _high) in counts.items()}


def at_high_risk(programme: Programme, run: Run) -> dict[str, Row]:
    """Those in a band that asks for action, of those the programme is for."""
    counts = _counts_of(run).get(programme.code, {})
    return {code: {"n": [high], "d": [whole]} for code, (whole, _done, high) in counts.items()}


def keep_counts() -> None:
    """Count what the map shows of the last run, so that nobody waits for it; nothing before the first run."""
    run = last_run()
    if run is not None:
        _counts_of(run)


def funnels(actor: Actor, now: datetime, day: date, *, most: int = 6) -> list[FunnelLine]:
    """The county's funnel of each programme, the one with most people found first."""
    if not actor.may("screening.statistics-all") or not programmes(day):
        return []
    run = last_run()
    found = _overview(replace(actor, request_id=""), moment_of(now), run.pk if run else 0)
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


def mark_of(run: Run | None) -> str:
    """Changes with every run; a run of the same day again keeps its number."""
    return f"{run.pk} {run.finished_at}" if run else ""


def _counts_of(run: Run) -> dict[str, Counts]:
    return _counted(programmes(run.day), run.day, mark_of(run))


@lru_cache(maxsize=2)
def _counted(known: tuple[Programme, ...], day: date, mark: str) -> dict[str, Counts]:
    """Every programme's counts as they were when they were first asked for after the run, kept beside the lake."""
    told = orjson.dumps([mark, [one.model_dump(mode="json") for one in known]])
    frame = kept("screened", told, lambda: {"counts": _asked(known, day)})["counts"]
    found: dict[str, dict[int, tuple[int, int, int]]] = {one.code: {} for one in known}
    for programme, area, whole, done, high in frame.iter_rows():
        found[programme][area] = (whole, done, high)
    return {programme: _summed(counts) for programme, counts in found.items()}


def _asked(known: tuple[Programme, ...], day: date) -> pl.DataFrame:
    """All programmes in one pass over the newest assessments: `programme`, `area`, `whole`, `done`, `high`."""
    models = [
        {"programme": one.code, "model": model, "acts": model in acting, "after": f"{one.holds_after(day)}"}
        for one in known
        for acting in [one.acting_models()]
        for model in one.models
    ]
    bands = [{"programme": one.code, "model": rule.model, "band": rule.band} for one in known for rule in one.bands]
    with wall.acting(SYSTEM), connection.cursor() as cursor:
        cursor.execute(_COUNT, [orjson.dumps(models).decode(), orjson.dumps(bands).decode()])
        rows = cursor.fetchall()
    return pl.DataFrame(rows, schema=_COUNTED, orient="row")


def _summed(counts: Mapping[int, tuple[int, int, int]]) -> Counts:
    """The same for the areas above: a village counts in its township and its county."""
    areas = {pk: (code, level, above) for pk, code, level, above in Area.objects.values_list(*_AREA)}
    found: Counts = {}
    for number, own in counts.items():
        here: int | None = number
        while here is not None:
            code, level, here = areas[here]
            if level in _LEVELS:
                whole, done, high = (a + b for a, b in zip(found.get(code, (0, 0, 0)), own, strict=True))
                found[code] = (whole, done, high)
    return found
