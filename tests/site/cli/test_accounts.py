"""The first administrator and the care of accounts, from the command line to the door."""

import json

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.models import User
from django.core.cache import cache
from typer.testing import CliRunner

from catchment.kernel.models import AuditEntry
from catchment.site.cli import app

CHOSEN = "a-password-chosen-by-herself-7"


def run(*words):
    answer = CliRunner().invoke(app, [*words, "--json"])
    assert answer.exit_code == 0, answer.output + str(answer.exception)
    return json.loads(answer.stdout)


@pytest.fixture
def link(county):
    cache.clear()
    return run("setup-administrator", "admin", "--name", "管理员", "--facility", "H1")["set_password_at"]


def set_password(client, link):
    opened = client.get(link).headers["Location"]
    return client.post(opened, {"password1": CHOSEN, "password2": CHOSEN})


def sign_in(client):
    client.post("/sign-in", {"login": "admin", "password": CHOSEN})
    return client.get("/").status_code == 200


def test_the_first_administrator_has_no_password_until_they_set_one_by_the_link(client, link):
    assert not User.objects.get(username="admin").has_usable_password()
    assert set_password(client, link).status_code == 302
    assert sign_in(client)


def test_the_link_works_once(client, link):
    set_password(client, link)
    assert client.get(link).status_code == 200
    assert "password1" not in client.get(link).content.decode()


def test_there_is_only_one_first_administrator(link):
    again = CliRunner().invoke(app, ["setup-administrator", "other", "--name", "x", "--facility", "H1"])
    assert again.exit_code != 0
    assert not User.objects.filter(username="other").exists()


def test_a_disabled_user_is_out_at_once_and_may_come_back(client, link):
    set_password(client, link)
    assert sign_in(client)
    run("staff", "disable", "admin")
    assert client.get("/").status_code == 302
    assert not sign_in(client)
    run("staff", "enable", "admin")
    assert sign_in(client)
    events = set(AuditEntry.objects.values_list("event", flat=True))
    assert events >= {"password.link", "password.set", "user.disable", "user.enable"}


def test_a_lost_phone_is_forgotten(client, link):
    set_password(client, link)
    TOTP.activate(User.objects.get(username="admin"), generate_totp_secret())
    assert not sign_in(client)
    assert run("staff", "reset-second-factor", "admin")["removed"] == 1
    assert sign_in(client)
