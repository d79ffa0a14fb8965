"""Payment by disease: what a case is worth by its group, and what the fund pays of it. All numbers from editions."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import Literal

from pydantic import Field, model_validator

from catchment.rooms.rulebook.rules import Rule
from catchment.standards.money import fen, share
from catchment.standards.reasons import Reason

PAYMENT, WEIGHTS = "claims.drg-payment.", "claims.drg-weights."
PAYMENT_CITIES = ("local", "yancheng", "dip")


class Worth(StrEnum):
    """How a case is paid; `RECOVERED`: what was paid for it is asked back."""

    NORMAL = "normal"
    HIGH = "high"
    LOW = "low"
    EXCLUDED = "excluded"
    PER_DIEM = "per-diem"
    UNGROUPED = "ungrouped"
    SPECIAL = "special"
    BY_REVIEW = "by-review"
    RECOVERED = "recovered"


class GroupItem(Rule):
    """The weight (or the points) of one group; `review` where the edition pays it case by case.

    `factors` and `standards` (in yuan) by settlement level take the place of the general ones.
    """

    group: str
    name: str = ""
    weight: Decimal | None = Field(default=None, ge=0)
    review: bool = False
    days: Decimal | None = Field(default=None, ge=0)
    factors: dict[str, Decimal] = Field(default_factory=dict)


class WeightsRule(Rule):
    """The weights of a scheme's groups."""

    scheme: str
    groups: tuple[GroupItem, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _once(self) -> "WeightsRule":
        if len({one.group for one in self.groups}) != len(self.groups):
            raise ValueError("a group stands twice")
        return self

    @cached_property
    def by_group(self) -> dict[str, GroupItem]:
        """The items by group."""
        return {item.group: item for item in self.groups}


class RateItem(Rule):
    """What one weight (or point) is worth: `fixed` yuan, or `floating`: the year's budget by all weights.

    A floating rate is paid provisionally at `yuan` until the yearly clearance knows the weights.
    """

    kind: Literal["fixed", "floating"]
    yuan: int = Field(gt=0)
    budget_yuan: int | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _budgeted(self) -> "RateItem":
        if self.kind == "floating" and self.budget_yuan is None:
            raise ValueError("a floating rate needs budget_yuan")
        return self


class HighItem(Rule):
    """Above `times` of the standard a case is a high outlier; of what lies above, `percent` is paid on top."""

    times: Decimal = Field(gt=1)
    percent: int = Field(ge=0, le=100)


class DailyItem(Rule):
    """Stays with a principal diagnosis of this prefix are paid by the day, in yuan."""

    prefix: str
    yuan: int = Field(gt=0)
    least_days: int = Field(default=1, ge=1)


class PaymentRule(Rule):
    """How one city pays by disease.

    `late`: a case of a year that is cleared goes on the next year's monthly statements, or on a supplement to the
    clearance; at the rate of its own year either way.
    """

    city: str
    method: Literal["drg", "dip"]
    scheme: str
    weights: str
    rate: RateItem
    factors: dict[str, Decimal] = Field(default_factory=dict)
    facility_factors: dict[str, Decimal] = Field(default_factory=dict)
    high: dict[str, HighItem] = Field(default_factory=dict)
    low_times: Decimal = Field(ge=0, lt=1)
    short_days: int | None = Field(default=None, ge=0)
    long_days: int | None = Field(default=None, ge=1)
    per_diem: tuple[DailyItem, ...] = ()
    ungrouped_percent: int = Field(ge=0, le=100)
    review_permille: int = Field(ge=0, le=1000)
    review_reasons: dict[str, str] = Field(default_factory=dict)
    prepay_percent: int = Field(ge=0, le=100)
    deposit_percent: int = Field(default=0, ge=0, le=100)
    settle_working_days: int = Field(ge=0)
    clearance_due: str = Field(pattern=r"^\d\d-\d\d$")
    late: Literal["next-year", "supplement"] = "next-year"


@dataclass(frozen=True, slots=True, kw_only=True)
class Treated:
    """One settled case to be valued, in fen. `by_item` is what its own fund had paid, `other` other payers."""

    claim_id: int
    facility_code: str
    level: str
    group: str
    grouped: str
    principal: str
    days: int
    total: int
    patient: int
    by_item: int
    other: int = 0
    reviewed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Valued:
    """What a case is worth: `standard` of its group, `payable` in all, of which the fund pays `fund`; with reasons."""

    claim_id: int
    worth: Worth
    weight: Decimal
    factor: Decimal
    standard: int
    payable: int
    fund: int
    why: tuple[Reason, ...]


def value(case: Treated, rule: PaymentRule, groups: Mapping[str, GroupItem], point: Fraction) -> Valued:
    """What the case is worth when one weight is worth `point` fen. The fund pays that less what others pay."""
    item = groups.get(case.group) if case.grouped == "ok" else None
    factor = _factor(case, rule, item)
    weight = item.weight if item and item.weight is not None else Decimal(0)
    standard = share(1, Fraction(weight) * Fraction(factor) * point)
    worth, payable, why = _worth(case, rule, item, standard)
    told: tuple[Reason, ...] = (why,)
    fund = max(0, payable - case.patient - case.other)
    if payable < case.patient + case.other:
        told = (why, Reason("patient-paid-more"))
    return Valued(
        claim_id=case.claim_id, worth=worth, weight=weight, factor=factor, standard=standard, payable=payable,
        fund=fund, why=told,
    )  # fmt: skip


def _factor(case: Treated, rule: PaymentRule, item: GroupItem | None) -> Decimal:
    own = item.factors.get(case.level) if item else None
    return own or rule.facility_factors.get(case.facility_code) or rule.factors.get(case.level) or Decimal(1)


def _worth(case: Treated, rule: PaymentRule, item: GroupItem | None, standard: int) -> tuple[Worth, int, Reason]:
    if case.reviewed:
        return Worth.SPECIAL, case.total, Reason("special")
    by_days = _by_days(case, rule)
    if by_days is not None:
        return by_days
    if item is None:
        paid = share(case.total, Fraction(rule.ungrouped_percent, 100))
        return Worth.UNGROUPED, paid, Reason("ungrouped", {"percent": rule.ungrouped_percent})
    if item.review or item.weight is None:
        return Worth.BY_REVIEW, case.total, Reason("by-review")
    return _by_standard(case, rule, standard)


def _by_days(case: Treated, rule: PaymentRule) -> tuple[Worth, int, Reason] | None:
    """What is paid by the day, and what is too short or too long for a group."""
    daily = next((one for one in rule.per_diem if case.principal.startswith(one.prefix)), None)
    if daily and case.days >= daily.least_days:
        told = Reason("per-diem", {"daily": fen(daily.yuan), "days": case.days})
        return Worth.PER_DIEM, fen(daily.yuan) * case.days, told
    if rule.short_days is not None and case.days <= rule.short_days:
        return Worth.EXCLUDED, case.total, Reason("short-stay", {"days": rule.short_days})
    if rule.long_days is not None and case.days >= rule.long_days:
        return Worth.EXCLUDED, case.total, Reason("long-stay", {"days": rule.long_days})
    return None


def _by_standard(case: Treated, rule: PaymentRule, standard: int) -> tuple[Worth, int, Reason]:
    high = rule.high.get(case.level)
    if case.total < share(standard, Fraction(rule.low_times)):
        return Worth.LOW, case.total, Reason("low", {"times": str(rule.low_times)})
    if high is not None and case.total > (line := share(standard, Fraction(high.times))):
        more = share(case.total - line, Fraction(high.percent, 100))
        told = {"times": str(high.times), "percent": high.percent, "more": more}
        return Worth.HIGH, standard + more, Reason("high", told)
    return Worth.NORMAL, standard, Reason("normal", {"standard": standard})


def point_of(rule: PaymentRule, weights: Fraction, *, final: bool) -> Fraction:
    """What one weight is worth in fen. A floating rate is final only when the year's weights are known."""
    if rule.rate.kind == "floating" and final and weights and rule.rate.budget_yuan is not None:
        return Fraction(fen(rule.rate.budget_yuan)) / weights
    return Fraction(fen(rule.rate.yuan))
