"""Taking residents, in bulk: a person of the family for each Patient, found again where it is the same one."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from catchment.rooms.people.models import (
    Person,
    PersonContact,
    PersonIdentifier,
    PersonName,
    SearchToken,
    SuspectedMatch,
)
from catchment.rooms.people.rules import search_keys
from catchment.rooms.people.types import IdentifierSystem, Sex
from catchment.rooms.record.actions.intake.bulk import insert
from catchment.rooms.record.actions.intake.directory import Directory
from catchment.rooms.record.actions.intake.entries import Entry
from catchment.standards.fhir.administrative import Number
from catchment.standards.identity import systems
from catchment.standards.identity.identifiers import IdentifierError, parse_resident_id

NAMELESS = "未提供姓名"
_REGISTERS = {systems.RESIDENT_ID: IdentifierSystem.RESIDENT_ID, systems.HEALTH_CARD: IdentifierSystem.HEALTH_CARD}
_RESIDENT_ID_TYPE = "01"
"""居民身份证 in the table of identity documents (CV02.01.101) that Chinese FHIR profiles use."""
_LOCAL_TYPES = {"MR", "MRT", "PI"}


def take_people(entries: Sequence[Entry], directory: Directory, now: datetime) -> None:
    """Patient. The holder of the same valid resident ID and birth date is the same person; other numbers that
    somebody else holds only raise a suspicion.
    """
    _find_by_resident_id(entries)
    new = [entry for entry in entries if entry.row_id is None]
    made = [Person(created_at=now, updated_at=now, **_person_columns(entry.told)) for entry in new]
    insert(Person, made)
    for entry, row in zip(new, made, strict=True):
        entry.row_id = row.pk
    changed = [entry for entry in entries if entry not in new]
    _forget_details(changed)
    for entry in changed:
        told = {name: value for name, value in _person_columns(entry.told).items() if value not in (None, "")}
        Person.objects.filter(pk=entry.row).update(updated_at=now, **told)
    _write_details(entries, now)
    for entry in entries:
        directory.add(entry.type, entry.key, entry.further_keys, entry.row)


def _person_columns(fields: dict[str, Any]) -> dict[str, Any]:
    columns = {name: fields[name] for name in ("birth_date", "deceased_on", "address", "phone")}
    return {**columns, "name": fields["name"] or NAMELESS, "sex": Sex(fields["sex"])}


def _register_of(number: Number) -> tuple[IdentifierSystem, str, str]:
    """Register, value and assigner of a number: a resident ID is one only when its check character is right."""
    register = _REGISTERS.get(number.system)
    if register is None and number.type == _RESIDENT_ID_TYPE:
        register = IdentifierSystem.RESIDENT_ID
    if register is IdentifierSystem.RESIDENT_ID:
        try:
            return register, parse_resident_id(number.value).number, ""
        except IdentifierError:
            register = None
    if register is not None:
        return register, number.value, ""
    kind = IdentifierSystem.LOCAL if number.type in _LOCAL_TYPES else IdentifierSystem.EXTERNAL
    return kind, number.value, number.system


def _find_by_resident_id(entries: Sequence[Entry]) -> None:
    cards = {
        value: entry
        for entry in entries
        if entry.row_id is None
        for system, value, _ in map(_register_of, entry.told["numbers"])
        if system is IdentifierSystem.RESIDENT_ID
    }
    rows = PersonIdentifier.objects.filter(system=IdentifierSystem.RESIDENT_ID, value__in=cards)
    for row in rows.select_related("person"):
        entry = cards[row.value]
        if entry.told["birth_date"] in {None, row.person.birth_date}:
            entry.row_id = row.person.merged_into_id or row.person_id


def _forget_details(changed: Sequence[Entry]) -> None:
    people = [entry.row for entry in changed]
    if people:
        for model in (PersonName, PersonContact, SearchToken):
            model.objects.filter(person_id__in=people).delete()


def _write_details(entries: Sequence[Entry], now: datetime) -> None:
    names, contacts, tokens = [], [], []
    for entry in entries:
        fields, person = entry.told, entry.row
        names += [PersonName(person_id=person, **row) for row in fields["names"] if row["text"]]
        contacts += [PersonContact(person_id=person, **row) for row in fields["contacts"]]
        tokens += [SearchToken(person_id=person, token=token) for token in _tokens(fields)]
    insert(PersonName, names)
    insert(PersonContact, contacts)
    insert(SearchToken, tokens)
    _write_numbers(entries, now)


def _tokens(fields: dict[str, Any]) -> list[str]:
    names = [fields["name"], *(row["text"] for row in fields["names"])]
    phones = [fields["phone"], *(row["value"] for row in fields["contacts"] if row["kind"] == "phone")]
    return search_keys(names, phones)


def _write_numbers(entries: Sequence[Entry], now: datetime) -> None:
    wanted: dict[tuple[str, str, str], int] = {}
    shared: list[tuple[int, int]] = []
    for entry in entries:
        for number in entry.told["numbers"]:
            system, value, assigner = _register_of(number)
            holder = wanted.setdefault((system.value, value, assigner), entry.row)
            shared.append((holder, entry.row))
    rows = PersonIdentifier.objects.filter(value__in={value for _, value, _ in wanted})
    for row in rows:
        holder = wanted.pop((row.system, row.value, row.assigner), row.person_id)
        shared.append((row.person_id, holder))
    fresh = [
        PersonIdentifier(person_id=person, system=system, value=value, assigner=assigner)
        for (system, value, assigner), person in wanted.items()
    ]
    insert(PersonIdentifier, fresh)
    _suspect({(min(pair), max(pair)) for pair in shared if pair[0] != pair[1]}, now)


def _suspect(pairs: Iterable[tuple[int, int]], now: datetime) -> None:
    told: dict[str, Any] = {"probability": None, "reasons": [{"key": "identifier"}], "found_at": now}
    matches = [SuspectedMatch(left_id=left, right_id=right, **told) for left, right in sorted(pairs)]
    SuspectedMatch.objects.bulk_create(matches, ignore_conflicts=True)
