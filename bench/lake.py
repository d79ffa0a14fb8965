"""The lake filled and brought forward by a day: `python -m bench.lake HOME`, beside COPY of the same rows to nowhere."""

import json
import os
import resource
import sys
import time
from datetime import timedelta

DAY = 2000
"""Observations written at most in the day that is brought forward, one a visit."""


def main() -> None:
    """Print one JSON object."""
    os.environ["CATCHMENT_HOME"] = sys.argv[1]
    from catchment.site.cli import running

    running.ready()
    from catchment.kernel import clock, wall
    from catchment.kernel.lake import checking, refreshing

    with wall.acting("lake", at=clock.now()):
        floor = copied()
        before = peak()
        full = timed(lambda: refreshing.refresh(full=True))
        after_full = peak()
    written = live_a_day()
    with wall.acting("lake", at=clock.now()):
        increment = timed(refreshing.refresh)
        after_day = peak()
        nothing = timed(refreshing.refresh)
        checked = timed(checking.check)
    assert checked[1].sound
    rows = sum(full[1].rows.values())
    print(
        json.dumps(
            {
                "residents": full[1].rows["people"], "rows": rows, "copy_seconds": round(floor, 1),
                "full_seconds": round(full[0], 1), "ratio": round(full[0] / floor, 2),
                "rows_per_second": round(rows / full[0]), "day_statements": written,
                "day_seconds": round(increment[0], 1), "day_rows_written": sum(increment[1].rows.values()),
                "nothing_seconds": round(nothing[0], 2), "check_seconds": round(checked[0], 1),
                "peak_mb_before": before, "peak_mb_full": after_full, "peak_mb_day": after_day, "peak_mb_check": peak(),
                "lake_mb": megabytes(),
                "slowest": [
                    {"table": name, "rows": full[1].rows[name], "seconds": seconds}
                    for name, seconds in sorted(full[1].seconds.items(), key=lambda one: -one[1])[:5]
                ],
            }
        )
    )  # fmt: skip


def copied() -> float:
    """Seconds to COPY every published table out as CSV and let it go."""
    from django.db import connection

    from catchment.kernel.lake import refreshing
    from catchment.kernel.lake.tables import tables

    began = time.perf_counter()
    with refreshing.reading(), connection.connection.cursor() as cursor:
        for name in tables():
            with cursor.copy(f"copy (select * from facts.{name}) to stdout (format csv)") as stream:
                for _block in stream:
                    pass
    return time.perf_counter() - began


def live_a_day() -> int:
    """One observation for each of some residents on the day after the last, each in a transaction of its own."""
    from catchment.kernel import clock
    from catchment.rooms.people.models import Person
    from catchment.rooms.record.models import Encounter, Observation, Source

    source, now = Source.objects.first(), clock.now() + timedelta(days=1)
    people = list(Person.objects.filter(merged_into__isnull=True, deceased_on__isnull=True)[:DAY])
    for person in people:
        base = {
            "person": person,
            "facility_id": person.primary_facility_id,
            "source": source,
            "at": now,
            "recorded_at": now,
        }
        visit = Encounter.objects.create(**base, klass="AMB", status="finished")
        Observation.objects.create(**base, encounter=visit, status="final", code="2339-0", display="血糖", value=5.4)
    return 2 * len(people)


def timed(work):
    """Seconds, and what the work gave."""
    began = time.perf_counter()
    given = work()
    return time.perf_counter() - began, given


def peak() -> int:
    """This process's peak resident memory in MB; the database server's is not in it."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def megabytes() -> float:
    """What the lake takes on disk."""
    from catchment.kernel.lake import manifest

    state = manifest.current()
    return round(sum(path.stat().st_size for name in state.tables for path in state.files(name)) / 1e6, 1)


if __name__ == "__main__":
    main()
