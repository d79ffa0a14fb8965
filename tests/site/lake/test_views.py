"""The published tables in PostgreSQL: as typed as they say, behind the walls, quick for one person."""

from datetime import date, timedelta

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import county as small
import walled_rows as written
from catchment.kernel import clock, lake, wall
from catchment.kernel.lake import views
from catchment.rooms.claims.queries.context import entitled
from catchment.rooms.people.models import Coverage, Person
from catchment.rooms.record.models import Observation, Source
from catchment.rooms.referral.models import EFFECTIVE, Referral
from catchment.rooms.staff.models import CareResponsibility
from catchment.rooms.staff.queries import actor_of_post

TYPES = {
    "int64": "bigint", "string": "text", "bool": "boolean", "double": "double precision", "date32[day]": "date",
    "timestamp[us, tz=UTC]": "timestamp with time zone",
}  # fmt: skip
TERMS = wall.Terms(after_days=30)


def rows(name, **wanted):
    with lake.engine("postgresql") as engine:
        found = engine.table(name)
        for column, value in wanted.items():
            found = found.filter(found[column] == value)
        return engine.run(found).to_pylist()


def observe(person, facility, **given):
    source, _made = Source.objects.get_or_create(code="s", defaults={"name": "s", "kind": "hospital"})
    now = clock.now()
    told = {"status": "final", "at": now, "recorded_at": now, "display": "x", "code": "c", **given}
    return Observation.objects.create(person=person, facility=facility, source=source, **told)


@pytest.mark.parametrize("name", sorted(lake.tables()))
def test_a_view_has_the_columns_that_are_published(db, name):
    one = lake.tables()[name]
    assert views.column_types(one) == [(column, TYPES[str(type_)]) for column, type_ in one.columns.items()]


def test_one_person_is_asked_about_without_a_file_of_its_own(county, monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "not there"))
    assert rows("people", person_key=county.person.person_key)


def test_a_panel_gives_a_row_for_each_part(county):
    parts = [{"code": "8480-6", "display": "收缩压", "value": 151, "unit": "mm[Hg]"}, {"code": "8462-4", "value": "?"}]
    panel = observe(county.person, county.village, code="85354-9", components=parts)
    plain = observe(county.person, county.village, code="2339-0", value=6.1, unit="mmol/L")
    found = sorted((row["observation_id"], row["part"], row["code"], row["value"]) for row in rows("measurements"))
    assert found == [(panel.pk, 1, "8480-6", 151.0), (panel.pk, 2, "8462-4", None), (plain.pk, 0, "2339-0", 6.1)]


def test_the_latest_measurement_is_the_newest_that_stands(county):
    observe(county.person, county.village, value=1.0)
    newest = observe(county.person, county.village, value=2.0)
    observe(county.person, county.village, value=3.0, status="entered-in-error")
    assert [row["observation_id"] for row in rows("latest_measurements")] == [newest.pk]


def test_narrative_stays_inside(county):
    observe(county.person, county.village, value_text="+++")
    observe(county.person, county.village, value_text="王秀英诉头痛" * 20)
    assert sorted(row["value_text"] for row in rows("measurements")) == ["", "+++"]


def test_a_person_has_a_random_key_of_their_own(county):
    other = small.make_person("陌生人", county.person.area, county.village)
    keys = set(Person.objects.values_list("person_key", flat=True))
    assert len(keys) == Person.objects.count() >= 2
    assert all(0 < key < 2**60 for key in keys)
    assert other.person_key in keys


def test_people_carry_their_doctor_their_contract_and_their_insurance(county):
    written.write(county, county.person, small.make_person("陌生人", county.person.area, county.village))
    row = rows("people", person_key=county.person.person_key)[0]
    assert row["insurance"] == "resident"
    assert row["facility_id"] == county.village.pk
    assert row["county_code"] == county.person.area.code[:6]


def test_a_contract_ends_with_its_last_day_before_anybody_closes_it(county):
    last = date(2026, 3, 2)
    CareResponsibility.objects.create(
        person=county.person, post_id=county.village_doctor.post_id, contracted=True, since=last, agreed_until=last
    )
    assert [row["until"] for row in rows("contracts")] == [last + timedelta(days=1)]
    CareResponsibility.objects.update(until=last)
    assert [row["until"] for row in rows("contracts")] == [last]


