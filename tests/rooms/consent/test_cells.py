"""Small cells: what is withheld, and that nothing withheld can be reckoned back."""

import sys
from itertools import product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from catchment.rooms.consent.rules import told, told_shares, withheld

COUNTS = st.integers(0, 40)


def test_a_count_below_the_smallest_is_withheld_and_none_at_all_is_told():
    assert told({"a": 9, "b": 10, "c": 0}, smallest=10, total=False) == {"a": None, "b": 10, "c": 0}


def test_with_the_total_told_one_small_count_takes_the_next_smallest_with_it():
    assert told({"a": 3, "b": 50, "c": 20}, smallest=10) == {"a": None, "b": 50, "c": None}


def test_small_counts_that_together_stay_below_the_smallest_take_another_with_them():
    assert told({"a": 1, "b": 1, "c": 30, "d": 12}, smallest=10) == {"a": None, "b": None, "c": 30, "d": None}


def test_two_small_counts_that_hide_each_other_leave_the_rest_alone():
    assert told({"a": 7, "b": 8, "c": 30}, smallest=10) == {"a": None, "b": None, "c": 30}


def test_with_a_smallest_of_one_everything_is_told():
    assert told({"a": 1, "b": 0}, smallest=1) == {"a": 1, "b": 0}


def test_a_share_is_withheld_when_those_left_out_of_it_are_few():
    shares = told_shares({"a": (97, 100), "b": (40, 100), "c": (0, 200), "d": (30, 90)}, smallest=10)
    assert (shares["a"].numerator, shares["a"].denominator, shares["a"].rate) == (None, 100, None)
    assert shares["c"].rate == 0.0
    assert [key for key, share in shares.items() if share.numerator is None] == ["a", "d"]


def test_a_table_with_both_margins_hides_four_cells_for_one():
    cells = {(r, c): 20 + 3 * r + c for r, c in product(range(3), range(3))} | {(0, 0): 4}
    assert len(withheld(*table(cells), smallest=10)) == 4


def test_a_bridge_between_two_hidden_blocks_is_not_mistaken_for_hidden():
    """Every row and column has two hidden cells, and yet the one between the blocks follows from the sums."""
    blocks = [(0, 0), (0, 1), (1, 0), (1, 1), (2, 2), (2, 3), (3, 2), (3, 3)]
    cells = dict.fromkeys(product(range(4), range(4)), 50) | dict.fromkeys(blocks, 9) | {(1, 2): 5}
    cells, sums = table(cells)
    assert_safe(cells, sums, withheld(cells, sums, smallest=10), 10)


@given(st.lists(st.lists(COUNTS, min_size=3, max_size=3), min_size=2, max_size=5))
def test_nothing_small_in_a_table_with_margins_can_be_reckoned_back(rows):
    cells, sums = table({(r, c): n for r, row in enumerate(rows) for c, n in enumerate(row)})
    assert_safe(cells, sums, withheld(cells, sums, smallest=10), 10)


@given(st.lists(st.tuples(COUNTS, COUNTS), min_size=1, max_size=8))
def test_no_small_numerator_denominator_or_rest_can_be_reckoned_back(pairs):
    shares = {n: (part, part + rest) for n, (part, rest) in enumerate(pairs)}
    shown = told_shares(shares, smallest=10)
    cells = {("in", n): part for n, (part, _whole) in shares.items()}
    cells |= {("of", n): whole for n, (_part, whole) in shares.items()}
    rests = {("rest", n): whole - part for n, (part, whole) in shares.items()}
    sums = [(("of", n), [("in", n), ("rest", n)]) for n in shares]
    for side in ("in", "of"):
        parts = [(side, n) for n in shares]
        cells["all", side] = sum(cells[part] for part in parts)
        sums.append((("all", side), parts))
    hidden = {("in", n) for n in shares if shown[n].numerator is None}
    hidden |= {("of", n) for n in shares if shown[n].denominator is None}
    if all(cells["all", side] >= 10 for side in ("in", "of")) and cells["all", "of"] - cells["all", "in"] >= 10:
        assert_safe({**cells, **rests}, sums, hidden | set(rests), 10)


def test_the_work_grows_with_the_number_of_villages_and_no_faster():
    few, many = (lines_run(told_villages, count) for count in (200, 800))
    assert many < 4.4 * few


def test_of_three_thousand_villages_every_small_count_is_withheld():
    shown = told_villages(3000)
    assert all(shown[n].numerator is None for n in range(3000) if 0 < n % 23 < 10)


def told_villages(count):
    return told_shares({n: (n % 23, 23 + n % 41) for n in range(count)}, smallest=10)


def lines_run(work, *given):
    """How many lines of Python a call runs: what it costs, told without a clock."""
    ran, before = 0, sys.gettrace()

    def count(_frame, event, _given):
        nonlocal ran
        ran += event == "line"
        return count

    sys.settrace(count)
    try:
        work(*given)
    finally:
        sys.settrace(before)
    return ran


def table(cells):
    """A table's cells with its row sums, column sums and the sum of all, and how they add up."""
    rows, columns = sorted({r for r, _c in cells}), sorted({c for _r, c in cells})
    lines = {("row", r): [(r, c) for c in columns] for r in rows} | {
        ("column", c): [(r, c) for r in rows] for c in columns
    }
    told_sums = {key: sum(cells[part] for part in parts) for key, parts in lines.items()}
    lines["all"] = [("row", r) for r in rows]
    return {**cells, **told_sums, "all": sum(cells.values())}, list(lines.items())


def assert_safe(cells, sums, hidden, smallest):
    """Every small cell is hidden, and moves in some solution of the sums: asked of the null space, another way round."""
    small = {key for key, count in cells.items() if 0 < count < smallest}
    assert small <= set(hidden)
    keys = sorted(hidden, key=str)
    if not keys:
        return
    matrix = np.array([[(key == total) - (key in parts) for key in keys] for total, parts in sums], dtype=float)
    _left, values, right = np.linalg.svd(matrix)
    free = right[int((values > 1e-9).sum()) :]
    fixed = [key for place, key in enumerate(keys) if np.abs(free[:, place]).max(initial=0) < 1e-9]
    assert not small & set(fixed), f"{small & set(fixed)} can be reckoned back"
