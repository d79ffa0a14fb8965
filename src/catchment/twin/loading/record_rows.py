"""The record of one block of residents, as rows of the record's tables."""

from datetime import date

import polars as pl

from catchment.rooms.record.types import DIASTOLIC, SYSTOLIC
from catchment.twin.deaths import CAUSE, CAUSES
from catchment.twin.diagnoses import NAMES
from catchment.twin.loading import words
from catchment.twin.loading.copying import Frames
from catchment.twin.measurements import MEASUREMENTS, PRESSURE
from catchment.twin.questions import ANSWERS, QUESTIONS

_PLACE = ("facility_id", "practitioner_id")
_WITHOUT_RANGE = (0, 150)
"""A lower bound of nothing and an upper one beyond this are no reference range."""


_NAMES = {m.code: m.name for m in MEASUREMENTS} | {one.code: one.name for one in QUESTIONS} | {CAUSE: "根本死因"}


def record_rows(block: Frames, departments: pl.DataFrame, source_id: int, today: date) -> Frames:
    """Rows of the record's tables from a generator's block; `departments` gives their names."""
    at = block["encounters"].select(pl.col("id").alias("encounter_id"), *_PLACE)
    made = {
        "record_encounter": _encounters(block["encounters"], departments),
        "record_condition": _conditions(block["conditions"].join(at, on="encounter_id", how="left")),
        "record_observation": _observations(block["observations"].join(at, on="encounter_id", how="left")),
        "record_medication": _medications(block["medications"].join(at, on="encounter_id", how="left"), today),
        "record_procedure": _procedures(block["procedures"].join(at, on="encounter_id", how="left")),
        "record_report": _reports(block["reports"].join(at, on="encounter_id", how="left")),
        "record_allergy": _allergies(block["allergies"]),
    }
    return {table: frame.with_columns(source_id=pl.lit(source_id), external_id=pl.lit("")).sort("id")
            for table, frame in made.items()}  # fmt: skip


def _encounters(rows: pl.DataFrame, departments: pl.DataFrame) -> pl.DataFrame:
    inpatient = pl.col("kind") == "inpatient"
    named = departments.select(department_id="id", department="name")
    return rows.join(named, on="department_id", how="left").select(
        "id", "person_id", *_PLACE, "ended_at",
        status=pl.when(pl.col("ended_at").is_null()).then(pl.lit("in-progress")).otherwise(pl.lit("finished")),
        at="started_at",
        recorded_at=pl.coalesce("ended_at", "started_at"),
        klass=pl.col("kind").replace_strict(words.ENCOUNTER_CLASSES),
        reason_code="diagnosis",
        reason=pl.col("diagnosis").replace_strict(NAMES),
        department=pl.col("department").fill_null(""),
        number=pl.when(inpatient).then(pl.format("ZY{}", "id")).otherwise(pl.lit("")),
        disposition="outcome",
        cost_fen="cost_total",
        cost_parts=pl.struct(
            *[pl.col(f"cost_{part}").alias(part) for part in words.COST_PARTS], pl.col("fund_paid").alias("fund")
        ).struct.json_encode(),
    )  # fmt: skip


def _conditions(rows: pl.DataFrame) -> pl.DataFrame:
    at = _moment("onset")
    return rows.select(
        "id", "person_id", *_PLACE, "encounter_id", "code", "status",
        code_system=pl.lit(words.DIAGNOSES),
        display=pl.col("code").replace_strict(NAMES),
        verification=pl.lit("confirmed"),
        category=pl.col("category").replace_strict(
            {"problem": "problem-list-item", "encounter_diagnosis": "encounter-diagnosis"}
        ),
        at=at, recorded_at=at, abated_at=pl.lit(None, pl.String), note=pl.lit(""),
    )  # fmt: skip


