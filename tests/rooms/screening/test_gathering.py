"""Inputs out of facts: what is newest, what is too old, what cannot be read, what absence means."""

import datetime as dt
from functools import cache

import ibis
import polars as pl
import pyarrow as pa
import pytest
from pydantic import ValidationError

from catchment.kernel import lake
from catchment.rooms.screening.rules import InputsRule
from catchment.rooms.screening.rules.gathering import TABLES, gather, source_of
from catchment.standards.analytics.engines import DuckDB

DAY = dt.date(2026, 3, 2)
RULE = InputsRule.model_validate(
    {
        "inputs": [
            {"name": "age_years", "zh": "x", "from": "age"},
            {"name": "sex", "zh": "x", "from": "sex"},
            {"name": "urban", "zh": "x", "from": "area", "skip": 6, "prefixes": ["0"]},
            {"name": "north", "zh": "x", "from": "constant", "is": False},
            {"name": "tc", "zh": "x", "from": "measurement", "codes": ["14647-2", "2093-3"], "within_days": 365,
             "units": {"mmol/L": 1, "mg/dL": 0.0259}},
            {"name": "kg", "zh": "x", "from": "measurement", "codes": ["29463-7"], "within_days": 365, "units": {"kg": 1}},
            {"name": "cm", "zh": "x", "from": "measurement", "codes": ["8302-2"], "within_days": 3650, "units": {"cm": 1}},
            {"name": "bmi", "zh": "x", "from": "formula", "is": "kg / ((cm / 100) ** 2)"},
            {"name": "bmi", "zh": "x", "from": "measurement", "codes": ["39156-5"], "within_days": 365, "units": {"kg/m2": 1}},
            {"name": "smoker", "zh": "x", "from": "answer", "codes": ["72166-2"], "within_days": 365,
             "values": {"A": True, "B": False, "C": None}},
            {"name": "diabetes", "zh": "x", "from": "condition", "prefixes": ["E10", "E11"], "absent": "no", "basis": "x"},
            {"name": "af", "zh": "x", "from": "condition", "prefixes": ["I48"]},
            {"name": "ulcer", "zh": "x", "from": "condition", "prefixes": ["K25"], "when": "active"},
            {"name": "treated", "zh": "x", "from": "medicine", "prefixes": ["C09"], "within_days": 90, "absent": "no",
             "basis": "x"},
        ]
    }
)  # fmt: skip
PERSON = {"person_key": 1, "sex": "male", "birth_date": dt.date(1960, 3, 3), "area_code": "990100001001"}


def days_ago(days):
    return DAY - dt.timedelta(days=days)


def epoch_days(days):
    return (days_ago(days) - dt.date(1970, 1, 1)).days


def said(code, days, value=None, unit="", answer="", number=1, **more):
    return {
        "observation_id": number, "person_key": 1, "code": code, "status": "final", "day": days_ago(days), "value": value,
        "unit": unit, "value_code": answer, "sensitivity": "", **more,
    }  # fmt: skip


def ill(code, days=10, **more):
    base = {"condition_id": 7, "person_key": 1, "code": code, "status": "active", "verification": "confirmed"}
    return {**base, "day": days_ago(days), "sensitivity": "", **more}


def taken(code, days):
    return {
        "medication_id": 9,
        "person_key": 1,
        "code": code,
        "status": "active",
        "day": days_ago(days),
        "sensitivity": "",
    }


@cache
def compiled():
    facts = {name: lake.table(name) for name in TABLES}
    expression = gather(RULE, facts, ibis.literal(DAY.isoformat()).cast("date"))
    return str(ibis.to_sql(expression, dialect="duckdb")), expression.schema().to_pyarrow()


def asked(measurements=(), conditions=(), medicines=(), person=PERSON):
    """What is gathered of one person on DuckDB, as one row."""
    engine, (text, wanted) = DuckDB(), compiled()
    rows = {"people": [person], "measurements": measurements, "conditions": conditions, "medicines": medicines}
    for name in TABLES:
        schema = lake.table(name).schema().to_pyarrow()
        engine.put(
            name,
            pa.Table.from_pylist([{field: row.get(field) for field in schema.names} for row in rows[name]], schema),
        )
    found = engine.fetch(text, wanted)
    engine.close()
    return pl.DataFrame(found).row(0, named=True)


