"""Opening cases for those whose band asks for something, and following the risk afterwards, both ways."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Count
from django.utils import timezone

from catchment.kernel import audit, flow
from catchment.kernel.actor import Actor
from catchment.kernel.flow import Outcome, Step
from catchment.rooms.board.types import Holder
from catchment.rooms.people.models import Person
from catchment.rooms.places.models import Facility
from catchment.rooms.places.types import Level
from catchment.rooms.screening.actions.keeping import BATCH, Stands
from catchment.rooms.screening.actions.stepping import due_of, put_duty, take_step
from catchment.rooms.screening.models import Case, PlanAction
from catchment.rooms.screening.rules import CASE, Programme, ProgrammesRule
from catchment.rooms.screening.rules.programmes import BandRule
from catchment.rooms.screening.types import DROPPED_STATES, OPEN_STATES, Account, State, Status
from catchment.rooms.staff import queries as staff
from catchment.rooms.staff.models import CareResponsibility, Post

Newest = Mapping[str, Stands]
_BEFORE_RESULT = frozenset({State.FOUND, State.INFORMED, State.REACHED, *DROPPED_STATES})


@dataclass(frozen=True, slots=True)
class Alarm:
    """A person's gravest band in one programme: its rank (0 the gravest), its rule, the assessment behind it."""

    person_id: int
    rank: int
    rule: BandRule
    assessment: Stands


@dataclass(slots=True)
class Standing:
    """What is known of the people at hand before cases are opened."""

    ended: dict[tuple[int, str], datetime]
    posts: dict[int, Post]
    facilities: dict[int, Facility]
    waiting: dict[tuple[int, str], int] = field(default_factory=lambda: defaultdict(int))


def follow(
    *,
    actor: Actor,
    now: datetime,
    rule: ProgrammesRule,
    programmes: Iterable[Programme],
    newest: Mapping[int, Newest],
) -> Account:
    """Open, raise, lower or end cases by what stands for each person. Called inside a transaction."""
    done, fresh = Account(), list[tuple[Programme, list[Alarm]]]()
    cases = Case.objects.filter(person_id__in=list(newest), ended_at__isnull=True)
    live = {(one.person_id, one.programme): one for one in cases}
    for programme in programmes:
        alarms = {person: _gravest(programme, person, known) for person, known in newest.items()}
        for person, alarm in alarms.items():
            if (case := live.get((person, programme.code))) is not None:
                _follow_one(actor, now, programme, case, alarm, newest[person], done)
        found = [alarm for person, alarm in alarms.items() if alarm and (person, programme.code) not in live]
        fresh += [(programme, found)] if found else []
    if fresh:
        standing = _standing(
            {alarm.person_id for _programme, found in fresh for alarm in found}, timezone.localdate(now)
        )
        for programme, found in fresh:
            _open_some(actor, now, rule, programme, found, standing, done)
    return done


def _gravest(programme: Programme, person_id: int, known: Newest) -> Alarm | None:
    found = []
    for model in programme.models:
        one = known.get(model)
        acting = programme.acting(model, one.band) if one is not None and one.status == Status.ASSESSED else None
        if one is not None and acting is not None:
            found.append(Alarm(person_id, *acting, one))
    return min(found, key=lambda alarm: alarm.rank, default=None)


def _follow_one(
    actor: Actor,
    now: datetime,
    programme: Programme,
    case: Case,
    alarm: Alarm | None,
    known: Newest,
    done: Account,
) -> None:
    if alarm is None:
        if case.state in _BEFORE_RESULT and _is_settled(programme, known):
            _move(actor, now, case, "lapse", known.get(case.model))
            done.lapsed += 1
        return
    before = programme.acting(case.model, case.band)
    rank = before[0] if before else len(programme.bands)
    if (case.model, case.band) != (alarm.rule.model, alarm.rule.band):
        _move(actor, now, case, "raise" if alarm.rank < rank else "lower", alarm.assessment, alarm)
        done.updated += 1
    elif case.assessment_id != alarm.assessment.pk:
        Case.objects.filter(pk=case.pk).update(assessment_id=alarm.assessment.pk)


def _is_settled(programme: Programme, known: Newest) -> bool:
    """Whether the models that can ask for action all say that they do not; one that lacks a value says nothing."""
    acting = {one.model for one in programme.bands}
    said = [known[model].status for model in acting if model in known]
    return bool(said) and not any(status in {Status.MISSING, Status.REJECTED} for status in said)


def _move(
    actor: Actor, now: datetime, case: Case, verb: str, assessment: Stands | None, alarm: Alarm | None = None
) -> None:
    def effects(row: Case, step: Step) -> Outcome:
        detail = {"from_band": row.band, "from_model": row.model}
        if assessment is not None:
            row.assessment_id = assessment.pk
        if alarm is not None:
            row.model, row.band, row.priority = alarm.rule.model, alarm.rule.band, alarm.rule.priority
            detail |= {"band": row.band, "model": row.model}
        due = None if step.target == State.LAPSED else row.due_at
        return Outcome(due_at=due, overdue_since=row.overdue_since, escalation=row.escalation, detail=detail)

    take_step(actor=actor, now=now, case_id=case.pk, verb=verb, effects=effects)


