"""Group rows by person, or show the pairs a reviewer should see: one engine behind both."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from catchment.standards.identity.linkage import model
from catchment.standards.identity.linkage.clusters import cluster
from catchment.standards.identity.linkage.columns import recognise, row_ids, to_frame
from catchment.standards.identity.linkage.comparisons import FieldComparison, comparisons_for
from catchment.standards.identity.linkage.rows import standardise, unify_names

DEFAULT_THRESHOLD: Final = 0.9
_FOR_REVIEW: Final = 0.5
_OTHER_PERSON: Final = 0.01
_LEAST: Final = 0.01
_LEAST_WITH_IDS: Final = 0.0001


@dataclass(frozen=True, slots=True)
class Matched:
    """A row and its cluster; clusters are numbered from 1 as they first appear. `table` counts from 0."""

    id: str
    cluster: int
    table: int


@dataclass(frozen=True, slots=True)
class Reason:
    """What one field says about a pair. `weight` is in bits: above 0 for one person, below 0 against."""

    field: str
    outcome: str
    zh: str
    en: str
    weight: float


@dataclass(frozen=True, slots=True)
class Pair:
    """Two rows that may be one person, the probability from 0 to 1, and the reasons, strongest first.

    `rule` names the rule that set or limited the probability, if one did: `same-id`, `same-id-other-person`,
    `other-id`, `name-only`.
    """

    id_l: str
    id_r: str
    probability: float
    rule: str | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class _Prepared:
    ids: list[str]
    sources: list[int]
    table: pl.DataFrame
    comparisons: list[FieldComparison]


def match(table: Any, *others: Any, threshold: float = DEFAULT_THRESHOLD) -> list[Matched]:
    """Put every row of the tables into a cluster; rows of one cluster tell of the same person.

    A table is a list of dicts or a pandas, Arrow or Polars table; its columns are recognised by their headers
    (`SYNONYMS`), all others are ignored. Several tables are linked with each other and within themselves.
    Pairs with a probability of at least `threshold` are joined, the likeliest first; what hangs together is
    one cluster, but two different valid resident IDs never come to stand in one.
    The same input gives the same output. Raises `LinkageError`.
    """
    prepared = _prepare((table, *others))
    edges = _judged(prepared, least=min(_LEAST, threshold)).filter(pl.col("probability") >= threshold)
    edges = edges.sort("probability", "row_l", "row_r", descending=[True, False, False])
    clusters = cluster(prepared.table["valid_id"].to_list(), zip(edges["row_l"], edges["row_r"], strict=True))
    return [Matched(*row) for row in zip(prepared.ids, clusters, prepared.sources, strict=True)]


def pairs(table: Any, *others: Any, least: float = 0.1, most: float = 1.0) -> list[Pair]:
    """Candidate pairs with a probability from `least` to `most`, likeliest first, and each field's reason.

    Takes tables and raises as `match` does; the probabilities are the ones `match` joins by.
    """
    prepared = _prepare((table, *others))
    judged = _judged(prepared, least=min(_LEAST, least))
    shown = judged.filter(pl.col("probability").is_between(least, most))
    shown = shown.sort("probability", "row_l", "row_r", descending=[True, False, False])
    return [_pair(prepared, row) for row in shown.iter_rows(named=True)]


def _prepare(tables: Sequence[Any]) -> _Prepared:
    frames = [to_frame(table) for table in tables]
    columns = [recognise(frame) for frame in frames]
    ids = [row_ids(frame, found) for frame, found in zip(frames, columns, strict=True)]
    rows = [standardise(frame, found) for frame, found in zip(frames, columns, strict=True)]
    table = pl.concat(unify_names(rows), how="diagonal")
    recorded = {name for name in table.columns if table[name].null_count() < table.height}
    return _Prepared(
        ids=[one for of_table in ids for one in of_table],
        sources=[place for place, of_table in enumerate(ids) for _ in of_table],
        table=table.with_row_index("row"),
        comparisons=comparisons_for(recorded),
    )


def _judged(prepared: _Prepared, *, least: float) -> pl.DataFrame:
    """Scored pairs with `probability` and `rule`, after the rules on resident ID numbers."""
    if len(prepared.ids) < 2 or not prepared.comparisons:
        return pl.DataFrame(schema={"row_l": pl.Int64, "row_r": pl.Int64, "probability": pl.Float64})
    scored = model.score(
        prepared.table,
        prepared.comparisons,
        least=min(least, _LEAST_WITH_IDS) if _has_ids(prepared) else least,
    )
    return _with_identity_rules(scored).filter(pl.col("probability") >= least)


def _has_ids(prepared: _Prepared) -> bool:
    return prepared.table["valid_id"].null_count() < prepared.table.height


def _with_identity_rules(scored: pl.DataFrame) -> pl.DataFrame:
    """A valid resident ID settles it, unless all else speaks against it; a name alone settles nothing."""
    same_id = (pl.col("valid_id_l") == pl.col("valid_id_r")).fill_null(value=False)
    other_id = (pl.col("valid_id_l") != pl.col("valid_id_r")).fill_null(value=False)
    others = (pl.col(column) == -1 for column in scored.columns if _identifies(column))
    name_only = pl.all_horizontal(pl.lit(value=True), *others)
    doubtful = same_id & _contradicted(scored.columns)
    probability = pl.col("match_probability").round(9)
    return scored.with_columns(
        rule=pl.when(doubtful).then(pl.lit("same-id-other-person"))
        .when(same_id).then(pl.lit("same-id"))
        .when(other_id).then(pl.lit("other-id"))
        .when(name_only).then(pl.lit("name-only")),
        probability=pl.when(doubtful).then(pl.min_horizontal(probability, _FOR_REVIEW))
        .when(same_id).then(1.0)
        .when(other_id).then(pl.min_horizontal(probability, _OTHER_PERSON))
        .when(name_only).then(pl.min_horizontal(probability, _FOR_REVIEW))
        .otherwise(probability),
    )  # fmt: skip


def _identifies(column: str) -> bool:
    return column.startswith("gamma_") and column not in {
        "gamma_given",
        "gamma_family",
        "gamma_name",
        "gamma_sex",
    }


def _contradicted(columns: list[str]) -> pl.Expr:
    """Name and birth date both differ: a child registered under a parent's number looks like this."""
    names = [pl.col(f"gamma_{field}") == 0 for field in ("given", "name") if f"gamma_{field}" in columns]
    if not names or "gamma_birth_date" not in columns:
        return pl.lit(value=False)
    return pl.any_horizontal(names) & (pl.col("gamma_birth_date") <= 1) & (pl.col("gamma_birth_date") >= 0)


def _pair(prepared: _Prepared, row: dict[str, Any]) -> Pair:
    reasons = [reason for comparison in prepared.comparisons if (reason := _reason(comparison, row))]
    reasons.sort(key=lambda reason: -abs(reason.weight))
    ids = prepared.ids
    return Pair(ids[row["row_l"]], ids[row["row_r"]], row["probability"], row["rule"], tuple(reasons))


def _reason(comparison: FieldComparison, row: dict[str, Any]) -> Reason | None:
    level = comparison.level(row[f"gamma_{comparison.field}"])
    if level is None:
        return None
    weight = row[f"mw_{comparison.field}"] + row.get(f"mw_tf_adj_{comparison.field}", 0.0)
    return Reason(comparison.field, level.code, level.zh, level.en, round(weight, 3))
