"""Registering asks for data that holds together; nothing changes in silence."""

from datetime import date

import pytest

from catchment.kernel.errors import Invalid, NotAllowed, Refusal
from catchment.kernel.models import AuditEntry
from catchment.rooms.people import actions, queries
from catchment.rooms.people.models import FacilityMove, PersonIdentifier, SuspectedMatch
from catchment.rooms.people.types import Identifier, IdentifierSystem, Registration, Sex
from catchment.standards.identity.identifiers import make_resident_id
from rooms.people.county import NOW, County

pytestmark = pytest.mark.django_db
BORN = date(1958, 3, 2)
WOMAN = make_resident_id("999001", BORN, 2)


@pytest.fixture
def county() -> County:
    return County()


def card(number: str) -> tuple[Identifier, ...]:
    return (Identifier(system=IdentifierSystem.RESIDENT_ID, value=number),)


def register(county: County, **told):
    return actions.register_person(actor=county.doctor(), now=NOW, told=Registration(**told))


def problems(refused: pytest.ExceptionInfo[Invalid]) -> set[str]:
    return {problem.field for problem in refused.value.problems}


def test_the_card_fills_birth_date_and_sex(county: County) -> None:
    person = register(county, name=" 王秀英 ", identifiers=card(WOMAN.lower()))
    assert (person.name, person.sex, person.birth_date) == ("王秀英", Sex.FEMALE, BORN)
    assert PersonIdentifier.objects.get(person=person).value == WOMAN


def test_every_problem_is_told_at_once_by_field(county: County) -> None:
    with pytest.raises(Invalid) as refused:
        register(county, name="", phone="123", birth_date=date(2027, 1, 1), identifiers=card(WOMAN[:-1] + "?"))
    assert problems(refused) == {"name", "phone", "birth_date", "resident_id"}


def test_birth_date_and_sex_must_agree_with_the_card(county: County) -> None:
    with pytest.raises(Invalid) as refused:
        register(county, name="王秀英", sex=Sex.MALE, birth_date=date(1958, 2, 3), identifiers=card(WOMAN))
    assert problems(refused) == {"birth_date", "sex"}


def test_a_number_that_somebody_holds_is_refused_with_the_way_out(county: County) -> None:
    register(county, name="王秀英", identifiers=card(WOMAN))
    with pytest.raises(Invalid) as refused:
        register(county, name="王秀瑛", identifiers=card(WOMAN))
    assert problems(refused) == {"resident_id"}
    assert "王秀英" in refused.value.message
    assert len(queries.search(county.doctor(), "王秀")) == 1


def test_an_address_or_issuer_too_long_to_keep_is_told_at_its_field(county: County) -> None:
    foreign = Identifier(system=IdentifierSystem.EXTERNAL, value="E1", assigner="x" * 121)
    with pytest.raises(Invalid) as refused:
        register(county, name="王秀英", address="路" * 201, identifiers=(foreign,))
    assert problems(refused) == {"address", "external"}


def test_local_numbers_are_unique_within_their_assigner_only(county: County) -> None:
    for assigner, name in (("H1", "王秀英"), ("H2", "李建国")):
        local = Identifier(system=IdentifierSystem.LOCAL, value="1001", assigner=assigner)
        register(county, name=name, identifiers=(local,))
    with pytest.raises(Invalid) as refused:
        register(county, name="周", identifiers=(Identifier(system=IdentifierSystem.LOCAL, value="1002"),))
    assert problems(refused) == {"local"}


def test_a_hospital_cannot_be_the_primary_facility(county: County) -> None:
    with pytest.raises(Invalid) as refused:
        register(county, name="王秀英", primary_facility_id=county.hospital.pk)
    assert problems(refused) == {"primary_facility"}


def test_a_changed_name_and_phone_are_found_and_the_old_ones_no_longer(county: County) -> None:
    person = register(county, name="王秀英", phone="13800001234", primary_facility_id=county.clinic.pk)
    actions.update_person(actor=county.doctor(), now=NOW, person_id=person.pk, name="汪秀", phone="13900005678")
    found = {text: len(queries.search(county.doctor(), text)) for text in ("王秀", "汪秀", "13800001234", "139000")}
    assert found == {"王秀": 0, "汪秀": 1, "13800001234": 0, "139000": 1}


