"""Passkeys in a real Chromium, whose virtual authenticator stands for the doctor's finger."""

import pytest
from allauth.mfa.models import Authenticator

from browser.conftest import account_of

PASSWORD = "a-long-password-42"


@pytest.fixture
def passkeys(live_server, monkeypatch):
    """The browser gives passkeys to names only, so the site goes by its name."""
    return live_server.url.replace("127.0.0.1", "localhost")


@pytest.fixture
def tab(chromium, passkeys):
    """A page with an authenticator of its own that says yes to whoever holds it."""
    context = chromium.new_context(base_url=passkeys, locale="zh-CN")
    context.set_default_timeout(8000)
    page = context.new_page()
    driver = context.new_cdp_session(page)
    driver.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    page.authenticator = driver.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]
    page.driver = driver
    yield page
    context.close()


def by_password(page, user):
    page.goto("/sign-in")
    page.fill("#username", user.username)
    page.fill("#password", PASSWORD)
    page.click("form[action='/sign-in'] button")
    page.wait_for_url("**/")


def out(page):
    page.goto("/me")
    page.click("main form[action='/sign-out'] button")
    page.wait_for_url("**/sign-in")


def confirmed(page):
    """Give the password again, where the library asks for it before it changes credentials."""
    if "/account/confirm" in page.url:
        page.fill("input[name=password]", PASSWORD)
        page.click("main form[method=post] button[type=submit]")


def register(page):
    page.goto("/account/security/keys/add")
    confirmed(page)
    page.fill("input[name=name]", "村卫生室电脑")
    page.check("input[name=passwordless]")
    with page.expect_navigation(url=lambda url: not url.endswith("/add")):
        page.click("#mfa_webauthn_add")


def test_a_passkey_is_made_opens_without_a_password_and_is_taken_away(tab, county):
    user = account_of(county.village_doctor)
    by_password(tab, user)
    register(tab)
    kept = Authenticator.objects.get(user=user, type="webauthn")
    assert len(tab.driver.send("WebAuthn.getCredentials", {"authenticatorId": tab.authenticator})["credentials"]) == 1

    out(tab)
    tab.click("#passkey_login")
    tab.wait_for_url("**/")
    assert "石桥村卫生室" in tab.text_content("body")

    tab.goto(f"/account/security/keys/{kept.pk}/remove")
    confirmed(tab)
    with tab.expect_navigation(url=lambda url: not url.endswith("/remove")):
        tab.click("main form[method=post] button[type=submit]")
    assert not Authenticator.objects.filter(user=user, type="webauthn").exists()

    out(tab)
    tab.click("#passkey_login")
    tab.wait_for_timeout(1500)
    tab.goto("/")
    assert "/sign-in" in tab.url


@pytest.mark.slow
def test_somebody_elses_finger_does_not_open(tab, county):
    user = account_of(county.village_doctor)
    by_password(tab, user)
    register(tab)
    out(tab)
    told = {"authenticatorId": tab.authenticator, "isUserVerified": False}
    tab.driver.send("WebAuthn.setUserVerified", told)
    tab.click("#passkey_login")
    tab.wait_for_timeout(1500)
    tab.goto("/")
    assert "/sign-in" in tab.url
