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
WITHDRAWN = "诊断已作废，这张传染病报告卡撤回"
REPORTED = "已办结的传染病报告，其诊断被作废，请订正"


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


def withdraw_report(*, actor: Actor, now: datetime, condition: Condition) -> None:
    """Take back the card of a diagnosis that was written in error: its case ends, and the office is told.

    The notice says whether the case was still open: what is reported already has to be corrected there.
    """
    with wall.acting("surveillance"):
        for card in ReportCard.objects.filter(condition=condition, withdrawn_at__isnull=True):
            card.withdrawn_at = now
            card.save(update_fields=["withdrawn_at"])
            waited = board.settle_work(actor=actor, now=now, subject=_subject(card), kind=REPORT.code)
            board.tell(
                facility_id=card.office_id, now=now, event="infection.withdraw", subject=_subject(card),
                text=WITHDRAWN if waited else REPORTED,
            )  # fmt: skip
            audit.record(
                actor=actor, event="infection.withdraw", at=now, person_id=card.person_id,
                subject=("report-card", card.pk),
            )  # fmt: skip


def _known(condition: Condition, disease: Disease, now: datetime) -> bool:
    since = now - timedelta(days=disease.again_days)
    rows = ReportCard.objects.filter(
        person_id=condition.person_id, disease=disease.code, diagnosed_at__gt=since, withdrawn_at__isnull=True
    )
    return rows.exists()


def _put(card: ReportCard, disease: Disease, now: datetime) -> None:
    board.put_work(
        now=now,
        kind=REPORT.code,
        subject=_subject(card),
        holder=Holder(facility_id=card.office_id, role=Role.DISEASE_CONTROL_OFFICER),
        origin=Origin(facility_id=card.facility_id),
        priority=Priority.EMERGENCY if disease.hours <= EMERGENCY_HOURS else Priority.URGENT,
        headline=f"{disease.klass} · {disease.hours} h",
        due_at=card.due_at,
    )


def _subject(card: ReportCard) -> Subject:
    return Subject(kind="report-card", key=card.pk, ref=str(card.public_id), person_id=card.person_id)
