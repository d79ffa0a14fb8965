"""One resource on its way in: who it is, whether it is sound, what contains what."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import orjson

from catchment.rooms.record.types import Fate
from catchment.standards.fhir.files import Incoming
from catchment.standards.fhir.mapping import CONTAINED, READERS
from catchment.standards.fhir.reading import Reading
from catchment.standards.fhir.references import Key, fitted, own_keys
from catchment.standards.fhir.validity import faults

UNREADABLE = "(unreadable)"
_REJECTED = "#rejected-"


@dataclass(slots=True)
class Entry:
    """A resource between file and record. `fate` is settled step by step; `row_id` is what it became.

    `account` is the fate of the account that already stands under its key, empty when there is none;
    `overtakes` says that this account is a rejection of the same run.
    """

    type: str
    key: str
    digest: str
    resource: Mapping[str, Any] | None
    scope: Mapping[str, Key]
    file: str = ""
    line: int = 0
    further_keys: tuple[str, ...] = ()
    seen_before: bool = False
    account: str = ""
    overtakes: bool = False
    fate: Fate | None = None
    reason: str = ""
    row_id: int | None = None
    reading: Reading | None = None

    def reject(self, reason: str) -> None:
        """Settle it as rejected; the reason begins with a code word and names the element."""
        self.fate, self.reason, self.row_id = Fate.REJECTED, reason.replace("\x00", "\N{REPLACEMENT CHARACTER}"), None

    def follow(self, first: "Entry") -> None:
        """Settle a copy by what became of the first: known when that was taken, else the same fate."""
        self.fate = Fate.KNOWN if first.fate is Fate.TAKEN else first.fate
        self.reason, self.overtakes = first.reason, first.fate is Fate.REJECTED

    @property
    def row(self) -> int:
        """The row it became; `LookupError` before it has one."""
        if self.row_id is None:
            raise LookupError(f"{self.type} {self.key} has no row yet")
        return self.row_id

    @property
    def key_of_rejection(self) -> str:
        """Where this version is accounted for when it is rejected and a good one stands under its key."""
        return fitted(f"{self.key}{_REJECTED}{self.digest[:16]}")

    @property
    def told(self) -> dict[str, Any]:
        """The columns it was read into."""
        return self.reading.fields if self.reading else {}

    @property
    def links(self) -> Mapping[str, Key | None]:
        """What it points at, by link."""
        return self.reading.links if self.reading else {}

    @property
    def open(self) -> bool:
        return self.fate is None


def entry_of(item: Incoming, *, file: str, file_digest: str, seen_before: bool) -> Entry:
    """The entry of one item of a file; unreadable ones are known by their file and line."""
    resource = item.resource
    if resource is None:
        key = f"{file_digest[:32]}:{item.line}:{_digest(item.fault.encode())[:16]}"
        entry = Entry(UNREADABLE, key, "", None, {}, file, item.line, seen_before=seen_before)
        entry.reject(f"unreadable: {item.fault}")
        return entry
    digest = _digest(orjson.dumps(resource, option=orjson.OPT_SORT_KEYS))
    keys = [key.replace("\x00", "") for key in own_keys(resource, item.full_url)]
    own = keys[0] if keys else f"sha:{digest}"
    return Entry(
        str(resource["resourceType"]),
        own,
        digest,
        resource,
        item.scope,
        file,
        item.line,
        further_keys=tuple(key for key in dict.fromkeys(keys) if key != own),
        seen_before=seen_before,
    )


def check(entry: Entry) -> None:
    """Settle an entry of a type that is not taken, and one that FHIR forbids."""
    if entry.type not in READERS:
        entry.fate, entry.reason = Fate.UNSUPPORTED, f"unsupported: {entry.type} is not taken yet"
        return
    wrong = faults(entry.resource or {})
    if wrong:
        entry.reject("invalid: " + "; ".join(wrong))


def read(entry: Entry) -> None:
    """Read a checked entry into the record's columns; a moment or number that cannot be held settles it."""
    try:
        entry.reading = READERS[entry.type](entry.resource or {}, entry.scope)
    except (ValueError, TypeError, AttributeError, KeyError, OverflowError) as error:
        entry.reject(f"invalid: {entry.type}: {error}")


def contained_in(entry: Entry) -> Iterator[Entry]:
    """The contained resources that are taken with their container, which learns their keys."""
    parts = [part for part in (entry.resource or {}).get("contained") or [] if part.get("resourceType") in CONTAINED]
    names: dict[str, Key] = {}
    for part in parts:
        key = fitted(f"{entry.type}/{entry.key}#{part.get('id')}")
        names[f"#{part.get('id')}"] = Key(part["resourceType"], key)
    entry.scope = {**entry.scope, **names}
    for name, part in {f"#{part.get('id')}": part for part in parts}.items():
        key = names[name].key
        digest = _digest(orjson.dumps(part, option=orjson.OPT_SORT_KEYS))
        yield Entry(part["resourceType"], key, digest, part, entry.scope, entry.file, entry.line)


def from_account(resource_type: str, key: str, digest: str, body: Mapping[str, Any]) -> Entry:
    """A rejected resource that is tried again from its account, under the key of the good one where there is one."""
    key = key.partition(_REJECTED)[0]
    further = tuple(other for other in own_keys(body) if other != key)
    return Entry(resource_type, key, digest, body, {}, further_keys=further)


def _digest(content: bytes) -> str:
    return blake2b(content, digest_size=32).hexdigest()
