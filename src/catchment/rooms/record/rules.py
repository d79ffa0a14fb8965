"""What a record's entries mean: current or past, normal or not. Pure."""

from collections.abc import Mapping

from pydantic import BaseModel, Field

from catchment.rooms.record.types import FactKind, Flag, Trend
from catchment.rooms.rulebook.rules import Rule

GRADES, MEDICINES = "record.operation-grades", "record.medicines"

CURRENT_CONDITION = ("active", "recurrence", "relapse")
DISPROVED = ("refuted", "entered-in-error")
CURRENT_MEDICATION = ("active", "on-hold")
VOID = ("entered-in-error", "cancelled", "not-done")


class GradedOperation(Rule):
    """Operations whose ICD-9-CM-3 code begins so, with their grade, 1 the simplest and 4 the hardest."""

    prefix: str = Field(pattern=r"^[0-9]{2}(\.[0-9a-zA-Z]+)?$")
    grade: int = Field(ge=1, le=4)
    zh: str


class OperationGradesRule(Rule):
    """The catalogue of graded operations; of several prefixes that fit the longest counts, what fits none has none."""

    operations: tuple[GradedOperation, ...] = Field(min_length=1)


class Medicine(Rule):
    """A medicine as it is prescribed: its ATC code, its name with form and strength, how it is usually taken."""

    code: str = Field(pattern=r"^[A-Z][0-9]{2}[A-Z]{2}[0-9]{2}$")
    zh: str
    dose: str = ""


class MedicinesRule(Rule):
    """The medicines that the form of a visit proposes; others can be typed."""

    medicines: tuple[Medicine, ...]


SCHEMAS: Mapping[str, type[BaseModel]] = {GRADES: OperationGradesRule, MEDICINES: MedicinesRule}
_FLAGS = {
    "N": Flag.NORMAL,
    "L": Flag.LOW,
    "H": Flag.HIGH,
    "A": Flag.ABNORMAL,
    "LL": Flag.CRITICAL,
    "HH": Flag.CRITICAL,
    "AA": Flag.CRITICAL,
}


def flag_of(value: float | None, low: float | None, high: float | None, interpretation: str) -> Flag:
    """How a result stands: the sender's interpretation where there is one, else its place in the range."""
    if interpretation in _FLAGS:
        return _FLAGS[interpretation]
    if value is None or (low is None and high is None):
        return Flag.UNKNOWN
    if low is not None and value < low:
        return Flag.LOW
    if high is not None and value > high:
        return Flag.HIGH
    return Flag.NORMAL


def trend_of(latest: float | None, previous: float | None) -> Trend:
    """The direction from the previous number to the latest, both in one unit."""
    if latest is None or previous is None:
        return Trend.NONE
    if latest == previous:
        return Trend.SAME
    return Trend.UP if latest > previous else Trend.DOWN


ENDS = {FactKind.ENCOUNTER: "finished", FactKind.CONDITION: "resolved", FactKind.MEDICATION: "stopped"}
"""Kinds whose entries last, and the status in which they end."""
ENDED_AT = {FactKind.ENCOUNTER: "ended_at", FactKind.CONDITION: "abated_at", FactKind.MEDICATION: "ended_at"}

_RUNNING = {
    FactKind.ENCOUNTER: ("planned", "arrived", "triaged", "in-progress", "onleave"),
    FactKind.CONDITION: CURRENT_CONDITION,
    FactKind.MEDICATION: CURRENT_MEDICATION,
}


def runs(kind: FactKind, status: str, ended: object) -> bool:
    """Whether an entry still lasts, so that it can end."""
    return ended is None and status in _RUNNING.get(kind, ())


def may_withdraw(kind: FactKind, status: str) -> bool:
    """Whether an entry can be said to be written in error: not twice, and no visit, on which other entries hang."""
    return kind is not FactKind.ENCOUNTER and status not in VOID
