"""Where a person could go, best first, each with its reasons."""

from collections import defaultdict
from datetime import datetime
from math import asin, cos, radians, sin, sqrt

from django.db.models import Q
from django.utils.translation import gettext as _

from catchment.kernel.actor import Actor
from catchment.rooms.booking import queries as booking
from catchment.rooms.booking.queries import Openings
from catchment.rooms.booking.rules import quotas_open_to
from catchment.rooms.people.models import Person
from catchment.rooms.places.models import Facility, FacilityCapability, Membership, Service
from catchment.rooms.places.types import Level, MemberRole
from catchment.rooms.referral.queries.editions import catalogue_on
from catchment.rooms.referral.rules.direction import direction_between
from catchment.rooms.referral.rules.editions import CatalogueItem
from catchment.rooms.referral.types import Proposal, Reason

EARTH_KM = 6371.0


def proposals(
    actor: Actor,
    person: Person,
    *,
    now: datetime,
    diagnosis_code: str = "",
    specialty: str = "",
    wants_bed: bool = False,
    text: str = "",
    direction: str = "",
    contracted: bool = False,
    limit: int = 3,
) -> list[Proposal]:
    """The best destinations for this person from the actor's facility, in seven queries whatever the county's size.

    Services of the catalogue's specialty for the diagnosis (or of `specialty`, or whose name holds `text`) that take
    referrals and the person's age and sex. Weighed: what the diagnosis needs, network, the lowest level that should
    treat it, next slot or bed, distance, usual wait.
    """
    here = Facility.objects.select_related("area").get(pk=actor.here)
    entry = catalogue_on(now.date(), diagnosis_code)
    wanted = specialty or (entry.specialty if entry else "")
    services = _services(person, here, wanted, text, wants_bed=wants_bed, day=now)
    quotas = quotas_open_to(by_referral=True, contracted=contracted)
    openings = booking.openings([service.pk for service in services], quotas=quotas, now=now)
    able = _capabilities(services)
    near = _networks(here, services)
    found = [
        _weigh(service, here, person, entry, openings[service.pk], able[service.facility_id], near, now, wants_bed)
        for service in services
    ]
    chosen = [one for one in found if not direction or one.direction == direction]
    return sorted(chosen, key=lambda one: (-one.score, one.service_id))[:limit]


def _services(
    person: Person, here: Facility, specialty: str, text: str, *, wants_bed: bool, day: datetime
) -> list[Service]:
    rows = Service.objects.filter(active=True, accepts_referrals=True, facility__active=True)
    rows = rows.exclude(facility=here).filter(Q(sex="") | Q(sex=person.sex))
    if person.birth_date:
        age = (day.date() - person.birth_date).days // 365
        rows = rows.filter(min_age__lte=age, max_age__gte=age)
    if wants_bed:
        rows = rows.filter(inpatient=True)
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(facility__name__icontains=text) | _by_key(text))
    elif specialty:
        rows = rows.filter(Q(specialty=specialty) | Q(specialty="general"))
    return list(rows.select_related("facility__area").order_by("id")[:400])


def _by_key(text: str) -> Q:
    return Q(facility__search_key__icontains=text.lower())


def _capabilities(services: list[Service]) -> dict[int, set[str]]:
    able: dict[int, set[str]] = defaultdict(set)
    facilities = {service.facility_id for service in services}
    for facility_id, code in FacilityCapability.objects.filter(facility__in=facilities).values_list(
        "facility_id", "code"
    ):
        able[facility_id].add(code)
    return able


def _networks(here: Facility, services: list[Service]) -> dict[int, tuple[str, bool]]:
    """The network shared with each facility, and whether the facility leads it."""
    mine = Membership.objects.filter(facility=here, until__isnull=True).values("network_id")
    others = {service.facility_id for service in services}
    shared = Membership.objects.filter(network__in=mine, facility__in=others, until__isnull=True)
    found = shared.order_by("network__kind").values_list("facility_id", "network__name", "role")
    return {facility_id: (name, role == MemberRole.LEAD) for facility_id, name, role in found}