def test_what_is_not_given_stays(county: County) -> None:
    person = register(county, name="王秀英", phone="13800001234", identifiers=card(WOMAN), area_id=county.village.pk)
    actions.update_person(actor=county.doctor(), now=NOW, person_id=person.pk, address="石桥 12 号")
    person.refresh_from_db()
    assert (person.phone, person.address, person.area_id) == ("13800001234", "石桥 12 号", county.village.pk)
    assert PersonIdentifier.objects.get(person=person).value == WOMAN


def test_a_new_birth_date_is_weighed_against_the_card_on_file(county: County) -> None:
    person = register(county, name="王秀英", identifiers=card(WOMAN))
    with pytest.raises(Invalid) as refused:
        actions.update_person(actor=county.doctor(), now=NOW, person_id=person.pk, birth_date=date(1960, 1, 1))
    assert problems(refused) == {"birth_date"}


def test_a_corrected_card_takes_the_place_of_the_wrong_one(county: County) -> None:
    person = register(county, name="王秀英", identifiers=card(WOMAN))
    right = make_resident_id("999001", BORN, 4)
    actions.update_person(actor=county.doctor(), now=NOW, person_id=person.pk, identifiers=card(right))
    assert [row.value for row in PersonIdentifier.objects.filter(person=person)] == [right]


def test_the_primary_facility_moves_only_with_a_reason_by_a_party_and_is_kept(county: County) -> None:
    person = register(county, name="王秀英", primary_facility_id=county.clinic.pk)
    move = {"now": NOW, "person_id": person.pk, "facility_id": county.other.pk}
    with pytest.raises(Invalid) as refused:
        actions.move_primary_facility(actor=county.doctor(), reason=" ", **move)
    assert problems(refused) == {"reason"}
    with pytest.raises(NotAllowed):
        actions.move_primary_facility(actor=county.doctor(at=county.hospital), reason="搬家", **move)
    actions.move_primary_facility(actor=county.doctor(), reason="搬到楚溪村", **move)
    kept = FacilityMove.objects.get(person=person)
    assert (kept.origin_id, kept.destination_id, kept.reason) == (county.clinic.pk, county.other.pk, "搬到楚溪村")
    assert AuditEntry.objects.filter(event="person.move-primary-facility", person_id=person.pk).count() == 1
    with pytest.raises(Refusal, match="已由"):
        actions.move_primary_facility(actor=county.doctor(), reason="再次", **move)


def test_search_puts_a_moved_person_under_their_new_facility(county: County) -> None:
    moved = register(county, name="王秀英", primary_facility_id=county.clinic.pk)
    register(county, name="王秀", primary_facility_id=county.clinic.pk)
    actions.move_primary_facility(
        actor=county.doctor(), now=NOW, person_id=moved.pk, facility_id=county.other.pk, reason="搬家"
    )
    assert [line.name for line in queries.search(county.doctor(at=county.other), "王秀")] == ["王秀英", "王秀"]


def test_a_death_is_recorded_once_possible_and_can_be_taken_back(county: County) -> None:
    person = register(county, name="王秀英", birth_date=BORN)
    for day in (date(2026, 3, 3), date(1958, 3, 1)):
        with pytest.raises(Invalid):
            actions.record_death(actor=county.doctor(), now=NOW, person_id=person.pk, on=day)
    assert actions.record_death(actor=county.doctor(), now=NOW, person_id=person.pk, on=date(2026, 3, 1)).deceased_on
    assert actions.record_death(actor=county.doctor(), now=NOW, person_id=person.pk, on=None).deceased_on is None


def test_the_same_name_and_birth_date_is_suspected_at_once(county: County) -> None:
    first = register(county, name="王秀英", sex=Sex.FEMALE, birth_date=BORN)
    second = register(county, name="王秀英", sex=Sex.FEMALE, birth_date=BORN)
    match = SuspectedMatch.objects.get()
    assert (match.left_id, match.right_id) == (first.pk, second.pk)
    assert match.reasons == [{"key": "same-name-birth-date-sex"}]


def test_registering_asks_for_the_capability(county: County) -> None:
    with pytest.raises(NotAllowed):
        actions.register_person(actor=county.doctor("people.search"), now=NOW, told=Registration(name="王"))
