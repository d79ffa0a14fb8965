"""The small county as of now, and a client that enters it through a post."""

import pytest

import county as small_county
from browser.conftest import session_of
from catchment.kernel import clock
from catchment.rooms.rulebook import queries as rulebook


@pytest.fixture
def county(db, monkeypatch):
    """The small county as of now, so that what is due is due."""
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
