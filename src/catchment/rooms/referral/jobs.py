"""What runs by itself for referrals."""

from procrastinate.contrib.django import app

from catchment.kernel import clock, wall
from catchment.kernel.actor import system
from catchment.rooms.referral import actions


@app.periodic(cron="* * * * *")  # type: ignore[untyped-decorator]
@app.task(queueing_lock="referral-clocks", pass_context=False)  # type: ignore[untyped-decorator]
def run_referral_clocks(timestamp: int) -> dict[str, int]:
    """Once a minute: escalate, expire, note who did not come. `timestamp` is the minute it stands for."""
    del timestamp
    now = clock.now()
    with wall.acting("referral-clocks", at=now):
        return actions.run_clocks(actor=system("referral-clocks", "referral.clock"), now=now)
