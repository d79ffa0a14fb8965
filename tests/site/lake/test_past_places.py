"""The map of a past year shows people where they lived then: living, ill, under contract, in hospital."""

from datetime import UTC, date, datetime

import pytest

import county as small
from catchment.kernel import clock, lake, wall
from catchment.kernel.actor import system
from catchment.kernel.lake import manifest, refreshing
from catchment.rooms.measures.queries import coverage, cube, flows
from catchment.rooms.measures.queries.layers import sums
from catchment.rooms.measures.rules.atlas import DiseaseGroup
from catchment.rooms.people import actions as people
from catchment.rooms.places.models import Area
from catchment.rooms.record.models import Condition, Encounter, Source
from catchment.rooms.rulebook import queries as rulebook
from catchment.rooms.staff.models import CareResponsibility
from catchment.standards.analytics.errors import EngineError

HERE, THERE = "990100100201", "990100100202"
PRESSURE = DiseaseGroup(code="hypertension", zh="高血压", en="Hypertension", ranges=("I10-I15",), lasting=True)


@pytest.fixture
def moved(transactional_db, tmp_path, monkeypatch):
    """One person with everything, who lived in the one village until February 2025, then in the other."""
    monkeypatch.setenv("CATCHMENT_HOME", str(tmp_path))
    rulebook.forget()
    county = small.build()
    there = Area.objects.create(code=THERE, name="楚溪村", level="village", parent=Area.objects.get(code="990100100"))
    person, source = county.person, Source.objects.create(code="s", name="s", kind="native")
    base = {"person": person, "facility": county.hospital, "source": source, "status": "active"}
    for day in (
        datetime(2023, 1, 1, 2, tzinfo=UTC),
        datetime(2024, 6, 1, 2, tzinfo=UTC),
        datetime(2025, 6, 1, 2, tzinfo=UTC),
    ):
        Encounter.objects.create(**base, klass="IMP", at=day, recorded_at=day, reason_code="I10")
    Condition.objects.create(**base, code="I10", display="x", at=datetime(2023, 1, 1, 2, tzinfo=UTC), recorded_at=day)
    CareResponsibility.objects.filter(person=person).delete()
    CareResponsibility.objects.create(
        person=person, post_id=county.village_doctor.post_id, since=date(2023, 1, 1), contracted=True
    )
    people.update_person(
        actor=system("tests", "people.register"), now=small.NOW, person_id=person.pk, area_id=there.pk,
        moved_on=date(2025, 2, 3),
    )  # fmt: skip
    with wall.acting("lake", at=clock.now()):
        refreshing.refresh()
    yield person
    rulebook.forget()


def test_every_layer_of_a_past_year_has_the_person_where_they_lived(moved):
    found = cube.cube([PRESSURE], "year")
    for told in (found.residents, found.known, found.seen):
        counted = sums(told, found.periods)
        at = found.periods.index("2024")
        assert [counted[code][at : at + 2] for code in (HERE, THERE, "990100")] == [[1, 0], [0, 1], [1, 1]]
    for contracted in (True, False):
        rows = coverage.answered_for(found, contracted=contracted)
        at = found.periods.index("2024")
        assert [rows[code]["n"][at : at + 2] for code in (HERE, THERE)] == [[1, 0], [0, 1]]


def test_a_contract_counts_while_it_ran_and_once_where_two_overlap(moved):
    held = CareResponsibility.objects.get(person=moved)
    CareResponsibility.objects.filter(pk=held.pk).update(until=date(2025, 4, 1))
    more = {"person": moved, "post_id": held.post_id}
    CareResponsibility.objects.create(**more, contracted=True, since=date(2024, 3, 1), until=date(2025, 2, 1))
    CareResponsibility.objects.create(**more, contracted=False, since=date(2025, 4, 1))
    with wall.acting("lake", at=clock.now()):
        refreshing.refresh()
    found = cube.cube([PRESSURE], "year")
    at = found.periods.index("2024")
    told = {only: coverage.answered_for(found, contracted=only)["990100"]["n"][at : at + 2] for only in (True, False)}
    assert told == {True: [1, 0], False: [1, 1]}


def test_months_change_over_in_the_month_of_the_move(moved):
    found = cube.cube([PRESSURE], "month")
    counted, at = sums(found.residents, found.periods), found.periods.index("2025-01")
    assert [counted[code][at : at + 2] for code in (HERE, THERE)] == [[1, 0], [0, 1]]


def test_a_stay_flows_from_where_the_person_lived_on_its_day(moved):
    stays = flows.stays_read().stays.sort("month")
    assert stays["area_code"].to_list() == [HERE, HERE, THERE]


def test_a_lake_of_before_a_table_was_published_asks_to_be_refreshed(moved):
    state = manifest.current()
    del state.tables["residences"]
    manifest.switch(state)
    with pytest.raises(EngineError, match="no residences yet; run catchment lake refresh"), lake.engine("duckdb"):
        pass
