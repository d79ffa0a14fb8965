"""Time as it is: leap-day births, summer time of another zone and of the past, a server that stands elsewhere."""

import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from catchment.kernel.ui import tags
from catchment.rooms.referral.queries import whole_months
from catchment.rooms.referral.queries.statistics import _midnight

SOURCE = Path(__file__).resolve().parents[2] / "src"
BORN = date(2020, 2, 29)


@pytest.fixture
def on(monkeypatch):
    """Let pages think that it is a day."""
    return lambda day: monkeypatch.setattr(timezone, "localdate", lambda *_more: day)


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (date(2020, 2, 29), "0天"),
        (date(2020, 3, 28), "28天"),
        (date(2020, 3, 29), "1个月"),
        (date(2021, 2, 28), "11个月"),
        (date(2021, 3, 1), "12个月"),
        (date(2023, 2, 28), "35个月"),
        (date(2024, 2, 28), "3岁"),
        (date(2024, 2, 29), "4岁"),
        (date(2085, 2, 28), "64岁"),
        (date(2085, 3, 1), "65岁"),
    ],
)
def test_who_was_born_on_a_leap_day_is_a_year_older_on_the_first_of_march(on, day, told):
    on(day)
    assert tags.age(BORN) == told


@pytest.mark.parametrize("month", range(1, 13))
@pytest.mark.parametrize("year", [2023, 2024, 2100, 2000])
def test_whole_months_end_on_their_last_day_leap_or_not(year, month):
    first, last = whole_months(date(year, month, 15), date(year, month, 15))
    assert (first.day, (last + timedelta(days=1)).day, last.month) == (1, 1, month)


@pytest.mark.parametrize(
    "day", [date(1986, 5, 4), date(1986, 9, 14), date(1991, 9, 15), date(1940, 6, 1), date(1901, 1, 1)]
)
def test_days_on_which_china_changed_its_clocks_begin_and_end_once(day):
    begun, ended = _midnight(day), _midnight(day + timedelta(days=1))
    assert timezone.localdate(begun) == day
    assert timedelta(hours=22) < ended - begun < timedelta(hours=26)


def test_lengths_are_lengths_whatever_the_zone_does_in_between():
    zone = ZoneInfo("America/New_York")
    before, after = datetime(2026, 3, 7, 12, tzinfo=zone), datetime(2026, 3, 8, 12, tzinfo=zone)
    assert after.astimezone(UTC) - before.astimezone(UTC) == timedelta(hours=23)
    assert tags.span(after.astimezone(UTC) - before.astimezone(UTC)) == "23 小时"


@pytest.mark.parametrize("place", ["America/Sao_Paulo"])
def test_a_server_that_stands_elsewhere_tells_the_countys_day(place):
    program = (
        "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'catchment.site.settings'\n"
        "import django; django.setup()\n"
        "from datetime import UTC, datetime; from django.utils import timezone\n"
        "print(timezone.localdate(datetime(2026, 3, 1, 15, 59, tzinfo=UTC)), timezone.localdate(datetime(2026, 3, 1, 16, 1, tzinfo=UTC)))"
    )
    environment = {**os.environ, "TZ": place, "PYTHONPATH": str(SOURCE)}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["2026-03-01", "2026-03-02"]
