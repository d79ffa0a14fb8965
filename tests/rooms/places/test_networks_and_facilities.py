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
    return Area.objects.create(code="999001", name="云溪县", level=Level.COUNTY)


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


def test_a_facility_is_found_by_name_pinyin_and_initials() -> None:
    facility("H1", "石桥村卫生室")
    for text in ("石桥", "shiqiao", "sqc", "h1"):
        assert [one.code for one in queries.facilities(text=text)] == ["H1"]
    assert not queries.facilities(text="楚溪")


def test_what_is_wrong_with_a_facility_is_told_by_field() -> None:
    with pytest.raises(Invalid) as refused:
        facility("H1", " ", area_code="123", parent_code="X", longitude=121.0)
    assert {problem.field for problem in refused.value.problems} == {"name", "area_code", "parent_code", "longitude"}


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"code": "a/b"}, "code"),
        ({"code": "networks"}, "code"),
        ({"name": "院" * 121}, "name"),
        ({"phone": "1" * 41}, "phone"),
        ({"longitude": 181.0, "latitude": 28.0}, "longitude"),
        ({"longitude": 121.0, "latitude": float("nan")}, "latitude"),
        ({"catchment": ("999",)}, "catchment"),
        ({"parent_code": "H1"}, "parent_code"),
    ],
)
def test_a_facility_that_cannot_be_is_refused_and_not_written(told, field) -> None:
    with pytest.raises(Invalid) as refused:
        facility(**{"code": "H1", **told})
    assert field in {problem.field for problem in refused.value.problems}
    assert not Facility.objects.exists()


def test_facilities_do_not_stand_above_each_other_in_a_circle() -> None:
    facility("H1")
    facility("H2", parent_code="H1")
    with pytest.raises(Invalid) as refused:
        facility("H1", parent_code="H2")
    assert [problem.field for problem in refused.value.problems] == ["parent_code"]


def test_what_is_told_of_a_facility_is_told_back() -> None:
    told = {"capabilities": frozenset({"ct"}), "catchment": ("999001",), "longitude": 121.0, "latitude": 28.0}
    saved = facility("H1", organization_code="O1", organization_name="云溪县卫健集团", **told)
    back = queries.told_of(queries.facility_by_code(saved.code))
    assert (back.organization_code, back.organization_name, back.area_code) == ("O1", "云溪县卫健集团", "999001")
    assert {name: getattr(back, name) for name in told} == told


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"name": " "}, "name"),
        ({"specialty": ""}, "specialty"),
        ({"min_age": 15, "max_age": 14}, "max_age"),
        ({"max_age": 151}, "max_age"),
        ({"sex": "x"}, "sex"),
        ({"wait_days": -1}, "wait_days"),
        ({"code": "心内"}, "code"),
    ],
)
def test_a_service_that_cannot_be_is_refused(more, field) -> None:
    hospital = facility("H1")
    told = ServiceTold(**{"code": "C1", "name": "心内科", "specialty": "cardiology", **more})
    with pytest.raises(Invalid) as refused:
        actions.save_service(actor=MANAGER, now=NOW, facility_id=hospital.pk, told=told)
    assert [problem.field for problem in refused.value.problems] == [field]


def test_a_closed_service_is_still_kept() -> None:
    hospital = facility("H1")
    for active in (True, False):
        told = ServiceTold(code="C1", name="心内科", specialty="cardiology", active=active)
        actions.save_service(actor=MANAGER, now=NOW, facility_id=hospital.pk, told=told)
    assert queries.services_of(hospital.pk) == []
    assert [one.code for one in queries.services_of(hospital.pk, include_closed=True)] == ["C1"]


def test_a_network_holds_by_period_and_may_be_joined_again_later() -> None:
    one, lead, member = network(), facility("H1"), facility("H2")
    join(one, lead, JAN, MemberRole.LEAD)
    leave(join(one, member, JAN), FEB)
    assert [m.facility.code for m in queries.members_of(one.pk, date(2026, 1, 31))] == ["H1", "H2"]
    assert [m.facility.code for m in queries.members_of(one.pk, FEB)] == ["H1"]
    with pytest.raises(Refusal, match="重叠"):
        join(one, member, date(2026, 1, 15))
    join(one, member, MAR)
    assert [m.facility.code for m in queries.members_of(one.pk, MAR)] == ["H1", "H2"]
    assert len(queries.membership_history(member.pk)) == 2


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


def test_places_change_only_by_the_capability() -> None:
    with pytest.raises(NotAllowed):
        actions.save_network(actor=system("test"), now=NOW, code="N", name="N", kind=NetworkKind.CITY_GROUP)
