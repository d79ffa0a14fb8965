"""Computing a set for a period and keeping what came out."""

import time
from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from catchment.kernel import audit, lake
from catchment.kernel.actor import Actor
from catchment.rooms.measures.models import Run, Value
from catchment.rooms.measures.queries.computing import Computed, Progress, Setting, compute, places_of
from catchment.rooms.measures.queries.figures import Figures
from catchment.rooms.measures.queries.values import edition_of
from catchment.rooms.measures.rules import read_set
from catchment.rooms.rulebook import queries as rulebook
from catchment.standards.measures.definition import MeasureSet
from catchment.standards.measures.periods import Period


def compute_set(
    *,
    actor: Actor,
    now: datetime,
    name: str,
    period: Period,
    version: str = "",
    only: Collection[str] = (),
    url: str = "",
    progress: Progress = lambda _done, _of: None,
) -> Run:
    """Compute every indicator of a set (or `only` some) over the lake and keep the values, by the edition in force at
    the period's end.

    A `version` computes by that edition instead, so that an old value can be had again and compared. `url` picks the
    engine as `ANALYTICS_URL` does. Raises `EngineError` where there is no lake.
    """
    actor.require("measures.compute")
    edition, content = edition_of(name, min(period.last, now.date()))
    if version:
        content = read_set(rulebook.edition(edition.key, version).content)
    began = time.perf_counter()
    with lake.engine(url) as opened:
        setting = Setting(lake=opened, period=period, figures=Figures(content.figure_by_code), places=places_of(opened))
        found = compute(content, setting, only, progress)
        run = Run(
            key=edition.key,
            version=version or edition.version,
            period=period.code,
            first_day=period.first,
            as_of=opened.as_of,
            engine=opened.name,
            computed_at=now,
            computed_by=actor.name,
            seconds=round(time.perf_counter() - began, 3),
        )
    return _keep(actor, now, run, found, content)


def _keep(actor: Actor, now: datetime, run: Run, found: list[Computed], content: MeasureSet) -> Run:
    with transaction.atomic():
        run.save()
        Value.objects.bulk_create([_row(run, one) for one in found], batch_size=2000)
        detail = {
            "set": run.key, "version": run.version, "period": run.period, "values": len(found),
            "measures": len(content.measures),
        }  # fmt: skip
        audit.record(actor=actor, event="measures.compute", at=now, subject=("measures-run", run.pk), detail=detail)
    return run


def _row(run: Run, one: Computed) -> Value:
    return Value(
        run=run,
        code=one.code,
        level=one.level,
        place=one.place,
        value=one.value,
        numerator=one.numerator,
        denominator=one.denominator,
        parts=one.parts,
        status=one.status,
        missing=one.missing,
        by_figures=one.by_figures,
    )
