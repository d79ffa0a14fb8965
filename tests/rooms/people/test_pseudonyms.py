"""What an office calls a person: the same each time, another word at the next office, and nobody tells it back."""

import pytest

import county as small
from catchment.kernel import wall
from catchment.rooms.people import queries
from catchment.rooms.people.rules.pseudonyms import pseudonym


def test_a_pseudonym_is_stable_and_each_offices_own():
    assert pseudonym(1, 7) == pseudonym(1, 7)
    assert len({pseudonym(office, key) for office in range(30) for key in range(300)}) == 9000


def test_it_is_another_under_another_secret(settings):
    before = pseudonym(1, 7)
    settings.SECRET_KEY = "another county"
    assert pseudonym(1, 7) != before


def test_it_reads_as_three_groups_without_letters_taken_for_digits():
    text = "".join(pseudonym(1, key) for key in range(500))
    assert not set(text) & set("ILOU")
    assert [len(part) for part in pseudonym(1, 7).split("-")] == [4, 4, 4]


@pytest.fixture
def county(db):
    return small.build()


def test_many_people_are_called_in_one_question(county, django_assert_num_queries):
    others = [small.make_person(f"某{n}", county.person.area, county.village) for n in range(20)]
    with django_assert_num_queries(1):
        called = queries.pseudonyms(county.manager, [county.person.pk, None, *(one.pk for one in others)])
    assert called[county.person.pk] == pseudonym(county.hospital.pk, county.person.person_key)
    assert len(set(called.values())) == 21
    assert queries.pseudonyms(county.manager, [None]) == {}


def test_a_merged_duplicate_goes_by_the_person_kept(county):
    double = small.make_person("王秀英", county.person.area, county.village)
    double.merged_into = county.person
    double.save()
    called = queries.pseudonyms(county.manager, [double.pk, county.person.pk])
    assert called[double.pk] == called[county.person.pk]


def test_whoever_asks_sees_the_people_no_more_than_before(county):
    wall.enter(county.manager, at=small.NOW, terms=wall.Terms())
    assert queries.pseudonyms(county.manager, [county.person.pk])
    assert not queries.anybody()
    wall.leave()
