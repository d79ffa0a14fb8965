"""A very small county for tests: a village clinic, a township centre, a county hospital, and who works there."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.utils import timezone

from catchment.kernel import clock
from catchment.kernel.actor import Actor, system
from catchment.rooms.booking.models import Slot
from catchment.rooms.booking.types import Quota
from catchment.rooms.consent import queries as consent
from catchment.rooms.people.actions import keeping
from catchment.rooms.people.models import Person
from catchment.rooms.places.models import Area, Facility, FacilityCapability, Membership, Network, Organization, Service
from catchment.rooms.rulebook import actions as rulebook
from catchment.rooms.staff import queries as staff
from catchment.rooms.staff.models import ApiToken, Post, Practitioner
from catchment.rooms.staff.queries import actor_for

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
PUBLISHER = system("tests", "rulebook.publish")


@dataclass
class County:
    """Everything a test needs to name."""

    village: Facility
    township: Facility
    hospital: Facility
    outside: Facility
    cardiology: Service
    general: Service
    township_ward: Service
    outside_cardiology: Service
    village_doctor: Actor
    township_doctor: Actor
    desk: Actor
    specialist: Actor
    duty_manager: Actor
    manager: Actor
    person: Person


def build() -> County:
    """Write the county and publish the default editions."""
    rulebook.publish_defaults(actor=PUBLISHER, now=NOW)
    areas = _areas()
    clinic = _facility("V1", "石桥村卫生室", "village-clinic", "village", areas[2], 121.20, 28.10)
    centre = _facility("T1", "云溪镇中心卫生院", "township-centre", "township", areas[1], 121.22, 28.12)
    clinic.parent = centre
    clinic.save()
    lead = _facility("H1", "县人民医院", "hospital", "county", areas[0], 121.30, 28.15)
    outside = _facility("X1", "邻市中心医院", "hospital", "city", areas[0], 121.60, 28.40, in_network=False)
    network = Network.objects.create(code="N1", name="县域医共体", kind="county-community")
    for facility, role in ((lead, "lead"), (centre, "member"), (clinic, "member")):
        Membership.objects.create(network=network, facility=facility, role=role, since=date(2024, 1, 1))
    for code in ("ecg", "pci", "ct"):
        FacilityCapability.objects.create(facility=lead, code=code)
    cardiology = _service(lead, "cardiology", "心血管内科", inpatient=True)
    general = _service(lead, "general", "全科医学科")
    ward = _service(centre, "general", "全科病区", inpatient=True)
    outside_cardiology = _service(outside, "cardiology", "心内科")
    for service in (cardiology, general):
        open_slots(service, 6)
    return County(
        village=clinic,
        township=centre,
        hospital=lead,
        outside=outside,
        cardiology=cardiology,
        general=general,
        township_ward=ward,
        outside_cardiology=outside_cardiology,
        village_doctor=_actor("周文秀", clinic, "village-doctor"),
        township_doctor=_actor("林海", centre, "township-doctor"),
        desk=_actor("陈雪", lead, "referral-desk"),
        specialist=_actor("顾长风", lead, "specialist"),
        duty_manager=_actor("沈值", lead, "duty-manager"),
        manager=_actor("许总", lead, "county-manager"),
        person=make_person("王秀英", areas[2], clinic),
    )


def remember_rules() -> None:
    """Ask for the rules that every page needs; they are kept some seconds, so that counting does not hang on chance."""
    today = timezone.localdate()
    consent.wall_terms(today)
    staff.idle_limit("village-doctor", today)
    staff.capabilities_on("village-doctor", today)


def make_person(name: str, area: Area | None, facility: Facility | None, **fields: object) -> Person:
    """One resident, a woman born in 1958 unless told otherwise."""
    values = {"sex": "female", "birth_date": date(1958, 5, 4), "created_at": NOW, "updated_at": NOW, **fields}
    person = Person.objects.create(name=name, area=area, primary_facility=facility, **values)
    keeping.rebuild_search_keys(person)
    return person


def open_slots(service: Service, count: int, *, days: int = 1, quota: Quota = Quota.REFERRAL) -> None:
    """One session of `count` slots in `days` days."""
    begins, step = NOW + timedelta(days=days), timedelta(minutes=10)
    Slot.objects.bulk_create(
        Slot(
            service=service,
            starts_at=begins + n * step,
            ends_at=begins + (n + 1) * step,
            quota=quota,
            release_at=None if quota is Quota.PUBLIC else begins - timedelta(hours=2),
        )
        for n in range(count)
    )


def _areas() -> list[Area]:
    county = Area.objects.create(code="990100", name="云溪县", level="county", longitude=121.25, latitude=28.12)
    town = Area.objects.create(code="990100100", name="云溪镇", level="township", parent=county)
    village = Area.objects.create(
        code="990100100201", name="石桥村", level="village", parent=town, longitude=121.20, latitude=28.10
    )
    return [county, town, village]


def _facility(
    code: str, name: str, kind: str, level: str, area: Area, lon: float, lat: float, **more: bool
) -> Facility:
    organization = Organization.objects.create(code=f"O{code}", name=name, kind=kind)
    return Facility.objects.create(
        organization=organization,
        code=code,
        name=name,
        kind=kind,
        level=level,
        area=area,
        longitude=lon,
        latitude=lat,
        **more,
    )


def _service(facility: Facility, specialty: str, name: str, *, inpatient: bool = False) -> Service:
    return Service.objects.create(
        facility=facility, code=specialty, name=name, specialty=specialty, inpatient=inpatient
    )


def _actor(name: str, facility: Facility, role: str) -> Actor:
    practitioner = Practitioner.objects.create(code=f"{facility.code}-{role}", name=name)
    post = Post.objects.create(practitioner=practitioner, facility=facility, role=role, since=date(2025, 1, 1))
    return actor_for(Post.objects.select_related("practitioner", "facility", "service").get(pk=post.pk))


def token_of(actor) -> str:
    """A token of the API for the actor's post, good for a day."""
    raw, now = f"token-{actor.post_id}", clock.now()
    ApiToken.objects.get_or_create(
        digest=hashlib.sha256(raw.encode()).hexdigest(),
        defaults={"name": "t", "post_id": actor.post_id, "created_at": now, "expires_at": now + timedelta(days=1)},
    )
    return raw
