"""A past period counts who was insured, and who had a contract, then: at its end, or on the day of the event."""

from datetime import date

import pytest

from catchment.rooms.measures.models import Value
from catchment.rooms.people.models import Coverage
from catchment.rooms.staff.models import CareResponsibility

pytestmark = pytest.mark.django_db
CODE = "990100"


def county_value(run, code):
    return Value.objects.get(run=run, code=code, level="county", place=CODE)


def test_a_stay_is_one_of_the_insured_if_they_were_insured_on_its_last_day(year, compute):
    person = year.person(insured=False)
    Coverage.objects.create(person=person, kind="resident", until=date(2025, 4, 1))
    Coverage.objects.create(person=person, kind="employee", since=date(2025, 8, 1))
    for day in (date(2025, 3, 31), date(2025, 4, 1), date(2025, 7, 31), date(2025, 8, 1)):
        year.visit(person, year.county.hospital, day, klass="IMP")
    found = county_value(compute(only=["4.1a"]), "4.1a")
    assert found.parts["numerator"] == 200
    assert found.denominator == 1


def test_who_lost_the_insurance_later_stays_insured_in_the_past_year(year, compute):
    person = year.person(insured=False)
    cover = Coverage.objects.create(person=person, kind="resident")
    year.visit(person, year.county.hospital, date(2025, 3, 1), klass="IMP")
    year.visit(person, year.county.hospital, date(2026, 2, 1), klass="IMP")
    before = county_value(compute(only=["4.1a"]), "4.1a").numerator
    cover.until = date(2026, 1, 1)
    cover.save()
    assert county_value(compute(only=["4.1a"]), "4.1a").numerator == before
    assert not Value.objects.filter(run=compute(period="2026", only=["4.1a"]), level="county", numerator__gt=0).exists()


def test_a_visit_is_one_of_the_contracted_if_the_contract_ran_that_day(year, compute):
    person = year.person()
    year.contract(person, date(2025, 3, 1), date(2025, 6, 1))
    year.contract(person, date(2025, 9, 1))
    for day in (date(2025, 2, 28), date(2025, 3, 1), date(2025, 6, 1), date(2025, 9, 1)):
        year.visit(person, year.county.village, day)
    assert county_value(compute("chronic", only=["con.own-team"]), "con.own-team").denominator == 2


def test_a_patient_is_contracted_at_the_end_of_the_period_not_today(year, compute):
    for since, until in ((date(2024, 3, 1), date(2025, 6, 1)), (date(2025, 3, 1), None)):
        person = year.person()
        year.contract(person, since, until)
        for day in (date(2024, 5, 1), date(2025, 5, 1)):
            year.visit(person, year.county.village, day, reason="I10")
    counted = [
        county_value(compute("chronic", period, only=["ht.contracted"]), "ht.contracted") for period in ("2024", "2025")
    ]
    assert [(one.numerator, one.denominator) for one in counted] == [(1, 2), (1, 2)]
    CareResponsibility.objects.all().delete()
    assert county_value(compute("chronic", only=["ht.contracted"]), "ht.contracted").numerator == 0
