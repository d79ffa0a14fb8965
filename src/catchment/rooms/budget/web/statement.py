"""What the printed statement of clearance says."""

from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from catchment.rooms.budget.models import Budget, Clearance
from catchment.rooms.budget.queries import budgets
from catchment.rooms.budget.queries.kept import result_in
from catchment.rooms.budget.rules.words import CHOICES, LEVELS, PLACES, WHY
from catchment.rooms.budget.types import Reckoning
from catchment.standards.money import yuan

TEMPLATE = Path(__file__).parent / "papers" / "statement.typ"
MOST_EARNED = 40


def number_of(budget: Budget, clearance: Clearance) -> str:
    """What the statement is called."""
    return f"QS-{budget.network.code}-{budget.year}-{clearance.number}"


def content_of(budget: Budget, clearance: Clearance, *, qr: str) -> dict[str, Any]:
    """The statement in words and sums: the reckoning, who earned what, who has which part."""
    result, shares = result_in(clearance.result), budgets.shares_of(clearance)
    return {
        "title": _("医保总额预算年度清算单"),
        "number": number_of(budget, clearance),
        "facility": budget.lead.name,
        "community": budget.network.name,
        "year": str(budget.year),
        "qr": qr,
        "state": _("已清算记账") if clearance.transaction_id else _("已核算，未记账"),
        "day": timezone.localdate(clearance.cleared_at or clearance.reckoned_at).isoformat(),
        "facts": _facts(budget, clearance, result),
        "why": [*map(WHY.one, result.why), *([clearance.decision_reason] if clearance.decision_reason else [])],
        "bands": [[WHY.one(band), yuan(amount), yuan(part)] for band, amount, part in result.bands],
        "earned": [[one["name"] or _("未知机构"), yuan(one["fund"])] for one in _largest(clearance.earned)],
        "shares": [[row.facility.name, str(LEVELS[row.level]), yuan(row.amount)] for row in shares],
        "total_shares": yuan(sum(row.amount for row in shares)),
        "edition": f"budget.sharing.{budget.place} {clearance.edition} · {PLACES[budget.place]}",
        "unverified": "" if clearance.verified else _("所用规则的数字未经核实"),
        "words": _words(),
    }


def _facts(budget: Budget, clearance: Clearance, result: Reckoning) -> list[list[str]]:
    facts = [
        [_("预算"), yuan(budget.total)],
        [_("其中可比部分"), yuan(result.budget)],
        [_("绩效系数"), f"{float(result.factor):.4f}"],
        [_("实际支出（居民在各地就医）"), yuan(result.actual)],
        [_("已预付"), yuan(budgets.prepaid_sum(budget))],
    ]
    if result.community or result.fund:
        facts += [[_("超支由基金承担"), yuan(result.fund)], [_("超支由医共体承担"), yuan(result.community)]]
        if clearance.choice:
            facts.append([_("决定"), f"{CHOICES[clearance.choice]} · {clearance.decided_by}"])
    else:
        facts += [[_("结余留用"), yuan(result.kept)], [_("归回基金"), yuan(result.back)]]
    return facts


def _largest(earned: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The largest by name, all others in one line."""
    rest = earned[MOST_EARNED:]
    other = [{"name": _("其余 %d 家") % len(rest), "fund": sum(one["fund"] for one in rest)}] if rest else []
    return [*earned[:MOST_EARNED], *other]


def _words() -> dict[str, str]:
    return {
        "verify": _("扫码核验"), "year": _("年度"), "state": _("状态"), "day": _("日期"), "item": _("项目"),
        "amount": _("金额（元）"), "why": _("依据"), "bands": _("超支分段"), "band": _("分段"),
        "over": _("超支"), "carried": _("医共体承担"), "earned": _("支出去向（按就医机构）"),
        "facility": _("机构"), "shares": _("分配"), "level": _("层级"), "total": _("合计"), "rule": _("规则"),
        "lead": _("牵头医院（盖章）"), "office": _("医保经办机构（盖章）"), "signed": _("签字"),
    }  # fmt: skip
