"""A second factor, recovery codes and lock-out, as somebody at the door meets them."""

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.contrib.auth.models import User
from django.core.cache import cache

from catchment.kernel.models import AuditEntry
from catchment.rooms.staff.models import Practitioner

SECRET = "a-long-password-42"


@pytest.fixture
def account(county):
    cache.clear()
    user = User.objects.create_user("zhou", password=SECRET)
    Practitioner.objects.filter(pk=county.village_doctor.practitioner_id).update(user=user)
    return user


@pytest.fixture
def factor(account):
    secret = generate_totp_secret()
    TOTP.activate(account, secret)
    return secret


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def sign_in(client, password=SECRET):
    return client.post("/sign-in", {"login": "zhou", "password": password})


def noted(event: str) -> int:
    return AuditEntry.objects.filter(event=event).count()


def test_with_a_second_factor_the_password_alone_opens_nothing(client, factor):
    assert sign_in(client).headers["Location"].startswith("/sign-in/second-factor")
    assert client.get("/").status_code == 302
    assert noted("session.begin") == 0


def test_the_code_of_the_moment_completes_the_sign_in(client, factor):
    sign_in(client)
    assert client.post("/sign-in/second-factor", {"code": code_of(factor)}).headers["Location"] == "/"
    assert client.get("/").status_code == 200
    assert (noted("second-factor.use"), noted("session.begin")) == (1, 1)


def test_a_code_opens_only_once(client, factor):
    sign_in(client)
    code = code_of(factor)
    client.post("/sign-in/second-factor", {"code": code})
    client.post("/sign-out")
    sign_in(client)
    assert client.post("/sign-in/second-factor", {"code": code}).status_code == 200
    assert client.get("/").status_code == 302


def test_a_recovery_code_opens_once_and_never_again(client, account, factor):
    code = RecoveryCodes.activate(account).get_unused_codes()[0]
    sign_in(client)
    assert client.post("/sign-in/second-factor", {"code": code}).headers["Location"] == "/"
    client.post("/sign-out")
    sign_in(client)
    assert client.post("/sign-in/second-factor", {"code": code}).status_code == 200
    assert noted("second-factor.refused") == 1


def test_the_secret_is_not_readable_in_the_database(factor):
    kept = Authenticator.objects.get(type="totp").data["secret"]
    assert factor not in kept
    assert get_adapter().decrypt(kept) == factor


def test_an_app_is_added_on_the_page_and_that_is_noted(client, account, django_capture_on_commit_callbacks):
    sign_in(client)
    assert client.get("/account/security/app/add").headers["Location"].startswith("/account/confirm")
    assert 'name="password"' in client.get("/account/confirm").content.decode()
    client.post("/account/confirm", {"password": SECRET})
    page = client.get("/account/security/app/add")
    secret = page.context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post("/account/security/app/add", {"code": code_of(secret)}).status_code == 302
    assert Authenticator.objects.filter(user=account, type="totp").exists()
    told = AuditEntry.objects.filter(event="second-factor.add").values_list("detail__type", flat=True)
    assert sorted(told) == ["recovery_codes", "totp"]


def test_after_five_wrong_passwords_even_the_right_one_is_refused_and_that_is_noted(client, account):
    assert [sign_in(client, "wrong").status_code for _ in range(5)] == [422] * 5
    answer = sign_in(client)
    assert answer.status_code == 429
    assert "尝试次数太多" in answer.content.decode()
    assert client.get("/").status_code == 302
    assert (noted("session.refused"), noted("session.locked-out")) == (5, 1)


def test_a_disabled_account_does_not_enter(client, account):
    User.objects.filter(pk=account.pk).update(is_active=False)
    assert sign_in(client).status_code in {302, 422}
    assert client.get("/").status_code == 302


@pytest.mark.parametrize(
    "path", ["/account/security", "/account/password", "/account/security/app/add", "/account/security/keys"]
)
def test_the_pages_of_ones_own_account_open_only_signed_in(client, account, path):
    assert client.get(path).headers["Location"].startswith("/sign-in")
    sign_in(client)
    client.post("/account/confirm", {"password": SECRET})
    assert client.get(path).status_code == 200


def test_nobody_signs_up(client, county):
    assert client.get("/account/signup").status_code == 404
    assert client.get("/accounts/signup/").status_code == 404
