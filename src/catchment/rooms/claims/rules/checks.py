"""The checks of a claim: a finding says what was found and on which values it rests. All numbers from the edition."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from django.utils.translation import gettext as _
from pydantic import Field

from catchment.rooms.claims.types import Case, Category, Finding, Insurance, Kind, Other, Severity
from catchment.rooms.rulebook.rules import Rule
from catchment.standards.money import yuan

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
        text = _("明细合计 %(lines)s 元，与总费用 %(total)s 元不符") % {"lines": yuan(total), "total": yuan(case.total)}
        yield _reject("sum", text, lines=total, total=case.total)
    if case.total <= 0:
        yield _reject("empty", _("总费用应大于零"), total=case.total)
    if case.excluded + case.first_pay > case.total:
        yield _reject("self-pay", _("自费与先行自付之和超过总费用"), excluded=case.excluded, first_pay=case.first_pay)
    if case.currency != "CNY":
        yield _reject("currency", _("费用币种是 %s，结算只用人民币") % case.currency, currency=case.currency)
    if case.ends_on < case.begins_on:
        yield _reject("dates", _("出院早于入院"), begins_on=str(case.begins_on), ends_on=str(case.ends_on))


def _coded(case: Case, _rule: ChecksRule) -> Iterator[Finding]:
    if case.kind is Kind.INPATIENT and not (case.diagnoses and case.diagnoses[0].get("code")):
        yield _reject("no-diagnosis", _("没有主要诊断编码，不能分组"))


def _covered(case: Case, _rule: ChecksRule) -> Iterator[Finding]:
    if case.insurance == Insurance.NONE:
        yield _flag("no-coverage", _("出院那天没有登记的基本医疗保险，全部由个人承担"), day=str(case.ends_on))


def _overlap(case: Case, rule: ChecksRule) -> Iterator[Finding]:
    """Days in two hospitals at once; the day of a transfer is not counted."""
    allowed = timedelta(days=rule.overlap_days)
    for other in _stays(case):
        if other.begins_on + allowed < case.ends_on and case.begins_on + allowed < other.ends_on:
            text = _("与 %(facility)s %(first)s 至 %(last)s 的住院重叠") % _span(other)
            yield Finding(code="overlap", severity=rule.overlap, text=text, facts=_facts(other))


def _split(case: Case, rule: ChecksRule) -> Iterator[Finding]:
    if rule.split_days is None:
        return
    for other in _stays(case):
        gap = (case.begins_on - other.ends_on).days
        same = other.diagnosis[:3] == _principal(case)[:3] != ""
        if other.facility_id == case.facility_id and 0 <= gap <= rule.split_days and same:
            text = _("出院 %(gap)d 天后因同类诊断再入同一机构（上次 %(first)s 至 %(last)s），疑似分解住院") % {
                "gap": gap, **_span(other),
            }  # fmt: skip
            yield _flag("split", text, gap=gap, within=rule.split_days, **_facts(other))


def _readmission(case: Case, rule: ChecksRule) -> Iterator[Finding]:
    if rule.readmission_days is None:
        return
    for other in _stays(case):
        gap = (case.begins_on - other.ends_on).days
        same = other.diagnosis[:3] == _principal(case)[:3] != ""
        split = other.facility_id == case.facility_id and rule.split_days is not None and gap <= rule.split_days
        if same and 0 <= gap <= rule.readmission_days and not split:
            text = _("%(gap)d 天前因同类诊断从 %(facility)s 出院，属短期再入院") % {"gap": gap, **_span(other)}
            yield _flag("readmission", text, gap=gap, within=rule.readmission_days, **_facts(other))


def _transfer(case: Case, _rule: ChecksRule) -> Iterator[Finding]:
    for other in _stays(case):
        if other.facility_id != case.facility_id and other.ends_on == case.begins_on:
            yield _flag("transfer", _("当天由 %(facility)s 出院转来，属转院病例") % _span(other), **_facts(other))


def _shares(case: Case, rule: ChecksRule) -> Iterator[Finding]:
    limits = ((Category.DRUG, rule.drug_percent, _("药品")), (Category.CONSUMABLE, rule.consumable_percent, _("耗材")))
    for category, most, word in limits:
        part = sum(line.amount for line in case.lines if line.category is category)
        if most is not None and case.total > 0 and part * 100 > case.total * most:
            text = _("%(word)s占 %(share)d%%，高于 %(most)d%%") % {
                "word": word, "share": round(100 * part / case.total), "most": most,
            }  # fmt: skip
            yield _flag(f"{category.value}-share", text, part=part, total=case.total, most=most)


def _sex(case: Case, rule: ChecksRule) -> Iterator[Finding]:
    for item in rule.sexes:
        for code in _codes(case, item.prefix):
            if case.sex in {"male", "female"} and case.sex != item.sex:
                text = _("诊断 %s 与性别不符") % code
                facts = {"diagnosis": code, "sex": case.sex, "expected": item.sex}
                yield Finding(code="sex", severity=item.severity, text=text, facts=facts)


def _age(case: Case, rule: ChecksRule) -> Iterator[Finding]:
    for item in rule.ages:
        for code in _codes(case, item.prefix):
            if case.age is not None and not item.least <= case.age <= item.most:
                text = _("诊断 %(code)s 与年龄 %(age)d 岁不符") % {"code": code, "age": case.age}
                facts = {"diagnosis": code, "age": case.age, "least": item.least, "most": item.most}
                yield Finding(code="age", severity=item.severity, text=text, facts=facts)


def _long(case: Case, rule: ChecksRule) -> Iterator[Finding]:
    if rule.long_days is not None and case.kind is Kind.INPATIENT and case.days > rule.long_days:
        text = _("住院 %(days)d 天，超过 %(most)d 天") % {"days": case.days, "most": rule.long_days}
        yield _flag("long", text, days=case.days, most=rule.long_days)


def _quantity(case: Case, rule: ChecksRule) -> Iterator[Finding]:
    most = rule.quantity_a_day
    for line in case.lines:
        if most is not None and line.quantity is not None and line.quantity > most * case.days:
            text = _("%(name)s 数量 %(n)g，超过 %(days)d 天内应有的 %(most)d") % {
                "name": line.name or line.code, "n": line.quantity, "days": case.days, "most": most * case.days,
            }  # fmt: skip
            yield _flag("quantity", text, line=line.name or line.code, quantity=line.quantity, most=most * case.days)


LOOKS: tuple[Callable[[Case, ChecksRule], Iterator[Finding]], ...] = (
    _sound, _coded, _covered, _overlap, _sex, _age, _split, _readmission, _transfer, _shares, _long, _quantity,
)  # fmt: skip


def _stays(case: Case) -> tuple[Other, ...]:
    return case.others if case.kind is Kind.INPATIENT else ()


def _principal(case: Case) -> str:
    return case.diagnoses[0].get("code", "") if case.diagnoses else ""


def _codes(case: Case, prefix: str) -> list[str]:
    return [one["code"] for one in case.diagnoses if one.get("code", "").startswith(prefix)]


def _span(other: Other) -> dict[str, str | date]:
    return {"facility": other.facility, "first": other.begins_on, "last": other.ends_on}


def _facts(other: Other) -> dict[str, object]:
    return {"claim": other.id, "begins_on": str(other.begins_on), "ends_on": str(other.ends_on)}


def _reject(code: str, text: str, **facts: object) -> Finding:
    return Finding(code=code, severity=Severity.REJECT, text=text, facts=facts)


def _flag(code: str, text: str, **facts: object) -> Finding:
    return Finding(code=code, severity=Severity.FLAG, text=text, facts=facts)
