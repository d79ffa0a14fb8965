"""The words of the record: FHIR R4's kinds of resource, classes and status words."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

SYSTOLIC, DIASTOLIC = "8480-6", "8462-4"
_SEPARATORS = 2
SHOWN_REJECTIONS = 50


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


class Tally:
    """How many resources met which fate, by type. What was read is always the sum of the four fates."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, Fate]] = Counter()
        self._rejections: dict[tuple[str, str], list[dict[str, Any]]] = {}
        self._repeats: Counter[tuple[str, str]] = Counter()
        self.replayed = 0
        self.noted: dict[str, int] = {}

    def forget(self, resource_type: str, fate: Fate) -> None:
        """Another room takes these and tells their fates itself; `noted` is for what else it has to say."""
        del self._counts[resource_type, fate]

    def add(self, resource_type: str, fate: Fate, count: int = 1) -> None:
        self._counts[resource_type, fate] += count

    def reject(
        self, resource_type: str, key: str, *, file: str, line: int, reason: str, repeated: bool = False
    ) -> None:
        """Count a rejection and keep it to be shown, the first fifty; `repeated` in this run under the same key."""
        self.add(resource_type, Fate.REJECTED)
        if repeated:
            self._repeats[resource_type, key] += 1
        if len(self._rejections) < SHOWN_REJECTIONS:
            told = {"file": file, "line": line, "type": resource_type, "id": key, "reason": reason}
            self._rejections.setdefault((resource_type, key), []).append(told)

    def mend(self, resource_type: str, key: str, fate: Fate) -> None:
        """One that was rejected in this run has met another fate after all; its repeats are known by that."""
        repeats = self._repeats.pop((resource_type, key), 0)
        self.add(resource_type, Fate.REJECTED, -1 - repeats)
        self.add(resource_type, fate)
        self.add(resource_type, Fate.KNOWN, repeats)
        self._rejections.pop((resource_type, key), None)

    @property
    def rejections(self) -> list[dict[str, Any]]:
        """The first rejections: file, line, type, id and reason."""
        return [told for kept in self._rejections.values() for told in kept]

    @property
    def read(self) -> int:
        return self._counts.total()

    def __getitem__(self, fate: Fate) -> int:
        return sum(count for (_, met), count in self._counts.items() if met is fate)

    def by_type(self) -> dict[str, dict[str, int]]:
        """For every type, in the alphabet's order: read, taken, known, unsupported, rejected."""
        types = sorted({resource_type for (resource_type, _), count in self._counts.items() if count})
        return {name: self._row({fate: self._counts[name, fate] for fate in Fate}) for name in types}

    def as_dict(self) -> dict[str, Any]:
        """The account of a run as commands and runs keep it."""
        return {
            **self._row({fate: self[fate] for fate in Fate}),
            "replayed": self.replayed,
            **self.noted,
            "by_type": self.by_type(),
            "rejections": self.rejections,
        }

    @staticmethod
    def _row(counts: dict[Fate, int]) -> dict[str, int]:
        return {"read": sum(counts.values()), **{fate.value: count for fate, count in counts.items()}}


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


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitForm:
    """What was measured and said in one visit; what was not is `None`. The fields are those of `MEASURES`."""

    systolic: float | None = None
    diastolic: float | None = None
    pulse: float | None = None
    glucose: float | None = None
    weight: float | None = None
    temperature: float | None = None
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
    """One entry with everything it carries: `fields` are the kind's own columns that hold a value."""

    line: Line
    person_id: int
    encounter_id: int | None
    fields: dict[str, Any]
    provenance: Provenance


def number_text(value: float) -> str:
    """A number as it was measured: 5.6, 128, 0.03; never 128.0."""
    return f"{value:.10g}"


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
