"""The words of indicators."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Fate(StrEnum):
    """What became of a row of supplied figures. `corrected`: taken, in the place of another number."""

    TAKEN = "taken"
    CORRECTED = "corrected"
    KNOWN = "known"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureValue:
    """One value as pages and other rooms use it; `value` is `None` unless `status` is `valued`.

    `value`, `numerator` and `denominator` are in the unit that the definition gives; `missing_sources` are names in the
    reader's language. `edition` is the version of the set; `as_of` the state of the facts, empty for the present.
    """

    code: str
    name: str
    place_code: str
    place_name: str
    level: str
    period: str
    value: float | None
    numerator: float | None
    denominator: float | None
    unit: str
    digits: int
    status: str
    light: str
    missing_sources: tuple[str, ...]
    edition: str
    as_of: str
    computed_at: datetime | None
    verified: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FunnelPoint:
    """One place in a funnel plot: its value, how many cases, and outside which limits it lies (empty: inside both).

    `better` says on which side, by the measure's direction; `None` where it has none.
    """

    place_code: str
    place_name: str
    n: float
    value: float
    outside: str
    better: bool | None = None
