"""Signing in and out, and through which post one acts."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client

from catchment.kernel import clock
from catchment.kernel.models import AuditEntry
from catchment.rooms.staff.models import Post, Practitioner

SECRET = "a-long-password-42"


@pytest.fixture
def account(county):
    """The village doctor's own sign-in."""
    user = User.objects.create_user("zhou", password=SECRET)
    Practitioner.objects.filter(pk=county.village_doctor.practitioner_id).update(user=user)
    return user


@pytest.fixture
def second_post(county, account):
    return Post.objects.create(
        practitioner_id=county.village_doctor.practitioner_id,
        facility=county.township,
        role="township-doctor",
        since="2025-01-01",
    )


def sign_in(client, password=SECRET, **more):
    return client.post("/sign-in", {"login": "zhou", "password": password, **more})


def test_with_one_post_signing_in_leads_straight_to_the_board(client, account):
    assert sign_in(client).headers["Location"] == "/"
    assert "石桥村卫生室" in client.get("/").content.decode()
    assert AuditEntry.objects.filter(event="session.begin", user_id=account.pk).count() == 1


def test_signing_in_leads_back_to_where_one_was_going(client, account):
    assert sign_in(client, next="/people/?from=w").headers["Location"] == "/people/?from=w"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/x", "javascript:alert(1)"])
def test_signing_in_never_leads_to_another_host(client, account, elsewhere):
    assert sign_in(client, next=elsewhere).headers["Location"] == "/"


def test_a_wrong_password_is_told_and_noted_without_saying_which_half_was_wrong(client, account):
    answer = sign_in(client, "wrong")
    assert answer.status_code == 422
    assert "用户名或密码不对" in answer.content.decode()
    assert AuditEntry.objects.filter(event="session.refused").count() == 1
    assert client.get("/").status_code == 302


def test_with_two_posts_one_is_chosen_and_shown(client, county, account, second_post):
    assert sign_in(client).headers["Location"] == "/choose-post"
    assert "乡镇全科医生" in client.get("/choose-post").content.decode()
    client.post("/choose-post", {"post": f"{county.township.code}:township-doctor"})
    assert "云溪镇中心卫生院" in client.get("/").content.decode()


def test_a_post_of_somebody_else_cannot_be_chosen(client, county, account, second_post):
    sign_in(client)
    client.post("/choose-post", {"post": f"{county.hospital.code}:referral-desk"})
    assert client.get("/").status_code == 302


def test_a_post_that_has_ended_opens_nothing_any_more(client, county, account):
    sign_in(client)
    Post.objects.filter(pk=county.village_doctor.post_id).update(until="2025-06-01")
    assert client.get("/").status_code == 302


def test_signing_out_ends_the_session_and_is_noted(client, account):
    sign_in(client)
    assert client.post("/sign-out").headers["Location"] == "/sign-in"
    assert client.get("/").status_code == 302
    assert AuditEntry.objects.filter(event="session.end").count() == 1
    assert client.get("/sign-out").status_code == 405


def test_the_demo_is_entered_with_one_tap_and_only_the_demo(client, county, account, settings):
    Practitioner.objects.filter(pk=county.village_doctor.practitioner_id).update(code="demo-zhou.cunyi")
    assert client.post("/enter-as", {"who": "demo-zhou.cunyi"}).headers["Location"] == "/"
    assert client.post("/enter-as", {"who": "H1-specialist"}).status_code == 404
    client.post("/sign-out")
    settings.DEMO = False
    assert client.post("/enter-as", {"who": "demo-zhou.cunyi"}).status_code == 404
    assert "demo-zhou.cunyi" not in client.get("/sign-in").content.decode()


def test_a_session_that_rested_too_long_for_its_role_is_over_and_says_why(client, account):
    sign_in(client)
    rest(client, minutes=119)
    assert client.get("/").status_code == 200
    rest(client, minutes=121)
    assert "长时间没有操作" in client.get("/", follow=True).content.decode()
    assert AuditEntry.objects.get(event="session.ended").detail == {"why": "idle"}


def rest(client, *, minutes):
    session = client.session
    session["seen"] = (clock.now() - timedelta(minutes=minutes)).timestamp()
    session.save()


def test_signing_out_everywhere_ends_the_sessions_on_other_devices_and_not_a_later_one(client, account):
    other = Client()
    sign_in(other)
    sign_in(client)
    assert client.post("/sign-out-everywhere").headers["Location"] == "/sign-in"
    assert "请重新登录" in other.get("/", follow=True).content.decode()
    sign_in(other)
    assert other.get("/").status_code == 200


def test_a_user_who_is_disabled_is_out_with_the_next_request(client, account):
    sign_in(client)
    User.objects.filter(pk=account.pk).update(is_active=False)
    assert client.get("/").status_code == 302
