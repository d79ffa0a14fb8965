"""The words of claims and settlement. Every amount is in fen."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from catchment.standards.reasons import Reason


class State(StrEnum):
    """Where a claim stands; `HISTORY` is of a day before the first edition: known, never settled here."""

    DRAFTED = "drafted"
    CHECKED = "checked"
    REJECTED = "rejected"
    SETTLED = "settled"
    CANCELLED = "cancelled"
    HISTORY = "history"


class Layer(StrEnum):
    """Who pays, in this order."""

    BASIC = "basic"
    SERIOUS = "serious"
    AID = "aid"


class Way(StrEnum):
    """How the person came to the hospital: at home, transferred out with papers, or out of area without."""

    LOCAL = "local"
    TRANSFERRED = "transferred"
    UNFILED = "unfiled"


class Kind(StrEnum):
    """What a claim is for."""

    INPATIENT = "inpatient"
    OUTPATIENT = "outpatient"


class Insurance(StrEnum):
    """The basic insurance of a person; `NONE` for somebody who has none."""

    RESIDENT = "resident"
    EMPLOYEE = "employee"
    NONE = "none"


class Category(StrEnum):
    """What a line of a claim is for."""

    DRUG = "drug"
    CONSUMABLE = "consumable"
    EXAMINATION = "examination"
    LABORATORY = "laboratory"
    SERVICE = "service"
    OTHER = "other"


class Severity(StrEnum):
    """What a finding does: `REJECT` sends the claim back, `FLAG` lets it pass and stays on it."""

    REJECT = "reject"
    FLAG = "flag"


class ReviewState(StrEnum):
    """Where a hospital's request about one case stands."""

    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ReviewKind(StrEnum):
    """What a hospital asks for: to be paid what a case cost, or to have what was sent or taken back looked at again."""

    SPECIAL = "special"
    DISPUTE = "dispute"


class StatementKind(StrEnum):
    """What a statement pays: a month in advance, a month's cases, what a year still wants, what came after that."""

    PREPAYMENT = "prepayment"
    MONTHLY = "monthly"
    CLEARANCE = "clearance"
    SUPPLEMENT = "supplement"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """One stay or visit to be settled.

    `excluded` is what no insurance covers (自费), `first_pay` is paid first (先行自付).
    `level` and `category` (of the person) are the edition's codes.
    """

    id: str
    person: str
    day: date
    level: str
    category: str
    total: int
    excluded: int = 0
    first_pay: int = 0
    way: Way = Way.LOCAL
    kind: Kind = Kind.INPATIENT


@dataclass(frozen=True, slots=True)
class Year:
    """What a person's earlier stays and visits of the calendar year have used up."""

    admissions: int = 0
    basic: int = 0
    own: int = 0
    serious: int = 0
    aid: int = 0
    aid_deductible: int = 0
    outpatient: int = 0

    def less(self, before: "Year") -> "Year":
        """What was added since `before`."""
        return Year(*(getattr(self, name) - getattr(before, name) for name in YEAR))

    def plus(self, more: "Year", sign: int = 1) -> "Year":
        """The two together; with `sign` -1 what is left without `more`."""
        return Year(*(getattr(self, name) + sign * getattr(more, name) for name in YEAR))


YEAR = tuple(Year.__dataclass_fields__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One layer's reckoning: of `base`, after `deductible`, it pays `paid`; `why` says how."""

    layer: Layer
    base: int
    deductible: int
    paid: int
    why: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """How a cost is shared; the layers' payments and `patient` sum to the total. `year` is as it stands after."""

    stay: Stay
    in_scope: int
    steps: tuple[Step, ...]
    patient: int
    year: Year
    edition: str
    verified: bool

    def paid(self, layer: Layer) -> int:
        """What one layer pays."""
        return sum(step.paid for step in self.steps if step.layer is layer)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineTold:
    """One line of a claim as a source tells it; self-pay parts left open are reckoned by the edition's shares."""

    category: Category
    amount: int
    name: str = ""
    code: str = ""
    quantity: float | None = None
    excluded: int | None = None
    first_pay: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One claim as a source tells it. Diagnoses and procedures are {code, display}, the principal one first.

    `insurance`, `category` and `way` left empty are looked up for the day of the discharge.
    """

    source: str
    ref: str
    person_id: int
    facility_id: int
    kind: Kind
    begins_on: date
    ends_on: date
    lines: tuple[LineTold, ...]
    total: int | None = None
    encounter_id: int | None = None
    practitioner_id: int | None = None
    department: str = ""
    currency: str = "CNY"
    insurance: str = ""
    category: str = ""
    way: str = ""
    diagnoses: tuple[dict[str, str], ...] = ()
    procedures: tuple[dict[str, str], ...] = ()
    discharge_way: str = ""
    weight_g: int | None = None
    icu_hours: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """What a claim says after somebody has mended it; diagnoses and procedures as in `Told`, amounts in fen.

    `in_yuan`: amounts of a claim in another currency were turned into yuan by whoever mended it.
    """

    begins_on: date
    ends_on: date
    total: int
    lines: tuple[LineTold, ...]
    diagnoses: tuple[dict[str, str], ...] = ()
    procedures: tuple[dict[str, str], ...] = ()
    department: str = ""
    discharge_way: str = ""
    weight_g: int | None = None
    icu_hours: int | None = None
    in_yuan: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A claim as a source sent it, before it is known whose it is. Keys are (type, key), diagnoses (key, code, name).

    `told` are the fields of `Told` that are known. One that shares its encounter with another claim does not take it.
    """

    ref: str
    person: tuple[str, str] | None
    facility: tuple[str, str] | None
    told: dict[str, Any]
    encounter: tuple[str, str] | None = None
    shares_encounter: bool = False
    diagnoses: tuple[tuple[Any, str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a rule found: its code, what follows, and the facts it rests on, which are told when they are read."""

    code: str
    severity: Severity
    facts: dict[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """As it is kept with the claim."""
        return {"code": self.code, "severity": self.severity.value, "facts": self.facts}


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """Another stay of the same person, as a rule compares it."""

    id: int
    facility_id: int
    facility: str
    begins_on: date
    ends_on: date
    diagnosis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One claim as the rules of checking look at it; `days` in hospital, at least one."""

    id: int
    kind: Kind
    facility_id: int
    begins_on: date
    ends_on: date
    days: int
    sex: str
    age: int | None
    insurance: str
    currency: str
    total: int
    excluded: int
    first_pay: int
    diagnoses: tuple[dict[str, str], ...]
    lines: tuple[LineTold, ...]
    others: tuple[Other, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendingLine:
    """What claims settled came to, for one facility, month of discharge, kind and insurance.

    `fund` is what the three layers paid at the counter; `adjusted` what statements by disease added to or took from it.
    """

    facility_id: int
    facility: str
    in_county: bool
    month: date
    kind: str
    insurance: str
    claims: int
    days: int
    total: int
    basic: int
    serious: int
    aid: int
    patient: int
    adjusted: int = 0

    @property
    def fund(self) -> int:
        return self.basic + self.serious + self.aid


@dataclass(slots=True)
class Made:
    """How far making a year's claims has come; what was settled before is counted as known."""

    seen: int = 0
    known: int = 0
    made: int = 0
    checked: int = 0
    rejected: int = 0
    settled: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
