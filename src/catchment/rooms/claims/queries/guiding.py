"""A stay in progress as it would be grouped now, for the doctor at the bed."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from catchment.rooms.claims.queries.context import Books
from catchment.rooms.claims.queries.grouping import SEXES, scheme_named
from catchment.rooms.claims.queries.told import principal_first
from catchment.rooms.people.models import Person
from catchment.rooms.people.rules import age_on
from catchment.rooms.record.models import Condition, Encounter, Observation, Procedure
from catchment.rooms.record.types import EncounterClass, EncounterStatus
from catchment.standards.drg import explaining, grouping
from catchment.standards.drg.record import Record


@dataclass(frozen=True, slots=True)
class Progress:
    """A stay so far: its group if it ended now, what it rests on, the questions that its own results raise.

    `documentation` names a diagnosis only where a result of the same stay supports it: a question to the doctor, who
    alone decides what the patient has.
    """

    encounter: Encounter
    days: int
    group: str
    name: str
    status: str
    weight: Any
    usual_days: Any
    cost: int | None
    documentation: list[dict[str, Any]]
    scheme: str
    verified: bool


def stay_in_progress(person: Person, today: date) -> Progress | None:
    """The person's open stay; `None` when there is none. `NotFound` when its scheme or editions are not there."""
    stay = (
        Encounter.objects.filter(
            person=person, klass=EncounterClass.INPATIENT, status=EncounterStatus.IN_PROGRESS, ended_at__isnull=True
        )
        .order_by("-at")
        .first()
    )
    if stay is None:
        return None
    books = Books()
    rule, _edition, verified = books.payment(today)
    scheme = scheme_named(rule.scheme)
    record, begun = _record(stay, person, today), timezone.localdate(stay.at)
    found = grouping.group(scheme, record)
    told = explaining.explain(scheme, record, results=explaining.results_of(_results(stay)))
    item = books.weights(today).by_group.get(found.drg)
    return Progress(
        stay, max(1, (today - begun).days), found.drg, item.name if item else "", found.status,
        item.weight if item else None, item.days if item else None, stay.cost_fen, list(told.get("documentation", ())),
        rule.scheme, verified,
    )  # fmt: skip


def _record(stay: Encounter, person: Person, today: date) -> Record:
    rows = Condition.objects.filter(encounter=stay).exclude(code="").order_by("at", "pk")
    coded = [{"code": code, "display": display} for code, display in rows.values_list("code", "display")]
    codes = [one["code"] for one in principal_first(stay, coded)]
    begun = timezone.localdate(stay.at)
    born = person.birth_date
    lived = (begun - born).days if born else None
    return Record(
        id=str(stay.pk),
        sex=SEXES.get(person.sex),
        age=None if born is None else age_on(born, begun),
        age_days=lived,
        dept=stay.department or None,
        los=max(1, (today - begun).days),
        pdx=codes[0] if codes else None,
        odx=tuple(codes[1:]),
        procs=tuple(Procedure.objects.filter(encounter=stay).order_by("at", "pk").values_list("code", flat=True)),
    )


def _results(stay: Encounter) -> list[dict[str, Any]]:
    rows = Observation.objects.filter(encounter=stay, value__isnull=False).values_list("code", "value", "unit")
    return [{"code": code, "value": value, "unit": unit} for code, value, unit in rows]
