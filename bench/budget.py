"""A year's budget from the draft to the clearance, and computed again: `python -m bench.budget HOME`.

Everything happens in one transaction that is taken back, so that it can be measured again. The floor is one plain sum over
the same encounters; the baseline runs before and after.
"""

import json
import os
import resource
import sys
import time
from datetime import date

FLOOR = """select count(*), sum((cost_parts ->> 'fund')::bigint) from record_encounter
    where status = 'finished' and at >= %s and at < %s"""


def main() -> None:
    """Print one JSON object: seconds of each stage, of the floor, and the ratio of both."""
    os.environ["CATCHMENT_HOME"] = sys.argv[1]
    from catchment.site.cli import running

    running.ready()
    from django.db import transaction

    from catchment.rooms.people.models import Person

    year = date.today().year - 1  # noqa: DTZ011 the last full year of a county built lately
    before, events = floor(year)
    with transaction.atomic():
        stages = stages_of(year)
        transaction.set_rollback(True)
    after, _events = floor(year)
    seconds = (before + after) / 2
    whole = sum(stages.values())
    row = {"residents": Person.objects.count(), "events of the year": events, "floor s": round(seconds, 3)}
    row |= {f"{name} s": round(value, 2) for name, value in stages.items()}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(row | {"peak MB": round(peak), "whole ÷ floor": round(whole / seconds, 1)}, ensure_ascii=False))


def floor(year: int) -> tuple[float, int]:
    """One sum over a year of the record: seconds, and how many events it read."""
    from django.db import connection

    with connection.cursor() as cursor:
        began = time.perf_counter()
        cursor.execute(FLOOR, [date(year, 1, 1), date(year + 1, 1, 1)])
        events = cursor.fetchone()[0]
    return time.perf_counter() - began, events


def stages_of(year: int) -> dict[str, float]:
    """Seconds of making, of the year with its clearance, and of computing all twelve months again."""
    from catchment.kernel import clock
    from catchment.rooms.budget.actions import agreeing
    from catchment.rooms.budget.queries import budgets
    from catchment.rooms.budget.queries.replay import replay_year
    from catchment.site.cli import budget_year, running

    actor = running.operator("budget.settle", "budget.sign", "budget.decide")

    def act(action, **given):
        return action(actor=actor, now=clock.now(), **given)

    community, times, began = budgets.communities()[0].code, {}, time.perf_counter()

    def said(stage: str) -> None:
        nonlocal began
        times[stage], began = time.perf_counter() - began, time.perf_counter()

    act(agreeing.make_budget, community=community, year=year)
    said("make")
    over = date(year + 1, 1, 1)
    budget_year.run(act, community=community, year=year, place="local", today=over, report=lambda *_: None)
    said("year")
    budget = budgets.live(community, year)
    assert all(check.same for checks in replay_year(budget).values() for check in checks)
    said("replay")
    return times


if __name__ == "__main__":
    main()
