"""Time, age and units as people say them."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone, translation

from catchment.kernel.ui import tags

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=timezone.get_default_timezone())


@pytest.fixture(autouse=True)
def at(monkeypatch):
    """Set the clock on the wall."""

    def move(moment):
        monkeypatch.setattr(timezone, "now", lambda: moment)

    move(NOW)
    with translation.override("zh-hans"):
        yield move


@pytest.mark.parametrize(
    ("born", "said"),
    [
        (date(2026, 2, 20), "10天"),
        (date(2026, 2, 2), "1个月"),
        (date(2023, 3, 3), "35个月"),
        (date(2023, 3, 2), "3岁"),
        (date(1958, 3, 3), "67岁"),
        (None, "年龄不详"),
    ],
)
def test_an_age_is_in_years_months_for_the_small_and_days_for_the_newborn(born, said):
    assert tags.age(born) == said


def test_a_birthday_on_29_february_counts_from_1_march(at):
    at(datetime(2025, 2, 28, 12, tzinfo=NOW.tzinfo))
    assert tags.age(date(2000, 2, 29)) == "24岁"
    at(datetime(2025, 3, 1, 12, tzinfo=NOW.tzinfo))
    assert tags.age(date(2000, 2, 29)) == "25岁"


@pytest.mark.parametrize(
    ("before", "said"),
    [(timedelta(seconds=20), "刚刚"), (timedelta(minutes=5), "5 分钟前"), (timedelta(hours=3), "3 小时前")],
)
def test_what_has_been_is_said_in_its_largest_fitting_unit_and_exactly_on_hover(before, said):
    told = tags.ago(NOW - before)
    assert f">{said}<" in told
    assert f'title="{NOW - before:%Y-%m-%d %H:%M}"' in told


def test_what_is_due_says_what_is_left_or_how_late_it_is():
    assert ">还剩 40 分钟<" in tags.left(NOW + timedelta(minutes=40))
    assert ">还剩 1 小时 59 分<" in tags.left(NOW + timedelta(minutes=119, seconds=30))
    assert ">还剩 12 小时<" in tags.left(NOW + timedelta(hours=12))
    assert ">已超 2 天<" in tags.left(NOW - timedelta(days=2))
    assert tags.is_past(NOW - timedelta(minutes=1))
    assert not tags.is_past(NOW + timedelta(minutes=1))
    assert (tags.left(None), tags.ago(None), tags.is_past(None)) == ("", "", False)


def test_sex_and_units_are_said_in_words():
    assert [tags.sex(one) for one in ("male", "female", "x")] == ["男", "女", "性别不详"]
    assert [tags.unit(one) for one in ("mm[Hg]", "/min", "{score}")] == ["mmHg", "次/分", "分"]
    with translation.override("en"):
        assert [tags.unit(one) for one in ("mm[Hg]", "/min", "{score}")] == ["mmHg", "/min", "points"]
