"""The editions of referral, as of a day."""

from datetime import date

from django.utils.translation import get_language

from catchment.rooms.referral.rules.editions import (
    CATALOGUE,
    QUOTAS,
    REASONS,
    TIMES,
    URGENCY,
    CatalogueItem,
    CatalogueRule,
    QuotaRule,
    ReasonItem,
    ReasonRule,
    TimesRule,
    UrgencyItem,
    UrgencyRule,
    catalogue_entry,
    reasons_on,
    urgency_rule,
)
from catchment.rooms.rulebook import queries as rulebook
from catchment.standards.terms import matching


def urgency_on(day: date, code: str) -> UrgencyItem:
    return urgency_rule(rulebook.rule_on(URGENCY, day, UrgencyRule), code)


def urgencies_on(day: date) -> tuple[UrgencyItem, ...]:
    return rulebook.rule_on(URGENCY, day, UrgencyRule).urgencies


def times_on(day: date) -> TimesRule:
    return rulebook.rule_on(TIMES, day, TimesRule)


def quotas_on(day: date) -> QuotaRule:
    return rulebook.rule_on(QUOTAS, day, QuotaRule)


def catalogue_on(day: date, diagnosis_code: str) -> CatalogueItem | None:
    """What the catalogue says of a diagnosis on a day."""
    return catalogue_entry(rulebook.rule_on(CATALOGUE, day, CatalogueRule), diagnosis_code)


def reasons_of(name: str, day: date, direction: str = "") -> list[ReasonItem]:
    """One list of coded reasons (reason, indication, refusal, redirect, withdrawal) in force on the day."""
    return reasons_on(rulebook.rule_on(REASONS, day, ReasonRule), name, day, direction)


def reason_words(name: str, code: str, day: date) -> str:
    """A reason's words in the reader's language; the code itself when the day's edition does not know it."""
    for item in reasons_of(name, day):
        if item.code == code:
            return item.en if get_language() == "en" else item.zh
    return code


def diagnoses_matching(text: str, day: date, limit: int = 12) -> list[CatalogueItem]:
    """Catalogue entries by code, Chinese part, pinyin or initials."""
    items = {item.prefix: item for item in rulebook.rule_on(CATALOGUE, day, CatalogueRule).diseases}
    found = matching({code: item.name for code, item in items.items()}, text, limit=limit)
    return [items[code] for code in found]
