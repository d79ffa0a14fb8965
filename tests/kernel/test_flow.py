"""A step is taken whole or not at all."""

from datetime import UTC, datetime
from enum import StrEnum

import pytest

from catchment.kernel.actor import Actor
from catchment.kernel.flow import Step, Table, weigh


class Light(StrEnum):
    RED = "red"
    GREEN = "green"
    BROKEN = "broken"


TABLE = Table(
    kind="light",
    states=Light,
    initial="red",
    final=frozenset({"broken"}),
    steps=(
        Step(verb="switch", sources=("red",), target="green", side="keeper", capability="light.switch"),
        Step(verb="break", sources=("red", "green"), target="broken", side="anyone", capability="light.break"),
        Step(verb="paint", sources=("red",), target="", side="keeper", capability="light.switch", variants=("lamp",)),
    ),
)
NOW = datetime(2026, 1, 1, tzinfo=UTC)
KEEPER = Actor(role="keeper", capabilities=frozenset({"light.switch"}))


def choice(verb, *, state="red", sides=("keeper",), actor=KEEPER, variant=""):
    return weigh(TABLE.step(verb), state=state, variant=variant, actor=actor, sides=sides)


def test_a_step_that_fits_is_allowed():
    assert choice("switch").allowed


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"verb": "switch", "state": "green"}, "state"),
        ({"verb": "switch", "sides": ()}, "side"),
        ({"verb": "break"}, "capability"),
        ({"verb": "paint", "variant": "torch"}, "variant"),
    ],
)
def test_a_step_that_does_not_fit_says_why(asked, code):
    refused = choice(**asked)
    assert (refused.allowed, refused.code) == (False, code)
    assert refused.why


def test_the_diagram_names_every_step_from_every_source():
    drawn = TABLE.diagram()
    assert drawn.count("anyone break") == 2
    assert "red --> red: keeper paint (lamp)" in drawn
    assert drawn.endswith("broken --> [*]")
