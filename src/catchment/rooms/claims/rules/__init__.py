"""Pure rules of claims: layers, checks, payment by disease, the table of steps, what editions hold."""

from collections.abc import Mapping

from pydantic import BaseModel

from catchment.rooms.claims.rules.checks import CHECKS, UNSOUND, ChecksRule, check
from catchment.rooms.claims.rules.discharge import DISCHARGES, discharge_code
from catchment.rooms.claims.rules.frame import FRAME, FrameRule
from catchment.rooms.claims.rules.layers import CITIES, KEY, LayersRule, settle, unpaid
from catchment.rooms.claims.rules.mending import changes, require_sound
from catchment.rooms.claims.rules.payment import (
    PAYMENT,
    PAYMENT_CITIES,
    WEIGHTS,
    GroupItem,
    PaymentRule,
    Treated,
    Valued,
    WeightsRule,
    Worth,
    point_of,
    value,
)
from catchment.rooms.claims.rules.steps import CLAIM, DESK, OFFICE, REVIEW

SCHEMAS: Mapping[str, type[BaseModel]] = {
    **{KEY + city: LayersRule for city in CITIES},
    **{PAYMENT + city: PaymentRule for city in PAYMENT_CITIES},
    **{WEIGHTS + city: WeightsRule for city in PAYMENT_CITIES},
    CHECKS: ChecksRule,
    FRAME: FrameRule,
}

__all__ = [
    "CHECKS",
    "CITIES",
    "CLAIM",
    "DESK",
    "DISCHARGES",
    "FRAME",
    "KEY",
    "OFFICE",
    "PAYMENT",
    "PAYMENT_CITIES",
    "REVIEW",
    "SCHEMAS",
    "UNSOUND",
    "WEIGHTS",
    "ChecksRule",
    "FrameRule",
    "GroupItem",
    "LayersRule",
    "PaymentRule",
    "Treated",
    "Valued",
    "WeightsRule",
    "Worth",
    "changes",
    "check",
    "discharge_code",
    "point_of",
    "require_sound",
    "settle",
    "unpaid",
    "value",
]
