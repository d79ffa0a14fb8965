"""Which rows of a table tell of the same person: `match` groups them, `pairs` shows why."""

from catchment.standards.identity.linkage.columns import LinkageError
from catchment.standards.identity.linkage.matching import (
    DEFAULT_THRESHOLD,
    Matched,
    Pair,
    Reason,
    match,
    pairs,
)
from catchment.standards.identity.linkage.quality import Quality, pairwise_quality

__all__ = [
    "DEFAULT_THRESHOLD",
    "LinkageError",
    "Matched",
    "Pair",
    "Quality",
    "Reason",
    "match",
    "pairs",
    "pairwise_quality",
]
