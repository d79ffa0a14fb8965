"""Shapes of the native API that every subject moving by steps shares."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from ninja import Schema
from pydantic import BaseModel, ConfigDict

from catchment.kernel.flow import Choice


class Strict(Schema):
    """Nothing unknown is taken, so that a misspelt field is told and not lost."""

    model_config = ConfigDict(extra="forbid")


class Told(BaseModel):
    """What is told to programs, read from dictionaries and objects as they are: many to an answer cost little."""

    model_config = ConfigDict(from_attributes=True)


class ActionOut(Told):
    """A step that leaves the present state: whether this post may take it now, and if not, why."""

    verb: str
    allowed: bool
    code: str = ""
    why: str = ""
    reasons: str = ""


class EventOut(Told):
    """One line of a subject's history."""

    verb: str
    from_state: str
    to_state: str
    at: datetime
    actor_name: str
    facility_name: str
    reason_code: str
    reason_text: str


def actions_out(choices: Iterable[Choice]) -> list[dict[str, Any]]:
    """What `ActionOut` takes, one for each choice."""
    return [
        {
            "verb": choice.step.verb,
            "allowed": choice.allowed,
            "code": choice.code,
            "why": choice.why,
            "reasons": choice.step.reasons,
        }
        for choice in choices
    ]
