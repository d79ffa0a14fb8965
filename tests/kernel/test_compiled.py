"""A statement made once answers for every value as the ORM would."""

from datetime import UTC, datetime

import pytest

from catchment.kernel import compiled
from catchment.kernel.models import FlowEvent
from catchment.rooms.places.models import Service
from county import build

NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)


def about(kind: str, key: int):
    return FlowEvent.objects.filter(subject_kind=kind, subject_id=key).order_by("id")


def verbs(kind: str, key: int):
    return about(kind, key).values_list("verb")


def containing(word: str):
    return FlowEvent.objects.filter(verb__contains=word).values_list("pk")


def since(_key: int, moment: datetime):
    return FlowEvent.objects.filter(at__gte=moment).values_list("verb")


def service(key: int):
    return Service.objects.filter(pk=key).select_related("facility")


@pytest.fixture
def events(db):
    told = {"at": NOW, "actor_role": "system", "to_state": "s"}
    return [
        FlowEvent.objects.create(subject_kind=kind, subject_id=key, verb=verb, detail={"n": [key, "肺炎"]}, **told)
        for kind, key, verb in (("a", 1, "begin"), ("a", 1, "end"), ("a", 2**40, "begin"), ("b", 1, "stop"))
    ]


@pytest.mark.parametrize(("kind", "key"), [("a", 1), ("a", 2**40), ("b", 1), ("b", 2)])
def test_objects_are_what_the_query_gives_with_their_json_read(events, kind, key):
    found, asked = compiled.objects(about, kind, key), list(about(kind, key))
    assert [one.__dict__ | {"_state": None} for one in found] == [one.__dict__ | {"_state": None} for one in asked]
    assert not any(one._state.adding for one in found)
    assert compiled.rows(verbs, kind, key) == list(verbs(kind, key))


def test_the_first_is_none_where_there_is_nothing(events):
    assert compiled.first(about, "c", 1) is None
    assert compiled.first(about, "a", 1) == events[0]


def test_a_row_brings_its_relations_without_another_question(db, django_assert_num_queries):
    county = build()
    with django_assert_num_queries(1):
        found = compiled.first(service, county.cardiology.pk)
        assert (found.name, found.facility.name) == (county.cardiology.name, county.cardiology.facility.name)


def test_a_value_that_is_not_needed_is_let_be_and_one_in_another_form_is_refused(events):
    assert len(compiled.rows(since, 5, NOW)) == 4
    with pytest.raises(ValueError, match="containing"):
        compiled.rows(containing, "begin")
