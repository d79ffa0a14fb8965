"""Residents are found by what people type, their own facility's first."""

import pytest

from catchment.kernel.actor import Actor
from catchment.kernel.errors import NotAllowed
from catchment.rooms.people import queries
from catchment.rooms.people.models import PersonIdentifier
from catchment.rooms.people.types import Evidence, IdentifierSystem
from rooms.people.county import County

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> County:
    return County()


def names(county: County, text: str) -> list[str]:
    return [line.name for line in queries.search(county.doctor(), text)]


@pytest.mark.parametrize("typed", ["王", "王秀", "王秀英", "秀英", "wangxiu", "xiuying", "wxy", "WXY", "wang xiu ying"])
def test_a_chinese_name_answers_to_its_beginning_pinyin_and_initials(county: County, typed: str) -> None:
    county.resident("王秀英")
    county.resident("李建国")
    assert names(county, typed) == ["王秀英"]


def test_a_phone_answers_to_its_beginning_and_is_shown_masked(county: County) -> None:
    county.resident("王秀英", phone="13800001234")
    (line,) = queries.search(county.doctor(), "138 0000")
    assert (line.phone_masked, line.matched) == ("138****1234", Evidence.PHONE)


def test_a_number_of_any_register_answers_whole_and_in_either_case(county: County) -> None:
    person = county.resident("王秀英")
    PersonIdentifier.objects.create(person=person, system=IdentifierSystem.INSURANCE, value="YB7X")
    (line,) = queries.search(county.doctor(), "yb7x")
    assert (line.public_id, line.matched) == (person.public_id, Evidence.IDENTIFIER)
    assert queries.search(county.doctor(), "yb7") == []


def test_own_residents_come_before_all_others(county: County) -> None:
    county.resident("王安", facility=county.other)
    county.resident("王秀英", facility=county.clinic)
    assert names(county, "王") == ["王秀英", "王安"]


def test_the_closest_name_comes_first(county: County) -> None:
    for name in ("李建国强", "李建国", "李建"):
        county.resident(name)
    assert names(county, "李建") == ["李建", "李建国", "李建国强"]


def test_a_person_is_one_line_however_many_of_their_keys_answer(county: County) -> None:
    county.resident("王旺旺")
    assert names(county, "wang") == ["王旺旺"]


def test_signs_that_mean_something_to_the_database_are_plain_text(county: County) -> None:
    county.resident("王秀英")
    assert names(county, "%") == names(county, "_秀") == names(county, "王\\") == names(county, " ") == []


def test_a_merged_duplicate_leads_to_the_person_kept(county: County) -> None:
    kept, duplicate = county.resident("王秀英"), county.resident("王秀瑛")
    duplicate.merged_into = kept
    duplicate.save()
    assert names(county, "王秀瑛") == ["王秀英"]
    assert queries.person_by_public_id(duplicate.public_id) == kept


def test_search_is_one_query_however_many_are_found(county: County, django_assert_num_queries) -> None:
    for name in ("王一", "王二", "王三"):
        county.resident(name)
    with django_assert_num_queries(1):
        assert len(queries.search(county.doctor(), "王")) == 3


def test_search_asks_for_the_capability(county: County) -> None:
    with pytest.raises(NotAllowed):
        queries.search(Actor(role="visitor", capabilities=frozenset()), "王")
