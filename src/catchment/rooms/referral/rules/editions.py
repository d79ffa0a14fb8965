"""What the editions of referral hold, and how they are read. Sources and whether verified stand in the editions."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Literal

from pydantic import BaseModel, Field

from catchment.rooms.rulebook.rules import Rule

URGENCY, REASONS, CATALOGUE = "referral.urgency", "referral.reasons", "referral.catalogue"
TIMES, QUOTAS = "referral.times", "booking.quotas"
Minutes = Field(gt=0, le=60 * 24 * 60)


class Level(Rule):
    """One rung of escalation: who holds it next and for how many minutes."""

    role: str
    minutes: int = Minutes


class UrgencyItem(Rule):
    """Reference data of one urgency. Times in minutes, except `arrive_days`."""

    code: Literal["emergency", "urgent", "ordinary"]
    zh: str
    en: str
    accept_minutes: int = Minutes
    expire_minutes: int = Minutes
    arrive_days: int = Field(gt=0, le=60)
    phone_first: bool
    escalation: tuple[Level, ...] = ()

    @property
    def accept_within(self) -> timedelta:
        return timedelta(minutes=self.accept_minutes)


class UrgencyRule(Rule):
    urgencies: tuple[UrgencyItem, ...]


class ReasonItem(Rule):
    """One coded reason, in force from `since` to the day before `until`."""

    list: Literal["reason", "indication", "refusal", "redirect", "withdrawal"]
    code: str
    zh: str
    en: str
    directions: tuple[Literal["up", "down", "across", "out"], ...] = ()
    since: date = date(2000, 1, 1)
    until: date | None = None


class ReasonRule(Rule):
    reasons: tuple[ReasonItem, ...]


class CatalogueItem(Rule):
    """One disease: an ICD-10 prefix, the lowest level that should treat it, who treats it above, what it needs."""

    prefix: str
    name: str
    level: Literal["village", "township", "county", "city"]
    specialty: str
    needs: tuple[str, ...] = ()


class CatalogueRule(Rule):
    diseases: tuple[CatalogueItem, ...]


class TimesRule(Rule):
    information_minutes: int = Minutes
    answer_hours: int = Field(gt=0)
    take_over_hours: int = Field(gt=0)
    follow_up_days: int = Field(gt=0)
    reroute_hours: int = Field(gt=0)
    no_show_hours: int = Field(gt=0)
    link_days: int = Field(gt=0)


class QuotaRule(Rule):
    """Shares of a session in per cent, and how many hours before the start kept slots become public."""

    referral_percent: int = Field(ge=0, le=100)
    contracted_percent: int = Field(ge=0, le=100)
    release_hours: int = Field(ge=0)


SCHEMAS: Mapping[str, type[BaseModel]] = {
    URGENCY: UrgencyRule,
    REASONS: ReasonRule,
    CATALOGUE: CatalogueRule,
    TIMES: TimesRule,
    QUOTAS: QuotaRule,
}


def urgency_rule(rule: UrgencyRule, code: str) -> UrgencyItem:
    """Reference data of one urgency; `KeyError` when the edition does not have it."""
    items = {item.code: item for item in rule.urgencies}
    return items[code]  # type: ignore[index]


def reasons_on(rule: ReasonRule, name: str, day: date, direction: str = "") -> list[ReasonItem]:
    """The reasons of one list that are in force on the day and meant for this direction, in the edition's order."""
    return [
        item
        for item in rule.reasons
        if item.list == name
        and item.since <= day
        and (item.until is None or day < item.until)
        and (not direction or not item.directions or direction in item.directions)
    ]


def catalogue_entry(rule: CatalogueRule, diagnosis_code: str) -> CatalogueItem | None:
    """The catalogue's entry with the longest prefix of the code, or `None`."""
    fitting = [item for item in rule.diseases if diagnosis_code and diagnosis_code.startswith(item.prefix)]
    return max(fitting, key=lambda item: len(item.prefix), default=None)
