"""A real Chromium before a live server: every test here is marked `browser`."""

import os
import shutil
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client

import county as small_county
from catchment.kernel import clock
from catchment.rooms.referral import actions
from catchment.rooms.referral.types import ReferralForm
from catchment.rooms.rulebook import queries as rulebook
from catchment.rooms.staff.models import Practitioner
from catchment.site.middleware import POST_KEY

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the browser's driver keeps an event loop in this thread
VENDOR = Path(__file__).resolve().parents[2] / "src" / "catchment" / "site" / "static" / "vendor"
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium():
    from playwright.sync_api import sync_playwright

    found = shutil.which("chromium")
    if not found:
        pytest.fail("Chromium is missing; install it with: tools/system-packages chromium")
    if not (VENDOR / "axe.js").exists():
        pytest.fail("the pages' assets are not built; build them with: make assets")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def county(transactional_db, monkeypatch):
    rulebook.forget()
    monkeypatch.setattr(small_county, "NOW", clock.now())
    yield small_county.build()
    rulebook.forget()


@pytest.fixture
def referral(county):
    """An urgent referral under way from the village to the hospital."""
    form = ReferralForm(
        to_service_id=county.cardiology.pk, urgency="urgent", reason_code="0", diagnosis="胸痛", question="请诊"
    )
    draft = actions.draft_referral(actor=county.village_doctor, now=clock.now(), person_id=county.person.pk, form=form)
    return actions.send_referral(actor=county.village_doctor, now=clock.now(), referral_id=draft.pk)


@pytest.fixture
def window(chromium, live_server):
    """Open a page of the live server, signed in through an actor's post where one is given."""
    opened = []

    def open_page(actor=None, *, size=None, scripts=True):
        context = chromium.new_context(
            base_url=live_server.url, viewport=size or DESK, java_script_enabled=scripts, locale="zh-CN"
        )
        context.set_default_timeout(8000)
        opened.append(context)
        if actor is not None:
            context.add_cookies([{"name": "sessionid", "value": session_of(actor), "url": live_server.url}])
        return context.new_page()

    yield open_page
    for context in opened:
        context.close()


def account_of(actor) -> User:
    """The sign-in of an actor, made where there is none."""
    user, made = User.objects.get_or_create(username=f"user-{actor.post_id}")
    if made:
        user.set_password("a-long-password-42")
        user.save()
    Practitioner.objects.filter(pk=actor.practitioner_id).update(user=user)
    return user


def session_of(actor) -> str:
    client = Client()
    client.force_login(account_of(actor))
    session = client.session
    session[POST_KEY] = actor.post_id
    session.save()
    return str(session.session_key)
