"""The same rows on every engine: every column of the result, not only the published examples."""

from collections.abc import Mapping
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from catchment.standards.analytics.engines import DuckDB, Engine, Name, opened
from catchment.standards.risk.catalogue import definition, definitions
from catchment.standards.risk.running import Runner
from standards.risk.people import people

FEW = ("china_par_10y_ascvd_percent", "news2", "stroke_8_factor", "kdigo_ga_risk", "lung_high_risk_nhc_2024")


def flat(model: str, engine: Engine) -> pl.DataFrame:
    return Runner(definition(model), engine).flat(people(definition(model), 300))


def same(model: str, duckdb_engine: Engine, other: Engine) -> None:
    assert_frame_equal(flat(model, duckdb_engine), flat(model, other), rel_tol=1e-9, abs_tol=1e-9)


@pytest.fixture(scope="module")
def server() -> Mapping[str, Any]:
    from catchment.kernel import database
    from catchment.site.cli.risk import server_parameters

    database.ensure_running()
    return server_parameters()


@pytest.mark.parametrize("model", FEW)
def test_postgresql_gives_every_column_as_duckdb_does(
    model: str, duckdb_engine: Engine, server: Mapping[str, Any]
) -> None:
    with opened(Name.POSTGRES, postgres=server) as engine:
        same(model, duckdb_engine, engine)


@pytest.mark.slow
def test_postgresql_agrees_on_every_model(duckdb_engine: Engine, server: Mapping[str, Any]) -> None:
    with opened(Name.POSTGRES, postgres=server) as engine:
        for one in definitions():
            same(one.model, duckdb_engine, engine)


@pytest.mark.slow
def test_spark_agrees_on_every_model(duckdb_engine: Engine) -> None:
    pytest.importorskip("pyspark", reason="Spark is the optional extra 'analytics'")
    with opened(Name.SPARK) as engine:
        for one in definitions():
            same(one.model, duckdb_engine, engine)


def test_random_people_meet_every_status(duckdb_engine: Engine) -> None:
    statuses = set(flat("china_par_10y_ascvd_percent", duckdb_engine)["status"])
    assert statuses == {"assessed", "missing", "rejected", "out_of_population", "not_applicable"}


def test_a_result_without_rows_keeps_its_columns() -> None:
    engine = DuckDB()
    runner = Runner(definition("apri"), engine)
    assert runner.run(people(definition("apri"), 0)).columns == ["value", "band", "status", "reasons"]
    engine.close()