def _open_some(
    actor: Actor,
    now: datetime,
    rule: ProgrammesRule,
    programme: Programme,
    alarms: list[Alarm],
    standing: Standing,
    done: Account,
) -> None:
    """The gravest first, as many as each facility can be given at a time."""
    chosen: list[tuple[Alarm, Holder]] = []
    for alarm in sorted(alarms, key=lambda one: (one.rank, one.assessment.assessed_at, one.person_id)):
        ended = standing.ended.get((alarm.person_id, programme.code))
        if ended is not None and ended > now - timedelta(days=programme.interval_days):
            continue
        holder = _holder(programme, alarm.person_id, standing)
        if holder is None:
            continue
        place = holder.facility_id, programme.code
        if programme.most_open and standing.waiting[place] >= programme.most_open:
            continue
        standing.waiting[place] += 1
        chosen.append((alarm, holder))
    open_cases(actor=actor, now=now, rule=rule, programme=programme, chosen=chosen)
    done.opened += len(chosen)


def open_cases(
    *,
    actor: Actor,
    now: datetime,
    rule: ProgrammesRule,
    programme: Programme,
    chosen: list[tuple[Alarm, Holder]],
) -> None:
    """Open a case of each with its plan, and put it on the board of who acts."""
    due = due_of(rule, State.FOUND, now)
    cases = [_case(programme, alarm, holder, now, due) for alarm, holder in chosen]
    Case.objects.bulk_create(cases, batch_size=BATCH)
    opened = [(case, alarm) for case, (alarm, _holder) in zip(cases, chosen, strict=True)]
    plans = [action for case, alarm in opened for action in _plan(case, alarm, timezone.localdate(now))]
    PlanAction.objects.bulk_create(plans, batch_size=BATCH)
    details = [{"band": case.band, "model": case.model} for case in cases]
    flow.begin_many(CASE, cases, verb="open", actor=actor, now=now, details=details)
    for case, detail in zip(cases, details, strict=True):
        subject = (CASE.kind, case.pk)
        audit.record(
            actor=actor, event="screening.open", at=now, person_id=case.person_id, subject=subject, detail=detail
        )
        put_duty(now=now, case=case)


def _case(programme: Programme, alarm: Alarm, holder: Holder, now: datetime, due: datetime | None) -> Case:
    return Case(
        person_id=alarm.person_id,
        programme=programme.code,
        model=alarm.rule.model,
        band=alarm.rule.band,
        priority=alarm.rule.priority,
        assessment_id=alarm.assessment.pk,
        facility_id=holder.facility_id,
        post_id=holder.post_id,
        message=programme.message,
        state=State.FOUND.value,
        state_since=now,
        due_at=due,
        opened_at=now,
    )


def _plan(case: Case, alarm: Alarm, day: date) -> Iterator[PlanAction]:
    for place, one in enumerate(alarm.rule.plan):
        yield PlanAction(case=case, place=place, code=one.code, text=one.zh, due_on=day + timedelta(days=one.days))


def _standing(people: Collection[int], day: date) -> Standing:
    ended = Case.objects.filter(person_id__in=people, ended_at__isnull=False).values_list(
        "person_id", "programme", "ended_at"
    )
    held = CareResponsibility.objects.filter(staff.answering_on(day), person_id__in=people)
    posts = held.select_related("post__facility__parent")
    homes = Person.objects.filter(pk__in=people, primary_facility__isnull=False).select_related(
        "primary_facility__parent"
    )
    standing = Standing(
        ended={},
        posts={one.person_id: one.post for one in posts},
        facilities={one.pk: one.primary_facility for one in homes if one.primary_facility is not None},
    )
    for person, programme, at in ended.order_by("ended_at"):
        if at is not None:
            standing.ended[person, programme] = at
    standing.waiting.update(_waiting())
    return standing


def _waiting() -> dict[tuple[int, str], int]:
    """How many cases of each programme every facility has under way."""
    rows = Case.objects.filter(state__in=[state.value for state in OPEN_STATES]).values_list("facility_id", "programme")
    return {(facility, programme): n for facility, programme, n in rows.annotate(n=Count("id"))}


def _holder(programme: Programme, person_id: int, standing: Standing) -> Holder | None:
    """Who acts for the person in this programme; `None` for whom nobody answers."""
    post = standing.posts.get(person_id)
    home = post.facility if post else standing.facilities.get(person_id)
    if home is None:
        return None
    if programme.acts == "centre" and home.level == Level.VILLAGE and home.parent_id is not None:
        return Holder(facility_id=home.parent_id)
    return Holder(facility_id=home.pk, post_id=post.pk if post and programme.acts == "doctor" else None)
