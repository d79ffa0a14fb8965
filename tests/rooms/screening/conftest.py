from datetime import date, timedelta
from itertools import count
from pathlib import Path

import pytest
import yaml

import catchment
from catchment.kernel.actor import system
from catchment.rooms.record import actions as record
from catchment.rooms.rulebook import actions as rulebook
from catchment.rooms.rulebook import queries as editions
from catchment.rooms.rulebook.types import EditionForm
from catchment.rooms.screening import actions
from catchment.rooms.screening.rules import PROGRAMMES
from county import NOW, PUBLISHER

DEFAULTS = Path(catchment.__path__[0]) / "rooms/screening/editions/programmes.yaml"
NUMBERS = count()
SCREENER = system("screening", "screening.run", "screening.clock")


@pytest.fixture
def publish(county):
    """Publish an edition with only some of the default programmes, changed as asked."""

    def edition(*codes, since=date(2026, 1, 1), **changes):
        version = f"test-{next(NUMBERS)}"
        content = yaml.safe_load(DEFAULTS.read_text(encoding="utf-8"))["content"]
        content["programmes"] = [{**one, **changes} for one in content["programmes"] if one["code"] in codes]
        form = EditionForm(key=PROGRAMMES, version=version, title="x", in_force_from=since, source="x", content=content)
        rulebook.publish_edition(actor=PUBLISHER, now=NOW, form=form)
        editions.forget()

    return edition


@pytest.fixture
def pressure(county):
    """Record a blood pressure of a person, some days before now."""

    def of(person, systolic, diastolic, days_ago=1):
        at = NOW - timedelta(days=days_ago)
        return record.record_blood_pressure(
            actor=county.village_doctor, now=at, person_id=person.pk, systolic=systolic, diastolic=diastolic
        )

    return of


@pytest.fixture
def run(county):
    """Run the programmes over the county, in PostgreSQL or as asked."""

    def over(now=NOW, engine="postgresql", **more):
        return actions.run_programmes(actor=SCREENER, now=now, engine=engine, **more)[1]

    return over
