"""The summary, the timeline and the entry: what they show, and in how many queries."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catchment.kernel.errors import NotFound
from catchment.rooms.people.models import Person
from catchment.rooms.record import queries
from catchment.rooms.record.models import Allergy, Condition, Encounter, Medication, Observation, Report, Source
from catchment.rooms.record.types import FactKind, Flag, Position, Trend

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 1, 8, tzinfo=UTC)


@pytest.fixture
def person():
    return Person.objects.create(name="林静", sex="female", created_at=NOW, updated_at=NOW)


@pytest.fixture
def source():
    return Source.objects.create(code="test", name="测试来源", kind="native")


@pytest.fixture
def put(person, source):
    def create(model, days_ago, **fields):
        at = NOW - timedelta(days=days_ago)
        fields = {"status": "final", **fields}
        return model.objects.create(person=person, source=source, at=at, recorded_at=at, **fields)

    return create


def test_problems_show_each_active_code_once_with_its_latest_entry(person, put):
    put(Condition, 900, status="active", code="I10", display="高血压")
    latest = put(Condition, 10, status="active", code="I10", display="原发性高血压")
    put(Condition, 5, status="resolved", code="J06", display="感冒")
    put(Condition, 4, status="active", code="C34", display="肺癌", verification="refuted")
    put(Condition, 3, status="active", code="E11", display="2型糖尿病")
    problems = queries.summary(person.pk, now=NOW).problems
    assert [line.display for line in problems] == ["2型糖尿病", "原发性高血压"]
    assert problems[1].id == latest.pk


def test_a_medicine_is_current_until_it_ends_or_its_days_are_used_up(person, put):
    put(Medication, 10, status="active", display="氨氯地平", code="a", days=30, dose="5 mg 口服 每日一次")
    put(Medication, 40, status="active", display="阿莫西林", code="b", days=7)
    put(Medication, 40, status="active", display="二甲双胍", code="c", ended_at=NOW - timedelta(days=1))
    put(Medication, 400, status="active", display="阿司匹林", code="d")
    put(Medication, 2, status="stopped", display="布洛芬", code="e")
    medicines = queries.summary(person.pk, now=NOW).medicines
    assert [line.display for line in medicines] == ["氨氯地平", "阿司匹林"]
    assert medicines[0].detail == "5 mg 口服 每日一次"


def test_results_show_the_latest_value_with_the_one_before_it_and_its_flag(person, put):
    put(Observation, 60, code="2339-0", display="血糖", value=5.6, unit="mmol/L", low=3.9, high=6.1)
    put(Observation, 1, code="2339-0", display="血糖", value=7.8, unit="mmol/L", low=3.9, high=6.1)
    put(Observation, 0, code="2339-0", display="血糖", value=1.0, unit="mmol/L", status="entered-in-error")
    (result,) = queries.summary(person.pk, now=NOW).results
    assert (result.value, result.previous, result.trend, result.flag) == (7.8, 5.6, Trend.UP, Flag.HIGH)


def test_values_in_different_units_have_no_trend(person, put):
    put(Observation, 60, code="g", display="血糖", value=100, unit="mg/dL")
    put(Observation, 1, code="g", display="血糖", value=5.6, unit="mmol/L")
    assert queries.summary(person.pk, now=NOW).results[0].trend is Trend.NONE


def test_blood_pressure_reads_systolic_over_diastolic_whatever_the_order_sent(person, put):
    parts = [{"code": "8462-4", "value": 82.0, "unit": "mm[Hg]"}, {"code": "8480-6", "value": 128.0, "unit": "mm[Hg]"}]
    put(Observation, 1, code="85354-9", display="血压", components=parts)
    assert queries.summary(person.pk, now=NOW).results[0].shown == "128/82"


def test_allergies_and_critical_results_are_alerts(person, put):
    put(Allergy, 99, status="active", display="青霉素", reaction="皮疹", criticality="high")
    put(Observation, 1, code="k", display="血钾", value=6.9, unit="mmol/L", interpretation="HH")
    alerts = queries.summary(person.pk, now=NOW).alerts
    assert [(a.code, a.display) for a in alerts] == [("allergy", "青霉素"), ("critical-result", "血钾")]
    assert alerts[1].detail == "6.9 mmol/L"


def test_the_summary_takes_two_queries_whatever_the_record_holds(person, put, django_assert_num_queries):
    for day in range(30):
        put(Observation, day, code=str(day % 7), display="x", value=day, unit="u")
        put(Encounter, day, klass="AMB", reason="复诊", status="finished")
    with django_assert_num_queries(2):
        queries.summary(person.pk, now=NOW)


def test_a_referral_gets_the_parts_as_plain_json(person, put):
    import json

    put(Condition, 10, status="active", code="I10", display="高血压")
    put(Report, 3, display="胸部CT", conclusion="右肺上叶结节")
    parts = json.loads(json.dumps(queries.parts_for_referral(person.pk, NOW)))
    assert set(parts) == {"problems", "medicines", "allergies", "results", "documents", "reports"}
    assert parts["reports"][0]["detail"] == "右肺上叶结节"


def test_the_timeline_is_one_query_newest_first_over_all_kinds(person, put, django_assert_num_queries):
    put(Condition, 3, status="active", code="I10", display="高血压")
    put(Encounter, 3, klass="AMB", reason="头晕", status="finished")
    put(Observation, 1, code="g", display="血糖", value=5.6, unit="mmol/L")
    with django_assert_num_queries(1):
        entries = queries.timeline(person.pk)
    assert [e.kind for e in entries] == [FactKind.OBSERVATION, FactKind.ENCOUNTER, FactKind.CONDITION]
    assert (entries[0].detail, entries[0].source_name) == ("5.6 mmol/L", "测试来源")


def test_the_timeline_reads_a_blood_pressure_from_its_parts(person, put):
    parts = [{"code": "8480-6", "value": 186.0}, {"code": "8462-4", "value": 112.0}]
    put(Observation, 1, code="85354-9", display="血压", unit="mmHg", components=parts)
    assert queries.timeline(person.pk)[0].detail == "186/112 mmHg"


def test_pages_of_the_timeline_miss_nothing_and_repeat_nothing_even_at_one_moment(person, put):
    for number in range(9):
        put(Observation, 1, code=str(number), display="x", value=number)
        put(Condition, 1, code=str(number), display="y", status="active")
    seen, before = [], None
    while page := queries.timeline(person.pk, before=before, limit=4):
        seen += [(e.kind, e.id) for e in page]
        before = Position.parse(str(page[-1].position))
    assert len(seen) == len(set(seen)) == 18
    assert seen == [(e.kind, e.id) for e in queries.timeline(person.pk)]


def test_the_timeline_can_be_asked_for_kinds_and_from_a_moment(person, put):
    put(Observation, 1, code="g", display="血糖", value=5)
    old = put(Observation, 400, code="g", display="血糖", value=6)
    put(Condition, 400, code="c", display="x", status="active")
    found = queries.timeline(person.pk, kinds=[FactKind.OBSERVATION], before=Position(NOW - timedelta(days=300)))
    assert [e.id for e in found] == [old.pk]


@pytest.mark.parametrize(
    "text", ["", "2026-01-01T00:00:00+00:00", "2026-01-01~~0", "2026-01-01T00:00:00+00:00~nonsense~1"]
)
def test_a_position_that_was_not_written_here_is_refused(text):
    with pytest.raises(ValueError, match="position"):
        Position.parse(text)


def test_years_count_by_the_calendar_of_the_county(person, put):
    put(Observation, 0, code="g", display="x", value=1)
    new_year = datetime(2024, 12, 31, 17, tzinfo=UTC)
    put(Observation, (NOW - new_year) / timedelta(days=1), code="g", display="x", value=1)
    entries, years = queries.timeline_and_years(person.pk)
    assert (entries, years) == (queries.timeline(person.pk), [(2026, 1), (2025, 1)])


def test_years_tell_of_every_kind_whatever_page_is_asked_for(person, put, django_assert_num_queries):
    assert queries.timeline_and_years(person.pk) == ([], [])
    put(Observation, 0, code="g", display="x", value=1)
    with django_assert_num_queries(1):
        assert queries.timeline_and_years(person.pk, kinds=[FactKind.REPORT]) == ([], [(2026, 1)])


def test_an_entry_tells_what_it_carries_and_where_it_came_from(put):
    row = put(Observation, 1, code="g", display="血糖", value=5.6, unit="mmol/L", external_id="x-1")
    found = queries.entry(FactKind.OBSERVATION, row.pk)
    assert (found.fields["value"], found.fields["unit"]) == (5.6, "mmol/L")
    assert (found.provenance.source_code, found.provenance.external_id) == ("test", "x-1")
    with pytest.raises(NotFound):
        queries.entry(FactKind.OBSERVATION, row.pk + 1)


def test_the_timeline_of_five_thousand_entries_reads_by_index(person, source):
    Observation.objects.bulk_create(
        Observation(
            person=person, source=source, status="final", at=NOW - timedelta(hours=n), recorded_at=NOW,
            code=str(n % 40), display="x", value=n,
        )
        for n in range(5000)
    )  # fmt: skip
    with CaptureQueriesContext(connection) as captured:
        entries = queries.timeline(person.pk, before=Position(NOW - timedelta(hours=4000)))
    assert len(entries) == 50
    with connection.cursor() as cursor:
        cursor.execute("analyze record_observation")
        cursor.execute("explain " + captured[0]["sql"])
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "observation_person_at" in plan
    assert "Seq Scan on record_observation" not in plan
