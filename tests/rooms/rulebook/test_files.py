"""Editions from files: what stands for more than it is, or for nothing, is refused with its place."""

import io

import openpyxl
import pytest

from catchment.kernel.errors import Invalid
from catchment.rooms.rulebook.actions import read_sheet, read_yaml

LAUGHS = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"
HEAD = "key: k\nversion: 1\ntitle: t\nsource: s\ncontent: {}\n"


@pytest.mark.parametrize(
    "text",
    [
        LAUGHS,
        "[" * 20_000,
        HEAD + "in_force_from: 2026-13-45\n",
        "key: " + "9" * 5000,
        "a: !!python/object/apply:os.system [ls]",
        "a: b: c",
        "\x00",
    ],
    ids=["references", "depth", "no day", "a number without end", "code", "no YAML", "a character that cannot be kept"],
)
def test_yaml_that_cannot_be_taken_is_told(text):
    with pytest.raises(Invalid):
        read_yaml(text)


def sheet(**cells):
    book = openpyxl.Workbook()
    book.active.title = "edition"
    for place, value in cells.items():
        book.active[place] = value
    text = io.BytesIO()
    book.save(text)
    return text.getvalue()


def test_a_cell_far_away_does_not_make_a_million_rows():
    with pytest.raises(Invalid):
        read_sheet(sheet(A1="key", A1048576="x"))


def test_a_cell_that_holds_broken_yaml_is_told():
    with pytest.raises(Invalid):
        read_sheet(sheet(A1="key", B1="[[["))
