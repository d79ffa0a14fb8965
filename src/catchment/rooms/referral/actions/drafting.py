"""Beginning a referral. What the record knows is taken along as it is that day."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from catchment.kernel import audit, compiled, flow
from catchment.kernel.actor import Actor
from catchment.kernel.bulk import insert
from catchment.kernel.errors import Invalid, NotAllowed, NotFound, Problem
from catchment.kernel.flow import Outcome
from catchment.rooms.people.models import Person
from catchment.rooms.places.models import Facility, Service
from catchment.rooms.places.types import Level
from catchment.rooms.record import queries as record
from catchment.rooms.record.models import Document
from catchment.rooms.referral import queries
from catchment.rooms.referral.actions.stepping import take_step
from catchment.rooms.referral.models import Advice, PersonalDraft, Referral, ReferralAttachment, ReturnLetter
from catchment.rooms.referral.rules import REFERRAL, direction_between
from catchment.rooms.referral.types import Direction, LetterForm, ReferralForm, State


def draft_referral(
    *,
    actor: Actor,
    now: datetime,
    person_id: int,
    form: ReferralForm,
    origin_advice: Advice | None = None,
    answers: Referral | None = None,
) -> Referral:
    """Write a draft. Raises `Invalid` naming every field that cannot be taken; nothing is written then."""
    actor.require("referral.create")
    person = compiled.first(_living, person_id)
    if person is None:
        raise NotFound("not-found", _("没有找到这位居民"))
    (here,) = compiled.objects(_facility, actor.here)
    service = service_of(form.to_service_id)
    direction = _direction(here, service)
    against = _against_catalogue(form, here, direction, now)
    problems = tuple(_problems(form, here, service, direction, now, against=against))
    if problems:
        raise Invalid(*problems)
    with transaction.atomic(savepoint=False):
        referral = Referral(
            **_fields(form, actor, now, here, service, direction),
            person=person,
            summary=_snapshot(person_id, form.parts, now),
            against_catalogue=against,
            origin_advice=origin_advice,
            answers=answers,
        )
        insert(referral)
        _attach(referral, person_id, form.document_ids)
        if form.letter is not None:
            write_letter(actor=actor, now=now, referral=referral, letter=form.letter)
        flow.write_event(REFERRAL, referral, "draft", "", actor, now)
        audit.record(
            actor=actor, event="referral.draft", at=now, person_id=person_id, subject=(REFERRAL.kind, referral.pk)
        )
        return referral


def discard_referral(*, actor: Actor, now: datetime, referral_id: int) -> Referral:
    """Give up a draft that was never sent."""
    return take_step(
        actor=actor, now=now, referral_id=referral_id, verb="discard", effects=lambda _row, _step: Outcome()
    )


def write_letter(*, actor: Actor, now: datetime, referral: Referral, letter: LetterForm) -> ReturnLetter:
    """Write or rewrite the discharge letter and plan of a referral."""
    fields = {name: getattr(letter, name) for name in LetterForm.__dataclass_fields__}
    fields["diagnoses"], fields["medicines"] = list(letter.diagnoses), list(letter.medicines)
    row = ReturnLetter(referral=referral, **fields, written_at=now, written_by_id=actor.post_id)
    changed = [*fields, "written_at", "written_by"]
    ReturnLetter.objects.bulk_create([row], update_conflicts=True, unique_fields=["referral"], update_fields=changed)
    return row


def keep_draft(*, actor: Actor, now: datetime, person_id: int, form: str, content: dict[str, Any]) -> PersonalDraft:
    """Keep what somebody has typed so far into a form about a person, for this post alone."""
    row, made = PersonalDraft.objects.update_or_create(
        post_id=_own_post(actor), person_id=person_id, form=form, defaults={"content": content, "saved_at": now}
    )
    if made:
        audit.record(actor=actor, event="draft.keep", at=now, person_id=person_id, subject=("draft", row.pk))
    return row


def forget_draft(*, actor: Actor, now: datetime, person_id: int, form: str) -> None:
    """Drop what was kept, once it has been sent or given up."""
    gone, _what = PersonalDraft.objects.filter(post_id=_own_post(actor), person_id=person_id, form=form).delete()
    if gone:
        audit.record(actor=actor, event="draft.forget", at=now, person_id=person_id)


def service_of(service_id: int | None) -> Service | None:
    """The open service of that number with its facility, or `None`."""
    if service_id is None:
        return None
    return compiled.first(_open_service, service_id)


def _living(person_id: int) -> QuerySet[Person]:
    return Person.objects.filter(pk=person_id, merged_into__isnull=True, deceased_on__isnull=True)


def _facility(key: int) -> QuerySet[Facility]:
    return Facility.objects.filter(pk=key)


def _open_service(key: int) -> QuerySet[Service]:
    return Service.objects.select_related("facility").filter(pk=key, active=True, facility__active=True)


def _own_post(actor: Actor) -> int:
    if actor.post_id is None:
        raise NotAllowed("no-post", _("当前没有以岗位办理"))
    return actor.post_id


def _direction(here: Facility, service: Service | None) -> Direction:
    if service is None:
        return Direction.UP
    to = service.facility
    return direction_between(here.level, to.level, in_network=to.in_network)


def _against_catalogue(form: ReferralForm, here: Facility, direction: Direction, now: datetime) -> bool:
    if direction is Direction.DOWN:
        return False
    entry = queries.catalogue_on(now.date(), form.diagnosis_code)
    return entry is not None and Level(entry.level).rank <= Level(here.level).rank


def _problems(
    form: ReferralForm, here: Facility, service: Service | None, direction: Direction, now: datetime, *, against: bool
) -> Iterator[Problem]:
    if service is None:
        yield Problem("to_service", _("请选择接收科室"))
    elif service.facility_id == here.pk:
        yield Problem("to_service", _("不能转往本机构，院内会诊请另行办理"))
    elif not service.accepts_referrals:
        yield Problem("to_service", _("%s不接收转诊，请另选科室") % service.name)
    yield from _coded("reason_code", "reason", form.reason_code, direction, now, required=True)
    yield from _coded("indication_code", "indication", form.indication_code, direction, now, required=False)
    if form.urgency not in {item.code for item in queries.urgencies_on(now.date())}:
        yield Problem("urgency", _("紧急程度应为急诊、加急或普通之一"))
    if not form.diagnosis and not form.question.strip():
        yield Problem("question", _("请写明初步印象或想请对方解决的问题"))
    if against and not form.catalogue_reason.strip():
        yield Problem("catalogue_reason", _("目录规定本级应诊治此病，请写明为何转出"))
    if direction is Direction.DOWN and form.letter is None:
        yield Problem("letter", _("下转须附出院小结和后续计划"))


def _coded(
    field: str, name: str, code: str, direction: Direction, now: datetime, *, required: bool
) -> Iterator[Problem]:
    if not code and not required:
        return
    known = queries.reasons_of(name, now.date(), direction.value)
    if not code:
        yield Problem(field, _("请选择转诊原因"))
    elif code not in {item.code for item in known}:
        words = "、".join(f"{item.code} {item.zh}" for item in known)
        yield Problem(field, _("请从目录中选择：%s") % words)


def _fields(
    form: ReferralForm, actor: Actor, now: datetime, here: Facility, service: Service | None, direction: Direction
) -> dict[str, Any]:
    copied = (
        "urgency", "reason_code", "indication_code", "diagnosis_code", "diagnosis", "question", "treatment",
        "catalogue_reason", "wants_bed",
    )  # fmt: skip
    return {
        **{name: getattr(form, name) for name in copied},
        "number": _number(now),
        "direction": direction.value,
        "parts": list(form.parts),
        "state": State.DRAFT.value,
        "state_since": now,
        "created_at": now,
        "from_facility": here,
        "from_post_id": actor.post_id,
        "holder_facility": here,
        "parties": [here.pk],
        "to_service": service,
        "to_facility": service.facility if service else None,
    }


def _number(now: datetime) -> str:
    with connection.cursor() as cursor:
        cursor.execute("select nextval('referral_number')")
        (count,) = cursor.fetchone()
    return f"ZZ{now:%y%m%d}{count:06d}"


def _snapshot(person_id: int, parts: tuple[str, ...], now: datetime) -> dict[str, Any]:
    return record.parts_for_referral(person_id, now, parts)


def _attach(referral: Referral, person_id: int, document_ids: tuple[int, ...]) -> None:
    if not document_ids:
        return
    own = Document.objects.filter(pk__in=document_ids, person_id=person_id)
    ReferralAttachment.objects.bulk_create(ReferralAttachment(referral=referral, document=one) for one in own)
