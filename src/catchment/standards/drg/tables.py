"""A folder of a scheme's tables read row by row, with every problem kept by file and line.

Columns: the README of the tables of CHS-DRG 1.1, that is `mdc`, `mdc_dx`, `adrg`, `adrg_dx`, `adrg_proc`, `drg`, `cc`,
`exclusion`, `valid_proc`, and where present `mdc_proc`, `dx_code`, `dx_code_extra`, `proc_code`, `dx_map`, `proc_map`,
`evidence` and `options` (columns `option`, `value`).
"""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from catchment.standards.encodings import encoding_of

REQUIRED: Mapping[str, tuple[str, ...]] = {
    "mdc.csv": ("seq", "mdc", "name", "entry_rule"),
    "mdc_dx.csv": ("mdc", "dx_code"),
    "adrg.csv": ("mdc", "seq", "adrg", "name", "kind", "rule"),
    "adrg_dx.csv": ("adrg", "dx_code"),
    "adrg_proc.csv": ("adrg", "list", "proc_code"),
    "drg.csv": ("adrg", "seq", "drg", "name", "split"),
    "cc.csv": ("dx_code", "level", "excl_group"),
    "exclusion.csv": ("pdx_code", "excl_group"),
    "valid_proc.csv": ("proc_code",),
}
OPTIONAL: Mapping[str, tuple[str, ...]] = {
    "mdc_proc.csv": ("mdc", "proc_code"),
    "dx_code.csv": ("dx_code", "name"),
    "dx_code_extra.csv": ("dx_code", "name"),
    "proc_code.csv": ("proc_code", "name"),
    "dx_map.csv": ("clinical_code", "nhsa_code"),
    "proc_map.csv": ("clinical_code", "nhsa_code"),
    "evidence.csv": ("result", "operator", "value", "unit", "dx_code", "note"),
    "options.csv": ("option", "value"),
}
MAY_BE_EMPTY = ("site", "src", "note", "unit", "list")


@dataclass(frozen=True)
class Problem:
    """What is wrong with a row of a table. An error stops loading; a warning is reported only."""

    file: str
    line: int
    message: str
    level: str = "error"


@dataclass(frozen=True)
class Row:
    file: str
    line: int
    values: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return self.values.get(name) or ""


@dataclass
class Tables:
    """The tables of a folder; `problems` grows while they are read and compiled."""

    folder: Path
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, row: Row, message: str, level: str = "error") -> None:
        self.problems.append(Problem(row.file, row.line, message, level))

    def rows(self, file: str) -> Iterator[Row]:
        """The rows of one table that have a value in every column it must have; other rows become problems."""
        path = self.folder / file
        columns = REQUIRED.get(file) or OPTIONAL.get(file, ())
        if not path.is_file():
            if file not in OPTIONAL:
                self.problems.append(Problem(file, 0, "the file is missing"))
            return
        try:
            yield from self._read(path, file, columns)
        except (UnicodeError, csv.Error) as error:
            self.problems.append(Problem(file, 0, f"cannot be read as CSV: {error}"))

    def _read(self, path: Path, file: str, columns: tuple[str, ...]) -> Iterator[Row]:
        with path.open("rb") as opened:
            reader = csv.DictReader(io.TextIOWrapper(opened, encoding_of(opened), newline=""))
            lacking = [name for name in columns if name not in (reader.fieldnames or ())]
            if lacking:
                self.problems.append(Problem(file, 1, f"the header lacks the column {', '.join(lacking)}"))
                return
            needed = [name for name in columns if name not in MAY_BE_EMPTY]
            for values in reader:
                row = Row(file, reader.line_num, values)
                empty = [name for name in needed if not row[name].strip()]
                if None in values:
                    self.wrong(row, "has more cells than the header")
                elif empty:
                    self.wrong(row, f"has no value in {', '.join(empty)}")
                else:
                    yield row

    def pairs(self, file: str, key: str, value: str) -> dict[str, str]:
        """A table as a mapping; a key that comes again is a problem."""
        found: dict[str, str] = {}
        for row in self.rows(file):
            if row[key] in found:
                self.wrong(row, f"{key} {row[key]} stands here a second time")
            found.setdefault(row[key], row[value])
        return found

    def in_order(self, file: str, *, within: str = "") -> list[Row]:
        """The rows by their number `seq`, inside `within` where given; any other `seq` is a problem."""
        rows = []
        for row in self.rows(file):
            if row["seq"].isdecimal():
                rows.append(row)
            else:
                self.wrong(row, f"seq {row['seq']!r} is no whole number")
        return sorted(rows, key=lambda row: (row[within] if within else "", int(row["seq"])))
