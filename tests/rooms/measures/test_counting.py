"""What the editions count: on PostgreSQL as it stands and on DuckDB over the same facts, with the same numbers."""

from datetime import UTC, date, datetime

import pytest

import county as small
from catchment.kernel import lake
from catchment.kernel.actor import system
from catchment.kernel.lake.engines import Lake
from catchment.rooms.booking.models import Bed, BedSpan
from catchment.rooms.measures import actions, queries
from catchment.rooms.measures.models import Run, Value
from catchment.rooms.measures.queries.computing import Setting, compute, places_of
from catchment.rooms.measures.rules import SETS
from catchment.rooms.people import actions as people
from catchment.rooms.people.models import Coverage
from catchment.rooms.places.models import Area, Service
from catchment.standards.analytics.engines import DuckDB, Name, opened
from catchment.standards.measures.definition import Kind
from catchment.standards.measures.periods import period_of
from catchment.standards.measures.tables import FACTS

from .conftest import CODE, OPERATOR, employed, value_of


def test_visits_never_count_admissions(year, compute):
    patient = year.person()
    for _ in range(4):
        year.visit(patient, year.county.township)
    for _ in range(6):
        year.visit(patient, year.county.hospital)
    year.visit(patient, year.county.hospital, klass="IMP")
    found = value_of(compute(only=["3.1"]), "3.1")
    assert (found.value, found.numerator, found.denominator) == (40.0, 4, 10)


def test_a_visit_outside_the_period_the_county_or_the_truth_does_not_count(year, compute):
    patient = year.person()
    year.visit(patient, year.county.township)
    year.visit(patient, year.county.township, date(2024, 12, 31))
    cancelled = year.visit(patient, year.county.township)
    cancelled.status = "cancelled"
    cancelled.save()
    assert value_of(compute(only=["3.1"]), "3.1").denominator == 1


def test_a_value_is_told_for_township_village_and_facility(year, compute):
    patient = year.person()
    year.visit(patient, year.county.township)
    year.visit(patient, year.county.village)
    year.visit(patient, year.county.hospital)
    run = compute(only=["3.1"])
    assert value_of(run, "3.1", "township", "990100100").denominator == 2
    assert value_of(run, "3.1", "village", "990100100201").denominator == 1
    assert value_of(run, "3.1", "facility", "H1").value == 0


def test_the_person_not_the_admission_stands_below_the_mean_cost_per_person(year, compute):
    patient = year.person()
    for cost in (300_000, 500_000):
        year.visit(patient, year.county.hospital, klass="IMP", cost=cost)
    run = compute(only=["4.1a", "4.1c"])
    assert (value_of(run, "4.1a").value, value_of(run, "4.1c").value) == (8000, 4000)


def test_a_report_written_elsewhere_is_a_remote_read(year, compute):
    patient = year.person()
    here, away = (year.visit(patient, year.county.township) for _ in range(2))
    year.report(here, year.county.township)
    assert value_of(compute(only=["2.2a"]), "2.2a").status == "missing-source"
    year.report(away, year.county.hospital)
    assert value_of(compute(only=["2.2a"]), "2.2a").numerator == 1
    sites = value_of(compute("national-2020", only=["12"]), "12")
    assert (sites.numerator, sites.denominator) == (1, 1)


def test_operations_are_graded_by_the_edition_of_their_day(year, compute):
    stay = year.visit(year.person(), year.county.hospital, klass="IMP")
    for code in ("36.0700", "81.5201", "47.0100", "99.9900"):
        year.procedure(stay, code)
    found = value_of(compute("national-2020", only=["9"]), "9")
    assert (found.numerator, found.denominator) == (2, 3)


def test_therapies_and_departments_make_a_visit_one_of_chinese_medicine(year, compute):
    patient = year.person()
    needled, _plain = (year.visit(patient, year.county.township) for _ in range(2))
    year.visit(patient, year.county.hospital, department="中医科")
    for code in ("17.9200", "17.9400"):
        year.procedure(needled, code)
    found = value_of(compute(only=["4.3"]), "4.3")
    assert (found.numerator, found.denominator) == (2, 3)
    primary = value_of(compute("national-2020", only=["4"]), "4")
    assert (primary.numerator, primary.denominator) == (1, 2)


def test_premature_deaths_are_counted_by_cause_and_age_at_death(year, compute):
    for born, cause in ((1960, "I63.900"), (1960, "V89.200"), (1940, "I21.900"), (1960, "C34.900")):
        person = year.person(born=date(born, 1, 1))
        person.deceased_on = date(2025, 5, 1)
        person.save()
        year.cause_of_death(person, person.deceased_on, cause)
    for age in (*range(31, 66, 5), *([66] * 98)):  # an age without residents would leave the whole unknown
        year.person(f"在世{age}", born=date(2025 - age, 1, 1))
    found = value_of(compute(only=["5.2"]), "5.2")
    assert found.numerator == 2
    rate = 2 / 100  # two of the four, among the residents of 65 to 69, whom the county's own makes a hundred
    assert found.value == pytest.approx(100 * (1 - (1 - 2.5 * rate) / (1 + 2.5 * rate)), rel=0.03)