def _observations(rows: pl.DataFrame) -> pl.DataFrame:
    panel = pl.col("code") == PRESSURE
    ranged = {m.code: m for m in MEASUREMENTS if m.code != PRESSURE and not _no_range(m.low, m.high)}
    low = {code: float(m.low) for code, m in ranged.items() if m.low > 0}
    high = {code: float(m.high) for code, m in ranged.items()}
    return rows.select(
        "id", "person_id", *_PLACE, "encounter_id", "code",
        status=pl.lit("final"), at="taken_at", recorded_at="taken_at",
        code_system=pl.when(pl.col("code").str.contains("^[0-9]+-[0-9]$")).then(pl.lit(words.LABORATORY))
        .otherwise(pl.lit(words.QUESTIONS)),
        display=pl.col("code").replace_strict(_NAMES),
        category=pl.col("code").replace_strict(
            dict.fromkeys(words.VITAL_SIGNS, "vital-signs")
            | {one.code: one.category for one in QUESTIONS}
            | {CAUSE: "exam"},
            default="laboratory",
        ),
        value=pl.when(~panel).then("value"),
        unit="unit", value_text=pl.col("answer").replace_strict(ANSWERS | CAUSES), value_code="answer",
        components=pl.when(panel).then(_pressure()),
        low=pl.col("code").replace_strict(low, default=None, return_dtype=pl.Float64),
        high=pl.col("code").replace_strict(high, default=None, return_dtype=pl.Float64),
        interpretation=pl.when(panel | pl.col("code").is_in(list(ranged))).then("flag").otherwise(pl.lit("")),
    )  # fmt: skip


def _no_range(low: float, high: float) -> bool:
    return low <= _WITHOUT_RANGE[0] and high >= _WITHOUT_RANGE[1]


def _pressure() -> pl.Expr:
    part = '{{"code":"%s","display":"%s","value":{},"unit":"mm[Hg]"}}'
    both = ",".join((part % (SYSTOLIC, "收缩压"), part % (DIASTOLIC, "舒张压")))
    return pl.format("[" + both + "]", pl.col("value").cast(pl.Int64), pl.col("value_2").cast(pl.Int64))


def _medications(rows: pl.DataFrame, today: date) -> pl.DataFrame:
    lasts = pl.col("ordered_at").dt.date() + pl.duration(days="days") > today
    return rows.select(
        "id", "person_id", *_PLACE, "encounter_id", "days",
        status=pl.when(lasts).then(pl.lit("active")).otherwise(pl.lit("completed")),
        at="ordered_at", recorded_at="ordered_at",
        code_system=pl.lit(words.MEDICINES), code="atc", display="medicine", dose="dose_text",
        ended_at=pl.lit(None, pl.String),
    )  # fmt: skip


def _procedures(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.select(
        "id", "person_id", *_PLACE, "encounter_id", "code",
        status=pl.lit("completed"), at="performed_at", recorded_at="performed_at",
        code_system=pl.lit(words.OPERATIONS), display=pl.col("code").replace_strict(words.OPERATION_NAMES),
        ended_at=pl.lit(None, pl.String),
    )  # fmt: skip


def _reports(rows: pl.DataFrame) -> pl.DataFrame:
    here = pl.col("reader_id") == pl.col("facility_id")
    return rows.select(
        "id", "person_id", "encounter_id", "code", "conclusion",
        facility_id="reader_id", practitioner_id=pl.when(here).then("practitioner_id"),
        status=pl.lit("final"), at="issued_at", recorded_at="issued_at",
        code_system=pl.lit(words.LABORATORY),
        display=pl.col("kind").replace_strict({kind: name for kind, (name, _) in words.STUDY_NAMES.items()}),
        category=pl.col("kind").replace_strict({kind: code for kind, (_, code) in words.STUDY_NAMES.items()}),
        observation_ids=pl.lit("[]"),
    )  # fmt: skip


def _allergies(rows: pl.DataFrame) -> pl.DataFrame:
    at, nothing = _moment("recorded_on"), pl.lit(None, pl.Int64)
    return rows.select(
        "id", "person_id", facility_id=nothing, practitioner_id=nothing, encounter_id=nothing,
        status=pl.lit("active"), at=at, recorded_at=at, code_system=pl.lit(""), code=pl.lit(""),
        display="substance", criticality=pl.col("severity").replace_strict(words.CRITICALITY), reaction=pl.lit(""),
    )  # fmt: skip


def _moment(day: str) -> pl.Expr:
    """Eight in the morning, China time, of a calendar day."""
    return pl.col(day).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
