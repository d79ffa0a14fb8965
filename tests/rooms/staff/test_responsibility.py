"""A contract ends with a reason, on a day that has come, by the facility that signed it."""

from datetime import date, timedelta

import pytest

from catchment.kernel.errors import Invalid, NotAllowed, Refusal
from catchment.rooms.people import actions as people
from catchment.rooms.staff import actions, queries
from catchment.rooms.staff.models import Post, Practitioner
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
    assert queries.responsible_post(told["person_id"]) is None
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
    assert queries.responsible_post(told["person_id"]) is not None


def test_only_the_facility_that_signed_ends_it_or_who_manages_staff(county: County, told) -> None:
    actions.assign_responsibility(**told, since=JAN)
    with pytest.raises(NotAllowed):
        ended(told, actor=county.doctor(at=county.other))
    ended(told, actor=county.doctor("staff.manage", at=county.other))


def test_a_period_must_hold_together(told) -> None:
    with pytest.raises(Invalid) as refused:
        actions.assign_responsibility(**told, since=JAN - timedelta(days=9), agreed_until=JAN - timedelta(days=9))
    assert {one.field for one in refused.value.problems} == {"since", "agreed_until"}


def test_nobody_answers_for_the_dead(told) -> None:
    people.record_death(actor=told["actor"], now=NOW, person_id=told["person_id"], on=JAN)
    with pytest.raises(Refusal, match="已登记死亡"):
        actions.assign_responsibility(**told, since=TODAY)
