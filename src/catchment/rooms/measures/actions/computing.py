"""Computing a set for a period and keeping what came out."""

import time
from collections.abc import Collection
from contextlib import suppress
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from catchment.kernel import audit, lake
from catchment.kernel.actor import Actor
from catchment.kernel.errors import Invalid, Problem
from catchment.rooms.measures.models import Run, Value
from catchment.rooms.measures.queries.computing import Computed, Progress, Setting, compute, places_of
from catchment.rooms.measures.queries.figures import Figures
from catchment.rooms.measures.queries.values import edition_of
from catchment.rooms.measures.rules import SETS, read_set
from catchment.rooms.rulebook import queries as rulebook
from catchment.standards.measures.definition import MeasureSet
from catchment.standards.measures.periods import Period, period_of


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
    engine as `ANALYTICS_URL` does. Raises `EngineError` where there is no lake, `Invalid` for a period that has not
    begun.
    """
    actor.require("measures.compute")
    _require_begun(period, now)
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


def ask_for_set(*, actor: Actor, now: datetime, name: str, period: Period) -> None:
    """Put a set and a period before the background work; asked again while it waits, it is done once."""
    actor.require("measures.compute")
    _require_begun(period, now)
    edition, _content = edition_of(name, min(period.last, now.date()))
    with transaction.atomic():
        detail = {"set": edition.key, "period": period.code}
        audit.record(actor=actor, event="measures.ask", at=now, detail=detail)
        task = app.configure_task("measures.compute", queueing_lock=f"measures {name} {period.code}")
        with suppress(AlreadyEnqueued), transaction.atomic():
            task.defer(name=name, period=period.code)


def compute_usual(*, actor: Actor, now: datetime, names: Collection[str] = tuple(SETS)) -> int:
    """Compute sets for the periods that are looked at daily; gives the number of runs.

    This month and the last, this quarter, this year, and the twelve months to the last month. What this actor computed
    before for the same period by the same edition is let go, so that nights do not pile up; the audit remembers it.
    """
    today = timezone.localdate(now)
    month = period_of(f"{today:%Y-%m}")
    quarter = period_of(f"{today.year}Q{(today.month - 1) // 3 + 1}")
    rolling = period_of(f"{month.before().code}-12m")
    wanted = [month.before(), month, quarter, rolling, period_of(str(today.year))]
    for name in names:
        for period in wanted:
            run = compute_set(actor=actor, now=now, name=name, period=period)
            same = Run.objects.filter(key=run.key, period=run.period, version=run.version, computed_by=actor.name)
            same.exclude(pk=run.pk).delete()
    return len(names) * len(wanted)


def _require_begun(period: Period, now: datetime) -> None:
    if period.first > timezone.localdate(now):
        told = _("%(period)s 还没有开始；可选今天（%(today)s）所在或更早的周期")
        raise Invalid(Problem("period", told % {"period": period.code, "today": timezone.localdate(now)}))


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
