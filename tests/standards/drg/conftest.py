"""Schemes for the grouper's tests: the fictional one, and the national one where its tables stand beside the project."""

from functools import cache
from pathlib import Path

import pytest

from catchment.standards.drg import compiling, store

SHARED = Path(__file__).resolve().parents[4] / "shared"


def scheme_of(folder, **options):
    document, problems = compiling.compiled(folder, "test", options)
    assert [problem for problem in problems if problem.level == "error"] == []
    return store.built(document, "digest")


@cache
def _national():
    return scheme_of(SHARED / "data" / "drg_chs11")


@pytest.fixture
def national(shared):
    """CHS-DRG 1.1; only for tests marked `shared`."""
    return _national()


@pytest.fixture(scope="session")
def fictional():
    return store.fictional()
