"""The administrator's pages: posts, sign-ins, tokens and capabilities, each change audited and at once in force."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

import county as small
from catchment.kernel import clock
from catchment.kernel.models import AuditEntry
from catchment.rooms.rulebook import actions as rulebook
from catchment.rooms.rulebook import queries as editions
from catchment.rooms.rulebook.types import EditionForm
from catchment.rooms.staff.models import ApiToken, Post, Practitioner


@pytest.fixture
def member(county):
    return Practitioner.objects.create(code="N100", name="新同事")


def act(client, member, verb, /, **fields):
    return client.post(reverse("staff-member", args=[member.code]), {"act": verb, **fields})


def test_others_do_not_come_in(enter, county, member):
    client = enter(county.specialist)
    assert client.get("/staff/").status_code == 403
    assert act(client, member, "give-post", facility="H1", role="specialist").status_code == 403
    assert not Post.objects.filter(practitioner=member).exists()


def test_somebody_new_is_entered_and_found(administrator):
    answer = administrator.post("/staff/new", {"code": "N7", "name": "林青"})
    assert answer.headers["Location"] == "/staff/N7/"
    twice = administrator.post("/staff/new", {"code": "N7", "name": "林青"})
    assert twice.status_code == 422
    assert "已有人使用" in twice.content.decode()


def test_a_post_is_given_and_ended(administrator, member):
    act(administrator, member, "give-post", facility="H1", role="specialist")
    post = Post.objects.get(practitioner=member)
    assert (post.role, post.until) == ("specialist", None)
    Post.objects.update(since=clock.now().date() - timedelta(days=3))
    act(administrator, member, "end-post", post=post.pk)
    post.refresh_from_db()
    assert post.until is not None
    assert {"post.open", "post.close"} <= set(AuditEntry.objects.values_list("event", flat=True))


def test_a_facility_nobody_knows_is_said(administrator, member):
    page = administrator.post(
        reverse("staff-member", args=[member.code]), {"act": "give-post", "facility": "nowhere", "role": "specialist"},
        follow=True,
    ).content.decode()  # fmt: skip
    assert "没有找到" in page
    assert not Post.objects.filter(practitioner=member).exists()


def test_a_sign_in_comes_with_a_link_and_no_password(administrator, member, client):
    page = act(administrator, member, "give-sign-in", username="xin").content.decode()
    link = re.search(r'value="http://testserver(/[^"]+)"', page).group(1)
    assert not User.objects.get(username="xin").has_usable_password()
    assert type(client)().get(link, follow=True).status_code == 200
    assert link not in administrator.get(reverse("staff-member", args=[member.code])).content.decode()


def test_an_account_is_disabled_and_enabled(administrator, member):
    act(administrator, member, "give-sign-in", username="xin")
    act(administrator, member, "disable")
    assert not User.objects.get(username="xin").is_active
    act(administrator, member, "enable")
    assert User.objects.get(username="xin").is_active


def test_a_token_is_shown_once_scoped_and_revoked(administrator, member, client):
    act(administrator, member, "give-post", facility="H1", role="interface")
    post = Post.objects.get(practitioner=member)
    page = act(administrator, member, "give-token", post=post.pk, name="医院系统", days=30, scopes="people.search")
    secret = re.search(r'value="(ct_[^"]+)"', page.content.decode()).group(1)
    assert secret not in administrator.get(reverse("staff-member", args=[member.code])).content.decode()
    headers = {"Authorization": f"Bearer {secret}"}
    system = type(client)()
    assert system.get("/api/v1/referrals", headers=headers).status_code in {200, 403}
    act(administrator, member, "revoke-token", token=ApiToken.objects.get().pk)
    assert system.get("/api/v1/referrals", headers=headers).status_code == 401


def test_a_scope_beyond_the_post_is_refused_beside_its_field(administrator, member):
    act(administrator, member, "give-post", facility="H1", role="interface")
    post = Post.objects.get(practitioner=member)
    page = act(administrator, member, "give-token", post=post.pk, name="x", days=30, scopes="staff.manage")
    assert page.status_code == 422
    assert not ApiToken.objects.exists()


def test_the_table_shows_who_may_do_what(administrator):
    page = administrator.get("/staff/capabilities").content.decode()
    assert "consent.break-glass" in page
    assert "乡村医生" in page


def test_an_edition_takes_a_capability_away_at_once(enter, county, administrator):
    assert enter(county.specialist).get(f"/people/{county.person.public_id}/access").status_code == 200
    form = EditionForm(
        key="staff.capabilities", version="2026.9", title="x", in_force_from=clock.now().date(), source="x",
        content={"changes": [{"role": "specialist", "remove": ["consent.attend"]}]},
    )  # fmt: skip
    rulebook.publish_edition(actor=small.PUBLISHER, now=clock.now(), form=form)
    editions.forget()
    assert enter(county.specialist).get(f"/people/{county.person.public_id}/access").status_code == 403


def test_an_edition_with_an_unknown_capability_is_refused(county):
    from catchment.kernel.errors import Invalid

    form = EditionForm(
        key="staff.capabilities", version="2026.9", title="x", in_force_from=clock.now().date(), source="x",
        content={"changes": [{"role": "specialist", "add": ["all.of-it"]}]},
    )  # fmt: skip
    with pytest.raises(Invalid, match="known are"):
        rulebook.publish_edition(actor=small.PUBLISHER, now=clock.now(), form=form)
