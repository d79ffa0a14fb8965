"""The checks of a claim: a finding says what was found and on which values it rests. All numbers from the edition."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from pydantic import Field

from catchment.rooms.claims.types import Case, Category, Finding, Insurance, Kind, Other, Severity
from catchment.rooms.rulebook.rules import Rule

CHECKS = "claims.rules"
UNSOUND = frozenset({"sum", "empty", "self-pay", "currency", "dates", "no-diagnosis"})
"""Findings that nobody can overrule, for no settlement can be reckoned: they are mended."""


class SexItem(Rule):
    """Diagnoses with this prefix are of one sex only."""

    prefix: str
    sex: str
    severity: Severity = Severity.REJECT


class AgeItem(Rule):
    """Diagnoses with this prefix are of these ages, in whole years."""

    prefix: str
    least: int = Field(default=0, ge=0)
    most: int = Field(default=150, ge=0)
    severity: Severity = Severity.FLAG


class ChecksRule(Rule):
    """What is looked for. A number that is nothing switches its rule off.

    A hospital disputes what was sent back within `dispute_days`, and is answered within `answer_days`: working days.
    """

    overlap: Severity = Severity.REJECT
    overlap_days: int = Field(ge=0, le=30)
    split_days: int | None = Field(default=None, ge=0, le=90)
    readmission_days: int | None = Field(default=None, ge=0, le=365)
    drug_percent: int | None = Field(default=None, ge=0, le=100)
    consumable_percent: int | None = Field(default=None, ge=0, le=100)
    long_days: int | None = Field(default=None, ge=1)
    quantity_a_day: int | None = Field(default=None, ge=1)
    sexes: tuple[SexItem, ...] = ()
    ages: tuple[AgeItem, ...] = ()
    dispute_days: int = Field(default=10, ge=1, le=250)
    answer_days: int = Field(default=10, ge=1, le=250)


def check(case: Case, rule: ChecksRule) -> list[Finding]:
    """Everything that the rules find, what sends the claim back first."""
    found = [finding for look in LOOKS for finding in look(case, rule)]
    return sorted(found, key=lambda one: one.severity is Severity.FLAG)


def _sound(case: Case, _rule: ChecksRule) -> Iterator[Finding]:
    total = sum(line.amount for line in case.lines)
    if total != case.total:
        yield _reject("sum", lines=total, total=case.total)
    if case.total <= 0:
        yield _reject("empty", total=case.total)
    if case.excluded + case.first_pay > case.total:
        yield _reject("self-pay", excluded=case.excluded, first_pay=case.first_pay)
    if case.currency != "CNY":
        yield _reject("currency", currency=case.currency)
    if case.ends_on < case.begins_on:
        yield _reject("dates", begins_on=str(case.begins_on), ends_on=str(case.ends_on))


def _coded(case: Case, _rule: ChecksRule) -> Iterator[Finding]:
    if case.kind is Kind.INPATIENT and not (case.diagnoses and case.diagnoses[0].get("code")):
        yield _reject("no-diagnosis")


def _covered(case: Case, _rule: ChecksRule) -> Iterator[Finding]:
    if case.insurance == Insurance.NONE:
        yield _flag("no-coverage", day=str(case.ends_on))


def _overlap(case: Case, rule: ChecksRule) -> Iterator[Finding]:
    """Days in two hospitals at once; the day of a transfer is not counted."""
    allowed = timedelta(days=rule.overlap_days)
    for other in _stays(case):
        if other.begins_on + allowed < case.ends_on and case.begins_on + allowed < other.ends_on:
            yield Finding(code="overlap", severity=rule.overlap, facts=_facts(other))


def _split(case: Case, rule: ChecksRule) -> Iterator[Finding]:
    if rule.split_days is None:
        return
    for other in _stays(case):
        gap = (case.begins_on - other.ends_on).days
        same = other.diagnosis[:3] == _principal(case)[:3] != ""
        if other.facility_id == case.facility_id and 0 <= gap <= rule.split_days and same:
            yield _flag("split", gap=gap, within=rule.split_days, **_facts(other))


def _readmission(case: Case, rule: ChecksRule) -> Iterator[Finding]:
    if rule.readmission_days is None:
        return
    for other in _stays(case):
        gap = (case.begins_on - other.ends_on).days
        same = other.diagnosis[:3] == _principal(case)[:3] != ""
        split = other.facility_id == case.facility_id and rule.split_days is not None and gap <= rule.split_days
        if same and 0 <= gap <= rule.readmission_days and not split:
            yield _flag("readmission", gap=gap, within=rule.readmission_days, **_facts(other))


def _transfer(case: Case, _rule: ChecksRule) -> Iterator[Finding]:
    for other in _stays(case):
        if other.facility_id != case.facility_id and other.ends_on == case.begins_on:
            yield _flag("transfer", **_facts(other))


def _shares(case: Case, rule: ChecksRule) -> Iterator[Finding]:
    for category, most in ((Category.DRUG, rule.drug_percent), (Category.CONSUMABLE, rule.consumable_percent)):
        part = sum(line.amount for line in case.lines if line.category is category)
        if most is not None and case.total > 0 and part * 100 > case.total * most:
            percent = round(100 * part / case.total)
            yield _flag(f"{category.value}-share", part=part, total=case.total, percent=percent, most=most)


def _sex(case: Case, rule: ChecksRule) -> Iterator[Finding]:
    for item in rule.sexes:
        for code in _codes(case, item.prefix):
            if case.sex in {"male", "female"} and case.sex != item.sex:
                facts = {"diagnosis": code, "sex": case.sex, "expected": item.sex}
                yield Finding(code="sex", severity=item.severity, facts=facts)


def _age(case: Case, rule: ChecksRule) -> Iterator[Finding]:
    for item in rule.ages:
        for code in _codes(case, item.prefix):
            if case.age is not None and not item.least <= case.age <= item.most:
                facts = {"diagnosis": code, "age": case.age, "least": item.least, "most": item.most}
                yield Finding(code="age", severity=item.severity, facts=facts)


def _long(case: Case, rule: ChecksRule) -> Iterator[Finding]:
    if rule.long_days is not None and case.kind is Kind.INPATIENT and case.days > rule.long_days:
        yield _flag("long", days=case.days, most=rule.long_days)


def _quantity(case: Case, rule: ChecksRule) -> Iterator[Finding]:
    most = rule.quantity_a_day
    for line in case.lines:
        if most is not None and line.quantity is not None and line.quantity > most * case.days:
            facts = {"quantity": line.quantity, "days": case.days, "most": most * case.days}
            yield _flag("quantity", line=line.name or line.code, **facts)


LOOKS: tuple[Callable[[Case, ChecksRule], Iterator[Finding]], ...] = (
    _sound, _coded, _covered, _overlap, _sex, _age, _split, _readmission, _transfer, _shares, _long, _quantity,
)  # fmt: skip


def _stays(case: Case) -> tuple[Other, ...]:
    return case.others if case.kind is Kind.INPATIENT else ()


def _principal(case: Case) -> str:
    return case.diagnoses[0].get("code", "") if case.diagnoses else ""


def _codes(case: Case, prefix: str) -> list[str]:
    return [one["code"] for one in case.diagnoses if one.get("code", "").startswith(prefix)]


def _facts(other: Other) -> dict[str, object]:
    days = {"begins_on": str(other.begins_on), "ends_on": str(other.ends_on)}
    return {"claim": other.id, "facility": other.facility, **days}


def _reject(code: str, **facts: object) -> Finding:
    return Finding(code=code, severity=Severity.REJECT, facts=facts)


def _flag(code: str, **facts: object) -> Finding:
    return Finding(code=code, severity=Severity.FLAG, facts=facts)
