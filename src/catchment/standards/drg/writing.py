"""Groups as the text of an output file, made whole columns at once."""

import json
import re
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from catchment.standards.drg.columns import OUTPUT

IN_JSON = r'["\\\x00-\x1f]'
IN_CSV = r'[",\r\n]'


def json_lines(table: Any) -> bytes:
    """One JSON object a line for a table of schema `OUTPUT`, in dictionary form but for `id`."""
    ids = _escaped(table["id"].combine_chunks(), IN_JSON, lambda text: json.dumps(text, ensure_ascii=False)[1:-1])
    parts: list[Any] = ['{"id":"', ids]
    for name in OUTPUT.names[1:]:
        parts += [f'","{name}":"', _plain(table[name])]
    return _joined([*parts, '"}\n'])


def csv_rows(table: Any) -> bytes:
    """CSV rows without a header (RFC 4180 but for the line feed)."""
    ids = _escaped(table["id"].combine_chunks(), IN_CSV, lambda text: '"' + text.replace('"', '""') + '"')
    parts: list[Any] = [ids]
    for name in OUTPUT.names[1:]:
        parts += [",", _plain(table[name])]
    return _joined([*parts, "\n"])


def plain(table: Any) -> Any:
    """The table with its texts as plain columns, for Parquet."""
    return table.cast(OUTPUT)


def _plain(column: Any) -> Any:
    return column.combine_chunks().cast(pa.string())


def _escaped(ids: Any, special: str, escape: Callable[[str], str]) -> Any:
    if not pc.any(pc.match_substring_regex(ids, special), min_count=0).as_py():
        return ids
    found = re.compile(special)
    return pa.array([escape(text) if found.search(text) else text for text in ids.to_pylist()], pa.string())


def _joined(parts: list[Any]) -> bytes:
    """The rows one after the other: the data of the joined column is the text itself."""
    rows = pc.binary_join_element_wise(*parts, "")
    if not len(rows):
        return b""
    ends = rows.buffers()
    first, last = (memoryview(ends[1]).cast("i")[rows.offset + at] for at in (0, len(rows)))
    return bytes(memoryview(ends[2])[first:last])
