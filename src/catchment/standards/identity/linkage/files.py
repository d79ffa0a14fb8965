"""Read tables of person rows from files, and write the clusters found."""

import gzip
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import polars as pl

from catchment.standards.identity.linkage.columns import LinkageError
from catchment.standards.identity.linkage.matching import Matched

TABLE_ENDINGS: Final = (
    ".csv", ".csv.gz", ".tsv", ".tsv.gz", ".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz", ".parquet",
)  # fmt: skip
_SEPARATORS: Final = (",", "\t", ";", "|")
_GZIP: Final = b"\x1f\x8b"


def read_table(path: Path) -> pl.DataFrame:
    """Read CSV, TSV or JSON lines (each also gzipped; UTF-8, UTF-16 with its mark, or GB18030) or Parquet.

    Raises `LinkageError` for a file that is missing, of another kind, or not what its name says.
    """
    name = path.name.lower()
    if not path.is_file():
        raise LinkageError(f"找不到文件 · {path}: there is no such file; check the path")
    if not name.endswith(TABLE_ENDINGS):
        raise LinkageError(f"{path}: the file's kind is not known; use one of {', '.join(TABLE_ENDINGS)}")
    try:
        return _read(path, name.removesuffix(".gz"))
    except (pl.exceptions.PolarsError, OSError, EOFError) as error:
        first = str(error).strip().splitlines()[0]
        raise LinkageError(f"文件读不出 · {path}: not a sound {name.split('.', 1)[1]} file ({first})") from error


def write_clusters(path: Path, ids: Sequence[str], matched: Sequence[Matched]) -> None:
    """Write the columns id and cluster, in input order, as the ending says: .csv, .jsonl or .parquet."""
    table = pl.DataFrame(
        {"id": list(ids), "cluster": [row.cluster for row in matched]},
        schema={"id": pl.String, "cluster": pl.Int64},
    )
    match path.suffix.lower():
        case ".csv":
            table.write_csv(path)
        case ".jsonl":
            table.write_ndjson(path)
        case ".parquet":
            table.write_parquet(path)
        case _:
            raise LinkageError(f"{path}: the result can be written as .csv, .jsonl or .parquet")


def _read(path: Path, name: str) -> pl.DataFrame:
    if name.endswith(".parquet"):
        return pl.read_parquet(path)
    text = _decoded(path)
    if not text.strip():
        raise LinkageError(f"文件为空 · {path}: the file is empty; it needs at least a line of column names")
    if name.endswith((".jsonl", ".ndjson")):
        return pl.read_ndjson(io.BytesIO(text.encode()), infer_schema_length=None)
    header = text.lstrip().splitlines()[0]
    separator = max(_SEPARATORS, key=header.count)
    return pl.read_csv(io.BytesIO(text.encode()), separator=separator, infer_schema=False)


def _decoded(path: Path) -> str:
    content = path.read_bytes()
    if content.startswith(_GZIP):
        content = gzip.decompress(content)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise LinkageError(f"文字编码不明 · {path}: neither UTF-8 nor GB18030; save the file as UTF-8")
