"""A second factor that a role must have."""

from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.models import User
from django.utils import timezone

import county as small_county
from catchment.kernel import clock
from catchment.kernel.actor import system
from catchment.rooms.staff import actions as staff
from catchment.rooms.staff.models import Post, Practitioner

SECRET = "a-long-password-42"


@pytest.fixture
def officer(county, settings):
    """A privacy officer with a password and nothing else, in post for a long time; no demo."""
    settings.DEMO = False
    return small_county._actor("隐私专员", county.hospital, "privacy-officer")


def sign_in(client, actor):
    user, made = User.objects.get_or_create(username=f"user-{actor.post_id}")
    if made:
        user.set_password(SECRET)
        user.save()
        Practitioner.objects.filter(pk=actor.practitioner_id).update(user=user)
    client.post("/sign-in", {"login": user.username, "password": SECRET})
    return user


def test_after_the_grace_every_page_leads_to_setting_it_up(client, officer):
    sign_in(client, officer)
    assert client.get("/").headers["Location"] == "/account/security"
    page = client.get("/account/security").content.decode()
    assert "必须有第二验证" in page
    answer = client.get("/api/v1/referrals")
    assert (answer.status_code, answer.json()["code"]) == (403, "second-factor-required")


def test_what_is_needed_to_set_it_up_to_change_post_and_to_leave_stays_open(client, officer):
    sign_in(client, officer)
    for path in ("/account/security", "/choose-post", "/me", "/account/security/keys"):
        assert client.get(path).headers.get("Location", "") != "/account/security", path
    assert client.post("/sign-out").status_code == 302


def test_once_it_is_set_up_everything_opens_and_taking_it_away_closes_it_again(client, officer):
    user = sign_in(client, officer)
    factor = TOTP.activate(user, generate_totp_secret()).instance
    assert client.get("/").status_code == 200
    factor.delete()
    assert client.get("/").status_code == 302


def test_within_the_grace_one_is_told_the_day_and_works_on(client, officer):
    Post.objects.filter(pk=officer.post_id).update(since=timezone.localdate(clock.now()) - timedelta(days=2))
    sign_in(client, officer)
    page = client.get("/")
    assert page.status_code == 200
    assert str(timezone.localdate(clock.now()) + timedelta(days=5)) in page.content.decode()


def test_a_role_that_need_not_have_one_is_not_asked(client, county, officer):
    sign_in(client, county.village_doctor)
    assert client.get("/").status_code == 200


def test_a_token_is_no_person(client, officer):
    manager = system("tests", "staff.manage")
    end = clock.now() + timedelta(days=9)
    token = staff.issue_token(actor=manager, now=clock.now(), post_id=officer.post_id, name="x", expires_at=end)
    answer = client.get("/api/v1/referrals", headers={"Authorization": f"Bearer {token.secret}"})
    assert answer.json().get("code") != "second-factor-required"


def test_the_demo_cast_is_let_in_without(client, officer, settings):
    settings.DEMO = True
    sign_in(client, officer)
    assert client.get("/").status_code == 200
