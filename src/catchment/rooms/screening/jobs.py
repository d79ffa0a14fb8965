"""What runs by itself for screening."""

from contextlib import suppress
from datetime import datetime
from threading import Thread
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from catchment.kernel import clock, wall
from catchment.kernel.actor import Actor, system
from catchment.kernel.errors import NotFound
from catchment.rooms.screening import actions
from catchment.rooms.screening.queries.assessing import ask_few

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


def make_ready(sessions: int) -> Thread:
    """Begin to get so many sessions of the pool ready, beside all other work.

    Each is held until the others are ready too, so that the pool gives everyone its own.
    """
    beside = Thread(target=_make_ready, args=(sessions,), daemon=True, name="screening-ready")
    beside.start()
    return beside


def ready(now: datetime) -> None:
    """Compile what `reassess_people` asks and have this session plan it, by asking about nobody.

    A session plans a statement once, which takes seconds that the first person would wait. Nothing where no edition is.
    """
    with wall.acting("screening", at=now), transaction.atomic(), suppress(NotFound):
        ask_few(timezone.localdate(now), [])


def _make_ready(sessions: int) -> None:
    try:
        ready(clock.now())
        if sessions > 1:
            make_ready(sessions - 1).join()
    finally:
        connection.close()


def reassess_soon(*, person_ids: Any, **_facts: Any) -> None:
    """When facts about people are recorded: assess them anew once the transaction has been committed."""
    chosen = sorted(set(person_ids))
    for at in range(0, len(chosen), MOST):
        reassess_people.defer(person_ids=chosen[at : at + MOST])
