"""A small county with a year of visits, stays and readings, counted on PostgreSQL as it stands."""

from datetime import UTC, date, datetime, timedelta

import pytest

import county as small
from catchment.kernel.actor import system
from catchment.rooms.measures import actions, queries
from catchment.rooms.people.models import Coverage
from catchment.rooms.record.models import Encounter, Observation, Procedure, Report, Source
from catchment.rooms.staff.models import CareResponsibility, Post, Practitioner, Qualification
from catchment.standards.measures.periods import period_of

OPERATOR = system(
    "tests",
    "measures.read",
    "measures.read-all",
    "measures.open",
    "measures.compute",
    "measures.supply",
    "measures.answer",
)
CODE = "990100"


class Year:
    """What happened in 2025, written one event at a time."""

    def __init__(self, county):
        self.county = county
        self.source = Source.objects.create(code="s", name="s", kind="native")

    def person(self, name="李桂花", born=date(1950, 1, 1), *, facility=None, insured=True):
        here = facility or self.county.village
        person = small.make_person(name, self.county.village.area, here, birth_date=born)
        if insured:
            Coverage.objects.create(person=person, kind="resident")
        return person

    def visit(
        self, person, facility, day=date(2025, 6, 1), *, klass="AMB", reason="J06.9", cost=10_000, fund=5_000, **more
    ):
        at = datetime(day.year, day.month, day.day, 2, tzinfo=UTC)
        return Encounter.objects.create(
            person=person, facility=facility, source=self.source, klass=klass, status="finished", at=at, recorded_at=at,
            ended_at=at, reason_code=reason, cost_fen=cost, cost_parts={"fund": fund, "drug": cost // 2}, **more,
        )  # fmt: skip

    def stay(self, facility, day, *, nights):
        visit = self.visit(self.person(), facility, day, klass="IMP")
        visit.ended_at = visit.at + timedelta(days=nights)
        visit.save()
        return visit

    def pressure(self, person, day, systolic, diastolic=80):
        at = datetime(day.year, day.month, day.day, 3, tzinfo=UTC)
        parts = [{"code": "8480-6", "value": systolic}, {"code": "8462-4", "value": diastolic}]
        return Observation.objects.create(
            person=person, facility=self.county.village, source=self.source, status="final", at=at, recorded_at=at,
            code="85354-9", display="血压", components=parts,
        )  # fmt: skip

    def report(self, visit, facility):
        return Report.objects.create(
            **self._entry(visit.person, facility, visit.at), status="final", code="11524-6", display="心电图",
            encounter=visit,
        )  # fmt: skip

    def procedure(self, visit, code):
        return Procedure.objects.create(
            **self._entry(visit.person, visit.facility, visit.at), status="completed", code_system="icd-9-cm", code=code,
            display=code, encounter=visit,
        )  # fmt: skip

    def cause_of_death(self, person, day, code):
        at = datetime(day.year, day.month, day.day, 3, tzinfo=UTC)
        return Observation.objects.create(
            **self._entry(person, None, at), status="final", code_system="loinc", code="80359-3", display="根本死因",
            value_code=code,
        )  # fmt: skip

    def _entry(self, person, facility, at):
        return {"person": person, "facility": facility, "source": self.source, "at": at, "recorded_at": at}

    def contract(self, person, since=date(2025, 1, 1), until=None):
        return CareResponsibility.objects.create(
            person=person, post_id=self.county.village_doctor.post_id, contracted=True, since=since, until=until
        )


def employed(
    facility, *, role="specialist", title="主治医师", kind="physician", since=date(2020, 1, 1), until=None, who=None
):
    who = who or Practitioner.objects.create(code=f"P{Practitioner.objects.count()}", name="医", title=title)
    Qualification.objects.get_or_create(practitioner=who, kind=kind)
    Post.objects.create(practitioner=who, facility=facility, role=role, since=since, until=until)
    return who


def value_of(run, code, level="county", place=CODE):
    found = [one for one in queries.values_of(OPERATOR, run, level, place=place) if one.code == code]
    return found[0] if found else None


@pytest.fixture
def year(county, monkeypatch):
    monkeypatch.setenv("ANALYTICS_URL", "postgresql")
    return Year(county)


@pytest.fixture
def compute(year):
    """Compute a set and give its run."""

    def computed(name="national-2024", period="2025", **more):
        return actions.compute_set(actor=OPERATOR, now=small.NOW, name=name, period=period_of(period), **more)

    return computed
