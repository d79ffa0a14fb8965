"""What the board shows on other rooms' pages."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from catchment.rooms.board import queries
from catchment.rooms.board.types import OpeningLine
from catchment.rooms.consent import queries as consent


@dataclass(frozen=True, slots=True)
class Openings:
    """Identities that offices have opened lately, each with its purpose in words."""

    lines: list[tuple[OpeningLine, str]]
    template: str = "board/openings.html"


def opened_lately(now: datetime) -> Openings:
    """The last identities opened, for the privacy officer; whom the walls show none sees an empty list."""
    found = queries.openings_lately(now)
    return Openings([(one, consent.purpose_told(one.purpose, timezone.localdate(one.since))) for one in found])
