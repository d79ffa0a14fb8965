"""The words of the record: FHIR R4's kinds of resource, classes and status words."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

SYSTOLIC, DIASTOLIC = "8480-6", "8462-4"
_SEPARATORS = 2
_CODE = re.compile(r"[A-Z][0-9][0-9A-Z.+*x]*$")
DECIMALS_READ, SIGNIFICANT_DIGITS = 3, 4


class EncounterClass(StrEnum):
    """FHIR v3-ActCode, in words."""

    AMBULATORY = "AMB"
    EMERGENCY = "EMER"
    INPATIENT = "IMP"
    HOME = "HH"
    VIRTUAL = "VR"
    OTHER = "OTH"


class EncounterStatus(StrEnum):
    PLANNED = "planned"
    ARRIVED = "arrived"
    TRIAGED = "triaged"
    IN_PROGRESS = "in-progress"
    ON_LEAVE = "onleave"
    FINISHED = "finished"
    CANCELLED = "cancelled"
    ENTERED_IN_ERROR = "entered-in-error"
    UNKNOWN = "unknown"


class FactKind(StrEnum):
    """What a line of the timeline is."""

    ENCOUNTER = "encounter"
    CONDITION = "condition"
    OBSERVATION = "observation"
    PROCEDURE = "procedure"
    MEDICATION = "medication"
    ALLERGY = "allergy"
    IMMUNIZATION = "immunization"
    REPORT = "report"
    DOCUMENT = "document"
    REQUEST = "request"


class SourceKind(StrEnum):
    NATIVE = "native"
    FHIR = "fhir"
    HL7V2 = "hl7v2"
    SHEET = "sheet"
    TWIN = "twin"


class Fate(StrEnum):
    """What became of one incoming resource."""

    TAKEN = "taken"
    KNOWN = "known"
    UNSUPPORTED = "unsupported"
    REJECTED = "rejected"


class Trend(StrEnum):
    """How the latest number stands to the one before it; `NONE` when there is nothing to compare."""

    UP = "up"
    DOWN = "down"
    SAME = "same"
    NONE = "none"


class Flag(StrEnum):
    """How a number stands to its reference range (FHIR v3-ObservationInterpretation, in words)."""

    NORMAL = "normal"
    LOW = "low"
    HIGH = "high"
    ABNORMAL = "abnormal"
    CRITICAL = "critical"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One thing measured beside the bed: its LOINC code, its unit (UCUM), and what a body can show."""

    code: str
    display: str
    unit: str
    low: float
    high: float
    category: str = "vital-signs"


MEASURES = {
    "systolic": Measure(code=SYSTOLIC, display="收缩压", unit="mm[Hg]", low=40, high=300),
    "diastolic": Measure(code=DIASTOLIC, display="舒张压", unit="mm[Hg]", low=20, high=200),
    "pulse": Measure(code="8867-4", display="脉搏", unit="/min", low=20, high=300),
    "glucose": Measure(code="15074-8", display="血糖", unit="mmol/L", low=0.5, high=60, category="laboratory"),
    "weight": Measure(code="29463-7", display="体重", unit="kg", low=0.3, high=400),
    "temperature": Measure(code="8310-5", display="体温", unit="Cel", low=25, high=45),
}


class Amendment(StrEnum):
    """How an entry is put right: it ended, or it was written in error."""

    END = "end"
    WITHDRAW = "withdraw"


class Mistake(StrEnum):
    """Why an entry was written in error."""

    WRONG_PERSON = "wrong-person"
    WRONG_CONTENT = "wrong-content"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class Coded:
    """A diagnosis as it is typed: its name and, where known, its ICD-10 code."""

    display: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Prescribed:
    """A medicine with its dose and use as written."""

    display: str
    dose: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitForm:
    """What was measured, found and said in one visit; what was not is `None` or empty. Numbers are those of `MEASURES`.

    `medicines` has one for each line of a form, an empty one for a line left empty.
    """

    systolic: float | None = None
    diastolic: float | None = None
    pulse: float | None = None
    glucose: float | None = None
    weight: float | None = None
    temperature: float | None = None
    diagnoses: tuple[Coded, ...] = ()
    medicines: tuple[Prescribed, ...] = ()
    allergy: str = ""
    reaction: str = ""
    note: str = ""
    at_home: bool = False


@dataclass(frozen=True, slots=True)
class Labelled:
    """How many entries of one table changed their sensitive part."""

    table: str
    changed: int