def moved(person, to, day):
    return people.update_person(
        actor=system("tests", "people.register"), now=small.NOW, person_id=person.pk, area_id=to.pk, moved_on=day
    )


def other_village():
    town = Area.objects.get(code="990100100")
    return Area.objects.create(code="990100100202", name="楚溪村", level="village", parent=town)


def test_a_past_year_counts_people_where_they_lived_at_its_end(year, compute):
    village = other_village()
    year.contract(year.person(), date(2024, 1, 1))
    year.contract(left := year.person(), date(2024, 1, 1))
    moved(left, village, date(2025, 3, 1))
    spots = {"990100100201": {"2024": 3, "2025": 2}, "990100100202": {"2024": None, "2025": 1}}
    for period in ("2024", "2025"):
        run = compute("chronic", period, only=["con.rate"])
        for code, counted in spots.items():
            found = Value.objects.filter(run=run, code="con.rate", level="village", place=code).first()
            assert (found.denominator if found else None) == counted[period], (period, code)
        assert value_of(run, "con.rate", "township", "990100100").numerator == 2


def test_an_event_counts_where_the_person_lived_on_its_day(year, compute):
    village = other_village()
    year.contract(person := year.person())
    for day in (date(2025, 2, 28), date(2025, 3, 1), date(2025, 9, 1)):
        year.visit(person, year.county.township, day)
    moved(person, village, date(2025, 3, 1))
    run = compute("chronic", only=["con.own-team"])
    assert value_of(run, "con.own-team", "village", "990100100201").denominator == 1
    assert value_of(run, "con.own-team", "village", "990100100202").denominator == 2
    opened = queries.opened(
        OPERATOR, run, queries.value_row(OPERATOR, run, "con.own-team", "village", "990100100202"), "denominator"
    )
    assert opened.count == 2


def test_the_facility_that_answered_on_the_day_is_ones_own(year, compute):
    person = year.person()
    year.contract(person)
    year.visit(person, year.county.village, date(2025, 2, 1))
    year.visit(person, year.county.township, date(2025, 2, 2))
    clerk = system("tests", "people.register", "places.manage")
    now = datetime(2025, 6, 1, tzinfo=UTC)
    people.move_primary_facility(
        actor=clerk, now=now, person_id=person.pk, facility_id=year.county.township.pk, reason="x"
    )
    year.visit(person, year.county.township, date(2025, 8, 2))
    found = value_of(compute("chronic", only=["con.own-team"]), "con.own-team")
    assert (found.numerator, found.denominator) == (2, 3)


def test_who_was_not_born_by_then_is_no_resident_of_a_past_year(year, compute):
    year.person(born=date(2025, 5, 1))
    year.contract(year.person(), date(2023, 1, 1))
    counted = {
        period: value_of(compute("chronic", period, only=["con.rate"]), "con.rate") for period in ("2024", "2025")
    }
    assert [one.denominator for one in counted.values()] == [2, 3]


def ward(year, facility, *spans):
    """Beds open for each of these days."""
    service = Service.objects.create(facility=facility, code=f"W{facility.pk}", name="病区", specialty="general")
    for at, (since, until) in enumerate(spans):
        bed = Bed.objects.create(facility=facility, service=service, code=str(at))
        BedSpan.objects.create(bed=bed, since=since, until=until)


def test_a_bed_is_open_on_the_days_it_was_not_closed(year, compute):
    beds = [(None, None), (date(2025, 12, 22), None), (None, date(2025, 1, 6)), (date(2024, 1, 1), date(2024, 9, 1))]
    ward(year, year.county.township, *beds, (date(2026, 1, 1), None), (date(2025, 3, 1), date(2025, 3, 4)))
    run = compute("local", only=["local.open-bed-days", "local.bed-turnover"])
    assert value_of(run, "local.open-bed-days", "facility", "T1").value == 365 + 10 + 5 + 3
    assert value_of(compute("local", "2025-03", only=["local.open-bed-days"]), "local.open-bed-days").value == 31 + 3
    for _ in range(2):
        year.stay(year.county.township, date(2025, 5, 1), nights=3)
    turnover = value_of(compute("local", only=["local.bed-turnover"]), "local.bed-turnover")
    assert turnover.value == pytest.approx(2 * 365 / 383)


