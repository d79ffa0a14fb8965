"""One small county for every test of the twin."""

from datetime import date

import polars as pl
import pytest

from catchment.twin.county import County, found_county

PEOPLE, SEED, TODAY = 20_000, 7, date(2026, 3, 1)


@pytest.fixture(scope="session")
def county() -> County:
    return found_county(people=PEOPLE, seed=SEED, today=TODAY)


@pytest.fixture(scope="session")
def tables(county: County) -> dict[str, pl.DataFrame]:
    blocks = list(county.all_blocks())
    return {**county.frame_tables(), **{name: pl.concat([b[name] for b in blocks]) for name in blocks[0]}}
