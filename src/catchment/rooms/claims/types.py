"""The words of settlement. Every amount is in fen."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """One stay to be settled. `excluded` is what no insurance covers (自费), `first_pay` is paid first (先行自付).

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


@dataclass(frozen=True, slots=True)
class Year:
    """What a person's earlier stays of the calendar year have used up."""

    admissions: int = 0
    basic: int = 0
    own: int = 0
    serious: int = 0
    aid: int = 0
    aid_deductible: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One layer's reckoning: of `base`, after `deductible`, it pays `paid`; `why` tells it to a resident."""

    layer: Layer
    base: int
    deductible: int
    paid: int
    why: tuple[str, ...]


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
