"""Taking places, staff and residents, in bulk: a row of their rooms for each, found again where it is the same one."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import blake2b
from typing import Any

from catchment.rooms.people.models import (
    Person,
    PersonContact,
    PersonIdentifier,
    PersonName,
    SearchToken,
    SuspectedMatch,
)
from catchment.rooms.people.types import IdentifierSystem, Sex
from catchment.rooms.places.models import Area, Facility, Organization
from catchment.rooms.places.types import FacilityKind, Level
from catchment.rooms.record.actions.intake.directory import Directory
from catchment.rooms.record.actions.intake.entries import Entry
from catchment.rooms.staff.models import Post, Practitioner, Qualification
from catchment.rooms.staff.types import Role
from catchment.standards.fhir.administrative import Number
from catchment.standards.identity import systems
from catchment.standards.identity.identifiers import IdentifierError, parse_credit_code, parse_resident_id
from catchment.standards.identity.names import search_tokens

OUTSIDE_AREA = ("000000", "网络外（导入）")
NAMELESS = "未提供姓名"
_REGISTERS = {systems.RESIDENT_ID: IdentifierSystem.RESIDENT_ID, systems.HEALTH_CARD: IdentifierSystem.HEALTH_CARD}
_RESIDENT_ID_TYPE = "01"
"""居民身份证 in the table of identity documents (CV02.01.101) that Chinese FHIR profiles use."""
_LOCAL_TYPES = {"MR", "MRT", "PI"}


def take_facilities(entries: Sequence[Entry], directory: Directory, now: datetime) -> None:  # noqa: ARG001 one shape for all
    """Organization and Location: a Location of a known organisation adds its position to that facility."""
    for entry in entries:
        fields, links = _told(entry)
        merged = directory.find("facility", links.get("facility")) if entry.type == "Location" else None
        if merged is not None:
            entry.row_id = merged
            _place(merged, fields)
        elif entry.row_id is not None:
            Facility.objects.filter(pk=entry.row).update(**_facility_columns(entry, fields))
        else:
            entry.row_id = _facility(entry, fields, directory)
        _set_parent(entry.row, directory.find("parent", links.get("parent")))
        directory.add(entry.type, (entry.key, *entry.further_keys), entry.row_id)


def take_practitioners(entries: Sequence[Entry], directory: Directory, now: datetime) -> None:  # noqa: ARG001 one shape for all
    """Practitioner, with qualifications."""
    new = [entry for entry in entries if entry.row_id is None]
    made = Practitioner.objects.bulk_create(
        Practitioner(code=_code(directory, entry), **_practitioner_columns(entry)) for entry in new
    )
    for entry, row in zip(new, made, strict=True):
        entry.row_id = row.pk
    for entry in entries:
        if entry not in new:
            Practitioner.objects.filter(pk=entry.row).update(**_practitioner_columns(entry))
            Qualification.objects.filter(practitioner_id=entry.row).delete()
        directory.add(entry.type, (entry.key, *entry.further_keys), entry.row)
    Qualification.objects.bulk_create(
        Qualification(practitioner_id=entry.row, **held)
        for entry in entries
        for held in _told(entry)[0]["qualifications"]
    )


def take_posts(entries: Sequence[Entry], directory: Directory, now: datetime) -> None:
    """PractitionerRole: a post as specialist, since its period begins (else since today)."""
    for entry in entries:
        fields, links = _told(entry)
        who, where = (directory.find(link, links.get(link)) for link in ("practitioner", "facility"))
        if who is None or where is None:
            _reject_post(entry, missing="practitioner" if who is None else "organization", links=links)
            continue
        until = fields["until"] or (None if fields["active"] else now.date())
        period = {"since": fields["since"] or now.date(), "until": until}
        post, _ = Post.objects.update_or_create(
            practitioner_id=who, facility_id=where, role=Role.SPECIALIST, defaults=period
        )
        entry.row_id = post.pk
        directory.add(entry.type, (entry.key, *entry.further_keys), post.pk)
        directory.posts[post.pk] = (who, where)


def take_people(entries: Sequence[Entry], directory: Directory, now: datetime) -> None:
    """Patient. The holder of the same valid resident ID and birth date is the same person; other numbers that
    somebody else holds only raise a suspicion.
    """
    _find_by_resident_id(entries)
    new = [entry for entry in entries if entry.row_id is None]
    made = Person.objects.bulk_create(
        Person(created_at=now, updated_at=now, **_person_columns(_told(entry)[0])) for entry in new
    )
    for entry, row in zip(new, made, strict=True):
        entry.row_id = row.pk
    changed = [entry for entry in entries if entry not in new]
    _forget_details(changed)
    for entry in changed:
        told = {name: value for name, value in _person_columns(_told(entry)[0]).items() if value not in (None, "")}
        Person.objects.filter(pk=entry.row).update(updated_at=now, **told)
    _write_details(entries, now)
    for entry in entries:
        directory.add(entry.type, (entry.key, *entry.further_keys), entry.row)


def _told(entry: Entry) -> tuple[dict[str, Any], dict[str, Any]]:
    if entry.reading is None:
        raise ValueError(entry.type)
    return entry.reading.fields, entry.reading.links


def _code(directory: Directory, entry: Entry) -> str:
    told = f"{directory.source.code}|{entry.type}|{entry.key}"
    return f"x-{blake2b(told.encode(), digest_size=16).hexdigest()}"


def _facility(entry: Entry, fields: dict[str, Any], directory: Directory) -> int:
    known = _facility_by_register(fields["codes"])
    if known is not None:
        return known
    code = _code(directory, entry)
    kind = FacilityKind.INSURANCE_OFFICE if fields["insurer"] else FacilityKind.OTHER
    organization, _ = Organization.objects.get_or_create(
        code=code, defaults={"name": fields["name"] or entry.key[:120], "kind": kind, "active": fields["active"]}
    )
    facility, _ = Facility.objects.get_or_create(
        code=code,
        defaults={
            "organization": organization,
            "kind": kind,
            "level": Level.COUNTY,
            "area": _outside(),
            "in_network": False,
            **_facility_columns(entry, fields),
        },
    )
    return facility.pk


def _facility_columns(entry: Entry, fields: dict[str, Any]) -> dict[str, Any]:
    columns = {name: fields[name] for name in ("address", "phone", "longitude", "latitude", "active")}
    return {**columns, "name": fields["name"] or entry.key[:120]}


def _facility_by_register(numbers: Iterable[tuple[str, str]]) -> int | None:
    codes = [value for system, value in numbers if system == systems.ORGANISATION_CODE or _is_credit_code(value)]
    if not codes:
        return None
    found = Facility.objects.filter(code__in=codes).first()
    return (found or Facility.objects.filter(organization__code__in=codes).order_by("pk").first() or Facility()).pk


def _is_credit_code(value: str) -> bool:
    try:
        parse_credit_code(value)
    except IdentifierError:
        return False
    return True


def _outside() -> Area:
    code, name = OUTSIDE_AREA
    return Area.objects.get_or_create(code=code, defaults={"name": name, "level": Level.COUNTY})[0]


def _place(facility_id: int, fields: dict[str, Any]) -> None:
    if fields["longitude"] is not None:
        rows = Facility.objects.filter(pk=facility_id, longitude__isnull=True)
        rows.update(longitude=fields["longitude"], latitude=fields["latitude"])


def _set_parent(facility_id: int, parent_id: int | None) -> None:
    if parent_id is not None and parent_id != facility_id:
        Facility.objects.filter(pk=facility_id, parent__isnull=True).update(parent_id=parent_id)


def _practitioner_columns(entry: Entry) -> dict[str, Any]:
    fields, _ = _told(entry)
    columns = {name: fields[name] for name in ("sex", "title", "phone", "active")}
    return {**columns, "name": fields["name"] or entry.key[:80]}


def _reject_post(entry: Entry, *, missing: str, links: dict[str, Any]) -> None:
    key = links.get("practitioner" if missing == "practitioner" else "facility")
    if key is None:
        entry.reject(f"no-{missing}: PractitionerRole.{missing} names nobody, and a post needs both")
    else:
        entry.reject(f"unknown-{missing}: PractitionerRole.{missing} {key.type}/{key.key} has not arrived")


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
        for system, value, _ in map(_register_of, _told(entry)[0]["numbers"])
        if system is IdentifierSystem.RESIDENT_ID
    }
    rows = PersonIdentifier.objects.filter(system=IdentifierSystem.RESIDENT_ID, value__in=cards)
    for row in rows.select_related("person"):
        entry = cards[row.value]
        if _told(entry)[0]["birth_date"] in {None, row.person.birth_date}:
            entry.row_id = row.person.merged_into_id or row.person_id


def _forget_details(changed: Sequence[Entry]) -> None:
    people = [entry.row for entry in changed]
    if people:
        for model in (PersonName, PersonContact, SearchToken):
            model.objects.filter(person_id__in=people).delete()


def _write_details(entries: Sequence[Entry], now: datetime) -> None:
    names, contacts, tokens = [], [], []
    for entry in entries:
        fields, person = _told(entry)[0], entry.row
        names += [PersonName(person_id=person, **row) for row in fields["names"] if row["text"]]
        contacts += [PersonContact(person_id=person, **row) for row in fields["contacts"]]
        tokens += [SearchToken(person_id=person, token=token) for token in _tokens(fields)]
    PersonName.objects.bulk_create(names)
    PersonContact.objects.bulk_create(contacts)
    SearchToken.objects.bulk_create(tokens)
    _write_numbers(entries, now)


def _tokens(fields: dict[str, Any]) -> list[str]:
    names = [fields["name"], *(row["text"] for row in fields["names"])]
    found = [token for name in names for token in search_tokens(name)]
    phone = "".join(letter for letter in fields["phone"] if letter.isdigit())
    return list(dict.fromkeys(token[:120] for token in [*found, phone] if token))


def _write_numbers(entries: Sequence[Entry], now: datetime) -> None:
    wanted: dict[tuple[str, str, str], int] = {}
    shared: list[tuple[int, int]] = []
    for entry in entries:
        for number in _told(entry)[0]["numbers"]:
            system, value, assigner = _register_of(number)
            holder = wanted.setdefault((system.value, value, assigner), entry.row)
            shared.append((holder, entry.row))
    rows = PersonIdentifier.objects.filter(value__in={value for _, value, _ in wanted})
    for row in rows:
        holder = wanted.pop((row.system, row.value, row.assigner), row.person_id)
        shared.append((row.person_id, holder))
    PersonIdentifier.objects.bulk_create(
        PersonIdentifier(person_id=person, system=system, value=value, assigner=assigner)
        for (system, value, assigner), person in wanted.items()
    )
    _suspect({(min(pair), max(pair)) for pair in shared if pair[0] != pair[1]}, now)


def _suspect(pairs: Iterable[tuple[int, int]], now: datetime) -> None:
    told: dict[str, Any] = {"probability": 0.5, "reasons": [{"key": "identifier"}], "found_at": now}
    matches = [SuspectedMatch(left_id=left, right_id=right, **told) for left, right in sorted(pairs)]
    SuspectedMatch.objects.bulk_create(matches, ignore_conflicts=True)
