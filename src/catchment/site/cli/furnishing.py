"""What an invented county has to show: indicators computed, a year settled and cleared, the next one under way."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Annotated

import typer

from catchment.site.cli import running
from catchment.site.cli.output import CommandError

LEFT = timedelta(days=30)
SETS = ("national-2024", "referral", "chronic")
Report = Callable[[str, int, int], None]
Year = Annotated[int, typer.Option("--year", help="The year that is settled; the last whole one when left out.")]


def furnish(year: Year = 0) -> None:
    """Compute a synthetic county's indicators, settle a year and clear its budget, and bring the next one to today.

    What is done stays as it is. The latest stays are left to the desks.
    """
    running.ready()
    from django.utils import timezone

    from catchment.kernel import clock
    from catchment.twin import entitlements
    from catchment.twin.living import claimed

    if not entitlements.is_synthetic():
        raise CommandError("只用于合成县 · for a synthetic county only")
    today = timezone.localdate(clock.now())
    settled = year or today.year - 1
    from catchment.site.cli.twin import progress

    with progress() as report:
        _indicators(tuple(each for each in (settled, settled + 1) if each <= today.year), report)
        for each in (settled, settled + 1):
            _claims(each, today, report)
            _budget(each, today, report)
    if settled + 1 == today.year:
        claimed.leave_waiting(clock.now())


def _indicators(years: tuple[int, ...], report: Report) -> None:
    from catchment.kernel import clock
    from catchment.rooms.measures import actions
    from catchment.rooms.measures.models import Run
    from catchment.rooms.measures.rules import key_of
    from catchment.standards.measures.periods import period_of

    actor, wanted = running.operator("measures.compute"), [(name, str(year)) for year in years for name in SETS]
    for done, (name, period) in enumerate(wanted, 1):
        if not Run.objects.filter(key=key_of(name), period=period).exists():
            actions.compute_set(actor=actor, now=clock.now(), name=name, period=period_of(period))
        report("indicators", done, len(wanted))


def _claims(year: int, today: date, report: Report) -> None:
    from catchment.kernel import clock
    from catchment.rooms.claims import actions as claims
    from catchment.site.cli import budget_year
    from catchment.twin import entitlements

    until = min(date(year, 12, 31), (today - LEFT).replace(day=1) - timedelta(days=1))
    if until.year < year:
        return
    actor, now = running.operator("claims.work"), clock.now()
    claims.entitle(actor=actor, now=now, rows=entitlements.invented())

    def said(at: int, of: int) -> None:
        report(f"claims {year}", at, of)

    claims.make_year(actor=actor, now=now, year=year, until=until, progress=said)
    budget_year.pay_by_group(running.operator("claims.pay"), year, today, report)


def _budget(year: int, today: date, report: Report) -> None:
    from catchment.rooms.budget.queries import budgets
    from catchment.site.cli import budget, budget_year

    def said(_stage: str, at: int, of: int) -> None:
        report(f"budget {year}", at, of)

    for community in budgets.communities() if year <= today.year else []:
        budget_year.run(budget.done, community=community.code, year=year, place="local", today=today, report=said)
