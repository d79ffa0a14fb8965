"""What the pages of one referral ask beside the referral itself."""

from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from catchment.kernel.actor import Actor
from catchment.kernel.errors import NotFound
from catchment.rooms.booking import queries as booking
from catchment.rooms.booking.models import Slot
from catchment.rooms.booking.rules import quotas_open_to
from catchment.rooms.places.models import Facility
from catchment.rooms.record.models import Document
from catchment.rooms.referral.models import (
    PersonalDraft,
    Referral,
    ReferralAttachment,
    ReferralMessage,
    ReturnLetter,
)
from catchment.rooms.rulebook import queries as rulebook
from catchment.rooms.rulebook.types import EditionValue
from catchment.rooms.staff import queries as staff
from catchment.rooms.staff.models import Post
from catchment.rooms.staff.types import Role

TAKERS = (Role.VILLAGE_DOCTOR, Role.TOWNSHIP_DOCTOR, Role.TOWNSHIP_NURSE, Role.HEALTH_MANAGER)
MOST_SLOTS = 24


def letter_of(referral: Referral) -> ReturnLetter | None:
    """The discharge letter and plan that came with or back on this referral."""
    rows = ReturnLetter.objects.filter(referral=referral)
    return rows.select_related("written_by__practitioner", "written_by__facility").first()


def messages_of(referral: Referral) -> list[ReferralMessage]:
    """The talk that goes with a referral, first to last."""
    return list(ReferralMessage.objects.filter(referral=referral).order_by("at", "id"))


def documents_of(referral: Referral) -> list[Document]:
    """The documents and files that go along, in the order in which they were attached."""
    rows = ReferralAttachment.objects.filter(referral=referral).select_related("document").order_by("id")
    return [row.document for row in rows]


def kept_draft(actor: Actor, person_id: int, form: str) -> PersonalDraft | None:
    """What this post has begun to write about this person and not sent."""
    return PersonalDraft.objects.filter(post_id=actor.post_id or 0, person_id=person_id, form=form).first()


def kept_drafts(actor: Actor, form: str, limit: int = 10) -> list[PersonalDraft]:
    """The forms that this post has begun and not sent, latest first."""
    rows = PersonalDraft.objects.filter(post_id=actor.post_id or 0, form=form).select_related("person__area")
    return list(rows.order_by("-saved_at")[:limit])


def slots_for(service_id: int, person_id: int, now: datetime) -> list[Slot]:
    """The next free slots that this person may have by referral."""
    contracted = staff.has_contract(person_id, timezone.localdate(now))
    quotas = quotas_open_to(by_referral=True, contracted=contracted)
    return list(booking.free_slots(service_id, quotas=quotas, now=now)[:MOST_SLOTS])


def posts_to_take_over(referral: Referral, actor: Actor) -> list[Post]:
    """The posts that could take this person over: of this facility, and those answering for the person's village."""
    person = referral.person
    near = Q(facility_id=actor.here)
    if person.primary_facility_id is not None:
        near |= Q(facility_id=person.primary_facility_id)
    if person.area_id is not None:
        near |= Q(facility__area_id=person.area_id, facility__in_network=True)
    rows = Post.objects.filter(near, until__isnull=True, role__in=TAKERS, practitioner__active=True)
    return list(rows.select_related("practitioner", "facility").order_by("facility__level", "facility_id", "id")[:60])


def edition(key: str, day: date) -> EditionValue:
    """The edition of one of referral's rules in force on a day: its source, and whether a person verified it."""
    return rulebook.edition_on(key, day)


def by_number(number: str) -> Referral:
    """The referral of a printed form, for checking the paper alone; `NotFound` when there is none."""
    found = Referral.objects.filter(number=number).select_related("from_facility", "to_facility", "to_service").first()
    if found is None:
        raise NotFound("not-found", _("没有找到这张转诊单"))
    return found


def level_of(actor: Actor) -> str:
    """The administrative level of the actor's facility."""
    return Facility.objects.values_list("level", flat=True).get(pk=actor.here)
