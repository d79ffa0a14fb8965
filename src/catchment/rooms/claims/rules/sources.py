"""What sources send, read into fields: rows of a settlement list by their columns, FHIR Claims."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from catchment.kernel.errors import Invalid, Problem
from catchment.rooms.claims.rules.discharge import discharge_code
from catchment.rooms.claims.types import Category, Insurance, Kind, LineTold, Sent, Way
from catchment.standards.fhir.claims import PHARMACY
from catchment.standards.money import fen, split

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "number": ("结算单号", "结算流水号"),
    "person": ("身份证号", "医保号", "证件号"),
    "facility": ("机构编码", "医疗机构代码"),
    "kind": ("类别", "就医类别"),
    "begins_on": ("入院日期", "就诊日期"),
    "ends_on": ("出院日期", "结束日期"),
    "department": ("科室", "出院科别"),
    "insurance": ("险种", "险种类型"),
    "category": ("人员类别",),
    "way": ("就医方式",),
    "diagnoses": ("诊断编码", "诊断"),
    "procedures": ("手术操作编码", "手术操作"),
    "discharge_way": ("离院方式",),
    "weight_g": ("出生体重", "新生儿出生体重"),
    "icu_hours": ("重症监护小时",),
    "total": ("总费用",),
    "excluded": ("自费",),
    "first_pay": ("先行自付",),
    "drug": ("药品费",),
    "consumable": ("耗材费",),
    "examination": ("检查费",),
    "laboratory": ("检验费",),
    "service": ("服务费",),
    "other": ("其他费",),
}
"""The columns of a settlement list by field; the field's own name is understood too."""
NEEDED = ("number", "person", "facility", "begins_on", "ends_on", "total")
WORDS: Mapping[str, Mapping[str, str]] = {
    "kind": {"住院": Kind.INPATIENT, "门诊": Kind.OUTPATIENT},
    "insurance": {"居民": Insurance.RESIDENT, "职工": Insurance.EMPLOYEE, "无": Insurance.NONE},
    "way": {"本地": Way.LOCAL, "转外": Way.TRANSFERRED, "未备案": Way.UNFILED},
}
ALLOWED: Mapping[str, frozenset[str]] = {
    "kind": frozenset(Kind), "insurance": frozenset(Insurance), "way": frozenset(Way),
}  # fmt: skip


def field_of(column: str) -> str:
    """The field that a column's title means; empty for one that is left unread."""
    name = column.strip()
    return next((field for field, titles in COLUMNS.items() if name == field or name in titles), "")


def sent_in_sheet(row: Mapping[str, str]) -> Sent:
    """A row of a settlement list, by field. Raises `Invalid` naming each column at fault."""
    problems = [Problem(COLUMNS[name][0], _("不能为空")) for name in NEEDED if not row.get(name)]
    read = _Reader(row, problems)
    told: dict[str, Any] = {
        "kind": Kind(read.word("kind") or Kind.INPATIENT),
        "begins_on": read.day("begins_on"),
        "ends_on": read.day("ends_on"),
        "department": row.get("department", "")[:60],
        "insurance": read.word("insurance"),
        "category": row.get("category", ""),
        "way": read.word("way"),
        "discharge_way": discharge_code(row.get("discharge_way", ""))[:40],
        "weight_g": read.whole("weight_g"),
        "icu_hours": read.whole("icu_hours"),
        "diagnoses": _codes(row.get("diagnoses", "")),
        "procedures": _codes(row.get("procedures", "")),
        "total": read.money("total"),
    }
    lines = _lines(read)
    if problems:
        raise Invalid(*problems)
    return Sent(
        ref=row["number"], person=("", row["person"]), facility=("", row["facility"]), told={**told, "lines": lines}
    )


