"""Whose claim, from where, a source has sent: numbers and references looked up, many at once."""

from collections.abc import Sequence
from typing import Any

from catchment.rooms.claims.models import Claim
from catchment.rooms.claims.types import Kind, Sent, State, Told
from catchment.rooms.people.models import PersonIdentifier
from catchment.rooms.people.types import NATIONAL
from catchment.rooms.places.models import Facility
from catchment.rooms.record import queries as record
from catchment.rooms.record.models import Condition, Encounter
from catchment.rooms.record.types import EncounterClass

Resolved = Told | str
"""A claim that can be made, or why not: a code word and what it was about."""


def from_sheet(source: str, sent: Sequence[Sent]) -> list[Resolved]:
    """Rows of a settlement list: people by a national number, facilities by their code."""
    numbers = {one.person[1] for one in sent if one.person}
    rows = PersonIdentifier.objects.filter(system__in=NATIONAL, value__in=numbers).select_related("person")
    people = {row.value: row.person.merged_into_id or row.person_id for row in rows}
    places = dict(Facility.objects.values_list("code", "pk"))
    return [_in_sheet(source, one, people, places) for one in sent]


def from_fhir(source: str, sent: Sequence[Sent], record_source: str) -> list[Resolved]:
    """FHIR Claims: what they refer to, as the record took it from the same source before."""
    keys = [key for one in sent for key in _keys(one)]
    rows = record.rows_of(record_source, keys)
    encounters = Encounter.objects.in_bulk({rows[one.encounter] for one in sent if one.encounter in rows})
    conditions = Condition.objects.in_bulk({rows[key] for one in sent for key, _c, _d in one.diagnoses if key in rows})
    places = dict(Facility.objects.values_list("pk", "pk"))
    return [_in_fhir(source, one, rows, encounters, conditions, places) for one in sent]


def duplicates(told: Sequence[Told]) -> set[int]:
    """Places of those whose stay a claim stands for already, or an earlier one of these."""
    stays = [(one.person_id, one.facility_id, one.begins_on, one.ends_on) for one in told]
    rows = Claim.objects.filter(person_id__in={one.person_id for one in told}, kind=Kind.INPATIENT)
    held = set(rows.exclude(state=State.CANCELLED).values_list("person_id", "facility_id", "begins_on", "ends_on"))
    encounters = {one.encounter_id for one in told if one.encounter_id}
    claimed = set(Claim.objects.filter(encounter_id__in=encounters).values_list("encounter_id", flat=True))
    found = set()
    for at, (one, stay) in enumerate(zip(told, stays, strict=True)):
        again = (one.kind is Kind.INPATIENT and stay in held) or (one.encounter_id and one.encounter_id in claimed)
        if again:
            found.add(at)
        if one.kind is Kind.INPATIENT:
            held.add(stay)
        if one.encounter_id:
            claimed.add(one.encounter_id)
    return found


def _in_sheet(source: str, one: Sent, people: dict[str, int], places: dict[str, int]) -> Resolved:
    person = people.get(one.person[1]) if one.person else None
    place = places.get(one.facility[1]) if one.facility else None
    if person is None:
        return "unknown-person: no resident has this number; register them, then replay"
    if place is None:
        return f"unknown-facility: {one.facility[1] if one.facility else ''}; add it with this code, then replay"
    return Told(source=source, ref=one.ref, person_id=person, facility_id=place, **one.told)


def _in_fhir(
    source: str,
    one: Sent,
    rows: dict[Any, int],
    encounters: dict[int, Any],
    conditions: dict[int, Any],
    places: dict[int, int],
) -> Resolved:
    person = rows.get(one.person) if one.person else None
    if person is None:
        return "unknown-person: the record took no such Patient from this source; import them, then replay"
    encounter = encounters.get(rows.get(one.encounter, 0)) if one.encounter else None
    provider = rows.get(one.facility) if one.facility else None
    place = encounter.facility_id if encounter and encounter.facility_id else places.get(provider or 0)
    if place is None:
        return "unknown-facility: neither the encounter nor the provider is known here; import it, then replay"
    coded = tuple(_diagnosis(key, code, display, rows, conditions) for key, code, display in one.diagnoses)
    inpatient = encounter is not None and encounter.klass == EncounterClass.INPATIENT and not one.shares_encounter
    return Told(
        source=source,
        ref=one.ref,
        person_id=person,
        facility_id=place,
        encounter_id=encounter.pk if encounter and not one.shares_encounter else None,
        diagnoses=tuple(each for each in coded if each["code"]),
        **{**one.told, "kind": Kind.INPATIENT if inpatient else Kind.OUTPATIENT},
    )


def _diagnosis(key: Any, code: str, display: str, rows: dict[Any, int], conditions: dict[int, Any]) -> dict[str, str]:
    held = conditions.get(rows.get(key, 0)) if key else None
    return {"code": held.code, "display": held.display} if held else {"code": code, "display": display}


def _keys(one: Sent) -> list[tuple[str, str]]:
    return [key for key in (one.person, one.facility, one.encounter, *(key for key, _c, _d in one.diagnoses)) if key]
