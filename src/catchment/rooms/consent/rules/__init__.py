"""The editions of access and what they mean for one record; which counts of people may be told."""

from catchment.rooms.consent.rules.cells import Share, told, told_shares, withheld
from catchment.rooms.consent.rules.editions import (
    IDENTITY,
    SCHEMAS,
    SENSITIVE,
    SMALL_CELLS,
    TERMS,
    IdentityRule,
    Part,
    Purpose,
    SensitiveRule,
    SmallCellsRule,
    TermsRule,
    part_of,
    parts_from,
)
from catchment.rooms.consent.rules.ending import why_not_ended

__all__ = [
    "IDENTITY",
    "SCHEMAS",
    "SENSITIVE",
    "SMALL_CELLS",
    "TERMS",
    "IdentityRule",
    "Part",
    "Purpose",
    "SensitiveRule",
    "Share",
    "SmallCellsRule",
    "TermsRule",
    "part_of",
    "parts_from",
    "told",
    "told_shares",
    "why_not_ended",
    "withheld",
]
