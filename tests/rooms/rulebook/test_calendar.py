"""Working days by the calendar of each year; what a calendar may say."""

from datetime import date, timedelta

import pytest
from pydantic import ValidationError

from catchment.kernel.errors import Invalid
from catchment.rooms.rulebook import queries
from catchment.rooms.rulebook.actions import read_yaml
from catchment.rooms.rulebook.models import Edition
from catchment.rooms.rulebook.rules import CALENDAR, CalendarRule


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2025, 9, 26), 1, date(2025, 9, 28)),
        (date(2025, 9, 30), 2, date(2025, 10, 10)),
        (date(2025, 10, 10), 1, date(2025, 10, 11)),
        (date(2026, 2, 13), 2, date(2026, 2, 24)),
        (date(2025, 12, 31), 30, date(2026, 2, 12)),
        (date(2026, 12, 31), 1, date(2027, 1, 1)),
        (date(2026, 3, 6), 0, date(2026, 3, 6)),
    ],
)
def test_holidays_are_left_out_and_days_worked_instead_are_counted(county, day, count, expected):
    assert queries.working_days_after(day, count)[0] == expected


def test_it_is_told_whether_the_calendars_are_verified(county):
    assert queries.working_days_after(date(2026, 3, 2), 5) == (date(2026, 3, 9), False)
    Edition.objects.filter(key=CALENDAR).update(verified=True)
    assert queries.working_days_after(date(2026, 3, 2), 5) == (date(2026, 3, 9), True)
    assert queries.working_days_after(date(2026, 12, 30), 5)[1] is False


def test_the_years_that_ship_have_as_many_working_days_as_the_state_council_gave(county):
    for year, expected in ((2025, 248), (2026, 248)):
        rule = CalendarRule.model_validate(Edition.objects.get(key=CALENDAR, version=str(year)).content)
        days = (date(year, 1, 1) + timedelta(days=at) for at in range(365))
        assert sum(map(rule.works, days)) == expected


@pytest.mark.parametrize(
    "wrong",
    [
        {"worked": ["2026-03-04"]},
        {"worked": ["2025-01-04"]},
        {"holidays": [{"name": "x", "first": "2026-05-05", "last": "2026-05-01"}]},
        {"holidays": [{"name": "x", "first": "2026-05-01", "last": "2026-05-05"}], "worked": ["2026-05-03"]},
    ],
)
def test_a_calendar_that_cannot_be_so_is_refused(wrong):
    with pytest.raises(ValidationError):
        CalendarRule(year=2026, **wrong)


def test_days_in_a_file_need_no_quotes():
    text = "{key: k, version: 1, title: t, in_force_from: 2026-01-01, source: s, content: {worked: [2026-01-04]}}"
    assert read_yaml(text).content == {"worked": ["2026-01-04"]}
    with pytest.raises(Invalid):
        read_yaml(text.replace("in_force_from: 2026-01-01", "in_force_from: soon"))
