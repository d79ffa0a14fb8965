"""Tables that are taken away: nothing in them runs in a spreadsheet."""

import csv
import io

import pytest

from catchment.kernel.sheets import csv_text, harmless


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1+1", "　=1", "＝1+1", "-inf*2"],
)
def test_text_that_begins_like_a_formula_is_kept_from_being_one(text):
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("value", [-5, -5.5, "-5", "+12.5", "张三", "a=b", "", None, "1990-01-01"])
def test_numbers_and_plain_text_stay_as_they_are(value):
    assert harmless(value) == value


def test_every_cell_goes_through_it_and_commas_quotes_and_lines_survive():
    text = csv_text(["=姓名", "b"], [["=1+1", 'say "a", b\nc'], [None, -3]])
    assert list(csv.reader(io.StringIO(text.removeprefix("\ufeff")))) == [
        ["'=姓名", "b"],
        ["'=1+1", 'say "a", b\nc'],
        ["", "-3"],
    ]
