"""One DuckDB for all tests, and a way to assess rows with one model."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest

from catchment.standards.analytics.engines import Engine, Name, opened
from catchment.standards.risk import catalogue, files, running

Assess = Callable[..., list[dict[str, Any]]]


@pytest.fixture(scope="session")
def duckdb_engine() -> Iterator[Engine]:
    with opened(Name.DUCKDB) as engine:
        yield engine


@pytest.fixture(scope="session")
def runner(duckdb_engine: Engine) -> Callable[[str], running.Runner]:
    """The runner of the model named; each model is compiled once in a session."""

    @cache
    def runner(model: str) -> running.Runner:
        return running.Runner(catalogue.definition(model), duckdb_engine)

    return runner


@pytest.fixture(scope="session")
def assess(runner: Callable[[str], running.Runner]) -> Assess:
    """Assess rows with the model named."""
    return lambda model, *rows: runner(model).run(files.framed(list(rows))).to_dicts()
