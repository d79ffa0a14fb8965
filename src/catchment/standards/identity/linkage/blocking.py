"""Choose which pairs of rows are compared at all, within a budget of pairs."""

from typing import Final

import duckdb

WORK_AT_LEAST: Final = 4_000_000
WORK_PER_ROW: Final = 100
"""Work is counted in compared fields: pairs times the fields that each pair is compared by."""

EVERY_PAIR: Final = "1=1"
_PAIRS_TO_LEARN: Final = 100

_PREDICTION_KEYS: Final = (
    ("identity_number",),
    ("insurance_number",),
    ("phone",),
    ("email",),
    ("given", "family"),
    ("name",),
    ("name_sound",),
    ("family", "birth_date"),
    ("given", "birth_date"),
    ("birth_date", "postcode"),
    ("birth_date", "city"),
    ("family", "postcode"),
    ("given", "postcode"),
    ("street", "street_number"),
    ("street", "family"),
    ("street", "given"),
    ("birth_date",),
    ("given[1:3]", "family[1:3]"),
    ("name_sound[1:4]", "birth_date[1:4]"),
    ("family[1:3]", "birth_date[1:6]"),
    ("family[1:3]",),
    ("given[1:3]",),
    ("birth_date[1:6]",),
    ("birth_date[5:8]",),
    ("postcode",),
    ("city",),
)
_TRAINING_KEYS: Final = (
    (("birth_date",),),
    (("given", "family"), ("name",), ("family",)),
    (("identity_number",), ("phone",), ("email",), ("insurance_number",), ("postcode",), ("city", "street")),
)
_STRICT_KEYS: Final = (
    ("identity_number",),
    ("email",),
    ("given", "family", "birth_date"),
    ("name", "birth_date"),
    ("name", "phone"),
)


def prediction_rules(
    connection: duckdb.DuckDBPyConnection, table: str, fields: set[str], *, compared: int
) -> list[str]:
    """SQL conditions that a pair must meet, one of them, to be scored.

    A small table is compared whole. A larger one takes the keys above in order, passing over a key whose
    pairs, `compared` fields each, would break the budget; so one over-common value cannot make the work grow
    with the square of the rows.
    """
    rows = count_rows(connection, table)
    budget = max(WORK_AT_LEAST, WORK_PER_ROW * rows) // compared
    if rows * (rows - 1) // 2 <= budget:
        return [EVERY_PAIR]
    rules: list[str] = []
    for key in _known(_PREDICTION_KEYS, fields):
        if (pairs := count_pairs(connection, table, key)) <= budget:
            budget -= pairs
            rules.append(condition(key))
    return rules


def training_rules(connection: duckdb.DuckDBPyConnection, table: str, fields: set[str]) -> list[str]:
    """SQL conditions whose pairs the estimation learns from: one of each group that finds pairs enough."""
    rules: list[str] = []
    for group in _TRAINING_KEYS:
        usable = (key for key in _known(group, fields) if count_pairs(connection, table, key) >= _PAIRS_TO_LEARN)
        if key := next(usable, None):
            rules.append(condition(key))
    return rules


def strict_pairs(connection: duckdb.DuckDBPyConnection, table: str, fields: set[str]) -> int:
    """How many pairs agree on a key that hardly agrees by chance: the most that any one such key finds."""
    return max((count_pairs(connection, table, key) for key in _known(_STRICT_KEYS, fields)), default=0)


def count_rows(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    """Number of rows of a table."""
    return int(connection.sql(f"select count(*) from {table}").fetchall()[0][0])  # noqa: S608 our own table name


def count_pairs(connection: duckdb.DuckDBPyConnection, table: str, key: tuple[str, ...]) -> int:
    """Number of pairs of rows that agree on every part of a key; a part not recorded agrees with nothing."""
    recorded = " and ".join(f"{part} is not null" for part in key)
    groups = f"select count(*) as n from {table} where {recorded} group by {', '.join(key)}"  # noqa: S608 our own keys
    return int(connection.sql(f"select coalesce(sum(n * (n - 1) // 2), 0) from ({groups})").fetchall()[0][0])  # noqa: S608


def condition(key: tuple[str, ...]) -> str:
    """A key as Splink's blocking condition between the rows l and r."""
    return " and ".join(f"l.{part} = r.{part}" for part in key)


def _known(keys: tuple[tuple[str, ...], ...], fields: set[str]) -> list[tuple[str, ...]]:
    return [key for key in keys if all(part.split("[")[0] in fields for part in key)]