def test_beds_make_the_occupancy_of_primary_care_computable(year, compute):
    year.stay(year.county.township, date(2025, 5, 1), nights=73)
    assert value_of(compute("national-2020", only=["13"]), "13").missing_sources == ("床位台账",)
    ward(year, year.county.township, (None, None))
    ward(year, year.county.hospital, (None, None))
    assert value_of(compute("national-2020", only=["13"]), "13").value == pytest.approx(20)


def test_a_physician_posted_down_for_half_a_year_counts(year, compute):
    def sent(title, since, until=None):
        who = employed(year.county.hospital, title=title)
        employed(year.county.township, role="township-doctor", who=who, since=since, until=until)

    sent("副主任医师", date(2025, 1, 1))
    sent("主治医师", date(2025, 7, 4))
    sent("住院医师", date(2025, 1, 1))
    sent("主治医师", date(2025, 7, 5))
    sent("主治医师", date(2024, 1, 1), date(2025, 2, 1))
    employed(year.county.township, title="主治医师", role="township-doctor")
    assert value_of(compute(only=["2.1"]), "2.1").numerator == 2
    assert value_of(compute("national-2020", only=["10"]), "10").numerator == 4


def test_posts_are_counted_by_qualification_at_the_end(year, compute):
    employed(year.county.township, role="township-doctor")
    employed(year.county.township, role="township-nurse", kind="nurse")
    employed(year.county.village, role="village-doctor", kind="village-doctor")
    employed(year.county.township, role="township-doctor", until=date(2025, 6, 1))
    for _ in range(3):
        employed(year.county.hospital)
    for at, facility in enumerate((year.county.township, *[year.county.hospital] * 4, year.county.village)):
        year.visit(year.person(f"x{at}"), facility)
    run = compute("national-2020", only=["11a", "11b", "14"])
    assert [value_of(run, code).numerator for code in ("11a", "11b")] == [1, 2]
    assert value_of(run, "14").value == pytest.approx(100 * (1 / 1) / (5 / 4))


def test_growth_compares_with_the_same_period_a_year_before(year, compute):
    patient = year.person()
    year.visit(patient, year.county.hospital, date(2024, 3, 1), klass="IMP", cost=200_000)
    year.visit(patient, year.county.hospital, date(2025, 3, 1), klass="IMP", cost=250_000)
    assert value_of(compute(only=["4.1b"]), "4.1b").value == pytest.approx(25)
    assert value_of(compute(period="2025Q2", only=["4.1b"]), "4.1b").status == "no-cases"


def test_who_was_lost_to_follow_up_counts_as_not_at_target(year, compute):
    def patient(*days, systolic=130):
        one = year.person()
        for day in days:
            year.visit(one, year.county.village, day, reason="I10.x00x002")
            year.pressure(one, day, systolic)
        return one

    patient(date(2025, 2, 1), date(2025, 5, 1), date(2025, 8, 1), date(2025, 11, 1))
    patient(date(2025, 3, 1), systolic=180)
    patient(date(2024, 3, 1))
    year.visit(year.person(), year.county.village, date(2025, 4, 1), reason="I10")
    run = compute("chronic", only=["ht.control", "ht.standard", "ht.lost"])
    control = value_of(run, "ht.control")
    assert (control.numerator, control.denominator) == (1, 4)
    assert (value_of(run, "ht.standard").numerator, value_of(run, "ht.standard").denominator) == (1, 3)
    assert value_of(run, "ht.lost").numerator == 1


def test_an_elder_may_have_a_little_more_pressure(year, compute):
    for born, systolic in (
        (date(1950, 1, 1), 145),
        (date(1980, 1, 1), 145),
        (date(1960, 12, 31), 145),
        (date(1961, 1, 1), 145),
    ):
        one = year.person(born=born)
        year.visit(one, year.county.village, date(2025, 4, 1), reason="I10")
        year.pressure(one, date(2025, 4, 1), systolic)
    assert value_of(compute("chronic", only=["ht.control"]), "ht.control").numerator == 2


def test_contracts_are_those_open_at_the_end(year, compute):
    year.contract(year.person())
    year.contract(year.person(), until=date(2025, 12, 31))
    renewed = year.person()
    year.contract(renewed, date(2024, 6, 1), date(2025, 6, 1))
    year.contract(renewed, date(2025, 6, 1))
    run = compute("chronic", only=["con.rate", "con.renewal"])
    assert value_of(run, "con.rate").numerator == 2
    assert (value_of(run, "con.renewal").numerator, value_of(run, "con.renewal").denominator) == (1, 2)


