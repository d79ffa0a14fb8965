"""Reasons as data: a code and the facts it rests on, in no language. Whoever reads one is told it in their own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

WRITTEN = "written"
"""The code of a reason that was kept as a sentence, before reasons were data."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a figure is what it is. Facts are what JSON holds: amounts in whole fen, fractions and days as text."""

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """As it is kept."""
        return {"code": self.code, "facts": dict(self.facts)}


def reason_in(kept: object) -> Reason:
    """A reason as it was kept; a sentence, alone or as the `text` of a code, is one that was written down."""
    if isinstance(kept, Reason):
        return kept
    if isinstance(kept, Mapping) and "text" not in kept:
        return Reason(kept["code"], kept["facts"])
    return Reason(WRITTEN, {"text": kept["text"] if isinstance(kept, Mapping) else kept})


def reasons_in(kept: object) -> tuple[Reason, ...]:
    """Several reasons as they were kept: a list of them, or one sentence in the place of a list."""
    several = kept if isinstance(kept, Sequence) and not isinstance(kept, str) else [kept] if kept else []
    return tuple(reason_in(one) for one in several)


def same_content(kept: Any, again: Any) -> bool:
    """Whether what was computed again is what was kept, as JSON; a sentence in a reason's place is not compared."""
    if _sentence(kept) and not _sentence(again):
        return isinstance(again, Mapping | list | tuple)
    if isinstance(kept, Mapping) and isinstance(again, Mapping):
        return kept.keys() == again.keys() and all(same_content(kept[name], again[name]) for name in kept)
    if isinstance(kept, list | tuple) and isinstance(again, list | tuple):
        return len(kept) == len(again) and all(map(same_content, kept, again))
    return bool(kept == again)


def _sentence(kept: Any) -> bool:
    return isinstance(kept, str) or (isinstance(kept, Mapping) and "text" in kept and "facts" not in kept)
