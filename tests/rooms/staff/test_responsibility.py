"""A contract ends with a reason, on a day that has come, by the facility that signed it."""

from datetime import date, timedelta

import pytest

from catchment.kernel.actor import system
from catchment.kernel.errors import Invalid, NotAllowed, Refusal
from catchment.rooms.people import actions as people
from catchment.rooms.people.models import Person
from catchment.rooms.staff import actions, queries
from catchment.rooms.staff.models import CareResponsibility, Post, Practitioner
from rooms.people.county import NOW, TODAY, County

pytestmark = pytest.mark.django_db
JAN = date(2026, 1, 1)


@pytest.fixture
def county() -> County:
    return County()


@pytest.fixture
def told(county: County):
    """What an assignment by the clinic's own doctor is told."""
    doctor = Practitioner.objects.create(code="D1", name="周医生")
    post = Post.objects.create(practitioner=doctor, facility=county.clinic, role="village-doctor", since=JAN)
    return {"actor": county.doctor(), "now": NOW, "person_id": county.resident("王秀英").pk, "post_id": post.pk}


def ended(told, **changes):
    base = {"actor": told["actor"], "now": NOW, "person_id": told["person_id"], "until": TODAY, "reason": "迁出"}
    return actions.end_responsibility(**{**base, **changes})


def test_a_contract_ends_with_its_reason_and_stands_in_the_history(told) -> None:
    actions.assign_responsibility(**told, since=JAN, contracted=True, agreed_until=date(2026, 12, 31))
    ended(told)
    (held,) = queries.responsibilities_of(told["person_id"])
    assert (held.until, held.end_reason, held.agreed_until) == (TODAY, "迁出", date(2026, 12, 31))
    assert queries.responsible_post(told["person_id"], TODAY) is None
    with pytest.raises(Refusal, match="目前没有责任医生"):
        ended(told)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"until": JAN - timedelta(days=1)}, "until"),
        ({"until": TODAY + timedelta(days=1)}, "until"),
    ],
)
def test_an_end_that_cannot_be_is_told_at_its_field(told, changes, field) -> None:
    actions.assign_responsibility(**told, since=JAN)
    with pytest.raises(Invalid) as refused:
        ended(told, **changes)
    assert [one.field for one in refused.value.problems] == [field]
    assert queries.responsible_post(told["person_id"], TODAY) is not None


def test_only_the_facility_that_signed_ends_it_or_who_manages_staff(county: County, told) -> None:
    actions.assign_responsibility(**told, since=JAN)
    with pytest.raises(NotAllowed):
        ended(told, actor=county.doctor(at=county.other))
    ended(told, actor=county.doctor("staff.manage", at=county.other))


def test_a_period_must_hold_together(told) -> None:
    with pytest.raises(Invalid) as refused:
        actions.assign_responsibility(
            **told, since=JAN - timedelta(days=9), agreed_until=JAN - timedelta(days=9), contracted=True
        )
    assert {one.field for one in refused.value.problems} == {"since", "agreed_until"}


def test_nobody_answers_for_the_dead(told) -> None:
    people.record_death(actor=told["actor"], now=NOW, person_id=told["person_id"], on=JAN)
    with pytest.raises(Refusal, match="已登记死亡"):
        actions.assign_responsibility(**told, since=TODAY)


LAPSING = system("contracts", "responsibility.lapse")
LAST = TODAY
AFTER = TODAY + timedelta(days=1)


@pytest.fixture
def signed(told):
    """A contract whose last day is today."""
    return actions.assign_responsibility(**told, since=JAN, contracted=True, agreed_until=LAST)


def stands(person_id, day):
    """What a contract gives on a day: the doctor, the contract, both on the banner."""
    banner = queries.person_in_care(Person.objects.get(pk=person_id).public_id, day)[1]
    held = queries.responsible_post(person_id, day)
    return held is not None, queries.has_contract(person_id, day), banner.doctor_name, banner.contracted


def test_a_contract_holds_on_its_last_day_and_on_no_day_after(told, signed) -> None:
    assert stands(told["person_id"], LAST) == (True, True, "周医生", True)
    assert stands(told["person_id"], AFTER) == (False, False, "", False)
    assert stands(told["person_id"], JAN - timedelta(days=1)) == (False, False, "", False)
    assert (signed.ends, signed.ran_out) == (AFTER, True)


def test_a_contract_past_its_last_day_is_closed_as_of_that_day_and_the_file_says_why(told, signed) -> None:
    assert actions.end_lapsed(actor=LAPSING, now=NOW) == 0
    assert actions.end_lapsed(actor=LAPSING, now=NOW + timedelta(days=40)) == 1
    assert actions.end_lapsed(actor=LAPSING, now=NOW + timedelta(days=40)) == 0
    signed.refresh_from_db()
    assert (signed.until, signed.end_reason) == (AFTER, "协议期满")
    with pytest.raises(NotAllowed):
        actions.end_lapsed(actor=told["actor"], now=NOW)


def test_a_contract_renewed_late_leaves_the_gap(told, signed) -> None:
    late = {**told, "now": NOW + timedelta(days=30)}
    actions.assign_responsibility(**late, since=TODAY + timedelta(days=30), contracted=True)
    signed.refresh_from_db()
    assert signed.until == AFTER
    assert not queries.has_contract(told["person_id"], TODAY + timedelta(days=29))
    assert queries.has_contract(told["person_id"], TODAY + timedelta(days=30))


def test_a_contract_that_ran_out_is_not_ended_again(told, signed) -> None:
    with pytest.raises(Refusal, match="目前没有责任医生"):
        ended(told, now=NOW + timedelta(days=1), until=AFTER)
    assert CareResponsibility.objects.get().end_reason == ""


def test_a_last_day_without_a_contract_is_refused(told) -> None:
    with pytest.raises(Invalid) as refused:
        actions.assign_responsibility(**told, since=JAN, agreed_until=LAST)
    assert [one.field for one in refused.value.problems] == ["agreed_until"]
