"""Every table of steps is complete, and the diagram in its room's README is current."""

from pathlib import Path

import pytest

import catchment
from catchment.rooms.budget.rules.steps import BUDGET, FINDING
from catchment.rooms.claims.rules import CLAIM, REVIEW
from catchment.rooms.referral.rules import ADVICE, REFERRAL
from catchment.rooms.screening.rules import CASE
from catchment.rooms.staff.rules import KNOWN

ROOMS = Path(catchment.__file__).parent / "rooms"
ROOM = {
    REFERRAL.kind: "referral",
    ADVICE.kind: "referral",
    CASE.kind: "screening",
    CLAIM.kind: "claims",
    REVIEW.kind: "claims",
    BUDGET.kind: "budget",
    FINDING.kind: "budget",
}
TABLES = [pytest.param(table, id=table.kind) for table in (REFERRAL, ADVICE, CASE, CLAIM, REVIEW, BUDGET, FINDING)]
SYSTEM = {"referral.clock", "screening.clock"}


@pytest.mark.parametrize("table", TABLES)
def test_every_state_can_be_reached(table):
    reached, fresh = set(), {table.initial}
    while fresh:
        reached |= fresh
        fresh = {s.target for s in table.steps if set(s.sources) & reached and s.target} - reached
    assert reached == {state.value for state in table.states}


@pytest.mark.parametrize("table", TABLES)
def test_every_state_but_the_final_ones_can_be_left(table):
    left = {state for step in table.steps for state in step.sources if step.target and step.target != state}
    assert left == {state.value for state in table.states} - table.final


@pytest.mark.parametrize("table", TABLES)
def test_every_step_is_some_roles_to_take(table):
    held = KNOWN | SYSTEM
    assert {step.capability for step in table.steps} <= held


@pytest.mark.parametrize("table", TABLES)
def test_a_state_and_a_verb_name_one_step_of_a_variant(table):
    seen = set()
    for step in table.steps:
        for source in step.sources:
            for variant in step.variants or ("*",):
                assert (step.verb, source, variant) not in seen
                seen.add((step.verb, source, variant))


@pytest.mark.parametrize("table", TABLES)
def test_the_diagram_in_the_readme_is_current(table):
    assert table.diagram() in (ROOMS / ROOM[table.kind] / "README.md").read_text(encoding="utf-8")
