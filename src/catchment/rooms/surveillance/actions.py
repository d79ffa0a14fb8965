"""Opening a case of disease control for a notifiable infection, in the transaction of its diagnosis."""

from datetime import datetime, timedelta

from django.utils import timezone

from catchment.kernel import audit, wall
from catchment.kernel.actor import Actor
from catchment.rooms.board import actions as board
from catchment.rooms.board.types import Holder, Origin, Priority, Subject
from catchment.rooms.record.models import Condition
from catchment.rooms.staff import queries as staff
from catchment.rooms.staff.types import Role
from catchment.rooms.surveillance import queries
from catchment.rooms.surveillance.models import ReportCard
from catchment.rooms.surveillance.rules import REPORT, Disease

EMERGENCY_HOURS = 2


def report_condition(*, actor: Actor, now: datetime, condition: Condition) -> None:
    """Put a notifiable infection before the disease-control office, due in the edition's hours from the diagnosis.

    Nothing where the diagnosis is no notifiable one, was reported within the edition's days, or no office is there. The
    work's headline names the class and the hours alone: the board is read by more posts than the card.
    """
    day = timezone.localdate(now)
    rule = queries.notifiable_on(day)
    disease = rule.disease_of(condition.code) if rule else None
    if disease is None:
        return
    officer = staff.post_of_role(Role.DISEASE_CONTROL_OFFICER, day)
    with wall.acting("surveillance"):
        if officer is None or _known(condition, disease, now):
            return
        card = ReportCard.objects.create(
            person_id=condition.person_id, condition=condition, facility_id=actor.here, office_id=officer.facility_id,
            disease=disease.code, name=disease.zh, klass=disease.klass, diagnosed_at=now,
            due_at=now + timedelta(hours=disease.hours),
        )  # fmt: skip
        _put(card, disease, now)
        audit.record(
            actor=actor, event="infection.report", at=now, person_id=card.person_id, subject=("report-card", card.pk)
        )


def _known(condition: Condition, disease: Disease, now: datetime) -> bool:
    since = now - timedelta(days=disease.again_days)
    rows = ReportCard.objects.filter(person_id=condition.person_id, disease=disease.code, diagnosed_at__gt=since)
    return rows.exists()


def _put(card: ReportCard, disease: Disease, now: datetime) -> None:
    board.put_work(
        now=now,
        kind=REPORT.code,
        subject=Subject(kind="report-card", key=card.pk, ref=str(card.public_id), person_id=card.person_id),
        holder=Holder(facility_id=card.office_id, role=Role.DISEASE_CONTROL_OFFICER),
        origin=Origin(facility_id=card.facility_id),
        priority=Priority.EMERGENCY if disease.hours <= EMERGENCY_HOURS else Priority.URGENT,
        headline=f"{disease.klass} · {disease.hours} h",
        due_at=card.due_at,
    )
