"""A move is kept with its day, so that a past day counts a person where they lived and who answered for them then."""

from datetime import date, timedelta

import pytest

from catchment.kernel import lake
from catchment.kernel.errors import Invalid
from catchment.rooms.people import actions
from catchment.rooms.people.models import ResidenceMove
from catchment.rooms.places.models import Area
from rooms.people.county import NOW, TODAY, County

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> County:
    return County()


@pytest.fixture
def other(county: County) -> Area:
    return Area.objects.create(code="999001001202", name="楚溪村", level="village", parent=county.township)


def settle(county: County, person, area, **told):
    """Put the person in another area; without `moved_on` they move today."""
    return actions.update_person(actor=county.doctor(), now=NOW, person_id=person.pk, area_id=area.pk, **told)


def spans(person):
    """Since when, until when, village and facility, oldest first."""
    with lake.engine("postgresql") as engine:
        homes = engine.table("residences")
        rows = engine.run(homes.filter(homes.person_key == person.person_key)).to_pylist()
    told = [(row["since"], row["until"], row["area_code"][-3:], row["facility_id"]) for row in rows]
    return sorted(told, key=lambda one: one[0] or date.min)


def test_who_never_moved_always_lived_here(county):
    person = county.resident("王秀英")
    assert spans(person) == [(None, None, "201", county.clinic.pk)]


def test_a_move_ends_one_place_and_begins_the_next_on_its_day(county, other):
    person = county.resident("王秀英")
    settle(county, person, other, moved_on=date(2024, 5, 3))
    assert spans(person) == [
        (None, date(2024, 5, 3), "201", county.clinic.pk),
        (date(2024, 5, 3), None, "202", county.clinic.pk),
    ]


def test_a_move_without_a_day_is_of_today(county, other):
    person = county.resident("王秀英")
    settle(county, person, other)
    assert ResidenceMove.objects.get().moved_on == TODAY


def test_putting_the_register_right_is_no_move(county, other):
    person = county.resident("王秀英")
    settle(county, person, other, moved_on=date(2024, 5, 3))
    settle(county, person, county.village, moved_on=None)
    assert [one[2] for one in spans(person)] == ["201", "201"]
    assert ResidenceMove.objects.count() == 1


def test_the_facility_that_answers_has_its_own_days(county, other):
    person = county.resident("王秀英")
    settle(county, person, other, moved_on=date(2024, 5, 3))
    handing = county.doctor("people.register", "people.read")
    actions.move_primary_facility(
        actor=handing, now=NOW, person_id=person.pk, facility_id=county.other.pk, reason="搬家"
    )
    assert [(one[0], one[2], one[3]) for one in spans(person)] == [
        (None, "201", county.clinic.pk), (date(2024, 5, 3), "202", county.clinic.pk), (TODAY, "202", county.other.pk),
    ]  # fmt: skip


def test_of_two_moves_on_one_day_the_last_one_stands(county, other):
    third = Area.objects.create(code="999001001203", name="下溪村", level="village", parent=county.township)
    person = county.resident("王秀英")
    for area in (other, third):
        settle(county, person, area, moved_on=date(2024, 5, 3))
    assert [one[2] for one in spans(person)] == ["201", "203"]


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (TODAY + timedelta(days=1), "晚于今天"),
        (date(1950, 1, 1), "早于出生日期"),
        (date(2024, 5, 2), "早于上一次迁移"),
    ],
)
def test_a_move_on_an_impossible_day_is_refused_and_nothing_changes(county, other, day, why):
    person = county.resident("王秀英")
    settle(county, person, other, moved_on=date(2024, 5, 3))
    with pytest.raises(Invalid, match=why) as refused:
        settle(county, person, county.village, moved_on=day)
    assert [one.field for one in refused.value.problems] == ["moved_on"]
    assert [one[2] for one in spans(person)] == ["201", "202"]


def test_a_merge_does_not_send_the_person_kept_where_the_duplicate_moved(county, other):
    kept, duplicate = county.resident("王秀英"), county.resident("王秀瑛")
    settle(county, duplicate, other, moved_on=date(2023, 1, 1))
    actor = county.doctor("people.match")
    merge = actions.merge_people(actor=actor, now=NOW, kept_id=kept.pk, duplicate_id=duplicate.pk, reason="同一人")
    assert ResidenceMove.objects.get().person_id == kept.pk
    assert [one[2] for one in spans(kept)] == ["201"]
    assert spans(duplicate) == []
    actions.unmerge_people(actor=actor, now=NOW, merge_id=merge.pk)
    assert [one[2] for one in spans(duplicate)] == ["201", "202"]


def test_a_move_told_after_a_merge_is_the_kept_persons_own(county, other):
    kept, duplicate = county.resident("王秀英"), county.resident("王秀瑛")
    actor = county.doctor("people.match")
    actions.merge_people(actor=actor, now=NOW, kept_id=kept.pk, duplicate_id=duplicate.pk, reason="同一人")
    settle(county, kept, other, moved_on=date(2025, 1, 1))
    assert [one[2] for one in spans(kept)] == ["201", "202"]
