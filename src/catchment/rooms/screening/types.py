"""The words of screening."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID


class State(StrEnum):
    """Where a case stands: somebody whose risk asks for something to be done."""

    FOUND = "found"
    INFORMED = "informed"
    REACHED = "reached"
    TESTED = "tested"
    CONFIRMED = "confirmed"
    CLEARED = "cleared"
    ENROLLED = "enrolled"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    MOVED_AWAY = "moved-away"
    LAPSED = "lapsed"


class Side(StrEnum):
    """Where an actor stands: the team that answers for the person, or the system by itself."""

    TEAM = "team"
    SYSTEM = "system"


class Way(StrEnum):
    """How a model's input is had from the record."""

    AGE = "age"
    SEX = "sex"
    AREA = "area"
    CONSTANT = "constant"
    MEASUREMENT = "measurement"
    ANSWER = "answer"
    CONDITION = "condition"
    MEDICINE = "medicine"
    FORMULA = "formula"


class Status(StrEnum):
    """How an assessment ended, as the risk models say it."""

    ASSESSED = "assessed"
    OUT_OF_POPULATION = "out_of_population"
    NOT_APPLICABLE = "not_applicable"
    MISSING = "missing"
    REJECTED = "rejected"


OPEN_STATES = (State.FOUND, State.INFORMED, State.REACHED, State.TESTED, State.CONFIRMED)
DROPPED_STATES = (State.REFUSED, State.UNREACHABLE, State.MOVED_AWAY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A part of the county: people whose key is at least `low` and below `high`."""

    number: int
    low: int
    high: int


@dataclass(slots=True, kw_only=True)
class Account:
    """What a run has done so far; every person in it is counted once for each model.

    `newer` are the people left alone, for they were assessed from newer facts than the run's.
    """

    people: int = 0
    assessed: int = 0
    missing: int = 0
    elsewhere: int = 0
    changed: int = 0
    opened: int = 0
    updated: int = 0
    lapsed: int = 0
    newer: int = 0

    def add(self, other: "Account") -> None:
        for name in self.__dataclass_fields__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One contribution as a page draws it: `share` is 0 to 100 of the largest, with its sign kept in `amount`."""

    label: str
    amount: float
    share: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InputLine:
    """One input of a model as a page shows it: what is known, from where and when."""

    name: str
    label: str
    value: str
    unit: str = ""
    way: str = ""
    day: date | None = None
    entry_kind: str = ""
    entry_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelLine:
    """One model's newest assessment of a person, ready to be shown."""

    model: str
    title: str
    edition: str
    evidence: str
    status: str
    band: str
    band_label: str
    mark: str
    value: str
    action: str
    why: tuple[str, ...]
    bars: tuple[Bar, ...]
    inputs: tuple[InputLine, ...]
    missing: tuple[str, ...]
    assessed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeLine:
    """One programme on a person's page."""

    code: str
    title: str
    lines: tuple[ModelLine, ...]
    cases: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What a plan tells a resident: its case, when they read it, and the plan's actions that still wait."""

    case: Any
    read_at: datetime | None
    steps: tuple[Any, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One stage of a programme's funnel; `shown` is empty where the count is too small for the viewer."""

    code: str
    label: str
    count: int
    shown: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceFunnel:
    """The funnel of one township, village or doctor: counts by stage, as shown."""

    label: str
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowLine:
    """One person's case as disease control reads it, who it is left open; `ages` are the ten years they are in."""

    public_id: UUID
    pseudonym: str
    sex: str
    ages: str
    band: str
    state: str
    opened_at: datetime
    followed: bool
