"""How the columns of the two survey files become inputs of models.

NHANES 2009-2012 has neither waist nor drugs nor family history; models that need them stay unanswered. Age 80 stands
for 80 and older. A never smoker is one with fewer than 100 cigarettes in life. From five years on the age in months
is that in years times twelve, which only says that the person is no small child; below five, months that the survey
left blank stay unknown. The synthetic vital signs grade alertness; anything but alert is read as V, worth the same
3 points as C, P and U.
"""

from pathlib import Path

import polars as pl

NHANES = "nhanes_2009_2012_raw.csv.gz"
VITALS = "nhsr_synthetic_news.csv"


def nhanes(folder: Path) -> pl.DataFrame:
    """All people, one row each: inputs by their names in the models, and the survey's own answers in capitals."""
    raw = pl.read_csv(folder / NHANES, infer_schema=False, null_values=[""])
    return raw.select(
        *_plain(),
        *_smoking(),
        *_children(),
        pl.col("WTMEC2YR").cast(pl.Float64).alias("WEIGHT") / 2,
        (pl.col("Diabetes") == "Yes").alias("DIABETES"),
    )


def _plain() -> list[pl.Expr]:
    numbers = {
        "age_years": "Age",
        "sbp_mmhg": "BPSysAve",
        "dbp_mmhg": "BPDiaAve",
        "total_cholesterol_mmol_l": "TotChol",
        "hdl_c_mmol_l": "DirectChol",
        "bmi_kg_m2": "BMI",
    }
    return [
        pl.col("Gender").alias("sex"),
        *(pl.col(column).cast(pl.Float64).alias(name) for name, column in numbers.items()),
        (pl.col("Diabetes") == "Yes").alias("diabetes"),
    ]


def _smoking() -> list[pl.Expr]:
    never, now = pl.col("Smoke100") == "No", pl.col("SmokeNow")
    status = pl.when(never).then(pl.lit("never")).when(now == "Yes").then(pl.lit("current"))
    return [
        pl.when(never).then(pl.lit(value=False)).otherwise(now == "Yes").alias("current_smoker"),
        (pl.col("Smoke100") == "Yes").alias("ever_smoker"),
        status.when(now == "No").then(pl.lit("former")).alias("smoking_status"),
    ]


def _children() -> list[pl.Expr]:
    years = pl.col("Age").cast(pl.Float64)
    lying, standing = pl.col("Length").cast(pl.Float64), pl.col("Height").cast(pl.Float64)
    how = pl.when(lying.is_not_null()).then(pl.lit("length")).when(standing.is_not_null()).then(pl.lit("height"))
    return [
        pl.when(years >= 5).then(years * 12).otherwise(pl.col("AgeMonths").cast(pl.Float64)).alias("age_months"),
        pl.col("Weight").cast(pl.Float64).alias("weight_kg"),
        pl.coalesce(lying, standing).alias("length_height_cm_raw"),
        how.alias("measured"),
        pl.col("HeadCirc").cast(pl.Float64).alias("head_circumference_cm"),
    ]


def vitals(folder: Path) -> pl.DataFrame:
    """1,000 synthetic sets of vital signs with the file's own early warning score and death."""
    raw = pl.read_csv(folder / VITALS)
    return raw.select(
        pl.col("resp").alias("respiratory_rate"),
        pl.col("sat").alias("spo2_percent"),
        pl.lit(1).alias("spo2_scale"),
        (pl.col("sup") == 1).alias("on_oxygen"),
        pl.col("temp").alias("temperature_c"),
        pl.col("syst").alias("sbp_mmhg"),
        pl.col("pulse"),
        pl.when(pl.col("alert") == 0).then(pl.lit("A")).otherwise(pl.lit("V")).alias("acvpu"),
        pl.col("NEWS").alias("SCORE"),
        (pl.col("died") == 1).alias("DIED"),
    )
