"""The words of referral."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any


class State(StrEnum):
    """Where a referral stands."""

    DRAFT = "draft"
    SENT = "sent"
    INFORMATION_REQUESTED = "information-requested"
    ACCEPTED = "accepted"
    ARRIVED = "arrived"
    ANSWERED = "answered"
    TAKEN_OVER = "taken-over"
    CLOSED = "closed"
    DECLINED = "declined"
    EXPIRED = "expired"
    MISSED = "missed"
    WITHDRAWN = "withdrawn"


class AdviceState(StrEnum):
    ASKED = "asked"
    ANSWERED = "answered"
    CONVERTED = "converted"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class Direction(StrEnum):
    """From the sender's place in the ladder; `out` leaves the network."""

    UP = "up"
    DOWN = "down"
    ACROSS = "across"
    OUT = "out"


class Urgency(StrEnum):
    EMERGENCY = "emergency"
    URGENT = "urgent"
    ORDINARY = "ordinary"


class Side(StrEnum):
    """Where an actor stands: who sends, who receives, the system by itself."""

    SENDER = "sender"
    RECEIVER = "receiver"
    SYSTEM = "system"


class MessageKind(StrEnum):
    QUESTION = "question"
    ANSWER = "answer"
    PHONE = "phone"
    NOTE = "note"


LIVE_STATES = (State.SENT, State.INFORMATION_REQUESTED, State.ACCEPTED, State.ARRIVED, State.ANSWERED)


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterForm:
    """What a discharge letter and plan says. `medicines` and `diagnoses` are lists of {code, display, dose}."""

    diagnoses: tuple[dict[str, str], ...] = ()
    course: str = ""
    results: str = ""
    medicines: tuple[dict[str, str], ...] = ()
    advice: str = ""
    follow_up_days: int | None = None
    come_back_on: date | None = None
    come_back_if: str = ""
    inpatient_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralForm:
    """What a referral says before it is sent. `parts` are the ticked parts of the record."""

    to_service_id: int | None = None
    urgency: str = "ordinary"
    reason_code: str = ""
    indication_code: str = ""
    diagnosis_code: str = ""
    diagnosis: str = ""
    question: str = ""
    treatment: str = ""
    parts: tuple[str, ...] = ("problems", "medicines", "allergies", "results")
    catalogue_reason: str = ""
    wants_bed: bool = False
    document_ids: tuple[int, ...] = ()
    letter: LetterForm | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """How a referral is sent: the chosen slot (`None`: the earliest), or none; the phone call of an emergency."""

    reserve: bool = True
    slot_id: int | None = None
    phone: str = ""
    acknowledged_live: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One reason as data: a code, the words, and the values it rests on."""

    code: str
    text: str
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One destination with the reasons that speak for it, best first. `kilometres` is the straight line."""

    service_id: int
    service_name: str
    facility_id: int
    facility_name: str
    level: str
    direction: str
    kilometres: float | None
    next_slot: datetime | None
    free_slots: int
    free_beds: int
    wait_days: int
    phone: str
    score: float
    reasons: tuple[Reason, ...]
    warnings: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackStop:
    """One stop of the track that a referral's page draws."""

    code: str
    label: str
    at: datetime | None
    state: str
    who: str = ""
