"""Taking facts, in bulk: each needs its person; its other links are set now or when what they point at arrives."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings

from catchment.kernel import events
from catchment.rooms.record.actions.intake.bulk import insert
from catchment.rooms.record.actions.intake.directory import LINK_TYPES, Directory
from catchment.rooms.record.actions.intake.entries import Entry
from catchment.rooms.record.models import (
    Allergy,
    Condition,
    Document,
    Encounter,
    Immunization,
    Medication,
    MissingLink,
    Observation,
    Procedure,
    Report,
    ServiceRequest,
)
from catchment.standards.fhir.times import moment

MODELS: dict[str, type[Any]] = {
    "Encounter": Encounter,
    "Condition": Condition,
    "Observation": Observation,
    "Procedure": Procedure,
    "MedicationRequest": Medication,
    "AllergyIntolerance": Allergy,
    "Immunization": Immunization,
    "DiagnosticReport": Report,
    "DocumentReference": Document,
    "ServiceRequest": ServiceRequest,
}
DOCUMENTS = "documents"
_NO_VISIT = (None, None, None)


def take_facts(entries: Sequence[Entry], directory: Directory, now: datetime) -> None:
    """All entries of one clinical type. Without its person an entry is rejected, to be tried again when they arrive.

    Higher rooms are told of the encounters that say when they were (`encounter.recorded`), of diagnoses with
    the keys of those that say when they were (`conditions.imported`), once for all of them, and of whose facts have
    arrived (`facts.recorded`).
    """
    ready = [entry for entry in entries if _has_person(entry, directory)]
    if not ready:
        return
    model = MODELS[ready[0].type]
    visits = _visits(ready, directory)
    rows = [_row(model, entry, directory, visits, now) for entry in ready]
    new = [row for row in rows if row.pk is None]
    old = [row for row in rows if row.pk is not None]
    insert(model, new)
    if old:
        fields = [field.name for field in model._meta.concrete_fields if not field.primary_key]  # noqa: SLF001 Django's public model API
        model.objects.bulk_update(old, fields, batch_size=200)
        MissingLink.objects.filter(table=model._meta.db_table, row_id__in=[row.pk for row in old]).delete()  # noqa: SLF001 Django's public model API
    for entry, row in zip(ready, rows, strict=True):
        entry.row_id = row.pk
        directory.add(entry.type, entry.key, entry.further_keys, row.pk)
    MissingLink.objects.bulk_create(
        [link for entry in ready for link in _missing(model, entry, directory)], ignore_conflicts=True
    )
    events.publish("facts.recorded", person_ids={row.person_id for row in rows}, now=now)
    if model is Encounter:
        dated = [row for entry, row in zip(ready, rows, strict=True) if entry.told["at"]]
        events.publish("encounter.recorded", encounters=dated, now=now)
    if model is Condition:
        keys = {row.pk for entry, row in zip(ready, rows, strict=True) if entry.told["at"]}
        events.publish("conditions.imported", conditions=rows, dated=keys, now=now)


def take_medications(entries: Sequence[Entry], directory: Directory, now: datetime) -> None:  # noqa: ARG001 one shape for all
    """Medication: no row of its own; prescriptions take its name from its account, which keeps its body."""
    for entry in entries:
        if entry.reading is not None:
            directory.name_medicine(entry.key, entry.reading)


def _has_person(entry: Entry, directory: Directory) -> bool:
    key = entry.links.get("person")
    if directory.find("person", key) is not None:
        return True
    element = "patient" if entry.type in {"AllergyIntolerance", "Immunization"} else "subject"
    if key is None:
        entry.reject(f"no-subject: {entry.type}.{element} names nobody")
    elif key.type not in {"Patient", ""}:
        entry.reject(f"subject-not-a-person: {entry.type}.{element} is a {key.type}")
    else:
        entry.reject(f"unknown-subject: {entry.type}.{element} {key.type or 'Patient'}/{key.key} has not arrived")
    return False


def _visits(entries: Sequence[Entry], directory: Directory) -> dict[int, tuple[datetime, int | None, int | None]]:
    found = (directory.find("encounter", entry.links.get("encounter")) for entry in entries)
    rows = Encounter.objects.filter(pk__in={row for row in found if row is not None})
    return {row.pk: (row.at, row.facility_id, row.practitioner_id) for row in rows}


def _row(model: type[Any], entry: Entry, directory: Directory, visits: dict[int, Any], now: datetime) -> Any:
    fields = dict(entry.told)
    links = entry.links
    visit_id = directory.find("encounter", links.get("encounter"))
    visit_at, visit_place, visit_who = visits.get(visit_id, _NO_VISIT) if visit_id else _NO_VISIT
    who, where = (
        directory.find("practitioner", links.get("practitioner")),
        directory.find("facility", links.get("facility")),
    )
    post = directory.post_of(links.get("practitioner"))
    where = where or directory.find("facility", links.get("practitioner")) or (post[1] if post else None)
    if entry.type == "DocumentReference":
        fields["file_name"] = _store(fields.pop("data"))
    if entry.type == "MedicationRequest" and not fields["code"]:
        fields |= directory.medicine(links.get("medication")) or {}
    if entry.type == "DiagnosticReport":
        fields["observation_ids"] = [row for row in _results(entry, directory) if row is not None]
    if entry.type != "Encounter":
        fields["encounter_id"] = visit_id
        fields["display"] = fields["display"] or fields["code"] or entry.type
    return model(
        pk=entry.row_id,
        source=directory.source,
        external_id=entry.key,
        person_id=directory.find("person", links["person"]),
        facility_id=where or visit_place,
        practitioner_id=who or visit_who,
        recorded_at=now,
        **{**fields, "at": fields["at"] or visit_at or _last_changed(entry) or now},
    )


def _last_changed(entry: Entry) -> datetime | None:
    text = ((entry.resource or {}).get("meta") or {}).get("lastUpdated")
    return moment(text) if text else None


def _results(entry: Entry, directory: Directory) -> Iterator[int | None]:
    return (directory.find("result", key) for key in (entry.reading.many if entry.reading else ()))


def _missing(model: type[Any], entry: Entry, directory: Directory) -> Iterator[MissingLink]:
    wanted = [(link, key) for link, key in entry.links.items() if link != "person"]
    wanted += [("result", key) for key in (entry.reading.many if entry.reading else ())]
    for link, key in wanted:
        known = directory.medicine(key) if link == "medication" else directory.find(link, key)
        if key is not None and known is None and (key.type in {"", *LINK_TYPES[link]}):
            yield directory.missing(model._meta.db_table, entry.row, link, key)  # noqa: SLF001 Django's public model API


def _store(data: bytes | None) -> str:
    """Keep a file under its own digest, outside the web root; a second copy is the same file."""
    if not data:
        return ""
    name = sha256(data).hexdigest()
    folder = Path(settings.FILES) / DOCUMENTS
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / name).exists():
        (folder / f"{name}.part").write_bytes(data)
        (folder / f"{name}.part").rename(folder / name)
    return name
