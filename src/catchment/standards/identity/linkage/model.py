"""The Fellegi-Sunter model of one table: Splink on DuckDB, estimated from the table, never from truth."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import duckdb
import polars as pl
from splink import DuckDBAPI, Linker, SettingsCreator
from splink.internals.exceptions import EMTrainingException

from catchment.standards.identity.linkage import blocking
from catchment.standards.identity.linkage.comparisons import FieldComparison

SEED: Final = 7
ESTIMATE_FROM_ROWS: Final = 300
"""Smaller tables hold too few pairs to estimate from; the levels' own values stand."""

_TABLE: Final = "person_rows"
_SAMPLED_PAIRS: Final = 150_000.0
_TRAINING_PAIRS: Final = 500_000.0
_STRICT_RECALL: Final = 0.6
_PAIRS_TO_LEARN_FROM: Final = 30


def score(table: pl.DataFrame, comparisons: list[FieldComparison], *, least: float) -> pl.DataFrame:
    """Score pairs of rows; keep those with a match probability of at least `least`.

    `table` needs a whole-number column `row`. Returns `row_l`, `row_r`, `match_probability` and for each
    field its outcome `gamma_FIELD` and its weights in bits, `mw_FIELD` and, by frequency, `mw_tf_adj_FIELD`.
    """
    with _connection() as connection:
        connection.register("incoming", table.to_arrow())
        connection.execute(f"create table {_TABLE} as select * from incoming")  # noqa: S608 our own table name
        linker = _linker(connection, comparisons, set(table.columns))
        if table.height >= ESTIMATE_FROM_ROWS:
            _estimate(linker, connection, set(table.columns))
        scored = linker.inference.predict(threshold_match_probability=least, warning_mode="never")
        found: pl.DataFrame = scored.as_duckdbpyrelation().pl()
        return found.sort("row_l", "row_r")


@contextmanager
def _connection() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect(":memory:")
    try:
        connection.execute("set enable_progress_bar = false")
        yield connection
    finally:
        connection.close()


def _linker(connection: duckdb.DuckDBPyConnection, comparisons: list[FieldComparison], fields: set[str]) -> Linker:
    large = blocking.count_rows(connection, _TABLE) >= ESTIMATE_FROM_ROWS
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[comparison.for_splink(by_frequency=large) for comparison in comparisons],
        blocking_rules_to_generate_predictions=blocking.prediction_rules(
            connection, _TABLE, fields, compared=len(comparisons)
        ),
        probability_two_random_records_match=_prior(connection, fields),
        unique_id_column_name="row",
        max_iterations=50,
        retain_matching_columns=True,
        retain_intermediate_calculation_columns=True,
        additional_columns_to_retain=["valid_id"],
    )
    rows = DuckDBAPI(connection).register(_TABLE)
    return Linker(rows, settings, log_level=logging.ERROR)


def _prior(connection: duckdb.DuckDBPyConnection, fields: set[str]) -> float:
    """Chance that two rows drawn at random are one person, from the pairs that agree on a strict key."""
    rows = blocking.count_rows(connection, _TABLE)
    if rows < ESTIMATE_FROM_ROWS:
        return min(0.1, 1 / (2 * rows))
    strict = blocking.strict_pairs(connection, _TABLE, fields) / _STRICT_RECALL
    return min(0.5, max(strict, rows / 1000) / (rows * (rows - 1) / 2))


def _estimate(linker: Linker, connection: duckdb.DuckDBPyConnection, fields: set[str]) -> None:
    """Estimate u always; m only where enough rows are plainly of one person, to learn it from.

    A session that degenerates leaves the values as they were.
    """
    linker.training.estimate_u_using_random_sampling(max_pairs=_SAMPLED_PAIRS, seed=SEED, num_chunks=1)
    if blocking.strict_pairs(connection, _TABLE, fields) < _PAIRS_TO_LEARN_FROM:
        return
    for rule in blocking.training_rules(connection, _TABLE, fields):
        try:
            linker.training.estimate_parameters_using_expectation_maximisation(rule, max_pairs=_TRAINING_PAIRS)
        except (EMTrainingException, ValueError):
            continue
