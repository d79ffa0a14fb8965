"""Files of FHIR resources as they come: bulk NDJSON, bundles, single resources, JSON or XML, plain or gzip.

Nothing in a file stops the reading of the rest: what cannot be read is handed on with its line and its fault.
"""

import gzip
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, cast

import orjson

from catchment.standards.fhir.references import Key, own_keys
from catchment.standards.fhir.xml import UnreadableXmlError, resource_from_xml

LARGEST = 256 * 1024 * 1024
"""The longest line or document that is read, in bytes after unpacking."""
DEEPEST_BUNDLE = 8
TYPE = re.compile("[A-Za-z]{1,40}")
ENDINGS = (".ndjson", ".jsonl", ".json", ".xml")
_GZIP, _BOM = b"\x1f\x8b", b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Incoming:
    """One resource of a file, or the fault for which there is none. `scope` resolves references inside its Bundle."""

    line: int
    resource: Mapping[str, Any] | None = None
    fault: str = ""
    full_url: str = ""
    scope: Mapping[str, Key] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Piece:
    """What one line or document held. `offset` is how far the file has been read, in bytes as stored."""

    line: int
    offset: int
    items: tuple[Incoming, ...]


def found_in(path: Path) -> list[Path]:
    """The files of a folder and its folders that may hold resources; the path itself when it is a file."""
    if not path.is_dir():
        return [path]
    return sorted(p for p in path.rglob("*") if p.is_file() and p.name.removesuffix(".gz").endswith(ENDINGS))


def pieces(path: Path) -> Iterator[Piece]:
    """Read a file line by line or as one document, whichever it is; damage becomes a `Piece` with its fault."""
    line = 0
    with path.open("rb") as raw:
        try:
            for line, content in _contents(path, raw):
                if content is None:
                    yield Piece(line, raw.tell(), (_fault(line, f"longer than {LARGEST} bytes"),))
                elif content.strip():
                    yield Piece(line, raw.tell(), tuple(_items(line, content)))
        except (EOFError, zlib.error, OSError) as error:
            fault = f"the file breaks off or is damaged after line {line} ({error})"
            yield Piece(line + 1, raw.tell(), (_fault(line + 1, fault),))


def _contents(path: Path, raw: IO[bytes]) -> Iterator[tuple[int, bytes | None]]:
    packed = raw.read(2) == _GZIP
    raw.seek(0)
    stream = cast("IO[bytes]", gzip.GzipFile(fileobj=raw)) if packed else raw
    if path.name.removesuffix(".gz").endswith((".ndjson", ".jsonl")):
        yield from _lines(stream, 0)
    else:
        yield from _document_or_lines(stream)


def _document_or_lines(stream: IO[bytes]) -> Iterator[tuple[int, bytes | None]]:
    first = stream.readline(LARGEST + 1)
    if _is_resource(first):
        yield 1, first
        yield from _lines(stream, 1)
        return
    content = first + stream.read(LARGEST + 1 - len(first))
    yield 1, content if len(content) <= LARGEST else None


def _is_resource(line: bytes) -> bool:
    try:
        return isinstance(orjson.loads(line.removeprefix(_BOM)), dict)
    except orjson.JSONDecodeError:
        return False


def _lines(stream: IO[bytes], number: int) -> Iterator[tuple[int, bytes | None]]:
    while line := stream.readline(LARGEST + 1):
        number += 1
        if len(line) <= LARGEST:
            yield number, line
            continue
        while line and not line.endswith(b"\n"):
            line = stream.readline(LARGEST)
        yield number, None


def _items(line: int, content: bytes) -> Iterator[Incoming]:
    content = content.removeprefix(_BOM).strip()
    try:
        found = resource_from_xml(content) if content.startswith(b"<") else orjson.loads(content)
    except (UnreadableXmlError, orjson.JSONDecodeError, RecursionError) as error:
        yield _fault(line, _why(error, content))
        return
    for resource in found if isinstance(found, list) else [found]:
        yield from _flat(Incoming(line, resource), 0)


def _why(error: Exception, content: bytes) -> str:
    if content.startswith(b"<"):
        return str(error)
    try:
        content.decode()
    except UnicodeDecodeError as wrong:
        return f"not UTF-8, which FHIR asks for (byte {wrong.start})"
    return f"not JSON: {error}"[:200]


def _flat(item: Incoming, depth: int) -> Iterator[Incoming]:
    resource = item.resource
    if not isinstance(resource, dict) or not isinstance(resource.get("resourceType"), str):
        yield _fault(item.line, "not a FHIR resource: it has no resourceType")
    elif not TYPE.fullmatch(resource["resourceType"]):
        yield _fault(item.line, "resourceType: not the name of a resource, which has 1 to 40 letters")
    elif resource["resourceType"] != "Bundle":
        yield item
    elif depth >= DEEPEST_BUNDLE or not isinstance(resource.get("entry", []), list):
        yield _fault(item.line, "Bundle.entry: bundles are nested too deeply or the entries are not a list")
    else:
        yield from _entries(item.line, resource, depth)


def _entries(line: int, bundle: Mapping[str, Any], depth: int) -> Iterator[Incoming]:
    """The entries that hold a resource; one that only asks (GET, DELETE) or answers brings none."""
    entries = bundle.get("entry", [])
    scope = _scope(entries)
    for place, entry in enumerate(entries):
        if not isinstance(entry, dict):
            yield _fault(line, f"Bundle.entry.{place}: is not an object")
        elif "resource" in entry:
            yield from _flat(Incoming(line, entry["resource"], "", _text(entry.get("fullUrl")), scope), depth + 1)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _scope(entries: list[Any]) -> dict[str, Key]:
    scope = {}
    for entry in entries:
        url, resource = (entry.get("fullUrl"), entry.get("resource")) if isinstance(entry, dict) else (None, None)
        if isinstance(url, str) and isinstance(resource, dict):
            key, kind = next(own_keys(resource, url), ""), str(resource.get("resourceType"))
            if key and TYPE.fullmatch(kind):
                scope[url] = Key(kind, key)
    return scope


def _fault(line: int, fault: str) -> Incoming:
    return Incoming(line, None, fault)
