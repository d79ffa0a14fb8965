"""Every published example, on all three engines. The same answer on all three is the point."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from catchment.standards.analytics.engines import Engine, Name, opened
from standards.risk.vectors import failures, published


@pytest.fixture(scope="session")
def postgres() -> Mapping[str, Any]:
    from catchment.kernel import database
    from catchment.site.cli.risk import server_parameters

    database.ensure_running()
    return server_parameters()


@pytest.mark.shared
def test_every_published_example_is_met_on_duckdb(shared: Path, duckdb_engine: Engine) -> None:
    assert failures(duckdb_engine, published(shared)) == []


@pytest.mark.shared
def test_every_published_example_is_met_on_postgresql(shared: Path, postgres: Mapping[str, Any]) -> None:
    with opened(Name.POSTGRES, postgres=postgres) as engine:
        assert failures(engine, published(shared), contributions=False) == []


@pytest.mark.shared
@pytest.mark.slow
def test_every_published_example_is_met_on_spark(shared: Path) -> None:
    pytest.importorskip("pyspark", reason="Spark is the optional extra 'analytics'")
    with opened(Name.SPARK) as engine:
        assert failures(engine, published(shared), contributions=False) == []


@pytest.mark.shared
def test_the_published_examples_are_all_of_known_models(shared: Path) -> None:
    from catchment.standards.risk.catalogue import definitions

    assert set(published(shared)) <= {one.model for one in definitions()}
