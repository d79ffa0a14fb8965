"""How numbers of the record are read."""

import pytest

from catchment.rooms.record.types import exact_text, number_text


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (128.0, "128"), (5.6, "5.6"), (0.03, "0.03"), (1.125, "1.125"), (0.0123, "0.0123"),
        (43.18986754, "43.19"), (376.709235, "376.7"), (12345.67891, "12346"), (0.00123456, "0.001235"),
        (-43.18986754, "-43.19"), (0.0, "0"),
    ],
)  # fmt: skip
def test_computed_numbers_are_read_to_four_digits_and_measured_ones_as_they_came(value, read):
    assert number_text(value) == read


def test_the_entry_itself_keeps_every_digit_that_came():
    assert exact_text(43.18986754) == "43.18986754"
