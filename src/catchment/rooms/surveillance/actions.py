"""Opening a case of disease control for a notifiable infection, in the transaction of its diagnosis."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from catchment.kernel import audit, wall
from catchment.kernel.actor import Actor, system
from catchment.rooms.board import actions as board
from catchment.rooms.board.types import Holder, Origin, Priority, Subject
from catchment.rooms.record.models import Condition
from catchment.rooms.staff import queries as staff
from catchment.rooms.staff.models import Post
from catchment.rooms.staff.types import Role
from catchment.rooms.surveillance import queries
from catchment.rooms.surveillance.models import ReportCard
from catchment.rooms.surveillance.rules import REPORT, Disease, NotifiableRule, stands

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
    if officer is not None:
        with wall.acting("surveillance"):
            _open(actor, condition, disease, officer, found_at=actor.here, diagnosed_at=now, now=now)


def report_imported(*, conditions: Sequence[Condition], dated: Collection[int], now: datetime) -> None:
    """Open cases for diagnoses that came in by import, and take back those that their sender has taken back.

    A case is opened for one that says when it was (`dated`, by key), by ICD-10, within the edition's days before its
    arrival: its hours run from then. Taken back is the card of one that is void now, names another infection or another
    person. The same again changes nothing.
    """
    day, importing = timezone.localdate(now), system("infection-import")
    rule = queries.notifiable_on(day)
    with wall.acting("surveillance"):
        _take_back(importing, conditions, rule, now)
        fresh = (
            one for one in conditions if one.pk in dated and rule and rule.is_fresh(timezone.localdate(one.at), day)
        )
        found = [(one, disease) for one in fresh if (disease := _disease(one, rule))]
        officer = staff.post_of_role(Role.DISEASE_CONTROL_OFFICER, day) if found else None
        if officer is not None:
            for one, disease in found:
                _open(importing, one, disease, officer, found_at=one.facility_id, diagnosed_at=one.at, now=now)


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


def _disease(condition: Condition, rule: NotifiableRule | None) -> Disease | None:
    """The notifiable infection of an imported diagnosis; codes of other systems than ICD-10 mean something else."""
    coded = condition.code_system.startswith("icd-10") and stands(condition.verification)
    return rule.disease_of(condition.code) if rule and coded else None


def _take_back(actor: Actor, conditions: Sequence[Condition], rule: NotifiableRule | None, now: datetime) -> None:
    by_key = {one.pk: one for one in conditions}
    for card in ReportCard.objects.filter(condition__in=by_key, withdrawn_at__isnull=True):
        condition = by_key[card.condition_id]
        disease = _disease(condition, rule)
        other = rule is not None and (disease is None or disease.code != card.disease)
        if other or not stands(condition.verification) or condition.person_id != card.person_id:
            withdraw_report(actor=actor, now=now, condition=condition)


def _open(
    actor: Actor,
    condition: Condition,
    disease: Disease,
    officer: Post,
    *,
    found_at: int | None,
    diagnosed_at: datetime,
    now: datetime,
) -> None:
    """Write the card and put its work up, unless the illness is known; due in the edition's hours from `now`."""
    if _known(condition, disease, diagnosed_at):
        return
    card = ReportCard.objects.create(
        person_id=condition.person_id, condition=condition, facility_id=found_at, office_id=officer.facility_id,
        disease=disease.code, name=disease.zh, klass=disease.klass, diagnosed_at=diagnosed_at,
        due_at=now + timedelta(hours=disease.hours),
    )  # fmt: skip
    _put(card, disease, now)
    audit.record(
        actor=actor, event="infection.report", at=now, person_id=card.person_id, subject=("report-card", card.pk)
    )


def _known(condition: Condition, disease: Disease, diagnosed_at: datetime) -> bool:
    """Whether a card stands for this diagnosis, or for the same illness of the person; imports come in any order."""
    near = timedelta(days=disease.again_days)
    same = Q(diagnosed_at__gt=diagnosed_at - near, diagnosed_at__lt=diagnosed_at + near)
    rows = ReportCard.objects.filter(person_id=condition.person_id, disease=disease.code, withdrawn_at__isnull=True)
    return rows.filter(same | Q(condition=condition)).exists()


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
