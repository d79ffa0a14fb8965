"""A merge moves everything, an unmerge puts everything back."""

from datetime import date

import pytest
from django.apps import apps
from django.db import connection, models
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catchment.kernel.errors import Invalid, NotAllowed, Refusal
from catchment.rooms.people import actions, queries
from catchment.rooms.people.actions.links import links
from catchment.rooms.people.models import Merge, Person, PersonIdentifier, PersonName, SuspectedMatch
from catchment.rooms.people.types import IdentifierSystem, MatchState
from catchment.rooms.record.models import Encounter, Observation, Source
from catchment.rooms.staff.models import CareResponsibility, Post, Practitioner
from rooms.people.county import NOW, TODAY, County

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> County:
    return County()


def merge(county: County, kept: Person, duplicate: Person) -> Merge:
    return actions.merge_people(
        actor=county.doctor(), now=NOW, kept_id=kept.pk, duplicate_id=duplicate.pk, reason="同一身份证"
    )


def unmerge(county: County, done: Merge) -> actions.UnmergeResult:
    return actions.unmerge_people(actor=county.doctor(), now=NOW, merge_id=done.pk)


def dump() -> dict[str, list[tuple]]:
    """Every row of every table that points to a person, and of people themselves; merges apart."""
    tables = {"people_person"}
    for model in apps.get_models(include_auto_created=True):
        fields = model._meta.local_fields
        if any(isinstance(one, models.ForeignKey) and one.related_model is Person for one in fields):
            tables.add(model._meta.db_table)
    with connection.cursor() as cursor:
        found = {}
        for table in sorted(tables - {"people_merge"}):
            cursor.execute(f"select * from {table} order by id")  # noqa: S608 names from the registry
            found[table] = cursor.fetchall()
        return found


def responsibility(county: County, person: Person, until: date | None = None) -> CareResponsibility:
    code = f"D{person.pk}-{until}"
    doctor = Practitioner.objects.create(code=code, name="周医生")
    post = Post.objects.create(practitioner=doctor, facility=county.clinic, role="village-doctor", since=TODAY)
    return CareResponsibility.objects.create(person=person, post=post, since=TODAY, until=until)


def life(county: County, person: Person, *, visits: int, names: int, numbers: int, open_doctor: bool) -> None:
    source, _ = Source.objects.get_or_create(code="test", defaults={"name": "test", "kind": "native"})
    fact = {"person": person, "source": source, "status": "finished", "at": NOW, "recorded_at": NOW}
    for _ in range(visits):
        encounter = Encounter.objects.create(klass="AMB", **fact)
        Observation.objects.create(encounter=encounter, display="收缩压", value=150, **fact)
    for n in range(names):
        PersonName.objects.create(person=person, text=f"曾用名{n}")
    for n in range(numbers):
        PersonIdentifier.objects.create(
            person=person, system=IdentifierSystem.LOCAL, value=f"{person.pk}-{n}", assigner="H1"
        )
    if open_doctor:
        responsibility(county, person)
    responsibility(county, person, until=TODAY)


lives = st.fixed_dictionaries(
    {
        "visits": st.integers(0, 3),
        "names": st.integers(0, 2),
        "numbers": st.integers(0, 2),
        "open_doctor": st.booleans(),
    }
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kept_life=lives, duplicate_life=lives)
def test_merge_and_unmerge_leave_every_row_as_it_was(county: County, kept_life, duplicate_life) -> None:
    kept, duplicate = county.resident("王秀英"), county.resident("王秀瑛", phone="13800001234")
    life(county, kept, **kept_life)
    life(county, duplicate, **duplicate_life)
    SuspectedMatch.objects.create(left=kept, right=duplicate, probability=0.9, found_at=NOW)
    before = dump()
    done = merge(county, kept, duplicate)
    assert Encounter.objects.filter(person=duplicate).count() == 0
    assert Encounter.objects.filter(person=kept).count() == kept_life["visits"] + duplicate_life["visits"]
    result = unmerge(county, done)
    assert (result.missing, result.added) == ({}, {})
    assert dump() == before


