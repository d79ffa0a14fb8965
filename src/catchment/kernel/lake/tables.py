"""What a room publishes: a table stated once, as a query on its own tables, with typed columns and a rule of parts."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

import ibis
import pyarrow as pa

NUMBER, TEXT, FLAG, REAL = pa.int64(), pa.string(), pa.bool_(), pa.float64()
DAY, MOMENT = pa.date32(), pa.timestamp("us", tz="UTC")
KEY_BITS = 60
"""A person's key is a positive number below two to this power."""
EVERY = "*"
"""In the log of what was touched: every partition of the table."""


@dataclass(frozen=True, slots=True)
class Whole:
    """One partition, for a table that stays small."""

    column: str = ""

    def sql(self, _column: str = "") -> str:
        """The name of the partition of a row as an expression in PostgreSQL."""
        return "'all'"

    def within(self, _names: Collection[str]) -> str:
        """Whether a row of the view is in one of these partitions, in PostgreSQL's words."""
        return "true"


@dataclass(frozen=True, slots=True)
class Months:
    """A partition for each calendar month of a column of days: `2026-03`."""

    column: str = "day"

    def sql(self, column: str = "") -> str:
        """The name of the partition of a row as an expression in PostgreSQL; `column` an expression of the day."""
        return f"to_char({column or self.column}, 'YYYY-MM')"

    def within(self, names: Collection[str]) -> str:
        """Whether a row of the view is in one of these partitions, in PostgreSQL's words: days, which compare fast."""
        return _between(self.column, [(f"{name}-01", "1 month") for name in names])


@dataclass(frozen=True, slots=True)
class Years:
    """A partition for each calendar year of a column of days, for rows that reach far back."""

    column: str = "day"

    def sql(self, column: str = "") -> str:
        """The name of the partition of a row as an expression in PostgreSQL; `column` an expression of the day."""
        return f"to_char({column or self.column}, 'YYYY')"

    def within(self, names: Collection[str]) -> str:
        """Whether a row of the view is in one of these partitions, in PostgreSQL's words."""
        return _between(self.column, [(f"{name}-01-01", "1 year") for name in names])


@dataclass(frozen=True, slots=True)
class Blocks:
    """Sixteen partitions by the highest bits of a person's key, which is random: all of like size."""

    column: str = "person_key"
    bits: int = 4

    def sql(self, column: str = "") -> str:
        """The name of the partition of a row as an expression in PostgreSQL; `column` an expression of the key."""
        return f"lpad((({column or self.column}) >> {KEY_BITS - self.bits})::text, 2, '0')"

    def within(self, names: Collection[str]) -> str:
        """Whether a row of the view is in one of these partitions, in PostgreSQL's words."""
        listed = ", ".join(str(int(name)) for name in sorted(names))
        return f"({self.column} >> {KEY_BITS - self.bits}) in ({listed})"


def _between(column: str, spans: Collection[tuple[str, str]]) -> str:
    each = (f"{column} >= '{first}' and {column} < date '{first}' + interval '{length}'" for first, length in spans)
    return " or ".join(f"({one})" for one in each)


@dataclass(frozen=True, slots=True)
class Feed:
    """A table of the database that a fact table is made from.

    `partition` says in SQL which partition a changed row belongs to: an expression on the row `changed` and on what
    `joins` adds to it. Without it a change touches every partition.
    """

    table: str
    partition: str = f"'{EVERY}'"
    joins: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactTable:
    """One published table: its columns with Arrow types, its query, what a row is known by, its partitions, its feeds.

    `query` is the SQL of the view, or a function that gives it once Django is ready. It reads the room's own tables
    and names every column; it does not depend on the clock.
    """

    name: str
    columns: Mapping[str, pa.DataType]
    query: str | Callable[[], str]
    key: tuple[str, ...]
    partition: Whole | Months | Years | Blocks
    feeds: tuple[Feed, ...]

    @property
    def schema(self) -> pa.Schema:
        """The columns in order."""
        return pa.schema(list(self.columns.items()))

    @property
    def sql(self) -> str:
        """The query of the view."""
        return self.query if isinstance(self.query, str) else self.query()


_tables: dict[str, FactTable] = {}
_derived: dict[str, Callable[[], Any]] = {}


def register(*facts: FactTable) -> None:
    """Publish tables; registering the same name again replaces it, so that reloading is harmless."""
    _tables.update({one.name: one for one in facts})


def register_derived(name: str, expression: Callable[[], Any]) -> None:
    """Publish a table that is an Ibis expression over others."""
    _derived[name] = expression


def tables() -> dict[str, FactTable]:
    """The published tables by name, in the order of their publishing, without the derived ones."""
    return dict(_tables)


def table(name: str) -> Any:
    """A published or derived table as an Ibis table that any engine runs. `KeyError` for a name nobody published."""
    if name in _derived:
        return _derived[name]()
    return ibis.table(ibis.Schema.from_pyarrow(_tables[name].schema), name=name)
