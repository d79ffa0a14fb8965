"""Facilities, what they can do, and their networks by period."""

from datetime import UTC, date, datetime

import pytest

from catchment.kernel.actor import system
from catchment.kernel.errors import Invalid, NotAllowed, Refusal
from catchment.rooms.places import actions, queries
from catchment.rooms.places.models import Area, Facility, Network
from catchment.rooms.places.types import FacilityKind, FacilityTold, Level, MemberRole, NetworkKind, ServiceTold

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
MANAGER = system("test", "places.manage")
JAN, FEB, MAR = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)


@pytest.fixture(autouse=True)
def area() -> Area:
    return actions.save_area(actor=MANAGER, now=NOW, code="999001", name="云溪县", level=Level.COUNTY)


def facility(code: str, name: str = "云溪县人民医院", **told) -> Facility:
    told = {"kind": FacilityKind.HOSPITAL, "level": Level.COUNTY, "area_code": "999001", **told}
    return actions.save_facility(actor=MANAGER, now=NOW, told=FacilityTold(code=code, name=name, **told))


def network(kind: NetworkKind = NetworkKind.COUNTY_COMMUNITY) -> Network:
    return actions.save_network(actor=MANAGER, now=NOW, code=kind.value, name=kind.value, kind=kind, specialty="心内")


def join(one: Network, member: Facility, since: date, role: MemberRole = MemberRole.MEMBER):
    return actions.join_network(
        actor=MANAGER, now=NOW, network_id=one.pk, facility_id=member.pk, role=role, since=since
    )


def leave(membership, until: date):
    return actions.leave_network(actor=MANAGER, now=NOW, membership_id=membership.pk, until=until)


def test_saving_a_facility_again_changes_it_and_makes_no_second() -> None:
    facility("H1", capabilities=frozenset({"ct", "pci"}), catchment=("999001",))
    again = facility("H1", name="云溪县中心医院", capabilities=frozenset({"ct", "dialysis"}))
    assert Facility.objects.count() == 1
    assert queries.capabilities_of(again.pk) == {"ct", "dialysis"}
    assert queries.catchment_of(again.pk) == []
    assert [one.name for one in queries.facilities_able_to("dialysis")] == ["云溪县中心医院"]


def test_a_facility_is_found_by_name_pinyin_and_initials() -> None:
    facility("H1", "石桥村卫生室")
    for text in ("石桥", "shiqiao", "sqc", "h1"):
        assert [one.code for one in queries.facilities(text=text)] == ["H1"]
    assert not queries.facilities(text="楚溪")


def test_what_is_wrong_with_a_facility_is_told_by_field() -> None:
    with pytest.raises(Invalid) as refused:
        facility("H1", " ", area_code="123", parent_code="X", longitude=121.0)
    assert {problem.field for problem in refused.value.problems} == {"name", "area_code", "parent_code", "longitude"}


def test_near_facilities_come_nearest_first_within_the_distance() -> None:
    for code, longitude in (("H1", 121.0), ("H2", 121.05), ("H3", 122.0)):
        facility(code, longitude=longitude, latitude=28.0)
    near = queries.facilities_near(121.04, 28.0, within_km=10)
    assert [one.facility.code for one in near] == ["H2", "H1"]
    assert near[0].km == pytest.approx(0.98, abs=0.01)


def test_a_network_holds_by_period_and_may_be_joined_again_later() -> None:
    one, lead, member = network(), facility("H1"), facility("H2")
    join(one, lead, JAN, MemberRole.LEAD)
    leave(join(one, member, JAN), FEB)
    assert queries.same_network(lead.pk, member.pk, date(2026, 1, 31))
    assert not queries.same_network(lead.pk, member.pk, FEB)
    with pytest.raises(Refusal, match="重叠"):
        join(one, member, date(2026, 1, 15))
    join(one, member, MAR)
    assert [m.facility.code for m in queries.members_of(one.pk, MAR)] == ["H1", "H2"]
    assert len(queries.membership_history(member.pk)) == 2


def test_a_facility_may_be_in_several_networks_and_the_kind_can_be_asked_for() -> None:
    lead, member = facility("H1"), facility("H2")
    for kind in (NetworkKind.COUNTY_COMMUNITY, NetworkKind.SPECIALTY_ALLIANCE):
        join(network(kind), lead, JAN)
    join(network(NetworkKind.SPECIALTY_ALLIANCE), member, JAN)
    assert len(queries.networks_of(lead.pk, MAR)) == 2
    assert queries.same_network(lead.pk, member.pk, MAR, NetworkKind.SPECIALTY_ALLIANCE)
    assert not queries.same_network(lead.pk, member.pk, MAR, NetworkKind.COUNTY_COMMUNITY)


def test_one_leads_and_leaves_last() -> None:
    one, lead, member = network(), facility("H1"), facility("H2")
    leading = join(one, lead, JAN, MemberRole.LEAD)
    with pytest.raises(Refusal, match="牵头"):
        join(one, member, JAN, MemberRole.LEAD)
    following = join(one, member, JAN)
    with pytest.raises(Refusal, match="成员"):
        leave(leading, MAR)
    with pytest.raises(Invalid):
        leave(following, JAN)
    leave(following, FEB)
    assert leave(leading, MAR).until == MAR


def test_services_are_offered_by_specialty_age_and_sex() -> None:
    hospital = facility("H1")
    for told in (
        ServiceTold(code="C1", name="心内科", specialty="cardiology", wait_days=3),
        ServiceTold(code="C2", name="心内科二", specialty="cardiology", wait_days=1),
        ServiceTold(code="C3", name="儿童心脏", specialty="cardiology", max_age=14),
        ServiceTold(code="C4", name="心内病房", specialty="cardiology", accepts_referrals=False),
        ServiceTold(code="G1", name="妇科", specialty="gynaecology", sex="female"),
    ):
        actions.save_service(actor=MANAGER, now=NOW, facility_id=hospital.pk, told=told)
    assert [one.code for one in queries.services_accepting("cardiology", age=60)] == ["C2", "C1"]
    assert queries.services_accepting("gynaecology", sex="male") == []


def test_the_nearest_catchment_answers_first() -> None:
    actions.save_area(
        actor=MANAGER, now=NOW, code="999001001", name="云溪镇", level=Level.TOWNSHIP, parent_code="999001"
    )
    facility("H1", catchment=("999001",))
    facility("T1", "云溪镇卫生院", catchment=("999001001",))
    area = queries.area_by_code("999001001")
    assert [one.code for one in queries.facilities_answering_for(area)] == ["T1", "H1"]


def test_places_change_only_by_the_capability() -> None:
    with pytest.raises(NotAllowed):
        actions.save_network(actor=system("test"), now=NOW, code="N", name="N", kind=NetworkKind.CITY_GROUP)