@dataclass(frozen=True, slots=True)
class Line:
    """One coded entry of a summary. `detail` is the kind's own words: dose, reaction, conclusion, note."""

    kind: FactKind
    id: int
    code_system: str
    code: str
    display: str
    status: str
    at: datetime
    facility_name: str = ""
    practitioner_name: str = ""
    detail: str = ""
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """The latest value of one observation code. `components` are the parts of a panel, each with its value."""

    id: int
    code: str
    display: str
    category: str
    at: datetime
    value: float | None
    unit: str
    value_text: str
    components: tuple[dict[str, Any], ...]
    low: float | None
    high: float | None
    flag: Flag
    previous: float | None
    previous_text: str
    previous_at: datetime | None
    trend: Trend
    facility_name: str = ""

    @property
    def shown(self) -> str:
        """The value as a person reads it, without its unit: 128/82 for a panel of blood pressure."""
        if self.value is not None:
            return number_text(self.value)
        if self.value_text:
            return self.value_text
        return panel_text(self.components)

    @property
    def previous_shown(self) -> str:
        """The value before it, read in the same way."""
        return number_text(self.previous) if self.previous is not None else self.previous_text


@dataclass(frozen=True, slots=True)
class Alert:
    """What must not be overlooked: `code` is `allergy` or `critical-result`."""

    code: str
    display: str
    detail: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PersonSummary:
    """What a doctor sees first of a person; every list newest first."""

    problems: tuple[Line, ...]
    medicines: tuple[Line, ...]
    allergies: tuple[Line, ...]
    results: tuple[Result, ...]
    reports: tuple[Line, ...]
    documents: tuple[Line, ...]
    encounters: tuple[Line, ...]
    alerts: tuple[Alert, ...]


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a timeline: just before this entry, or before a moment when kind and id are left out."""

    at: datetime
    kind: str = ""
    id: int = 0

    def __str__(self) -> str:
        return f"{self.at.isoformat()}~{self.kind}~{self.id}"

    @classmethod
    def parse(cls, text: str) -> "Position":
        """Read what `str` wrote; `ValueError` for anything else."""
        at, kind, key = text.split("~") if text.count("~") == _SEPARATORS else ("", "", "")
        if not key.isdecimal() or (kind and kind not in set(FactKind)):
            raise ValueError("not a position in a timeline")
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None:
            raise ValueError("not a position in a timeline: the moment has no time zone")
        return cls(moment, kind, int(key))


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    kind: FactKind
    id: int
    at: datetime
    code: str
    display: str
    status: str
    detail: str
    flag: Flag
    facility_name: str
    practitioner_name: str
    source_name: str
    ended_at: datetime | None = None

    @property
    def position(self) -> Position:
        """Where the next, older page begins."""
        return Position(self.at, self.kind, self.id)


@dataclass(frozen=True, slots=True)
class Provenance:
    """Who recorded an entry, where, when, and from which source and message it came."""

    facility_name: str
    practitioner_name: str
    source_code: str
    source_name: str
    source_kind: str
    external_id: str
    recorded_at: datetime
    message_type: str = ""
    message_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class EntryDetail:
    """One entry with everything it carries: `fields` are the kind's own columns that hold a value, `row` is the row."""

    row: Any
    line: Line
    person_id: int
    encounter_id: int | None
    fields: dict[str, Any]
    provenance: Provenance


def number_text(value: float) -> str:
    """A number as it is read: 5.6, 128, 0.03; never 128.0.

    What carries more than three decimals is a computed value and is read to four significant digits: 43.19, 376.7.
    """
    text = exact_text(value)
    if len(text.partition(".")[2]) <= DECIMALS_READ or "e" in text:
        return text
    return exact_text(round(value, max(0, SIGNIFICANT_DIGITS - 1 - math.floor(math.log10(abs(value))))))


def exact_text(value: float) -> str:
    """A number as it came, to ten significant digits."""
    return f"{value:.10g}"


def coded_of(text: str) -> Coded:
    """A diagnosis typed in one line, its ICD-10 code behind the name or left out: 2型糖尿病 E11.9."""
    name, _space, code = text.strip().rpartition(" ")
    return Coded(name.strip(), code) if name and _CODE.match(code) else Coded(text.strip())


def panel_text(components: Iterable[dict[str, Any]]) -> str:
    """The parts of a panel beside one another: 128/82 for a blood pressure, else each by its name."""
    parts = {str(part.get("code")): part for part in components}
    pair = [number_text(parts[code]["value"]) for code in (SYSTOLIC, DIASTOLIC) if parts.get(code, {}).get("value")]
    if len(pair) == len((SYSTOLIC, DIASTOLIC)):
        return "/".join(pair)
    return "; ".join(f"{part.get('display') or code} {_part_text(part)}" for code, part in parts.items())


def _part_text(part: dict[str, Any]) -> str:
    value = part.get("value")
    return number_text(value) if isinstance(value, int | float) else str(part.get("value_text") or "")
