"""How old a person is on a day."""

from datetime import date

import pytest

from catchment.rooms.people.rules import age_on


@pytest.mark.parametrize(
    ("born", "day", "years"),
    [
        (date(1960, 5, 2), date(2026, 5, 1), 65),
        (date(1960, 5, 2), date(2026, 5, 2), 66),
        (date(2000, 2, 29), date(2026, 2, 28), 25),
        (date(2000, 2, 29), date(2026, 3, 1), 26),
    ],
)
def test_a_year_is_whole_on_the_birthday_and_for_a_leap_day_on_the_first_of_march(born, day, years):
    assert age_on(born, day) == years
