"""Screening the county block by block, writing only what has changed; and a few people as soon as it is asked."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import date, datetime
from math import ceil
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catchment.kernel import audit, lake
from catchment.kernel.actor import Actor
from catchment.kernel.errors import Invalid, Problem
from catchment.rooms.people.models import Person
from catchment.rooms.screening import queries
from catchment.rooms.screening.actions import turns
from catchment.rooms.screening.actions.cases import follow
from catchment.rooms.screening.actions.keeping import keep
from catchment.rooms.screening.models import Run
from catchment.rooms.screening.queries.assessing import KEYS, Answer, Asker, Plan, ask_few, plan_on
from catchment.rooms.screening.types import Account, Block, Status

BLOCK = 25_000
"""People of one block: what is held in memory at a time, and what is lost when a run is stopped."""
Report = Callable[[int, int], None]


def run_programmes(
    *, actor: Actor, now: datetime, programme: str = "", engine: str = "", report: Report = lambda _done, _of: None
) -> tuple[Run, Account]:
    """Assess everybody of the day's programmes, or of one, and open, follow or end cases.

    A run that was stopped goes on where it stopped, under the same rules and on the same day; one that is finished may
    be run again and writes only what differs. `Invalid` for a programme that is not known.
    """
    actor.require("screening.run")
    day = timezone.localdate(now)
    known = queries.programmes_on(day)
    if programme and known.programme(programme) is None:
        told = {"code": programme, "names": "、".join(one.code for one in known.programmes)}
        raise Invalid(Problem("programme", _("没有这个筛查项目：%(code)s；有：%(names)s") % told))
    plan, total = plan_on(day, programme), Account()
    run = _begin(day, programme, plan, now)
    total.add(Account(**run.counts))
    with lake.engine(engine) as found:
        asker, read_at = Asker(plan, found.engine), _read_at(found)
        for block in _blocks(run.blocks)[run.done :]:
            total.add(_run_block(actor, now, run, asker, day, block, read_at))
            report(run.done, run.blocks)
    _finish(actor, now, run, read_at)
    return run, total


def reassess(*, actor: Actor, now: datetime, person_ids: Iterable[int]) -> Account:
    """Assess some people anew by every programme, in PostgreSQL, and follow what comes of it."""
    day = timezone.localdate(now)
    with transaction.atomic():
        rows = Person.objects.filter(pk__in=list(person_ids), merged_into__isnull=True, deceased_on__isnull=True)
        known = dict(rows.values_list("person_key", "pk"))
        if not known:
            return Account()
        keys = list(known)
        turns.take_turn(keys)
        read_at = turns.moment()
        plan, answer = ask_few(day, keys)
        turns.note_facts(known.values(), read_at)
        return _keep(actor, now, plan, answer, day)


def _begin(day: date, programme: str, plan: Plan, now: datetime) -> Run:
    blocks = max(1, ceil(Person.objects.filter(merged_into__isnull=True).count() / BLOCK))
    run = Run.objects.filter(day=day, programme=programme).first()
    if run is not None and run.finished_at is None and run.rules == plan.rules:
        return run
    fresh = {"rules": plan.rules, "blocks": blocks, "done": 0, "counts": {}, "started_at": now, "finished_at": None}
    return Run.objects.update_or_create(day=day, programme=programme, defaults=fresh)[0]


def _blocks(count: int) -> list[Block]:
    edges = [KEYS * number // count for number in range(count + 1)]
    return [Block(number=n, low=edges[n], high=edges[n + 1]) for n in range(count)]


def _read_at(found: Any) -> datetime:
    """The moment whose facts an engine holds; everything recorded before it is among them."""
    return datetime.fromisoformat(found.as_of) if found.as_of else turns.moment()


def _run_block(
    actor: Actor, now: datetime, run: Run, asker: Asker, day: date, block: Block, read_at: datetime
) -> Account:
    """One block: asked first, then kept in one transaction with the account of the run."""
    answer = asker.ask(day, block)
    with transaction.atomic():
        keys = answer.people["person_key"].to_list()
        turns.take_turn(keys)
        newer = turns.newer_than(read_at, keys)
        done = _keep(actor, now, asker.plan, answer.without(newer), day)
        done.newer = len(newer)
        counts = Account(**run.counts)
        counts.add(done)
        run.counts, run.done = asdict(counts), block.number + 1
        run.save(update_fields=["counts", "done"])
    return done


def _keep(actor: Actor, now: datetime, plan: Plan, answer: Answer, day: date) -> Account:
    """Keep what was found, then follow the cases of these people."""
    said = Counter(answer.found["status"])
    done = Account(
        people=len(answer.people),
        assessed=said[Status.ASSESSED],
        missing=said[Status.MISSING] + said[Status.REJECTED],
        elsewhere=said[Status.NOT_APPLICABLE] + said[Status.OUT_OF_POPULATION],
    )
    models = [model.model for model in plan.models]
    kept = keep(found=answer.found, keys=answer.people["person_key"], models=models, rules=plan.rules, now=now)
    done.changed = kept.changed
    rule = queries.programmes_on(day)
    done.add(follow(actor=actor, now=now, rule=rule, programmes=plan.programmes, newest=kept.newest))
    return done


def _finish(actor: Actor, now: datetime, run: Run, read_at: datetime) -> None:
    with transaction.atomic():
        turns.forget_until(read_at)
        run.finished_at = now
        run.save(update_fields=["finished_at"])
        audit.record(actor=actor, event="screening.run", at=now, subject=("screening-run", run.pk), detail=run.counts)
    with connection.cursor() as cursor:
        cursor.execute("analyze screening_assessment")
