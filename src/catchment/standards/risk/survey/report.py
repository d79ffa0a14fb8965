"""What the survey run tells: for each model who was assessed and what was missing, and the discrimination found."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from catchment.standards.analytics.engines import Engine
from catchment.standards.risk.catalogue import definition
from catchment.standards.risk.definition import Status
from catchment.standards.risk.running import Runner
from catchment.standards.risk.survey.columns import nhanes, vitals
from catchment.standards.risk.survey.discrimination import discrimination

MODELS = (
    "china_par_10y_ascvd_percent",
    "china_par_lifetime_ascvd_percent",
    "who_cvd_2019_lab_east_asia_10y_percent",
    "framingham_cvd_2008_10y",
    "framingham_atp3_2001_hard_chd_10y_percent",
    "hypertension_grade",
    "new_chinese_diabetes_risk_score",
    "findrisc",
    "stroke_8_factor",
    "apcs_2011",
    "lung_high_risk_nhc_2024",
    "who_child_growth_2006_z",
)


@dataclass(frozen=True, slots=True)
class ModelRun:
    """One model over all people: counts by status, inputs missing most, bands and weighted shares of the assessed."""

    model: str
    people: int
    statuses: dict[str, int]
    missing: dict[str, int]
    bands: dict[str, int]
    weighted_percent: dict[str, float]
    quartiles: tuple[float, float, float] | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """A score against the survey's own answer; `remark` says how the two depend on each other."""

    score: str
    finding: str
    cases: int
    others: int
    area: float
    low: float
    high: float
    remark: str


def model_runs(folder: Path, engine: Engine) -> Iterator[ModelRun]:
    """Each model of `MODELS` over the 20,293 people."""
    people = nhanes(folder)
    for model in MODELS:
        yield _model_run(model, people, Runner(definition(model), engine).flat(_inputs(model, people)))


def _inputs(model: str, people: pl.DataFrame) -> pl.DataFrame:
    return people.select([name for name in people.columns if name in definition(model).names()])


def _model_run(model: str, people: pl.DataFrame, flat: pl.DataFrame) -> ModelRun:
    assessed = flat.with_columns(people["WEIGHT"]).filter(pl.col("status") == Status.ASSESSED.value)
    lacking = flat.filter(pl.col("status") == Status.MISSING.value)["missing"].str.split("|").explode()
    shares = assessed.group_by("band").agg(pl.len(), pl.col("WEIGHT").sum())
    whole = assessed["WEIGHT"].sum() or 1.0
    order = [band.key for band in definition(model).bands]
    named = {row["band"]: row for row in shares.to_dicts()}
    return ModelRun(
        model=model,
        people=flat.height,
        statuses=dict(Counter(flat["status"])),
        missing=dict(Counter(lacking).most_common()),
        bands={band: named[band]["len"] for band in order if band in named},
        weighted_percent={band: round(100 * named[band]["WEIGHT"] / whole, 1) for band in order if band in named},
        quartiles=_quartiles(assessed),
    )


def _quartiles(assessed: pl.DataFrame) -> tuple[float, float, float] | None:
    if "value__value" not in assessed.columns or assessed["value__value"].dtype != pl.Float64 or not assessed.height:
        return None
    low, middle, high = (assessed["value__value"].quantile(at, "linear") or 0.0 for at in (0.25, 0.5, 0.75))
    return round(low, 3), round(middle, 3), round(high, 3)


def comparisons(folder: Path, engine: Engine) -> Iterator[Comparison]:
    """Scores against diabetes as told by a doctor, the one diagnosis in the file, and against death."""
    people = nhanes(folder)
    diabetes = people["DIABETES"]
    who = "who_cvd_2019_lab_east_asia_10y_percent"
    yield _compared(engine, who, "value__value", people, diabetes, "circular: diabetes is an input")
    for model in ("new_chinese_diabetes_risk_score", "findrisc"):
        adults = people.filter(
            pl.col("age_years").is_between(20, 74) & pl.all_horizontal(pl.col(_NEEDED).is_not_null())
        )
        remark = "points of the known inputs only: waist, family history and more are unknown, so no one is assessed"
        yield _compared(engine, model, "at_least", adults, adults["DIABETES"], remark)
    signs = vitals(folder)
    yield _compared(engine, "news2", "value__score", signs, signs["DIED"], "synthetic vital signs and deaths")


_NEEDED = ["sbp_mmhg", "bmi_kg_m2"]


def _compared(
    engine: Engine, model: str, column: str, people: pl.DataFrame, found: pl.Series, remark: str
) -> Comparison:
    flat = Runner(definition(model), engine, contributions=False).flat(_inputs(model, people))
    both = pl.DataFrame({"score": flat[column], "found": found}).drop_nulls()
    area = discrimination(both["score"].to_numpy(), both["found"].to_numpy())
    numbers = (round(area.area, 3), round(area.low, 3), round(area.high, 3))
    return Comparison(f"{model} ({column})", found.name.lower(), area.cases, area.others, *numbers, remark)


def news_agreement(folder: Path, engine: Engine) -> tuple[int, int]:
    """How many of the synthetic vital-sign sets get the file's own score, and of how many."""
    signs = vitals(folder)
    flat = Runner(definition("news2"), engine, contributions=False).flat(_inputs("news2", signs))
    return int((flat["value__score"] == signs["SCORE"]).sum()), signs.height
