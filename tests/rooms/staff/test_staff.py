"""Practitioners act through posts, systems through tokens, and one doctor answers for a person at a time."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from catchment.kernel.errors import Invalid, NotAllowed, NotFound, Refusal
from catchment.kernel.models import AuditEntry
from catchment.rooms.people import actions as people
from catchment.rooms.staff import actions, queries
from catchment.rooms.staff.models import ApiToken, CareResponsibility, Post, Practitioner
from catchment.rooms.staff.types import Role
from rooms.people.county import NOW, TODAY, County

pytestmark = pytest.mark.django_db
JAN = date(2026, 1, 1)


@pytest.fixture
def county() -> County:
    return County()


@pytest.fixture
def manager(county: County):
    return county.doctor("staff.manage")


def doctor(manager, code: str = "D1", name: str = "周医生") -> Practitioner:
    return actions.create_practitioner(actor=manager, now=NOW, code=code, name=name)


def post(county: County, manager, who: Practitioner | None = None, role: Role = Role.VILLAGE_DOCTOR) -> Post:
    who = who or doctor(manager)
    return actions.open_post(
        actor=manager, now=NOW, practitioner_id=who.pk, facility_id=county.clinic.pk, role=role, since=JAN
    )


def token(manager, of: Post, days: int = 30):
    return actions.issue_token(actor=manager, now=NOW, post_id=of.pk, name="HIS", expires_at=NOW + timedelta(days=days))


def test_a_staff_code_is_one_person_s(manager) -> None:
    doctor(manager)
    with pytest.raises(Invalid) as refused:
        doctor(manager, name="吴医生")
    assert [problem.field for problem in refused.value.problems] == ["code"]


def test_a_user_acts_through_their_open_posts_alone(county: County, manager) -> None:
    who = doctor(manager)
    user = actions.create_user_for(
        actor=manager, now=NOW, practitioner_id=who.pk, username="zhou", password="lake-orange-71"
    )
    first = post(county, manager, who)
    second = post(county, manager, who, Role.HEALTH_MANAGER)
    assert [one.pk for one in queries.posts_of_user(user.pk, TODAY)] == [first.pk, second.pk]
    actions.close_post(actor=manager, now=NOW, post_id=first.pk, until=TODAY)
    assert queries.actor_of_post(first.pk, user_id=user.pk) is None
    acting = queries.actor_of_post(second.pk, user_id=user.pk)
    assert acting is not None
    assert acting.facility_id == county.clinic.pk


def test_a_sign_in_without_a_password_lets_nobody_in(manager) -> None:
    user = actions.create_user_for(actor=manager, now=NOW, practitioner_id=doctor(manager).pk, username="zhou")
    assert not user.has_usable_password()


def test_weak_passwords_and_taken_names_are_refused_by_field(manager) -> None:
    actions.create_user_for(actor=manager, now=NOW, practitioner_id=doctor(manager).pk, username="zhou")
    other = doctor(manager, "D2")
    with pytest.raises(Invalid) as refused:
        actions.create_user_for(actor=manager, now=NOW, practitioner_id=other.pk, username="zhou", password="password")
    assert {problem.field for problem in refused.value.problems} == {"username", "password"}


def test_the_same_post_is_not_opened_twice(county: County, manager) -> None:
    who = doctor(manager)
    opened = post(county, manager, who)
    with pytest.raises(Refusal):
        post(county, manager, who)
    with pytest.raises(Invalid):
        actions.close_post(actor=manager, now=NOW, post_id=opened.pk, until=JAN)
    with pytest.raises(Invalid):
        actions.close_post(actor=manager, now=NOW, post_id=opened.pk, until=TODAY + timedelta(days=1))


def test_a_token_opens_its_post_until_its_time_and_is_kept_as_a_digest(county: County, manager) -> None:
    of = post(county, manager)
    issued = token(manager, of)
    acting = actions.act_by_token(secret=issued.secret, now=NOW)
    assert acting is not None
    assert acting.post_id == of.pk
    assert issued.secret not in str(ApiToken.objects.values().get())
    assert actions.act_by_token(secret=issued.secret, now=issued.expires_at) is None
    assert actions.act_by_token(secret=issued.secret[:-1], now=NOW) is None


def test_a_revoked_token_and_one_of_an_ended_post_open_nothing(county: County, manager) -> None:
    of = post(county, manager)
    revoked, other = token(manager, of), token(manager, of)
    actions.revoke_token(actor=manager, now=NOW, token_id=revoked.id)
    assert actions.act_by_token(secret=revoked.secret, now=NOW) is None
    with pytest.raises(Refusal):
        actions.revoke_token(actor=manager, now=NOW, token_id=revoked.id)
    actions.close_post(actor=manager, now=NOW, post_id=of.pk, until=TODAY)
    assert actions.act_by_token(secret=other.secret, now=NOW) is None
    with pytest.raises(Refusal):
        token(manager, of)


def test_a_token_lives_at_most_a_year(county: County, manager) -> None:
    of = post(county, manager)
    for days in (0, 367):
        with pytest.raises(Invalid):
            token(manager, of, days)


def test_a_token_of_somebody_who_left_opens_nothing(county: County, manager) -> None:
    issued = token(manager, post(county, manager))
    Practitioner.objects.update(active=False)
    assert actions.act_by_token(secret=issued.secret, now=NOW) is None


def test_a_new_doctor_ends_the_former_one_s_responsibility_that_day(county: County, manager) -> None:
    person, first = county.resident("王秀英"), post(county, manager)
    second = post(county, manager, doctor(manager, "D2", "吴医生"))
    registrar = county.doctor("people.register")
    told = {"actor": registrar, "now": NOW, "person_id": person.pk}
    actions.assign_responsibility(**told, post_id=first.pk, since=JAN)
    with pytest.raises(Refusal):
        actions.assign_responsibility(**told, post_id=second.pk, since=JAN)
    actions.assign_responsibility(**told, post_id=second.pk, since=TODAY, contracted=True)
    former = CareResponsibility.objects.get(post=first)
    assert former.until == TODAY
    banner = queries.person_in_care(person.public_id, TODAY)[1]
    assert (banner.doctor_name, banner.contracted, banner.village) == ("吴医生", True, "石桥村")
    assert AuditEntry.objects.filter(event="responsibility.assign", person_id=person.pk).count() == 2


def test_only_the_post_s_own_facility_assigns_its_doctors(county: County, manager) -> None:
    person, of = county.resident("王秀英"), post(county, manager)
    stranger = county.doctor("people.register", at=county.hospital)
    with pytest.raises(NotAllowed):
        actions.assign_responsibility(actor=stranger, now=NOW, person_id=person.pk, post_id=of.pk, since=JAN)


def test_the_banner_is_one_query_and_follows_a_merge(county: County, django_assert_num_queries) -> None:
    kept, duplicate = county.resident("王秀英"), county.resident("王秀瑛")
    people.merge_people(actor=county.doctor(), now=NOW, kept_id=kept.pk, duplicate_id=duplicate.pk, reason="同一人")
    with django_assert_num_queries(1):
        assert queries.person_in_care(duplicate.public_id, TODAY)[1].name == "王秀英"
    with pytest.raises(NotFound):
        queries.person_in_care(uuid4(), TODAY)


def test_staff_change_only_by_the_capability(county: County) -> None:
    with pytest.raises(NotAllowed):
        actions.create_practitioner(actor=county.doctor(), now=NOW, code="D1", name="周医生")
