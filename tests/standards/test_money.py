"""Money in whole fen: nothing is lost in reading or splitting."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catchment.standards.money import fen, share, split, yuan

amounts = st.integers(-(10**14), 10**14)
weights = st.lists(st.integers(0, 10**6), min_size=1, max_size=30).filter(any)


@given(amounts, weights)
def test_the_parts_sum_to_the_whole(amount, by):
    assert sum(split(amount, by)) == amount


@given(amounts, weights)
def test_no_part_is_a_fen_away_from_its_exact_share(amount, by):
    for part, weight in zip(split(amount, by), by, strict=True):
        assert abs(part - Fraction(amount * weight, sum(by))) < 1


@given(amounts, weights)
def test_who_has_no_weight_gets_nothing(amount, by):
    assert all(part == 0 for part, weight in zip(split(amount, by), by, strict=True) if weight == 0)


@given(amounts)
def test_what_is_written_is_read_back(amount):
    assert fen(yuan(amount).replace(",", "")) == amount


def test_six_three_one():
    assert split(10_001, [6, 3, 1]) == [6_001, 3_000, 1_000]


@pytest.mark.parametrize("by", [[], [0, 0], [1, -1]])
def test_weights_that_cannot_split_are_refused(by):
    with pytest.raises(ValueError, match="weight"):
        split(100, by)


@pytest.mark.parametrize("text", ["1.005", "abc", "NaN", "1e40", ""])
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(ValueError, match="amount in yuan"):
        fen(text)


def test_a_share_rounds_halves_away_from_zero():
    assert [share(n, Fraction(1, 2)) for n in (1, 3, -1, 4)] == [1, 2, -1, 2]