PERIODS = st.lists(
    st.tuples(*[st.none() | st.integers(0, 12)] * 2, st.sampled_from(["resident", "employee"])), max_size=5
)


def day_of(number):
    return None if number is None else date(2025, 1, 1) + timedelta(days=number)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(periods=PERIODS)
def test_on_each_day_the_insurance_that_began_last_holds_and_no_two_spans_meet(county, periods):
    Coverage.objects.filter(person=county.person).delete()
    for since, until, kind in periods:
        Coverage.objects.create(person=county.person, kind=kind, since=day_of(since), until=day_of(until))
    spans = rows("coverages", person_key=county.person.person_key)
    rights = entitled([county.person.pk])
    for number in range(-1, 15):
        day = day_of(number)
        there = [
            one["insurance"]
            for one in spans
            if (one["since"] is None or one["since"] <= day) and (one["until"] is None or one["until"] > day)
        ]
        told = rights.on(county.person.pk, day)[0]
        assert there == ([] if told == "none" else [told])


def test_a_contract_is_told_with_its_doctor_while_it_ran(county):
    post, person = county.village_doctor.post_id, county.person
    CareResponsibility.objects.filter(person=person).delete()
    make = CareResponsibility.objects.create
    make(person=person, post_id=post, since=date(2024, 1, 1), until=date(2025, 1, 1))
    make(person=person, post_id=post, since=date(2025, 1, 1), contracted=True, agreed_until=date(2025, 12, 31))
    told = [
        (one["since"], one["until"], one["doctor_post_id"], one["contracted"])
        for one in sorted(rows("responsibilities", person_key=person.person_key), key=lambda one: one["since"])
    ]
    assert told == [
        (date(2024, 1, 1), date(2025, 1, 1), post, False),
        (date(2025, 1, 1), date(2026, 1, 1), post, True),
    ]


def plan_for_one(name):
    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        cursor.execute(f"explain select * from facts.{name} where person_key = 1")  # noqa: S608 constants only
        return "\n".join(line for (line,) in cursor.fetchall())


@pytest.mark.parametrize("name", ["coverages", "responsibilities"])
def test_the_spans_of_one_person_are_found_by_index(county, name):
    plan = plan_for_one(name)
    assert "Seq Scan" not in plan
    assert plan.count("person_key = 1") >= 3


def test_effective_is_what_the_referral_room_says(county):
    written.write(county, county.person, small.make_person("陌生人", county.person.area, county.village))
    now = clock.now()
    Referral.objects.update(sent_at=now)
    assert [row["effective"] for row in rows("referrals")] == [False]
    Referral.objects.update(arrived_at=now, answered_at=now)
    assert [row["effective"] for row in rows("referrals")] == [True] == [Referral.objects.filter(EFFECTIVE).exists()]
    Referral.objects.update(direction="down")
    assert [row["effective"] for row in rows("referrals")] == [False] == [Referral.objects.filter(EFFECTIVE).exists()]


@pytest.mark.parametrize(
    "name",
    ["people", "measurements", "conditions", "encounters", "referrals", "contracts", "coverages", "responsibilities"],
)
def test_a_post_sees_in_a_view_what_the_walls_give_it(county, name):
    other = small.make_person("陌生人", county.person.area, None)
    written.write(county, county.person, other)
    Referral.objects.update(sent_at=clock.now())
    seen = {
        "village_doctor": {county.person.person_key},
        "specialist": set(),
    }
    for who, keys in seen.items():
        wall.enter(actor_of_post(getattr(county, who).post_id, user_id=None), at=clock.now(), terms=TERMS)
        assert {row["person_key"] for row in rows(name)} == keys
        wall.leave()


@pytest.mark.parametrize("name", ["measurements", "conditions", "encounters", "procedures", "medicines", "reports"])
def test_the_rows_of_one_person_are_found_by_index(county, name):
    plan = plan_for_one(name)
    assert "Seq Scan" not in plan
    assert "person_key = 1" in plan
    assert "_person_at" in plan
