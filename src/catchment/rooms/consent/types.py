"""Why somebody may see a person's record, and what the person says to that."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class RelationKind(StrEnum):
    """A relation that somebody begins by hand; all others follow from what is the case."""

    PRESENCE = "presence"
    BREAK_GLASS = "break-glass"
    CONSENT = "consent"


class Sharing(StrEnum):
    """What a person allows: what the network's rule gives, or only those who treat them now."""

    NETWORK = "network"
    RELATIONS = "relations"


class Verdict(StrEnum):
    """What the privacy officer found of a look in an emergency."""

    JUSTIFIED = "justified"
    UNJUSTIFIED = "unjustified"


@dataclass(frozen=True, slots=True)
class Look:
    """One line of who looked: when, who, where, at what, and by what right."""

    at: datetime
    who: str
    role: str
    facility: str
    event: str
    purpose: str
