"""Blocks of an input file as tables of discharges: JSON lines, CSV and Parquet; rows that cannot be read are kept.

A block is read in one go by Arrow; only where Arrow refuses it, or a value is out of range, are rows looked at singly.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.json

from catchment.standards.drg import record as records
from catchment.standards.drg.columns import INPUT
from catchment.standards.drg.record import DECIMAL, LISTS, NUMBER, WHOLE, Record, RecordError

PARTING = "[|,]"
BRACKETS = r"""[\[\]"'\s]"""
"""What stands around the codes where a cell holds a list as JSON or Python writes it."""
PARSED_AT_ONCE = 1 << 20


class FileError(Exception):
    """An input or output file that cannot be used; the message names it and the way out."""


@dataclass(frozen=True)
class Block:
    """Discharges as a table of schema `INPUT`; `rejected` gives the reason by row for those that cannot be read."""

    table: Any
    rejected: Mapping[int, str] = field(default_factory=dict)

    def mask(self) -> Any:
        found = np.zeros(len(self.table), bool)
        found[list(self.rejected)] = True
        return found


def json_lines(content: bytes) -> Block:
    """A block of whole lines, one JSON object in each; blank lines are no rows. Ids may be texts or whole numbers."""
    for ids in (pa.string(), pa.int64()):
        try:
            table = _json_table(content, INPUT.set(0, pa.field("id", ids)))
        except pa.ArrowInvalid:
            continue
        if _one_in_each_line(len(table), content) and _in_range(table):
            return Block(table.select(INPUT.names).cast(INPUT))
    return _singly(_parsed(line) for line in content.split(b"\n") if line.strip())


def _json_table(content: bytes, schema: Any) -> Any:
    options = pyarrow.json.ParseOptions(explicit_schema=schema, unexpected_field_behavior="ignore")
    whole = pyarrow.json.ReadOptions(use_threads=False, block_size=PARSED_AT_ONCE)
    table = pyarrow.json.read_json(pa.BufferReader(content), read_options=whole, parse_options=options)
    table.validate(full=True)
    return table


def _one_in_each_line(rows: int, content: bytes) -> bool:
    """Whether the rows are as many as the lines that hold something; blanks are looked for only where they differ."""
    lines = content.count(b"\n") + (not content.endswith(b"\n"))
    return rows == lines or rows == sum(bool(line.strip()) for line in content.split(b"\n"))


def text_rows(content: bytes, header: Sequence[str]) -> Block:
    """A block of whole CSV rows (RFC 4180) under a header read before; lists are parted by `|` or `,`."""
    try:
        table = _text_table(content, header)
        bad = {name: pc.fill_null(pc.match_substring_regex(table[name], f"^({NUMBER.pattern})?$"), fill_value=True)
               for name in (*WHOLE, *DECIMAL)}  # fmt: skip
        if all(pc.all(one, min_count=0).as_py() for one in bad.values()):
            typed = _typed(table)
            if _in_range(typed):
                return Block(typed)
    except pa.ArrowInvalid:
        pass
    rows = csv.reader(io.StringIO(decoded(content), newline=""))
    return _singly(_fields(cells, header) for cells in rows if cells)


def decoded(content: bytes) -> str:
    """The text of a CSV block in UTF-8 or, as Excel saves it in China, GB 18030."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030", errors="replace")


def arranged(table: Any) -> Block:
    """A table of any source in schema `INPUT`: columns by name, numbers of any width, lists or parted texts."""
    columns = {name: _cast(table, name) for name in INPUT.names}
    found = pa.table(columns, schema=INPUT)
    return Block(found) if _in_range(found) else _singly(found.to_pylist())


def _cast(table: Any, name: str) -> Any:
    kind = INPUT.field(name).type
    if name not in table.column_names:
        return pa.nulls(len(table), kind)
    column = table.column(name)
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if name in LISTS and (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        return _lists(column.cast(pa.string()))
    try:
        return column.cast(kind)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise FileError(f"the column {name} is {column.type} and cannot be read as {kind}: {error}") from None


def _text_table(content: bytes, header: Sequence[str]) -> Any:
    convert = pyarrow.csv.ConvertOptions(
        column_types=dict.fromkeys(INPUT.names, pa.string()),
        include_columns=list(INPUT.names),
        include_missing_columns=True,
        strings_can_be_null=False,
    )
    return pyarrow.csv.read_csv(
        pa.BufferReader(content),
        read_options=pyarrow.csv.ReadOptions(column_names=list(header), use_threads=False, block_size=len(content) + 1),
        parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True),
        convert_options=convert,
    )


def _typed(table: Any) -> Any:
    columns: dict[str, Any] = {}
    for name in INPUT.names:
        column = table[name]
        if name in LISTS:
            columns[name] = _lists(column)
        elif name in ("id", "pdx"):
            columns[name] = column
        else:
            columns[name] = pc.if_else(pc.equal(column, ""), None, column).cast(INPUT.field(name).type)
    return pa.table(columns, schema=INPUT)


def _lists(column: Any) -> Any:
    bracketed = pc.fill_null(pc.starts_with(column, "["), fill_value=False)
    if pc.any(bracketed, min_count=0).as_py():
        column = pc.if_else(bracketed, pc.replace_substring_regex(column, BRACKETS, ""), column)
    parted = pc.split_pattern_regex(column, PARTING)
    empty = pa.scalar([], pa.list_(pa.string()))
    return pc.if_else(pc.fill_null(pc.equal(column, ""), fill_value=True), empty, parted)


def _in_range(table: Any) -> bool:
    """Whether every number is one that `record.read` takes, and no list holds a null."""
    for name in (*WHOLE, *DECIMAL):
        values = table[name].to_numpy()
        fine = np.isnan(values) | ((values >= 0) & (values < 1e9))
        if name in WHOLE:
            fine &= np.isnan(values) | (values == np.floor(values))
        if not fine.all() or np.isnan(values).sum() != table[name].null_count:
            return False
    return not any(pc.list_flatten(table[name]).null_count for name in LISTS)


def _parsed(line: bytes) -> Mapping[str, Any] | str:
    try:
        found = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        return f"the line is no JSON: {error}"
    return found if isinstance(found, dict) else "the line is no JSON object"


def _fields(cells: Sequence[str], header: Sequence[str]) -> Mapping[str, Any] | str:
    if len(cells) != len(header):
        return f"the row has {len(cells)} cells, the header {len(header)}"
    named = dict(zip(header, cells, strict=True))
    return {name: _cell(name, text) for name, text in named.items() if name in INPUT.names}


def _cell(name: str, text: str) -> Any:
    if name in LISTS:
        text = re.sub(BRACKETS, "", text) if text.startswith("[") else text
        return re.split(PARTING, text) if text else []
    if name in (*WHOLE, *DECIMAL):
        return float(text) if NUMBER.fullmatch(text) else text or None
    return text if text or name == "pdx" else None


def _singly(rows: Iterator[Mapping[str, Any] | str] | Sequence[Mapping[str, Any] | str]) -> Block:
    read: list[Record] = []
    rejected: dict[int, str] = {}
    for at, row in enumerate(rows):
        found, reason = _one(row)
        read.append(found)
        if reason:
            rejected[at] = reason
    columns = {name: [getattr(one, name) for one in read] for name in INPUT.names}
    return Block(pa.table(columns, schema=INPUT), rejected)


def _one(row: Mapping[str, Any] | str) -> tuple[Record, str]:
    if isinstance(row, str):
        return Record(), row
    try:
        return records.read(row), ""
    except RecordError as error:
        return Record(str(row.get("id") or "")), str(error)