def test_every_table_that_points_to_a_person_takes_part_or_is_known_to_stay() -> None:
    taking_part = {link.name for link in links()}
    staying = {
        "people_searchtoken.person_id",
        "people_suspectedmatch.left_id",
        "people_suspectedmatch.right_id",
        "people_merge.kept_id",
        "people_merge.duplicate_id",
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "select conrelid::regclass || '.' || attname from pg_constraint"
            " join pg_attribute on attrelid = conrelid and attnum = conkey[1]"
            " where contype = 'f' and confrelid = 'people_person'::regclass"
        )
        pointing = {name for (name,) in cursor.fetchall()}
    assert taking_part | staying == pointing


def test_a_row_whose_place_is_taken_stays_with_the_duplicate(county: County) -> None:
    kept, duplicate = county.resident("王秀英"), county.resident("王秀瑛")
    responsibility(county, kept)
    theirs = responsibility(county, duplicate)
    done = merge(county, kept, duplicate)
    theirs.refresh_from_db()
    assert theirs.person == duplicate
    assert done.held == {"staff_careresponsibility.person_id": [theirs.pk]}


def test_what_the_person_kept_gained_since_stays_and_is_listed(county: County) -> None:
    kept, duplicate = county.resident("王秀英"), county.resident("王秀瑛")
    life(county, duplicate, visits=1, names=1, numbers=0, open_doctor=False)
    done = merge(county, kept, duplicate)
    life(county, kept, visits=1, names=0, numbers=0, open_doctor=False)
    fresh = Encounter.objects.order_by("-id").first()
    PersonName.objects.filter(person=kept).delete()
    result = unmerge(county, done)
    assert result.added["record_encounter.person_id"] == [fresh.pk]
    assert list(result.missing) == ["people_personname.person_id"]
    assert Encounter.objects.get(person=kept) == fresh


def test_a_duplicate_of_a_duplicate_leads_to_the_last_kept_and_comes_apart_backwards(county: County) -> None:
    first, second, third = (county.resident(name) for name in ("王一", "王二", "王三"))
    life(county, first, visits=2, names=0, numbers=0, open_doctor=True)
    inner = merge(county, second, first)
    outer = merge(county, third, second)
    assert queries.person_by_public_id(first.public_id) == third
    with pytest.raises(Refusal, match="先撤销"):
        unmerge(county, inner)
    unmerge(county, outer)
    assert queries.person_by_public_id(first.public_id) == second
    unmerge(county, inner)
    assert Encounter.objects.filter(person=first).count() == 2


def test_a_merged_duplicate_is_found_by_its_own_name_and_can_no_longer_be_changed(county: County) -> None:
    kept, duplicate = county.resident("王秀英"), county.resident("汪秀瑛")
    merge(county, kept, duplicate)
    assert [line.name for line in queries.search(county.doctor(), "汪秀")] == ["王秀英"]
    with pytest.raises(Refusal, match="并入"):
        actions.update_person(actor=county.doctor(), now=NOW, person_id=duplicate.pk, name="汪")


def test_a_decided_pair_is_marked_and_suspected_again_when_undone(county: County) -> None:
    kept, duplicate = county.resident("王秀英"), county.resident("王秀瑛")
    match = SuspectedMatch.objects.create(left=kept, right=duplicate, probability=0.9, found_at=NOW)
    done = merge(county, duplicate, kept)
    match.refresh_from_db()
    assert match.state == MatchState.MERGED
    unmerge(county, done)
    match.refresh_from_db()
    assert match.state == MatchState.SUSPECTED


def test_a_merge_asks_for_two_people_a_reason_and_the_capability(county: County) -> None:
    kept, duplicate = county.resident("王秀英"), county.resident("王秀瑛")
    told = {"now": NOW, "kept_id": kept.pk, "duplicate_id": duplicate.pk, "reason": "同一人"}
    with pytest.raises(Invalid):
        actions.merge_people(actor=county.doctor(), **{**told, "reason": ""})
    with pytest.raises(Refusal, match="同一份"):
        actions.merge_people(actor=county.doctor(), **{**told, "duplicate_id": kept.pk})
    with pytest.raises(NotAllowed):
        actions.merge_people(actor=county.doctor("people.search"), **told)
    done = actions.merge_people(actor=county.doctor(), **told)
    with pytest.raises(Refusal, match="并入"):
        actions.merge_people(actor=county.doctor(), **told)
    unmerge(county, done)
    with pytest.raises(Refusal, match="已经撤销"):
        unmerge(county, done)
