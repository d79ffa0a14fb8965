"""What runs by itself for indicators."""

from procrastinate.contrib.django import app

from catchment.kernel import clock, wall
from catchment.kernel.actor import system
from catchment.rooms.measures import actions
from catchment.standards.measures.periods import period_of

NAME = "measures"


@app.task(name="measures.compute", queueing_lock=None, pass_context=False)  # type: ignore[untyped-decorator]
def compute(name: str, period: str) -> int:
    """Compute one set for one period, as somebody asked on a page; gives the run's number."""
    now = clock.now()
    with wall.acting(NAME, at=now):
        return actions.compute_set(
            actor=system(NAME, "measures.compute"), now=now, name=name, period=period_of(period)
        ).pk


@app.periodic(cron="40 3 * * *")  # type: ignore[untyped-decorator]
@app.task(queueing_lock="measures-nightly", pass_context=False)  # type: ignore[untyped-decorator]
def compute_nightly(timestamp: int) -> int:
    """Every night, which `timestamp` names: this month, the last, the quarter, the year, twelve months."""
    del timestamp
    now = clock.now()
    with wall.acting(NAME, at=now):
        return actions.compute_usual(actor=system(NAME, "measures.compute"), now=now)