def test_age_is_in_whole_years_and_where_a_person_lives_is_read_off_the_area():
    row = asked()
    assert (row["i__age_years"], row["i__sex"], row["i__urban"], row["i__north"]) == (65.0, "male", True, False)


def test_nothing_recorded_is_unknown_and_never_zero_but_no_where_the_edition_says_so():
    row = asked()
    assert [row[f"i__{name}"] for name in ("tc", "kg", "bmi", "smoker", "af", "ulcer")] == [None] * 6
    assert (row["i__diabetes"], row["i__treated"]) == (False, False)
    assert (row["s__diabetes"], row["u__tc"]) == (None, False)


def test_the_newest_of_all_codes_counts_in_the_models_unit_with_its_entry_and_day():
    row = asked([said("14647-2", 200, 5.0, "mmol/L", number=3), said("2093-3", 20, 200, "mg/dL", number=2)])
    assert row["i__tc"] == pytest.approx(5.18)
    assert source_of(row["s__tc"]) == (epoch_days(20), 2)


@pytest.mark.parametrize(
    "entry",
    [
        said("14647-2", 366, 5.0, "mmol/L"),
        said("14647-2", -1, 5.0, "mmol/L"),
        said("14647-2", 5, 5.0, "mmol/L", status="entered-in-error"),
        said("14647-2", 5, 5.0, "mmol/L", sensitivity="mental"),
    ],
    ids=["too old", "of a later day", "withdrawn", "sensitive"],
)
def test_what_must_not_count_does_not(entry):
    row = asked([entry])
    assert (row["i__tc"], row["s__tc"]) == (None, None)


def test_a_newest_value_in_an_unknown_unit_is_told_as_unreadable_not_passed_over():
    row = asked([said("14647-2", 100, 5.0, "mmol/L", number=1), said("14647-2", 5, 5.0, "furlong", number=2)])
    assert (row["i__tc"], row["u__tc"]) == (None, True)


def test_a_formula_goes_before_the_next_way_and_gives_way_when_it_lacks_something():
    both = [said("29463-7", 5, 80, "kg"), said("8302-2", 500, 200, "cm")]
    measured = said("39156-5", 5, 31, "kg/m2")
    assert (asked([*both, measured])["i__bmi"], asked([both[0], measured])["i__bmi"]) == (20.0, 31.0)
    assert (asked([*both, measured])["w__bmi"], asked([measured])["w__bmi"]) == (0, 1)


@pytest.mark.parametrize(("answer", "means"), [("A", True), ("B", False), ("C", None), ("Z", None)])
def test_a_coded_answer_means_what_the_edition_says(answer, means):
    assert asked([said("72166-2", 5, answer=answer)])["i__smoker"] is means


def test_diagnoses_and_medicines_count_by_the_beginning_of_their_code():
    row = asked(conditions=[ill("E11.900"), ill("I48.900x004")], medicines=[taken("C09CA03", 90)])
    assert (row["i__diabetes"], row["i__af"], row["i__treated"]) == (True, True, True)
    assert source_of(row["s__diabetes"]) == (epoch_days(10), 7)
    assert asked(medicines=[taken("C09CA03", 91)])["i__treated"] is False
    assert asked(conditions=[ill("E11.900", verification="refuted")])["i__diabetes"] is False
    assert asked(conditions=[ill("K25.900", abated_on=days_ago(2))])["i__ulcer"] is None


def test_the_dead_are_not_gathered():
    with pytest.raises(pl.exceptions.OutOfBoundsError):
        asked(person={**PERSON, "deceased_on": days_ago(3)})


@pytest.mark.parametrize(
    ("item", "why"),
    [
        ({"name": "a", "zh": "x", "from": "formula", "is": "b + 1"}, "not given above"),
        ({"name": "a", "zh": "x", "from": "formula", "is": "__import__('os')"}, "no such function"),
        ({"name": "a", "zh": "x", "from": "condition", "prefixes": ["E"], "absent": "no"}, "basis"),
        ({"name": "a", "zh": "x", "from": "measurement", "codes": ["1"], "within_days": 0, "units": {"x": 1}}, "within_days"),
        ({"name": "a", "zh": "x", "from": "answer", "codes": ["1"], "within_days": 9, "values": {"x": 1, "y": "z"}}, "same kind"),
    ],
)  # fmt: skip
def test_an_edition_that_cannot_be_meant_is_refused_with_the_reason(item, why):
    with pytest.raises(ValidationError, match=why):
        InputsRule.model_validate({"inputs": [item]})
