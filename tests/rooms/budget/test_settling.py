"""Prepayment, clearance and shares: nothing is lost, nothing is made."""

from fractions import Fraction
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

import catchment
from catchment.kernel.errors import Invalid
from catchment.rooms.budget.rules.editions import sharing_of
from catchment.rooms.budget.rules.settling import (
    due_by,
    factor_of,
    mean_score,
    prepaid,
    reckon,
    share_lines,
    shares,
)
from catchment.rooms.budget.types import Member
from catchment.standards.reasons import Reason

FOLDER = Path(catchment.__file__).parent / "rooms" / "budget" / "editions"
ONE = (Fraction(1), Reason("not-scored"))
WAN = 1_000_000


def of_place(name, **changed):
    return sharing_of({**yaml.safe_load((FOLDER / f"sharing-{name}.yaml").read_text())["content"], **changed})


def members(scores=(None, None, None, None)):
    rows = [("lead", 0), ("township", 600), ("township", 300), ("village", 50)]
    return [
        Member(facility_id=at, name=f"F{at}", level=level, heads=heads, score=score and Fraction(score))
        for at, ((level, heads), score) in enumerate(zip(rows, scores, strict=True), 1)
    ]


def test_the_twelve_prepayments_of_all_of_it_are_the_budget():
    assert sum(prepaid(1_000_003, month, Fraction(1)) for month in range(1, 13)) == 1_000_003
    assert [due_by(1200, quarter) for quarter in (1, 2, 3, 4)] == [300, 600, 900, 1200]


def test_a_surplus_is_kept_to_the_cap():
    result = reckon(of_place("local"), 100 * WAN, 80 * WAN, ONE)
    assert (result.kept, result.back) == (10 * WAN, 10 * WAN)


def test_an_overrun_is_carried_by_bands():
    result = reckon(of_place("local"), 100 * WAN, 112 * WAN, ONE)
    assert result.community == round(5 * WAN * 0.5 + 5 * WAN * 0.65 + 2 * WAN)
    assert result.community + result.fund == 12 * WAN
    assert len(result.bands) == 3


def test_places_differ_as_their_editions_say():
    over = {
        name: reckon(of_place(name), 100 * WAN, 103 * WAN, ONE).community for name in ("sanming", "tianchang", "yuhuan")
    }
    assert over == {"sanming": 3 * WAN, "tianchang": 3 * WAN, "yuhuan": round(2.1 * WAN)}


def test_performance_moves_what_the_budget_counts():
    rule = of_place("local")
    assert factor_of(rule, Fraction(97))[0] == Fraction(105, 100)
    assert factor_of(rule, Fraction(30))[0] == Fraction(90, 100)
    assert factor_of(rule, None)[0] == 1
    assert mean_score([Fraction(90), Fraction(71)]) == Fraction(161, 2)


def test_six_three_one_and_by_heads_within_a_level():
    lines = shares(of_place("local"), 1000, members())
    assert [line.fen for line in lines] == [600, 200, 100, 100]


def test_a_level_without_members_leaves_its_part_to_the_others():
    lines = shares(of_place("local"), 900, members()[:3])
    assert sum(line.fen for line in lines) == 900


def test_frozen_scores_share_and_a_missing_one_is_named():
    rule = of_place("yuhuan")
    assert [line.fen for line in shares(rule, 300, members(("80", "100", "60", "60")))] == [80, 100, 60, 60]
    with pytest.raises(Invalid, match="F2"):
        shares(rule, 300, members(("80", None, "60", "60")))


def test_scaling_all_scores_changes_nothing():
    rule = of_place("yuhuan")
    one = shares(rule, 1_000_001, members(("80", "100", "60", "61")))
    ten = shares(rule, 1_000_001, members(("800", "1000", "600", "610")))
    assert [line.fen for line in one] == [line.fen for line in ten]


@given(
    st.integers(1, 10**13),
    st.integers(0, 10**13),
    st.integers(50, 150),
    st.sampled_from(["local", "tianchang", "sanming"]),
)
def test_nothing_is_lost_and_nothing_made(budget, actual, percent, place):
    rule = of_place(place)
    result = reckon(rule, budget, actual, (Fraction(percent, 100), ""))
    assert min(result.kept, result.back, result.community, result.fund) >= 0
    assert not (result.kept + result.back) or not (result.community + result.fund)
    assert sum(line.fen for line in share_lines(rule, result, members())) == result.kept - result.community


def test_bands_must_rise_and_end_open():
    with pytest.raises(ValidationError, match="rise"):
        of_place("local", overrun=[{"to_percent": 5, "community_percent": 50}])
