"""The account of rows that come in: each meets one fate, so that what was read is always the sum of the fates."""

from collections import Counter
from enum import StrEnum
from typing import Any


class Fate(StrEnum):
    """What became of one row. A room that has more to say of its rows has fates of its own."""

    TAKEN = "taken"
    KNOWN = "known"
    REJECTED = "rejected"


class Account:
    """How many rows met which fate, told in the order of `fates`, and each rejection with its row and reason."""

    def __init__(self, fates: type[StrEnum] = Fate) -> None:
        self._fates = fates
        self._counts: Counter[str] = Counter()
        self.rejections: list[dict[str, Any]] = []

    def add(self, fate: StrEnum, count: int = 1) -> None:
        """Count rows, fewer where `count` is negative: those meet another fate after all."""
        self._counts[fate] += count

    def add_row(self, fate: StrEnum, *, row: str | int, reason: str) -> None:
        """Count one row, and keep its number or name and the reason where it is rejected."""
        self.add(fate)
        if fate == Fate.REJECTED:
            self.rejections.append({"row": row, "reason": reason})

    def __getitem__(self, fate: StrEnum) -> int:
        return self._counts[fate]

    @property
    def read(self) -> int:
        return self._counts.total()

    def counts(self) -> dict[str, int]:
        """How many rows met each fate."""
        return {fate.value: self._counts[fate] for fate in self._fates}

    def as_dict(self) -> dict[str, Any]:
        """Read, the count of each fate, and the rejections, as commands tell it."""
        return {"read": self.read, **self.counts(), "rejections": self.rejections}
