"""Work that rooms below cannot put on the board: the review of a look in an emergency, with a notice for the person's
own clinic; the decision about a suspected double.
"""

from datetime import datetime, timedelta

from django.utils.translation import override

from catchment.kernel import wall
from catchment.kernel.actor import Actor
from catchment.rooms.board import actions as board
from catchment.rooms.board.types import Holder, Origin, Priority, Subject
from catchment.rooms.consent import queries as consent
from catchment.rooms.consent.models import Relation
from catchment.rooms.people.models import Person, SuspectedMatch
from catchment.rooms.portal.rules import REVIEW, TWINS
from catchment.rooms.staff import queries as staff
from catchment.rooms.staff.types import Role


def put_review(*, actor: Actor, now: datetime, relation: Relation) -> None:
    """Put the review on the board of the privacy officer, or of the looker's facility where there is none."""
    officer = staff.post_of_role(Role.PRIVACY_OFFICER, now.date())
    holder = Holder(facility_id=officer.facility_id, post_id=officer.pk) if officer else Holder(facility_id=actor.here)
    due = now + timedelta(hours=consent.terms_on(now.date()).review_hours)
    with wall.acting("glass-review"):
        board.put_work(
            now=now,
            kind=REVIEW.code,
            subject=_subject(relation),
            holder=holder,
            origin=Origin(facility_id=actor.facility_id),
            priority=Priority.URGENT,
            headline=f"{actor.facility_name} {actor.name}",
            due_at=due,
        )
        _tell_clinic(relation, now)


def settle_review(*, actor: Actor, now: datetime, relation: Relation) -> None:
    """The judgement is given: nothing waits any more."""
    with wall.acting("glass-review"):
        board.settle_work(actor=actor, now=now, subject=_subject(relation), kind=REVIEW.code)


def _tell_clinic(relation: Relation, now: datetime) -> None:
    person = Person.objects.get(pk=relation.person_id)
    if person.primary_facility_id is None:
        return
    with override("zh-hans"):
        text = f"{person.name}：档案被紧急调阅，请告知本人"
    board.tell(
        facility_id=person.primary_facility_id,
        now=now,
        event="consent.glass-broken",
        subject=Subject(kind="person", key=person.pk, ref=str(person.public_id), person_id=person.pk),
        text=text,
    )


def _subject(relation: Relation) -> Subject:
    return Subject(kind="relation", key=relation.pk, ref=str(relation.pk), person_id=relation.person_id)


TWINS_DAYS = 7


def put_twins(*, actor: Actor, now: datetime, match: SuspectedMatch) -> None:
    """Put a pair that a facility has sent before whoever decides about everybody; else it waits in their list."""
    settle_twins(actor=actor, now=now, match_id=match.pk)
    decides = staff.post_of_role(Role.ADMINISTRATOR, now.date())
    if decides is None:
        return
    with wall.acting("linkage"):
        board.put_work(
            now=now,
            kind=TWINS.code,
            subject=Subject(kind="match", key=match.pk, ref=str(match.pk), person_id=match.left_id),
            holder=Holder(facility_id=decides.facility_id, role=Role.ADMINISTRATOR),
            origin=Origin(facility_id=actor.facility_id),
            priority=Priority.ORDINARY,
            headline=match.sent_note,
            due_at=now + timedelta(days=TWINS_DAYS),
        )


def settle_twins(*, actor: Actor, now: datetime, match_id: int | None) -> None:
    """The pair is decided: nothing waits any more."""
    if match_id is None:
        return
    with wall.acting("linkage"):
        subject = Subject(kind="match", key=match_id, ref=str(match_id), person_id=None)
        board.settle_work(actor=actor, now=now, subject=subject, kind=TWINS.code)
