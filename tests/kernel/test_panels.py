"""A lower page shows what higher rooms know."""

import pytest

from catchment.kernel import panels


@pytest.fixture
def place():
    yield "tests"
    panels._panels.pop("tests", None)


def test_panels_answer_in_order_and_those_with_nothing_to_show_are_left_out(place):
    panels.register(place, "late", lambda person: f"late {person}", order=90)
    panels.register(place, "early", lambda person: f"early {person}", order=10)
    panels.register(place, "silent", lambda person: None)
    assert panels.gather(place, person=7) == [("early", "early 7"), ("late", "late 7")]


def test_registering_again_replaces(place):
    panels.register(place, "one", lambda: 1)
    panels.register(place, "one", lambda: 2)
    assert panels.gather(place) == [("one", 2)]


def test_a_place_that_nobody_speaks_for_is_empty():
    assert panels.gather("nobody-speaks-here") == []
