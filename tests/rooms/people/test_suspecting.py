"""Records that may be one person are noticed, with reasons, and decided once."""

from datetime import date

import pytest

from catchment.kernel.errors import Refusal
from catchment.rooms.people import actions, queries
from catchment.rooms.people.models import PersonIdentifier, SuspectedMatch
from catchment.rooms.people.types import IdentifierSystem, MatchState
from rooms.people.county import NOW, County

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> County:
    county = County()
    for n, name in enumerate(("李建国", "陈志强", "林小燕", "黄海波", "赵文静", "吴永福")):
        county.resident(name, birth_date=date(1940 + 7 * n, 1 + n, 3 + n), phone=f"1370000000{n}")
    return county


def suspicions(county: County) -> list[tuple[str, str]]:
    actions.suspect_all(actor=county.doctor(), now=NOW)
    return [(match.left.name, match.right.name) for match in queries.suspected_matches()]


def test_a_homophone_with_the_same_birth_date_and_phone_is_suspected_with_reasons(county: County) -> None:
    county.resident("王秀英", phone="13800001234")
    county.resident("王秀瑛", phone="13800001234")
    assert suspicions(county) == [("王秀英", "王秀瑛")]
    match = SuspectedMatch.objects.get()
    assert match.probability >= 0.5
    assert {"phone", "birth_date"} <= {reason.get("field") for reason in match.reasons}


def test_a_key_and_the_linkage_speak_together(county: County) -> None:
    county.resident("王秀英", phone="13800001234")
    county.resident("王秀英", phone="13800001234")
    suspicions(county)
    reasons = SuspectedMatch.objects.get().reasons
    keys = {reason["key"] for reason in reasons if "key" in reason}
    assert keys == {"same-name-birth-date-sex", "same-name-phone"}
    assert any("field" in reason for reason in reasons)


def test_strangers_are_not_suspected(county: County) -> None:
    assert suspicions(county) == []


def test_one_number_in_two_registers_is_a_key(county: County) -> None:
    left, right = county.resident("王秀英"), county.resident("杨桂芳", birth_date=date(1971, 5, 5))
    for person, system in ((left, IdentifierSystem.INSURANCE), (right, IdentifierSystem.HEALTH_CARD)):
        PersonIdentifier.objects.create(person=person, system=system, value="YB00000001")
    assert [pair.keys for pair in queries.pairs_by_key()] == [("same-number",)]


def test_a_pair_once_called_distinct_is_not_asked_again(county: County) -> None:
    county.resident("王秀英", phone="13800001234")
    county.resident("王秀英", phone="13800001234")
    suspicions(county)
    match = SuspectedMatch.objects.get()
    actions.mark_distinct(actor=county.doctor(), now=NOW, match_id=match.pk)
    assert suspicions(county) == []
    match.refresh_from_db()
    assert (match.state, match.decided_by) == (MatchState.DISTINCT, "周医生")
    with pytest.raises(Refusal, match="处理过"):
        actions.mark_distinct(actor=county.doctor(), now=NOW, match_id=match.pk)


def test_the_page_sees_what_differs_and_what_contradicts(county: County) -> None:
    county.resident("王秀英", phone="13800001234")
    county.resident("王秀英", phone="")
    suspicions(county)
    fields = {field.label: field for field in queries.compared(queries.suspected_matches().get())}
    assert not fields["姓名"].differs
    assert fields["电话"].differs
    assert not fields["电话"].contradicts
