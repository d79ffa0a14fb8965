"""What the editions of the budget hold. Every number in them is marked with how far it can be trusted."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from pydantic import BaseModel, Field, model_validator

from catchment.rooms.budget.types import Category, Watch
from catchment.rooms.rulebook.rules import Rule

MODEL, SHARING, WATCH = "budget.model", "budget.sharing.", "budget.watch"
PLACES = ("local", "sanming", "tianchang", "yuhuan", "tongren")
Percent = Field(ge=0, le=100)
Yuan = Field(ge=0, le=10**12)


class Mark(Rule):
    """Where a number comes from: `field` names it, `tag` says how far it is trusted, `note` what was read."""

    field: str
    tag: str = Field(pattern=r"^(S:[\w, -]+|B\+|B\??|D|local)$")
    note: str = ""


class Marked(Rule):
    """An edition whose every field has a mark: a number without a source cannot be published."""

    marks: tuple[Mark, ...]

    @model_validator(mode="after")
    def _all_marked(self) -> "Marked":
        told = {mark.field for mark in self.marks}
        silent = {"marks", "place", "zh", "facts"}
        missing = [name for name in type(self).model_fields if name not in told | silent and getattr(self, name)]
        if missing:
            raise ValueError(f"without a mark: {', '.join(missing)}; say for each where it comes from")
        if unknown := sorted(told - set(type(self).model_fields)):
            raise ValueError(f"marks of what is not there: {', '.join(unknown)}")
        return self

    def tag(self, name: str) -> str:
        """How far the number in a field can be trusted."""
        return next((mark.tag for mark in self.marks if mark.field == name), "")


class Band(Rule):
    """Ages from `from_age` in whole years up to the next band, with what they cost beside the youngest's mean."""

    from_age: int = Field(ge=0, le=120)
    weight: Decimal = Field(gt=0, le=100)


class Rate(Rule):
    """A year's amount for one head, in yuan; empty `insurance`, open ages and a null `chronic` mean any."""

    category: Category
    from_age: int = Field(default=0, ge=0, le=120)
    below_age: int = Field(default=200, ge=1, le=200)
    insurance: str = ""
    chronic: bool | None = None
    yuan: Decimal = Yuan


class Change(Rule):
    """A policy or price that moves one category by so many per cent."""

    name: str
    category: Category
    percent: Decimal = Field(ge=-50, le=100)


class Exclusion(Rule):
    """What is taken out of a year's history, because it will not come again: an epidemic, a disaster."""

    name: str
    year: int
    category: Category
    yuan: Decimal = Yuan


class ModelRule(Marked):
    """How a year's budget is made. `weights` are of the last year, the one before, and so on."""

    method: dict[Category, Literal["history", "per-head"]]
    weights: tuple[int, ...] = Field(min_length=1, max_length=5)
    growth_cap_percent: Decimal = Percent
    ages: tuple[Band, ...] = Field(min_length=1)
    chronic_weight: Decimal = Field(ge=1, le=20)
    chronic_codes: tuple[str, ...]
    rates: tuple[Rate, ...] = ()
    contract_yuan: Decimal = Yuan
    changes: tuple[Change, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    return_percent: Decimal = Percent
    return_price_percent: Decimal = Percent
    reserve_percent: Decimal = Percent
    premium_yuan: Decimal = Yuan
    public_health_yuan: Decimal = Yuan
    prepay_percent: Decimal = Percent

    @model_validator(mode="after")
    def _complete(self) -> "ModelRule":
        edges = [band.from_age for band in self.ages]
        if edges != sorted(set(edges)) or edges[0] != 0:
            raise ValueError("ages must begin at 0 and rise")
        rated = {rate.category for rate in self.rates}
        bare = [one.value for one in Category if self.method.get(one) == "per-head" and one not in rated]
        if bare or set(self.method) != set(Category):
            raise ValueError(f"every category needs a method, and rates where it is per-head: {', '.join(bare)}")
        return self


class Overrun(Rule):
    """Of the overrun up to `to_percent` of the budget (open when null) the community carries this share."""

    to_percent: Decimal | None = None
    community_percent: Decimal = Percent


class Factor(Rule):
    """From this mean score on, the budget counts times `percent` / 100."""

    from_score: Decimal = Field(ge=0, le=1000)
    percent: Decimal = Field(ge=50, le=150)


class Fact(Rule):
    """What is known of a place: about which part of its way with the budget, in words, and how far it is trusted."""

    about: Literal["budget", "surplus", "overrun", "outpatient", "package", "result"]
    told: str
    tag: str = Field(pattern=r"^(S:[\w, -]+|B\+|B\??)$")


class SharingRule(Marked):
    """How a year comes out in one place: what is kept of a surplus, among whom, and who carries an overrun.

    `facts` is what was found out about the place, whether or not a number of the rule rests on it.
    """

    place: str
    zh: str
    retention_percent: Decimal = Percent
    cap_percent: Decimal = Percent
    by: Literal["ratio", "scores"]
    ratio: dict[Literal["lead", "township", "village"], int]
    within: Literal["heads", "equal"]
    overrun: tuple[Overrun, ...] = Field(min_length=1)
    carrier: Literal["lead", "members"]
    performance: tuple[Factor, ...] = ()
    facts: tuple[Fact, ...] = ()

    @model_validator(mode="after")
    def _rising(self) -> "SharingRule":
        edges = [band.to_percent for band in self.overrun]
        if edges[-1] is not None or None in edges[:-1] or edges[:-1] != sorted(e for e in edges[:-1] if e is not None):
            raise ValueError("bands of the overrun must rise, and the last must be open")
        if not any(self.ratio.values()):
            raise ValueError("one part of the ratio must be above zero")
        return self


class WatchItem(Rule):
    """One thing the fund is watched for: the line that must be crossed, and how much must have happened to judge.

    `sure` is by how many standard errors a difference must exceed chance; `results` are the interpretations (HL7 v3: H,
    L, HH, LL, A, AA) that count as a result outside of what is usual.
    """

    watch: Watch
    zh: str
    en: str
    limit: Decimal = Field(gt=0, le=1000)
    least: int = Field(ge=1)
    sure: Decimal = Field(default=Decimal(0), ge=0, le=10)
    days: int = Field(default=0, ge=0, le=366)
    split_days: int = Field(default=0, ge=0, le=30)
    codes: tuple[str, ...] = ()
    results: tuple[str, ...] = ()


class WatchRule(Marked):
    """What is watched, and within how many days a finding is to be judged."""

    review_days: int = Field(ge=1, le=366)
    items: tuple[WatchItem, ...]

    def item(self, watch: Watch) -> WatchItem | None:
        """The rule for one watch; `None` where the county does not watch for it."""
        return next((one for one in self.items if one.watch is watch), None)


SCHEMAS: Mapping[str, type[BaseModel]] = {
    MODEL: ModelRule,
    WATCH: WatchRule,
    **{SHARING + place: SharingRule for place in PLACES},
}


def model_of(content: Mapping[str, Any]) -> ModelRule:
    """The model of an edition's content."""
    return ModelRule.model_validate(content)


def sharing_of(content: Mapping[str, Any]) -> SharingRule:
    """The sharing of an edition's content."""
    return SharingRule.model_validate(content)


def percent(of: Decimal | int) -> Fraction:
    """Per cent as a fraction, exactly."""
    return Fraction(of) / 100
