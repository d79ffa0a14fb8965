"""What an invented county has to show: its indicators computed, a year's stays settled, a year's budget cleared."""

from collections.abc import Callable
from typing import Annotated

import typer

from catchment.site.cli import running
from catchment.site.cli.output import CommandError

SETS = ("national-2024", "referral", "chronic")
Year = Annotated[int, typer.Option("--year", help="The year that is settled; the last whole one when left out.")]


def furnish(year: Year = 0) -> None:
    """Compute a synthetic county's indicators, settle a year's stays, run its budget. What is done stays as it is."""
    running.ready()
    from catchment.kernel import clock
    from catchment.twin import entitlements

    if not entitlements.is_synthetic():
        raise CommandError("只用于合成县 · for a synthetic county only")
    settled = year or clock.now().year - 1
    from catchment.site.cli.twin import progress

    with progress() as report:
        _indicators((settled, settled + 1), report)
        _claims(settled, report)
        _budget(settled, report)


def _indicators(years: tuple[int, ...], report: Callable[[str, int, int], None]) -> None:
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


def _claims(year: int, report: Callable[[str, int, int], None]) -> None:
    from catchment.kernel import clock
    from catchment.rooms.claims import actions as claims
    from catchment.twin import entitlements

    actor, now = running.operator("claims.work"), clock.now()
    claims.entitle(actor=actor, now=now, rows=entitlements.invented())
    claims.make_year(
        actor=actor, now=now, year=year, outpatients=False, progress=lambda at, of: report("claims", at, of)
    )


def _budget(year: int, report: Callable[[str, int, int], None]) -> None:
    from catchment.rooms.budget.queries import budgets
    from catchment.site.cli import budget, budget_year

    for community in budgets.communities():
        budget_year.run(budget.done, community=community.code, year=year, place="local", report=report)
