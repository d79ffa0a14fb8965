"""The small county as of now, and a client or a real Chromium that enters it through a post."""

import pytest

import county as small_county
from browser.conftest import PHONE, chromium, session_of, window  # noqa: F401 found by pytest under these names
from catchment.kernel import clock
from catchment.rooms.rulebook import queries as rulebook


@pytest.fixture
def county(_django_db_helper, monkeypatch):
    """The small county as of now; each file's own mark says whether it is committed."""
    rulebook.forget()
    monkeypatch.setattr(small_county, "NOW", clock.now())
    yield small_county.build()
    rulebook.forget()


@pytest.fixture
def enter(client, county):
    """The client, signed in through an actor's post."""

    def sign_in(actor):
        client.cookies["sessionid"] = session_of(actor)
        return client

    return sign_in
