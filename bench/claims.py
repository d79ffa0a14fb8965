"""A year's claims and the ledger's own speed: `python -m bench.claims`, `--people 3000` for a small county.

A county of 30,000 people has about 115,000 claims a year: `CATCHMENT_HOME=... python -m bench.claims --people 30000`. What
`python -m bench claims` measures: a county of 5,000 for the growth, then one of 30,000, with the ledger's postings.

Settling is measured beside the pure reckoning of the same claims (no database), posting beside bare inserts of the same rows.
"""

import argparse
import json
import resource
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import date
from multiprocessing import get_context

YEARS, WRITERS, ENTRIES, AT_ONCE = (2025, 2024, 2023), (1, 8), 4000, 200


def main() -> None:
    """Print one JSON array: claims a second of a whole year, ledger postings a second by writers, each with a baseline."""
    options = argparse.ArgumentParser()
    options.add_argument("--people", type=int, default=20_000)
    options.add_argument("--stays-only", action="store_true")
    options.add_argument("--without-postings", action="store_true")
    given = options.parse_args()
    ready(given.people)
    settled = claims(outpatients=not given.stays_only)
    sys.stdout.write(json.dumps([settled, *([] if given.without_postings else postings())]))


def ready(people: int) -> None:
    """A county of its own in this home, where there is none."""
    from catchment.site.cli import running

    running.ready()
    from catchment.rooms.people.models import Person
    from catchment.twin.loading import build_county

    if not Person.objects.exists():
        build_county(people=people, seed=7, today=date(2026, 1, 31), report=lambda *_told: None)


def claims(*, outpatients: bool) -> dict:
    """Encounters to posted settlements, and the same claims through the pure rules alone."""
    from catchment.kernel import clock
    from catchment.kernel.actor import system
    from catchment.rooms.claims import actions, queries
    from catchment.twin import entitlements

    actor, now = system("bench", "claims.work"), clock.now()
    actions.entitle(actor=actor, now=now, rows=entitlements.invented())
    year = next((one for one in YEARS if queries.unclaimed(one, outpatients=outpatients, limit=1)), None)
    if year is None:
        raise SystemExit("every year of this home has its claims; give CATCHMENT_HOME a new folder")
    began = time.perf_counter()
    made = actions.make_year(actor=actor, now=now, year=year, outpatients=outpatients)
    seconds, peak = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {
        "what": "claims of a year settled", "count": made.settled, "writers": 1, "seconds": round(seconds),
        "peak_mb": peak, **beside(made.settled / seconds, reckoned()),
    }  # fmt: skip


def beside(kept: float, baseline: float) -> dict:
    """Both speeds, and how many times the floor's time is needed."""
    return {
        "per_second": round(kept), "baseline_per_second": round(baseline), "times_the_floor": round(baseline / kept, 1),
    }  # fmt: skip


def reckoned() -> float:
    """Claims a second through the layers alone, in memory."""
    from catchment.rooms.claims import queries
    from catchment.rooms.claims.models import Claim
    from catchment.rooms.claims.types import Year

    rows, books = list(Claim.objects.filter(state="settled")[:20_000]), queries.Books()
    began = time.perf_counter()
    for one in rows:
        queries.reckon_claim(one, Year(), books)
    return len(rows) / (time.perf_counter() - began)


def postings() -> list[dict]:
    """Balanced entries of four lines by one and by eight writers at once, beside inserts without triggers."""
    rows, run = [], int(time.time())
    for writers in WRITERS:
        with untriggered():
            baseline = spread(writers, f"b{run}-{writers}")
        kept, count = spread(writers, f"k{run}-{writers}"), ENTRIES // writers * writers * 4
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
        rows.append(
            {
                "what": "ledger postings", "count": count, "writers": writers, "seconds": round(count / kept),
                "peak_mb": peak, **beside(kept, baseline),
            }
        )  # fmt: skip
    return rows


def spread(writers: int, name: str) -> float:
    """Postings a second; the processes have started before the clock does."""
    with ProcessPoolExecutor(writers, get_context("spawn")) as pool:
        list(pool.map(started, range(writers)))
        began = time.perf_counter()
        done = sum(pool.map(posted, [(f"{name}-{at}", ENTRIES // writers) for at in range(writers)]))
        return done / (time.perf_counter() - began)


def started(_at: int) -> None:
    from catchment.site.cli import running

    running.connect()
    time.sleep(1)


def posted(asked: tuple[str, int]) -> int:
    """Entries in transactions of two hundred; the number of postings written."""
    from catchment.site.cli import running

    running.connect()
    from catchment.kernel import clock
    from catchment.kernel.actor import system
    from catchment.rooms.ledger import actions
    from catchment.rooms.ledger.types import Entry, Line, Owner, OwnerKind

    name, entries = asked
    actor, now = system("bench", "ledger.post"), clock.now()
    owners = [(Owner(kind=OwnerKind.ORGANIZATION, code=name), purpose) for purpose in ("a", "b", "c", "d")]
    keys = list(actions.open_accounts(actor=actor, now=now, wanted=owners).values())
    lines = tuple(Line(account_id=key, amount=amount) for key, amount in zip(keys, (300, -100, -150, -50), strict=True))
    for start in range(0, entries, AT_ONCE):
        batch = [
            Entry(kind="bench", booked_on=now.date(), lines=lines, source=(name, f"{at}"))
            for at in range(start, min(entries, start + AT_ONCE))
        ]
        actions.post_many(actor=actor, now=now, entries=batch)
    return entries * len(lines)


@contextmanager
def untriggered():
    """The same inserts while the ledger's triggers on balance and order are off."""
    from django.db import connection

    def switch(word: str) -> None:
        with connection.cursor() as cursor:
            for table, trigger in (("ledger_posting", "ledger_same_moment"), ("ledger_posting", "ledger_balance"),
                                   ("ledger_transaction", "ledger_balance")):  # fmt: skip
                cursor.execute(f"alter table {table} {word} trigger {trigger}")

    switch("disable")
    try:
        yield
    finally:
        switch("enable")


if __name__ == "__main__":
    main()
