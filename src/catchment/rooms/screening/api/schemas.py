"""What programs send and get."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from ninja import Field, Schema

from catchment.kernel.api import ActionOut, EventOut, Strict


class CaseStepIn(Strict):
    """What a step may need: a coded reason with words, or the result of the examination."""

    code: str = Field("", max_length=32)
    text: str = Field("", max_length=2_000)
    result: str = Field("", max_length=2_000)


class AssessmentOut(Schema):
    """One model's newest word on a person. `inputs` says of each input its value and which entry it came from."""

    model: str
    edition: str
    rules: str
    status: str
    value: Any
    band: str
    inputs: dict[str, Any]
    reasons: dict[str, Any]
    assessed_at: datetime


class PlanOut(Schema):
    place: int
    code: str
    text: str
    due_on: date
    done_at: datetime | None


class CaseOut(Schema):
    """A case as programs see it."""

    id: UUID
    person: UUID
    programme: str
    model: str
    band: str
    priority: str
    state: str
    state_since: datetime
    due_at: datetime | None
    facility: str
    opened_at: datetime


class CaseDetailOut(CaseOut):
    message: str
    result: str
    assessment: AssessmentOut
    plan: list[PlanOut]
    actions: list[ActionOut]
    history: list[EventOut]


class CasePage(Schema):
    total: int
    items: list[CaseOut]
