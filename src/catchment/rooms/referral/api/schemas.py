"""What programs send and get."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Field, Schema

from catchment.kernel.api import ActionOut, EventOut, Strict, Told
from catchment.rooms.referral.types import LetterForm

Part = Literal["problems", "medicines", "allergies", "results", "documents", "reports"]


class ServiceIn(Strict):
    """A service by the codes of its facility and its own."""

    facility: str = Field(max_length=40)
    service: str = Field(max_length=40)


class LetterIn(Strict):
    diagnoses: list[dict[str, str]] = Field(default_factory=list, max_length=50)
    course: str = Field("", max_length=20_000)
    results: str = Field("", max_length=20_000)
    medicines: list[dict[str, str]] = Field(default_factory=list, max_length=100)
    advice: str = Field("", max_length=20_000)
    follow_up_days: int | None = Field(None, ge=1, le=365)
    come_back_on: date | None = None
    come_back_if: str = Field("", max_length=2_000)
    inpatient_number: str = Field("", max_length=40)

    def as_form(self) -> LetterForm:
        values = self.model_dump()
        return LetterForm(
            **{**values, "diagnoses": tuple(values["diagnoses"]), "medicines": tuple(values["medicines"])}
        )


class SendingIn(Strict):
    """How it is sent. `slot` is one of the service's free slots; without it the earliest is held."""

    reserve: bool = True
    slot: int | None = None
    phone: str = Field("", max_length=200)
    acknowledged_live: bool = False


class ReferralIn(Strict):
    """A new referral. With `send` it is sent at once, else kept as a draft."""

    person: UUID
    to: ServiceIn
    urgency: Literal["emergency", "urgent", "ordinary"] = "ordinary"
    reason_code: str = Field(max_length=32)
    indication_code: str = Field("", max_length=32)
    diagnosis_code: str = Field("", max_length=40)
    diagnosis: str = Field("", max_length=120)
    question: str = Field("", max_length=20_000)
    treatment: str = Field("", max_length=20_000)
    parts: list[Part] = ["problems", "medicines", "allergies", "results"]
    catalogue_reason: str = Field("", max_length=2_000)
    wants_bed: bool = False
    letter: LetterIn | None = None
    send: SendingIn | None = None


class StepIn(Strict):
    """What a step may need. Fields that the step does not use must be left out."""

    code: str = Field("", max_length=32)
    text: str = Field("", max_length=20_000)
    slot: int | None = None
    to: ServiceIn | None = None
    encounter: int | None = None
    letter: LetterIn | None = None
    sending: SendingIn | None = None


class ReferralOut(Told):
    """A referral as programs see it."""

    id: UUID
    number: str
    person: UUID
    direction: str
    urgency: str
    state: str
    state_since: datetime
    due_at: datetime | None
    from_facility: str
    to_facility: str | None
    to_service: str | None
    slot_at: datetime | None
    reason_code: str
    indication_code: str
    diagnosis_code: str
    diagnosis: str
    question: str
    against_catalogue: bool
    redirects: int
    sent_at: datetime | None
    accepted_at: datetime | None
    arrived_at: datetime | None
    answered_at: datetime | None
    taken_over_at: datetime | None


class ReferralDetailOut(ReferralOut):
    summary: dict[str, Any]
    actions: list[ActionOut]
    history: list[EventOut]


class ReferralPage(Schema):
    total: int
    items: list[ReferralOut]


class ProposalOut(Schema):
    """A destination with the reasons for and against it."""

    facility: str
    service: str
    facility_name: str
    service_name: str
    direction: str
    kilometres: float | None
    next_slot: datetime | None
    free_slots: int
    free_beds: int
    score: float
    reasons: list[str]
    warnings: list[str]


class SlotOut(Schema):
    id: int
    starts_at: datetime
    ends_at: datetime
    quota: str


class FiguresOut(Schema):
    """Counts of referrals; null where a count is withheld as too small to tell."""

    sent: int | None
    up: int | None
    down: int | None
    accepted: int | None
    declined: int | None
    arrived: int | None
    effective: int | None
    effective_rate: float | None
    accept_median: float | None


class MonthOut(FiguresOut):
    month: date


class PlaceOut(FiguresOut):
    place: str


class StatisticsOut(Schema):
    """The figures of whole months, counted by day of sending; `smallest` is the least count that is told."""

    first: date
    last: date
    smallest: int
    totals: FiguresOut
    months: list[MonthOut]
    places: list[PlaceOut]
