"""What runs by itself for staff."""

from procrastinate.contrib.django import app

from catchment.kernel import clock, wall
from catchment.kernel.actor import system
from catchment.rooms.staff import actions


@app.periodic(cron="3 * * * *")  # type: ignore[untyped-decorator]
@app.task(queueing_lock="lapsed-contracts", pass_context=False)  # type: ignore[untyped-decorator]
def end_lapsed_contracts(timestamp: int) -> int:
    """Once an hour, which `timestamp` names: close the contracts whose last day is over."""
    del timestamp
    now = clock.now()
    with wall.acting("contracts", at=now):
        return actions.end_lapsed(actor=system("contracts", "responsibility.lapse"), now=now)