def _weigh(
    service: Service,
    here: Facility,
    person: Person,
    entry: CatalogueItem | None,
    opening: Openings,
    able: set[str],
    near: dict[int, tuple[str, bool]],
    now: datetime,
    wants_bed: bool,
) -> Proposal:
    facility = service.facility
    home = person.area if person.area and person.area.longitude is not None else here
    distance = kilometres(home.longitude, home.latitude, facility.longitude, facility.latitude)
    scored = [
        *_fit(service, entry, able),
        *_belonging(facility, near),
        *_level(facility, entry),
        *_soon(opening, service, now, wants_bed=wants_bed),
        *_distance(distance),
    ]
    return Proposal(
        service_id=service.pk,
        service_name=service.name,
        facility_id=facility.pk,
        facility_name=facility.name,
        level=facility.level,
        direction=direction_between(here.level, facility.level, in_network=facility.in_network).value,
        kilometres=distance,
        next_slot=opening.next_slot,
        free_slots=opening.slots,
        free_beds=opening.beds,
        wait_days=service.wait_days,
        phone=service.phone or facility.phone,
        score=round(sum(points for points, _reason in scored), 2),
        reasons=tuple(reason for points, reason in scored if points > 0),
        warnings=tuple(reason for points, reason in scored if points <= 0),
    )


Scored = list[tuple[float, Reason]]


def _fit(service: Service, entry: CatalogueItem | None, able: set[str]) -> Scored:
    if entry is None:
        return []
    missing = [need for need in entry.needs if need not in able]
    scored: Scored = []
    if service.specialty == entry.specialty:
        scored.append((30, Reason(code="specialty", text=_("%s对口") % service.name)))
    if entry.needs and not missing:
        scored.append((25, Reason(code="capable", text=_("具备所需能力：%s") % "、".join(entry.needs).upper())))
    if missing:
        scored.append((-40, Reason(code="lacks", text=_("缺少所需能力：%s") % "、".join(missing).upper())))
    return scored


def _belonging(facility: Facility, near: dict[int, tuple[str, bool]]) -> Scored:
    if not facility.in_network:
        return [(-15, Reason(code="outside", text=_("不在协作网络内，需电话联系并由本机构登记进展")))]
    if facility.pk in near:
        name, leads = near[facility.pk]
        words = _("%s牵头机构") if leads else _("同属%s")
        return [(18 if leads else 15, Reason(code="network", text=words % name))]
    return []


def _level(facility: Facility, entry: CatalogueItem | None) -> Scored:
    if entry is None:
        return []
    above = Level(facility.level).rank - Level(entry.level).rank
    if above < 0:
        return [(-30, Reason(code="below", text=_("目录要求更高级别机构诊治%s") % entry.name))]
    if above == 0:
        return [(20, Reason(code="level", text=_("目录规定由这一级诊治%s") % entry.name))]
    return [(-6.0 * above, Reason(code="above", text=_("下一级机构也能诊治%s") % entry.name))]


def _soon(opening: Openings, service: Service, now: datetime, *, wants_bed: bool) -> Scored:
    if wants_bed:
        if opening.beds:
            return [(20, Reason(code="bed", text=_("现有空床 %s 张") % opening.beds))]
        return [(-20, Reason(code="no-bed", text=_("现在没有空床")))]
    if opening.next_slot is None:
        words = _("没有放出的号源，通常等候 %s 天") % service.wait_days if service.wait_days else _("没有放出的号源")
        return [(-5, Reason(code="no-slot", text=words))]
    hours = (opening.next_slot - now).total_seconds() / 3600
    return [(max(1.0, 20 - hours / 12), Reason(code="slot", text=_("最近号源在 %s 小时后") % max(1, round(hours))))]


def _distance(distance: float | None) -> Scored:
    if distance is None:
        return []
    return [(max(0.5, 12 - distance / 4), Reason(code="distance", text=_("距离约 %s 公里") % round(distance, 1)))]


def kilometres(lon1: float | None, lat1: float | None, lon2: float | None, lat2: float | None) -> float | None:
    """The straight line over the globe between two points in WGS84 degrees; `None` when one is unknown."""
    if lon1 is None or lat1 is None or lon2 is None or lat2 is None:
        return None
    across, along = radians(lon2 - lon1) / 2, radians(lat2 - lat1) / 2
    half = sin(along) ** 2 + cos(radians(lat1)) * cos(radians(lat2)) * sin(across) ** 2
    return 2 * EARTH_KM * asin(sqrt(half))
