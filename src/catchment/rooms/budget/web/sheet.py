"""A year's budget as a spreadsheet: how it was made, month by month, how it came out, what it stands on."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from catchment.kernel.actor import Actor
from catchment.kernel.sheets import Sheet, workbook_of
from catchment.rooms.budget.models import Budget
from catchment.rooms.budget.queries import budgets, marks
from catchment.rooms.budget.queries.kept import lines_in, result_in
from catchment.rooms.budget.queries.small import events_told
from catchment.rooms.budget.rules.making import months_of
from catchment.rooms.budget.rules.words import CATEGORIES, LEVELS, STATES, STEPS, TAGS, WHY
from catchment.standards.money import FEN, yuan

WIDE, NARROW = 46, 18
Rows = Iterable[Sequence[Any]]


def book_of(budget: Budget, actor: Actor, now: datetime) -> bytes:
    """The workbook; amounts in yuan, counts of events as this post is told them."""
    made = [_("步骤"), _("类别"), _("之前"), _("系数"), _("之后"), _("依据"), _("可信程度")]
    spent = [_("月份"), _("机构"), _("类别"), _("基金支出"), _("总费用"), _("人次")]
    quarters = [_("季度"), _("预算进度"), _("支出"), _("已预付"), _("预算结余")]
    tables: list[tuple[str, Sequence[str], Rows]] = [
        (_("预算"), [_("项目"), _("值")], _summary(budget)),
        (_("编制"), made, _lines(budget)),
        (_("按月"), [_("月份"), _("预算"), _("预付"), _("支出")], _months(budget)),
        (_("支出明细"), spent, _spent(budget, actor, now)),
        (_("季度预结"), quarters, _quarters(budget)),
        (_("清算"), [_("项目"), _("值")], _outcome(budget)),
        (_("分配"), [_("机构"), _("层级"), _("权重"), _("金额")], _shares(budget)),
        (_("规则"), [_("规则"), _("项目"), _("值"), _("可信程度"), _("说明")], _marks(budget)),
    ]
    return workbook_of(
        Sheet(title, heads, rows, widths=[NARROW] * (len(heads) - 1) + [WIDE]) for title, heads, rows in tables
    )


def _summary(budget: Budget) -> Rows:
    yield _("医共体"), budget.network.name
    yield _("年度"), budget.year
    yield _("状态"), str(STATES[budget.state])
    yield _("预算（元）"), _yuan(budget.total)
    yield _("风险预留（元）"), _yuan(budget.reserve)
    yield _("规则是否核实"), _("已核实") if budget.verified else _("未核实")


def _lines(budget: Budget) -> Rows:
    for line in lines_in(budget.lines):
        factor = None if line.factor is None else float(line.factor)
        category = str(CATEGORIES.get(line.category, ""))
        tag = str(TAGS.get(line.tag, line.tag))
        yield str(STEPS[line.code]), category, _yuan(line.before), factor, _yuan(line.after), WHY.all(line.why), tag


def _months(budget: Budget) -> Rows:
    paid = {one.month: one.amount for one in budgets.prepayments(budget)}
    spent = budgets.monthly(budget)
    for month, due in enumerate(months_of(budget.total), 1):
        yield month, _yuan(due), _yuan(paid.get(month)), _yuan(spent[month - 1]) if month <= len(spent) else None


def _spent(budget: Budget, actor: Actor, now: datetime) -> Rows:
    rows = list(budgets.spent(budget, budgets.latest_rounds(budget)))
    counts = events_told(rows, actor, now)
    for row in rows:
        if row.events:
            name = row.facility.name if row.facility else _("未知机构")
            category = str(CATEGORIES[row.category])
            yield (
                row.month,
                name,
                category,
                _yuan(row.fund),
                _yuan(row.cost),
                counts[row.pk],
            )


def _quarters(budget: Budget) -> Rows:
    for one in budgets.presettlements(budget):
        yield one.quarter, _yuan(one.due), _yuan(one.actual), _yuan(one.prepaid), _yuan(one.due - one.actual)


def _outcome(budget: Budget) -> Rows:
    clearance = budgets.clearance(budget)
    if clearance is None:
        return
    result = result_in(clearance.result)
    yield _("可比预算（元）"), _yuan(result.budget)
    yield _("绩效系数"), float(result.factor)
    yield _("实际支出（元）"), _yuan(result.actual)
    yield _("结余留用（元）"), _yuan(result.kept)
    yield _("归回基金（元）"), _yuan(result.back)
    yield _("超支医共体承担（元）"), _yuan(result.community)
    yield _("超支基金承担（元）"), _yuan(result.fund)
    for band, amount, part in result.bands:
        yield WHY.one(band), f"{yuan(amount)} → {yuan(part)}"
    for why in result.why:
        yield _("依据"), WHY.one(why)


def _shares(budget: Budget) -> Rows:
    clearance = budgets.clearance(budget)
    for row in budgets.shares_of(clearance) if clearance else []:
        yield row.facility.name, str(LEVELS[row.level]), row.weight, _yuan(row.amount)


def _marks(budget: Budget) -> Rows:
    for one in marks.editions_of(budget):
        name = f"{one.edition.key} {one.edition.version}"
        for field in one.fields:
            yield name, field.name, field.value, str(TAGS.get(field.tag, field.tag)), field.note
        for about, words, tag in one.facts:
            yield name, about, "", str(TAGS.get(tag, tag)), words


def _yuan(fen: int | None) -> Decimal | None:
    return None if fen is None else Decimal(fen) / FEN
