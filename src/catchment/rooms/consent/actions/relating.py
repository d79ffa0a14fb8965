"""Beginning, ending and judging a right to see."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from catchment.kernel import audit, events
from catchment.kernel.actor import Actor
from catchment.kernel.errors import Invalid, NotAllowed, Problem, Refusal
from catchment.rooms.consent import queries
from catchment.rooms.consent.models import Relation
from catchment.rooms.consent.rules import why_not_ended
from catchment.rooms.consent.types import RelationKind, Verdict
from catchment.rooms.people import queries as people

SHORTEST_REASON = 6


def attend_person(*, actor: Actor, now: datetime, person_id: int, number: str) -> Relation:
    """The person stands here and has shown a card or told the phone number; opens the record for the day.

    `number` is a whole number of any register, or the phone. Raises `Invalid` when it is not this person's.
    """
    actor.require("consent.attend")
    if not people.holds_number(person_id, number):
        audit.record(actor=actor, event="relation.refused", at=now, person_id=person_id, detail={"kind": "presence"})
        raise Invalid(Problem("number", _("号码与这位居民不符，请核对证件，或扫码重试")))
    until = now + timedelta(hours=queries.terms_on(now.date()).presence_hours)
    return _begin(actor, now, person_id, RelationKind.PRESENCE, until)


def break_glass(*, actor: Actor, now: datetime, person_id: int, reason: str) -> Relation:
    """Open the record at once, for this post alone and a limited time, sensitive parts included.

    The person is told and the privacy officer judges it. Raises `Invalid` without a reason in words.
    """
    actor.require("consent.break-glass")
    if len(reason.strip()) < SHORTEST_REASON:
        raise Invalid(Problem("reason", _("请写明紧急情况，至少六个字；本次调阅将告知本人并由隐私专员复核")))
    if actor.post_id is None:
        raise NotAllowed("no-post", _("当前没有以岗位办理"))
    until = now + timedelta(minutes=queries.terms_on(now.date()).break_glass_minutes)
    with transaction.atomic():
        relation = _begin(actor, now, person_id, RelationKind.BREAK_GLASS, until, reason.strip(), explicit=True)
        events.publish("consent.glass-broken", actor=actor, now=now, relation=relation)
        return relation


def consent_given(*, actor: Actor, now: datetime, person_id: int, until: datetime, note: str) -> Relation:
    """The person has agreed, before a witness of the post, that this facility sees sensitive parts until then."""
    actor.require("consent.attend")
    if not note.strip():
        raise Invalid(Problem("note", _("请写明同意书编号或见证人")))
    if until <= now:
        raise Invalid(Problem("until", _("截止时间应晚于现在")))
    return _begin(actor, now, person_id, RelationKind.CONSENT, until, note.strip(), explicit=True)


def begin_for_registered(*, actor: Actor, now: datetime, person_id: int) -> None:
    """Who registers a person has them standing there: the record is open to the facility for the day."""
    if actor.facility_id is None:
        return
    until = now + timedelta(hours=queries.terms_on(now.date()).presence_hours)
    _begin(actor, now, person_id, RelationKind.PRESENCE, until)


def end_relation(*, actor: Actor, now: datetime, relation_id: int) -> Relation:
    """End a relation of the actor's own facility before its time; `Refusal` for a look in an emergency."""
    actor.require("consent.attend")
    with transaction.atomic():
        relation = queries.relation(relation_id)
        if relation.facility_id != actor.facility_id:
            raise NotAllowed("side", why_not_ended(relation.kind, own=False))
        if relation.kind == RelationKind.BREAK_GLASS:
            raise Refusal("emergency", why_not_ended(relation.kind, own=True))
        relation.until = max(relation.since, min(relation.until, now))
        relation.save(update_fields=["until"])
        _note(actor, now, relation, "relation.end")
        return relation


def judge(*, actor: Actor, now: datetime, relation_id: int, verdict: Verdict, judgement: str) -> Relation:
    """Judge a look in an emergency; an unjustified one needs words and ends at once."""
    actor.require("consent.judge")
    if verdict is Verdict.UNJUSTIFIED and not judgement.strip():
        raise Invalid(Problem("judgement", _("认定为不当调阅时，请写明理由")))
    with transaction.atomic():
        relation = queries.relation(relation_id)
        if relation.verdict:
            raise Refusal("judged", _("这次调阅已复核"))
        relation.verdict, relation.judged_at, relation.judged_by = verdict, now, actor.name
        relation.judgement = judgement.strip()
        if verdict is Verdict.UNJUSTIFIED:
            relation.until = max(relation.since, min(relation.until, now))
        relation.save()
        _note(actor, now, relation, "relation.judge", verdict=verdict.value)
        events.publish("consent.judged", actor=actor, now=now, relation=relation)
        return relation


def _begin(
    actor: Actor,
    now: datetime,
    person_id: int,
    kind: RelationKind,
    until: datetime,
    reason: str = "",
    *,
    explicit: bool = False,
) -> Relation:
    with transaction.atomic():
        relation = Relation.objects.create(
            person_id=person_id,
            facility_id=actor.here,
            post_id=actor.post_id if kind is RelationKind.BREAK_GLASS else None,
            kind=kind,
            explicit=explicit,
            reason=reason,
            since=now,
            until=until,
        )
        _note(actor, now, relation, "relation.break-glass" if kind is RelationKind.BREAK_GLASS else "relation.begin")
        return relation


def _note(actor: Actor, now: datetime, relation: Relation, event: str, **detail: str) -> None:
    audit.record(
        actor=actor,
        event=event,
        at=now,
        person_id=relation.person_id,
        subject=("relation", relation.pk),
        purpose=relation.kind,
        detail={"kind": relation.kind, **detail},
    )
