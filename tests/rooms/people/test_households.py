"""A household is joined through somebody who lives there, or founded; never by a number."""

import pytest

from catchment.kernel.errors import Invalid, NotAllowed, Refusal
from catchment.kernel.models import AuditEntry
from catchment.rooms.people import actions, queries
from catchment.rooms.people.models import Household
from rooms.people.county import NOW, County

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> County:
    return County()


def test_whoever_is_joined_heads_the_household_that_is_founded_for_both(county: County) -> None:
    father, child = county.resident("王大"), county.resident("王小")
    actions.join_household(actor=county.doctor(), now=NOW, person_id=child.pk, with_person_id=father.pk)
    child.refresh_from_db()
    assert [(one.name, one.is_head) for one in queries.housemates(child)] == [("王大", True), ("王小", False)]
    assert AuditEntry.objects.filter(event="person.join-household", person_id=child.pk).count() == 1


def test_a_third_joins_the_same_household(county: County) -> None:
    father, *children = (county.resident(name) for name in ("王大", "王小", "王二"))
    for child in children:
        actions.join_household(actor=county.doctor(), now=NOW, person_id=child.pk, with_person_id=father.pk)
    assert Household.objects.count() == 1


def test_who_founds_a_household_leaves_the_old_one(county: County) -> None:
    father, child = county.resident("王大"), county.resident("王小")
    actions.join_household(actor=county.doctor(), now=NOW, person_id=child.pk, with_person_id=father.pk)
    moved = actions.found_household(actor=county.doctor(), now=NOW, person_id=child.pk)
    father.refresh_from_db()
    assert moved.is_head
    assert moved.household != father.household
    assert queries.housemates(father)[0].name == "王大"


def test_nobody_lives_with_themselves_or_without_a_village(county: County) -> None:
    person, nowhere = county.resident("王大"), county.resident("王小", area=None)
    for told in ({"person_id": person.pk, "with_person_id": person.pk}, {"person_id": person.pk, "with_person_id": 0}):
        with pytest.raises(Invalid):
            actions.join_household(actor=county.doctor(), now=NOW, **told)
    with pytest.raises(Invalid):
        actions.found_household(actor=county.doctor(), now=NOW, person_id=nowhere.pk)
    assert not Household.objects.exists()


def test_a_merged_duplicate_joins_nobody_and_a_post_needs_the_right(county: County) -> None:
    kept, twin = county.resident("王大"), county.resident("王大")
    actions.merge_people(actor=county.doctor(), now=NOW, kept_id=kept.pk, duplicate_id=twin.pk, reason="x")
    with pytest.raises(Refusal):
        actions.found_household(actor=county.doctor(), now=NOW, person_id=twin.pk)
    with pytest.raises(NotAllowed):
        actions.found_household(actor=county.doctor("people.search"), now=NOW, person_id=kept.pk)
