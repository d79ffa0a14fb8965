"""What the printed referral says, in words."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from catchment.kernel.ui.tags import age, sex
from catchment.kernel.ui.words import unit_words
from catchment.rooms.people.models import PersonIdentifier
from catchment.rooms.people.types import IdentifierSystem
from catchment.rooms.referral import queries
from catchment.rooms.referral.models import Referral, ReturnLetter
from catchment.rooms.referral.rules import words
from catchment.rooms.referral.web.forms.letter import row_of
from catchment.rooms.referral.web.forms.steps import slot_words

TEMPLATE = Path(__file__).parent / "papers" / "referral.typ"
MOST_RESULTS = 10


def content_of(referral: Referral, *, qr: str) -> dict[str, Any]:
    """What the paper says: the fields of the national referral form; the back part once there is a letter."""
    to = referral.to_facility.name if referral.to_facility else ""
    service = referral.to_service.name if referral.to_service else ""
    post = referral.from_post
    day = _day(referral.sent_at or referral.created_at)
    known = referral.summary
    return {
        "title": f"{_('双向转诊单')} {referral.number}",
        "words": _words(),
        "qr": qr,
        "number": referral.number,
        "marks": f"{words.DIRECTIONS[referral.direction]} · {words.URGENCIES[referral.urgency]}",
        "from": referral.from_facility.name,
        "to": to,
        "to_service": service,
        "to_doctor": "",
        "when": _when(referral),
        "urgency": str(words.URGENCIES[referral.urgency]),
        "direction": str(words.DIRECTIONS[referral.direction]),
        "day": day,
        "doctor": post.practitioner.name if post else "",
        "doctor_phone": (post.practitioner.phone if post else "") or referral.from_facility.phone,
        "person": _person(referral),
        "stub_sentence": _("于 %(day)s 因病情需要，转入 %(to)s %(service)s。")
        % {"day": day, "to": to, "service": service},
        "out_sentence": _("%(to)s：现有患者 %(name)s 因病情需要转入贵单位，请予接诊。")
        % {"to": to, "name": referral.person.name},
        "diagnosis": " ".join(part for part in (referral.diagnosis, referral.diagnosis_code) if part),
        "reason": _reason(referral),
        "history": _joined([_named(line) for line in (*known.get("problems", ()), *_allergies(known))]),
        "medicines": _joined(_named(line) for line in known.get("medicines", ())),
        "results": _joined(_result(line) for line in known.get("results", ())[:MOST_RESULTS]),
        "treatment": referral.treatment,
        "attached": _joined(row.display for row in queries.documents_of(referral)),
        "letter": _letter(referral, queries.letter_of(referral)),
    }


def _letter(referral: Referral, letter: ReturnLetter | None) -> dict[str, str] | None:
    if letter is None:
        return None
    back = referral.direction != "down"
    there = referral.to_facility.name if referral.to_facility else ""
    home = referral.from_facility.name
    author = letter.written_by
    by, to = (there, home) if back else (home, there)
    day = _day(letter.written_at)
    facts = {"day": day, "to": to, "name": referral.person.name}
    return {
        "from": by,
        "to": to,
        "day": day,
        "doctor": author.practitioner.name if author else "",
        "phone": (author.practitioner.phone or author.facility.phone) if author else "",
        "stub_sentence": _("于 %(day)s 因病情需要，转回 %(to)s。") % facts,
        "sentence": _("%(to)s：现有患者 %(name)s 因病情需要转回贵单位，请予接诊。") % facts,
        "inpatient_number": letter.inpatient_number,
        "follow_up": _("%s 天内") % letter.follow_up_days if letter.follow_up_days else "",
        "results": letter.results,
        "diagnoses": _joined(row_of(item) for item in letter.diagnoses),
        "course": letter.course,
        "medicines": _joined(" ".join((item.get("display", ""), item.get("dose", ""))) for item in letter.medicines),
        "advice": letter.advice,
        "come_back": _joined([letter.come_back_on.isoformat() if letter.come_back_on else "", letter.come_back_if]),
    }


def _person(referral: Referral) -> dict[str, str]:
    person = referral.person
    kinds = (IdentifierSystem.HEALTH_CARD, IdentifierSystem.LOCAL)
    numbers = PersonIdentifier.objects.filter(person=person, system__in=kinds).order_by("system", "id")
    return {
        "name": person.name,
        "sex": str(sex(person.sex)),
        "age": age(person.birth_date),
        "file_number": numbers.values_list("value", flat=True).first() or "",
        "address": person.address or (person.area.name if person.area else ""),
        "phone": person.phone,
    }


def _reason(referral: Referral) -> str:
    day = referral.created_at.date()
    coded = [
        queries.reason_words(name, code, day)
        for name, code in (("reason", referral.reason_code), ("indication", referral.indication_code))
        if code
    ]
    against = [f"{_('不按目录转出的理由')}：{referral.catalogue_reason}"] if referral.against_catalogue else []
    return "\n".join([*coded, *([referral.question] if referral.question else []), *against])


def _when(referral: Referral) -> str:
    booking = referral.booking
    if booking and booking.slot:
        return slot_words(booking.slot.starts_at)
    if booking and booking.bed:
        return _("%s 床") % booking.bed.code
    return ""


def _allergies(known: dict[str, Any]) -> list[dict[str, Any]]:
    return [{**line, "display": _("%s过敏") % line["display"]} for line in known.get("allergies", ())]


def _named(line: dict[str, Any]) -> str:
    return " ".join(part for part in (line.get("display", ""), line.get("detail", "")) if part)


def _result(line: dict[str, Any]) -> str:
    flag = words.FLAGS.get(line.get("flag", ""), "")
    value = f"{line.get('value', '')} {unit_words(line.get('unit', ''))}".strip()
    return f"{line['display']} {value}{f'（{flag}）' if flag else ''}"


def _joined(parts: Iterable[str]) -> str:
    return "；".join(part for part in parts if part)


def _day(moment: Any) -> str:
    return timezone.localtime(moment).date().isoformat()


def _words() -> dict[str, str]:
    return {
        "out_title": _("双向转诊（转出）单"), "back_title": _("双向转诊（回转）单"), "stub": _("存根"),
        "verify": _("扫码核验"), "cut": _("沿此线裁开"),
        "name": _("姓名"), "sex": _("性别"), "age": _("年龄"), "file_number": _("档案编号"), "address": _("住址"),
        "phone": _("电话"), "doctor": _("转诊医生"), "answering": _("经治医生"), "facility": _("机构"),
        "date": _("日期"),
        "to_facility": _("转入机构"), "to_service": _("科室"), "to_doctor": _("接诊医生"), "when": _("就诊时间"),
        "urgency": _("紧急程度"), "direction": _("方向"), "impression": _("初步印象"),
        "reason": _("主要现病史（转出原因）"), "history": _("主要既往史"), "medicines": _("正在用药"),
        "results": _("近期检查结果"), "treatment": _("治疗经过"), "attached": _("附件"),
        "inpatient_number": _("住院号"), "follow_up": _("首次随访"), "back_results": _("主要检查结果"),
        "back_diagnoses": _("诊断"), "back_course": _("治疗经过"), "medicines_home": _("带药与用法"),
        "plan": _("下一步治疗方案及康复建议"), "come_back": _("复诊时间与指征"),
    }  # fmt: skip
