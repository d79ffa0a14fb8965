"""Every reason that a room gives has a sentence to be told in."""

import re
from pathlib import Path

import pytest

import catchment
from catchment.rooms.budget.rules.words import WHY as BUDGET
from catchment.rooms.claims.rules.words import WHY as CLAIMS

ROOMS = Path(catchment.__file__).parent / "rooms"
GIVEN = re.compile(r"(?:Reason|_reject|_flag)\(\s*\"([a-z-]+)\"")


@pytest.mark.parametrize(("room", "telling"), [("claims", CLAIMS), ("budget", BUDGET)])
def test_every_reason_that_is_given_has_its_sentence(room, telling):
    codes = {code for path in (ROOMS / room).rglob("*.py") for code in GIVEN.findall(path.read_text(encoding="utf-8"))}
    assert len(codes) > 10
    assert codes - set(telling.sentences) == set()
