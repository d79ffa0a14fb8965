"""An input file cut into blocks that can be read on their own: memory stays bounded whatever the file's size."""

import codecs
import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet

from catchment.standards.drg import reading
from catchment.standards.drg.columns import INPUT
from catchment.standards.drg.reading import Block, FileError

BLOCK_BYTES = 8 << 20
BLOCK_ROWS = 50_000
LONGEST = 4
NEEDED = ("sex", "age", "pdx")
JSON_LINES, CSV, PARQUET = "jsonl", "csv", "parquet"
FORMS = {".jsonl": JSON_LINES, ".ndjson": JSON_LINES, ".csv": CSV, ".parquet": PARQUET}


@dataclass(frozen=True)
class Piece:
    """A part of a file: bytes from `start` on, or for Parquet the row group `start`."""

    path: Path
    form: str
    start: int
    length: int = 0
    header: tuple[str, ...] = ()


def form(path: Path) -> str:
    """The form of a file by the end of its name. Raises `FileError` for any other."""
    found = FORMS.get(path.suffix.lower())
    if found is None:
        raise FileError(f"{path.name}: the name must end in one of {', '.join(FORMS)}")
    return found


def pieces(path: Path, block_bytes: int = BLOCK_BYTES) -> Iterator[Piece]:
    """The parts of a file in order, of about `block_bytes` where it is text.

    Raises `FileError` where it cannot be read or lacks needed columns.
    """
    kind = form(path)
    try:
        if kind == PARQUET:
            file = pyarrow.parquet.ParquetFile(path)
            _check(path, tuple(file.schema_arrow.names))
            return iter([Piece(path, kind, at) for at in range(file.num_row_groups)])
        header, start = _header(path) if kind == CSV else ((), 0)
    except (OSError, pa.ArrowInvalid, UnicodeDecodeError) as error:
        raise FileError(f"{path.name} cannot be read: {error}") from None
    return _cut(path, kind, header, start, block_bytes)


def blocks(piece: Piece) -> Iterator[Block]:
    """The discharges of a part, at most some tens of thousands at once."""
    if piece.form == PARQUET:
        file = pyarrow.parquet.ParquetFile(piece.path)
        wanted = [name for name in file.schema_arrow.names if name in INPUT.names]
        for batch in file.iter_batches(BLOCK_ROWS, row_groups=[piece.start], columns=wanted):
            yield reading.arranged(pa.Table.from_batches([batch]))
        return
    with piece.path.open("rb") as file:
        file.seek(piece.start)
        content = file.read(piece.length).removeprefix(codecs.BOM_UTF8)
    yield reading.text_rows(content, piece.header) if piece.form == CSV else reading.json_lines(content)


def _header(path: Path) -> tuple[tuple[str, ...], int]:
    with path.open("rb") as file:
        line = file.readline()
    header = tuple(next(csv.reader([reading.decoded(line).strip()]), []))
    _check(path, header)
    return header, len(line)


def _check(path: Path, header: tuple[str, ...]) -> None:
    lacking = [name for name in NEEDED if name not in header]
    twice = {name for name in header if header.count(name) > 1}
    if lacking or twice:
        what = f"lacks the column {', '.join(lacking)}" if lacking else f"has the column {', '.join(twice)} twice"
        raise FileError(f"{path.name} {what}; columns are {', '.join(INPUT.names)}")


def _cut(path: Path, kind: str, header: tuple[str, ...], start: int, size: int) -> Iterator[Piece]:
    with path.open("rb") as file:
        file.seek(start)
        kept = b""
        while True:
            more = file.read(size)
            kept += more
            end = len(kept) if not more else _end(kept, kind, LONGEST * size)
            if end:
                yield Piece(path, kind, start, end, header)
                start, kept = start + end, kept[end:]
            if not more:
                return


def _end(content: bytes, kind: str, longest: int) -> int:
    """Where the last whole row ends: at a line feed outside quotes. A quote left open ends with its fourth block."""
    end = content.rfind(b"\n") + 1
    if kind != CSV or len(content) >= longest:
        return end
    while end and content.count(b'"', 0, end) % 2:
        end = content.rfind(b"\n", 0, end - 1) + 1
    return end
