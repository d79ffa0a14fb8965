"""Units are kept as UCUM and written as people write them."""

import pytest

from catchment.standards.units import written


@pytest.mark.parametrize(
    ("ucum", "paper"), [("mm[Hg]", "mmHg"), ("Cel", "℃"), ("mmol/L", "mmol/L"), ("{puffs}/d", "puffs/d"), ("", "")]
)
def test_a_unit_is_written_as_on_paper(ucum, paper):
    assert written(ucum) == paper
