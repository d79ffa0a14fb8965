"""A system's key at both doors: what it opens, what it does not, what is noted."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User

from catchment.kernel import clock
from catchment.kernel.actor import system
from catchment.kernel.errors import Invalid
from catchment.kernel.models import AuditEntry
from catchment.rooms.staff import actions
from catchment.rooms.staff.models import ApiToken, Practitioner

KEEPER = system("tests", "staff.manage")
DOORS = ("/api/v1/referrals", "/fhir/R4/Patient?name=x")


def issue(actor, scopes=None):
    now = clock.now()
    return actions.issue_token(
        actor=KEEPER, now=now, post_id=actor.post_id, name="HIS", expires_at=now + timedelta(days=1), scopes=scopes
    )


def ask(client, path, secret):
    return client.get(path, headers={"Authorization": f"Bearer {secret}"})


@pytest.mark.parametrize("path", DOORS)
@pytest.mark.parametrize("end", ["revoked", "expired", "post", "user"])
def test_a_key_that_has_ended_in_any_way_opens_neither_door(client, county, path, end):
    issued = issue(county.village_doctor)
    assert ask(client, path, issued.secret).status_code == 200
    finish(county, issued, end)
    assert ask(client, path, issued.secret).status_code == 401


def finish(county, issued, end):
    now = clock.now()
    if end == "revoked":
        actions.revoke_token(actor=KEEPER, now=now, token_id=issued.id)
    elif end == "expired":
        ApiToken.objects.filter(pk=issued.id).update(expires_at=now)
    elif end == "post":
        actions.close_post(actor=KEEPER, now=now, post_id=county.village_doctor.post_id, until=now.date())
    else:
        user = User.objects.create_user("zhou", is_active=False)
        Practitioner.objects.filter(pk=county.village_doctor.practitioner_id).update(user=user)


def test_a_key_does_no_more_than_its_scopes(client, county):
    narrow = issue(county.village_doctor, ["people.search", "people.read", "record.read"])
    assert ask(client, DOORS[1], narrow.secret).status_code == 200
    refused = ask(client, DOORS[0], narrow.secret)
    assert (refused.status_code, refused.json()["code"]) == (403, "capability")


def test_a_key_cannot_be_given_what_its_post_has_not(county):
    with pytest.raises(Invalid) as refused:
        issue(county.village_doctor, ["staff.manage"])
    assert [problem.field for problem in refused.value.problems] == ["scopes"]


def test_without_a_key_the_door_answers_401_with_a_code(client, county):
    answer = client.get(DOORS[0])
    assert (answer.status_code, answer.json()["code"]) == (401, "not-signed-in")


def test_the_first_use_is_noted_once_and_the_last_use_kept(client, county):
    issued = issue(county.village_doctor)
    for _ in range(3):
        ask(client, DOORS[0], issued.secret)
    assert AuditEntry.objects.filter(event="token.first-use", subject_id=issued.id).count() == 1
    assert clock.now() - ApiToken.objects.get(pk=issued.id).last_used_at < timedelta(minutes=1)


def test_the_secret_is_kept_nowhere(county):
    issued = issue(county.village_doctor)
    assert issued.secret not in str(ApiToken.objects.filter(pk=issued.id).values())
