"""The lake: columnar tables that the rooms publish, in PostgreSQL as views, outside it as Parquet, under pseudonyms."""

from catchment.kernel.lake.engines import engine
from catchment.kernel.lake.tables import (
    Blocks,
    FactTable,
    Feed,
    Months,
    Whole,
    Years,
    register,
    register_derived,
    table,
    tables,
)

__all__ = [
    "Blocks",
    "FactTable",
    "Feed",
    "Months",
    "Whole",
    "Years",
    "engine",
    "register",
    "register_derived",
    "table",
    "tables",
]
