"""What runs by itself for the whole house."""

from django.utils import timezone
from procrastinate.contrib.django import app

from catchment.kernel import clock, idempotency, proof, wall
from catchment.kernel.lake import manifest, refreshing
from catchment.rooms.measures.queries import atlas


@app.periodic(cron="* * * * *")  # type: ignore[untyped-decorator]
@app.task(queueing_lock="audit-seal", pass_context=False)  # type: ignore[untyped-decorator]
def seal_audit(timestamp: int) -> str | None:
    """Once a minute, which `timestamp` names: note outside the database where the audit's chain stands."""
    del timestamp
    return proof.seal(clock.now())


@app.periodic(cron="17 * * * *")  # type: ignore[untyped-decorator]
@app.task(queueing_lock="expire-answers", pass_context=False)  # type: ignore[untyped-decorator]
def expire_answers(timestamp: int) -> int:
    """Once an hour: forget the answers that were kept for repeated requests."""
    del timestamp
    return idempotency.expire()


@app.periodic(cron="*/15 * * * *")  # type: ignore[untyped-decorator]
@app.task(queueing_lock="lake-refresh", lock="lake-refresh", pass_context=False)  # type: ignore[untyped-decorator]
def refresh_lake(timestamp: int) -> str:
    """Every quarter of an hour: bring the lake up to the database, where a first refresh has made one, and keep beside
    it what the map shows.
    """
    del timestamp
    now = clock.now()
    with wall.acting("lake", at=now):
        if manifest.current() is None:
            with refreshing.reading() as moment:
                pass
            refreshing.forget(moment.mark)
            return ""
        try:
            done = refreshing.refresh()
        except refreshing.Busy:
            return ""
        atlas.keep_answers(timezone.localdate(now))
        return done.as_of