def sent_in_fhir(body: Mapping[str, Any]) -> Sent:
    """A FHIR Claim from its fields (`standards.fhir.claims`). Raises `Invalid` for what is missing."""
    names = ("person", "begins_on", "ends_on")
    if missing := [Problem(name, _("不能为空")) for name in names if not body.get(name)]:
        raise Invalid(*missing)
    lines = tuple(
        LineTold(
            category=Category(one["category"]), amount=one["amount"], name=one.get("name", ""),
            code=one.get("code", ""), quantity=one.get("quantity"),
        )
        for one in body["lines"]
    )  # fmt: skip
    return Sent(
        ref=str(body["id"]),
        person=_pair(body["person"]),
        facility=_pair(body["facility"]),
        encounter=_pair(body["encounter"]),
        shares_encounter=body["type"] == PHARMACY,
        diagnoses=tuple(
            (tuple(one["condition"]) if one.get("condition") else None, one.get("code", ""), one.get("display", ""))
            for one in body["diagnoses"]
        ),
        told={
            "kind": Kind.OUTPATIENT,
            "begins_on": date.fromisoformat(body["begins_on"]),
            "ends_on": date.fromisoformat(body["ends_on"]),
            "currency": body["currency"],
            "total": body["total"],
            "lines": lines,
        },
    )


class _Reader:
    """Cells of one row; what is wrong is added to the problems, and something harmless given back."""

    def __init__(self, row: Mapping[str, str], problems: list[Problem]) -> None:
        self._row, self._problems = row, problems

    def day(self, name: str) -> date:
        text = self._row.get(name, "")
        try:
            return date.fromisoformat(text[:10].replace("/", "-"))
        except ValueError:
            if text:
                self._wrong(name, _("%s 不是日期，应写作 2026-03-05") % text[:20])
            return date.min

    def money(self, name: str) -> int | None:
        text = self._row.get(name, "").replace(",", "")
        try:
            amount = fen(text) if text else None
        except ValueError:
            self._wrong(name, _("%s 不是金额，应写作 1234.56（元）") % text[:20])
            return None
        if amount is not None and amount < 0:
            self._wrong(name, _("金额不能为负"))
        return amount

    def whole(self, name: str) -> int | None:
        text = self._row.get(name, "")
        if not text:
            return None
        if not text.isdecimal():
            self._wrong(name, _("%s 应为整数") % text[:20])
            return None
        return int(text)

    def word(self, name: str) -> str:
        text = self._row.get(name, "")
        word = str(WORDS[name].get(text, text))
        if word and word not in ALLOWED[name]:
            self._wrong(
                name, _("%(text)s 不认识，应为：%(known)s") % {"text": text[:20], "known": "、".join(WORDS[name])}
            )
            return ""
        return word

    def _wrong(self, name: str, words: str) -> None:
        self._problems.append(Problem(COLUMNS[name][0], words))


def _lines(read: _Reader) -> tuple[LineTold, ...]:
    """Parts by category; self-pay of the whole is shared over them. Without parts one line of the total."""
    parts = {category: read.money(category.value) or 0 for category in Category}
    total = read.money("total") or 0
    parts = {category: amount for category, amount in parts.items() if amount > 0} or {Category.OTHER: total}
    amounts = list(parts.values())
    excluded, first = (_shared(read.money(name), amounts) for name in ("excluded", "first_pay"))
    return tuple(
        LineTold(category=category, amount=amount, excluded=excluded[at], first_pay=first[at])
        for at, (category, amount) in enumerate(parts.items())
    )


def _shared(whole: int | None, amounts: list[int]) -> list[int | None]:
    if whole is None or whole < 0 or not any(amounts):
        return [None] * len(amounts)
    return list(split(whole, amounts))


def _codes(text: str) -> tuple[dict[str, str], ...]:
    codes = [part.strip() for part in text.replace(",", "|").replace("；", "|").replace(";", "|").split("|")]
    return tuple({"code": code, "display": ""} for code in codes if code)


def _pair(key: Any) -> tuple[str, str] | None:
    return (str(key[0]), str(key[1])) if key else None
