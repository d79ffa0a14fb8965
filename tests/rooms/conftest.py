import pytest

import county as small_county
from catchment.rooms.rulebook import queries as rulebook


@pytest.fixture
def county(db) -> small_county.County:
    """A very small county, written anew for each test."""
    rulebook.forget()
    yield small_county.build()
    rulebook.forget()
