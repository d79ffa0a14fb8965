"""What runs by itself for screening."""

from typing import Any

from procrastinate.contrib.django import app

from catchment.kernel import clock, wall
from catchment.kernel.actor import Actor, system
from catchment.rooms.screening import actions

MOST = 200
"""People of one job."""


def _screening() -> Actor:
    return system("screening", "screening.run", "screening.clock")


@app.periodic(cron="*/10 * * * *")  # type: ignore[untyped-decorator]
@app.task(queueing_lock="screening-clocks", pass_context=False)  # type: ignore[untyped-decorator]
def run_screening_clocks(timestamp: int) -> int:
    """Every ten minutes, which `timestamp` names: hand on what nobody moves."""
    del timestamp
    now = clock.now()
    with wall.acting("screening", at=now):
        return actions.run_clocks(actor=_screening(), now=now)


@app.task(pass_context=False)  # type: ignore[untyped-decorator]
def reassess_people(person_ids: list[int]) -> int:
    """Assess these people anew; how many assessments have changed."""
    now = clock.now()
    with wall.acting("screening", at=now):
        return actions.reassess(actor=_screening(), now=now, person_ids=person_ids).changed


def reassess_soon(*, person_ids: Any, **_facts: Any) -> None:
    """When facts about people are recorded: assess them anew once the transaction has been committed."""
    chosen = sorted(set(person_ids))
    for at in range(0, len(chosen), MOST):
        reassess_people.defer(person_ids=chosen[at : at + MOST])
