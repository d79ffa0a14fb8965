"""The account of a run over files: what became of each resource, by type."""

from collections import Counter, defaultdict
from typing import Any

from catchment.kernel.fates import Account
from catchment.rooms.record.types import Fate

SHOWN_REJECTIONS = 50


class Tally:
    """How many resources met which fate, by type. What was read is always the sum of the four fates."""

    def __init__(self) -> None:
        self._types: defaultdict[str, Account] = defaultdict(lambda: Account(Fate))
        self._rejections: dict[tuple[str, str], list[dict[str, Any]]] = {}
        self._repeats: Counter[tuple[str, str]] = Counter()
        self.replayed = 0
        self.noted: dict[str, int] = {}

    def forget(self, resource_type: str, fate: Fate) -> None:
        """Another room takes these and tells their fates itself; `noted` is for what else it has to say."""
        self.add(resource_type, fate, -self._types[resource_type][fate])

    def add(self, resource_type: str, fate: Fate, count: int = 1) -> None:
        self._types[resource_type].add(fate, count)

    def reject(
        self, resource_type: str, key: str, *, file: str, line: int, reason: str, repeated: bool = False
    ) -> None:
        """Count a rejection and keep it to be shown, the first fifty; `repeated` in this run under the same key."""
        self.add(resource_type, Fate.REJECTED)
        if repeated:
            self._repeats[resource_type, key] += 1
        if len(self._rejections) < SHOWN_REJECTIONS:
            told = {"file": file, "line": line, "type": resource_type, "id": key, "reason": reason}
            self._rejections.setdefault((resource_type, key), []).append(told)

    def mend(self, resource_type: str, key: str, fate: Fate) -> None:
        """One that was rejected in this run has met another fate after all; its repeats are known by that."""
        repeats = self._repeats.pop((resource_type, key), 0)
        self.add(resource_type, Fate.REJECTED, -1 - repeats)
        self.add(resource_type, fate)
        self.add(resource_type, Fate.KNOWN, repeats)
        self._rejections.pop((resource_type, key), None)

    @property
    def rejections(self) -> list[dict[str, Any]]:
        """The first rejections: file, line, type, id and reason."""
        return [told for kept in self._rejections.values() for told in kept]

    @property
    def read(self) -> int:
        return sum(one.read for one in self._types.values())

    def __getitem__(self, fate: Fate) -> int:
        return sum(one[fate] for one in self._types.values())

    def by_type(self) -> dict[str, dict[str, int]]:
        """For every type, in the alphabet's order: read, taken, known, unsupported, rejected."""
        return {name: {"read": one.read, **one.counts()} for name, one in sorted(self._types.items()) if one.read}

    def as_dict(self) -> dict[str, Any]:
        """The account of a run as commands and runs keep it."""
        return {
            "read": self.read,
            **{fate.value: self[fate] for fate in Fate},
            "replayed": self.replayed,
            **self.noted,
            "by_type": self.by_type(),
            "rejections": self.rejections,
        }