@pytest.fixture
def busy(year):
    """Something of everything that the editions look at."""
    for at, facility in enumerate((year.county.village, year.county.township, year.county.hospital) * 2):
        person = year.person(born=date(1940 + 9 * at, 2, 28), facility=facility, insured=at != 3)
        for month in range(1, 13, 2):
            year.visit(person, facility, date(2025, month, 3), reason="I10" if at % 2 else "E11.900")
            year.pressure(person, date(2025, month, 3), 125 + at * 5)
        year.visit(person, year.county.hospital, date(2025, 7, 9), klass="IMP", cost=777_77)
        year.visit(person, year.county.hospital, date(2024, 7, 9), klass="IMP", cost=555_55)
        year.contract(person, date(2025, 1, 1 + at), date(2025, 6, 1) if at % 2 else None)
        year.contract(person, date(2025, 3, 1), date(2025, 8, 1))
        Coverage.objects.filter(person=person).update(until=date(2025, 7, 1) if at % 2 else None)
        Coverage.objects.create(person=person, kind="employee", since=date(2025, 9, 1), until=date(2025, 10, 1))
    return year


LONG = {"national-2020", "chronic"}


@pytest.mark.parametrize("name", [pytest.param(one, marks=[pytest.mark.slow] if one in LONG else []) for one in SETS])
def test_duckdb_and_postgresql_give_the_same_numbers(busy, name):
    content = queries.edition_of(name, date(2025, 12, 31))[1]
    told = []
    with lake.engine() as here:
        other = DuckDB()
        for table in FACTS:
            other.put(table, here.run(here.table(table)))
        for engine in (here, Lake(other, "duckdb")):
            setting = Setting(
                lake=engine, period=period_of("2025"), figures=queries.Figures([]), places=places_of(engine)
            )
            told.append(sorted(repr(one) for one in compute(content, setting)))
        other.close()
    assert told[0] == told[1]
    assert len(told[0]) >= sum(measure.kind is not Kind.QUALITATIVE for measure in content.measures)


def test_the_language_knows_the_published_columns(db):
    published = {name: frozenset(one.columns) for name, one in lake.tables().items()}
    assert {name: fact.columns for name, fact in FACTS.items()} == {name: published[name] for name in FACTS}


OPENED = [("national-2024", "3.1"), ("national-2024", "4.1a"), ("chronic", "ht.control"), ("local", "local.drug-share")]


@pytest.mark.parametrize(("name", "code"), OPENED)
def test_the_rows_behind_a_number_add_up_to_it(busy, compute, name, code):
    run = compute(name, only=[code])
    for level, place in (("county", CODE), ("facility", busy.county.village.code)):
        value = queries.value_row(OPERATOR, run, code, level, place)
        for part in queries.openable(queries.parts_of(run, value)[2]):
            found = queries.opened(OPERATOR, run, value, part)
            assert found.number == pytest.approx(value.parts[part])
            assert found.count >= len(found.rows)
            assert sum(row.amount for row in found.rows) == found.total or found.count > len(found.rows)


def test_rows_whose_amount_is_not_known_are_not_behind_a_sum(busy, compute):
    run = compute("national-2020", only=["15"])
    value = queries.value_row(OPERATOR, run, "15", "county", CODE)
    counted = {part: queries.opened(OPERATOR, run, value, part) for part in ("numerator", "denominator")}
    assert counted["numerator"].count < counted["denominator"].count
    assert counted["numerator"].number == pytest.approx(value.parts["numerator"])


@pytest.mark.slow
@pytest.mark.parametrize("name", SETS)
def test_every_number_of_every_set_opens_to_rows_that_add_up(busy, compute, name):
    run = compute(name)
    for row in Value.objects.filter(run=run, level="county", place=CODE, status="valued"):
        for part in queries.openable(queries.parts_of(run, row)[2]):
            assert queries.opened(OPERATOR, run, row, part).number == pytest.approx(row.parts[part]), (row.code, part)


@pytest.mark.slow
@pytest.mark.parametrize("name", SETS)
def test_spark_gives_the_same_numbers_as_duckdb(busy, name):
    pytest.importorskip("pyspark", reason="Spark needs the package pyspark and Java: make .venv/.analytics")
    content = queries.edition_of(name, date(2025, 12, 31))[1]
    told = []
    with lake.engine() as here:
        for engine in (Name.DUCKDB, Name.SPARK):
            with opened(engine) as other:
                for table in FACTS:
                    other.put(table, here.run(here.table(table)))
                facts = Lake(other, engine)
                setting = Setting(
                    lake=facts, period=period_of("2025"), figures=queries.Figures([]), places=places_of(facts)
                )
                told.append(sorted(repr(one) for one in compute(content, setting)))
    assert told[0] == told[1]


def test_nights_do_not_pile_up_and_what_was_asked_for_stays(year, compute):
    asked = compute("local", "2026")
    nightly = system("measures", "measures.compute")
    for _ in range(2):
        assert actions.compute_usual(actor=nightly, now=small.NOW, names=["local"]) == 5
    assert Run.objects.filter(key="measures.local").count() == 6
    assert Run.objects.filter(pk=asked.pk).exists()
