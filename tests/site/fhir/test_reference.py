"""The reference page names what is offered, no more and no less."""

import re
from pathlib import Path

import pytest

from catchment.rooms.referral.types import State
from catchment.site.fhir import urls
from catchment.site.fhir.mapping.referral import REQUEST_STATUS, TASK_STATUS
from catchment.site.fhir.registry import kinds
from catchment.standards.fhir.mapping import READERS

PAGE = (Path(__file__).parents[3] / "docs" / "reference" / "fhir.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", kinds() if urls.urlpatterns else [], ids=lambda kind: kind.type)
def test_the_search_parameters_of_each_type_stand_on_the_page(kind):
    params = {**(kind.also.params if kind.also else {}), **kind.params}
    told = ", ".join(f"`{name}` ({param.type})" for name, param in sorted(params.items()))
    assert f"| {kind.type} | {told} |" in PAGE


def test_every_type_that_is_taken_stands_on_the_page():
    assert not [kind for kind in READERS if not re.search(rf"\b{kind}\b", PAGE.partition("## Mapping")[2])]


@pytest.mark.parametrize("state", sorted(set(State) - {State.DRAFT}))
def test_every_state_of_a_referral_is_told_with_its_codes(state):
    row = next(line for line in PAGE.splitlines() if re.match(rf"\| [^|]*\b{state}\b[^|]*\|", line))
    assert [cell.strip() for cell in row.split("|")[2:4]] == [REQUEST_STATUS[state], TASK_STATUS[state]]
