"""A whole year: from the draft to the clearance, computed again to the fen, corrected by new entries."""

from datetime import date

import pytest
from django.db import transaction

import county as small
import lived
from catchment.kernel.errors import Invalid, NotAllowed, Refusal
from catchment.rooms.budget.actions import agreeing, clearing, running, uploading
from catchment.rooms.budget.models import Budget, Clearance, Prepayment, PreSettlement
from catchment.rooms.budget.queries import budgets, told
from catchment.rooms.budget.queries.replay import drift, replay
from catchment.rooms.ledger import queries as ledger
from catchment.rooms.ledger.models import Transaction
from catchment.rooms.record.models import Source
from catchment.rooms.rulebook import actions as rulebook
from catchment.rooms.rulebook import queries as editions
from catchment.rooms.rulebook.types import EditionForm

BY = "孟佳宁"


def balance(code):
    lines = {line.account: line.balance for line in ledger.trial_balance(date(2030, 1, 1))}
    return lines.get(code, 0)


def test_the_draft_stands_on_two_full_years_and_the_insured(budget):
    history = {one["year"]: one["months"] for one in budget.inputs["history"]}
    assert history == {2024: 12, 2023: 12}
    assert sum(cell[3] for cell in budget.inputs["now"]["cells"]) == 4
    assert budget.parts["inpatient-out"] > 0
    assert not budget.verified


def test_one_budget_a_year_until_it_is_withdrawn(budget, act):
    with pytest.raises(Refusal, match="2025"):
        act(agreeing.make_budget, community="N1", year=2025)
    act(agreeing.withdraw_budget, budget_id=budget.pk, by=BY, reason="数据有误")
    assert act(agreeing.make_budget, community="N1", year=2025).pk != budget.pk


def test_nobody_settles_without_the_capability_or_a_reason(budget, county, act):
    with pytest.raises(NotAllowed):
        agreeing.sign_budget(actor=county.village_doctor, now=lived.NOW, budget_id=budget.pk, by="周文秀")
    with pytest.raises(Invalid):
        act(agreeing.withdraw_budget, budget_id=budget.pk, by=BY, reason=" ")


def test_a_year_sums_up_and_every_month_computed_again_gives_the_same_fen(budget, run_year, act, county):
    run_year(budget)
    act(clearing.clear_year, budget_id=budget.pk, by=BY)
    budget.refresh_from_db()
    clearance = budgets.clearance(budget)
    drawn = -balance("fund:basic:pool")
    paid = sum(row.amount for row in budgets.shares_of(clearance)) + clearance.result["actual"]
    assert drawn == paid
    assert balance("fund:N1-2025:budget") == balance("fund:N1-2025:reserve") == balance("organization:N1:advance") == 0
    assert ledger.verify()[1] == []
    earned = {one["name"]: one["fund"] for one in clearance.earned}
    assert earned[county.outside.name] == 2 * round(700_007 * 0.93)
    checks = [check for month in range(1, 13) for check in replay(budget, month)]
    assert [check.what for check in checks if not check.same] == []
    kinds = {check.what for check in checks}
    assert {"budget", "reserve", "prepayment", "pre-settlement actual", "clearance 1", "shares 1"} <= kinds


def test_a_later_edition_changes_nothing_of_what_was(budget, run_year):
    run_year(budget)
    old = editions.edition("budget.model", "2026.1")
    form = EditionForm(
        key="budget.model", version="2027", title="x", in_force_from=date(2025, 6, 1), source="x",
        content={**old.content, "prepay_percent": 50, "weights": [1]},
    )  # fmt: skip
    rulebook.publish_edition(actor=small.PUBLISHER, now=lived.NOW, form=form)
    assert all(check.same for month in range(1, 13) for check in replay(budget, month))
    Prepayment.objects.filter(budget=budget, month=4).update(amount=1)
    assert [check.what for check in replay(budget, 4) if not check.same] == ["prepayment"]
    given = told.told(Budget.objects.get(pk=budget.pk))
    assert (given["state"], len(given["prepayments"]), len(given["presettlements"])) == ("reckoned", 12, 4)
    assert given["clearance"]["actual"] == given["presettlements"][-1]["actual"]


def test_each_month_goes_by_the_edition_of_its_day_and_so_it_is_computed_again(county, act, run_year):
    """The model changes on 1 July, the sharing on 1 October: neither touches what was before it."""
    lived.live(county)
    for key, since, change in (
        ("budget.model", date(2025, 7, 1), {"prepay_percent": 80, "reserve_percent": 9, "weights": [1]}),
        ("budget.sharing.local", date(2025, 10, 1), {"retention_percent": 40}),
    ):
        form = EditionForm(
            key=key, version="2025.7", title="x", in_force_from=since, source="x",
            content={**editions.edition(key, "2026.1").content, **change},
        )  # fmt: skip
        rulebook.publish_edition(actor=small.PUBLISHER, now=lived.NOW, form=form)
    budget = run_year(act(agreeing.make_budget, community="N1", year=2025))
    paid = [(one.month, one.edition, one.percent) for one in budgets.prepayments(budget)]
    assert paid == [(at, *(("2026.1", "95") if at < 7 else ("2025.7", "80"))) for at in range(1, 13)]
    assert budget.editions["budget.model"] == "2026.1"
    clearance = budgets.clearance(budget)
    assert (
        clearance.edition,
        clearance.result["kept"] * 100 // (clearance.result["kept"] + clearance.result["back"]),
    ) == ("2025.7", 40)
    assert [(check.what, month) for month in range(1, 13) for check in replay(budget, month) if not check.same] == []
    Prepayment.objects.filter(budget=budget, month=8).update(edition="2026.1")
    assert [check.what for check in replay(budget, 8) if not check.same] == ["prepayment"]


def test_pre_settling_moves_no_money(budget, act):
    act(agreeing.sign_budget, budget_id=budget.pk, by=BY)
    act(agreeing.agree_budget, budget_id=budget.pk, by=BY)
    act(running.prepay, budget_id=budget.pk, month=1, by=BY)
    before = Transaction.objects.count()
    act(running.presettle, budget_id=budget.pk, quarter=1, by=BY)
    assert Transaction.objects.count() == before
    assert PreSettlement.objects.get().actual == sum(budgets.monthly(budget))


def test_a_month_is_paid_once_and_not_before_it_begins(budget, act):
    act(agreeing.sign_budget, budget_id=budget.pk, by=BY)
    act(agreeing.agree_budget, budget_id=budget.pk, by=BY)
    act(running.prepay, budget_id=budget.pk, month=1, by=BY)
    with pytest.raises(Refusal, match="已经预付"), transaction.atomic():
        act(running.prepay, budget_id=budget.pk, month=1, by=BY)
    early = lived.NOW.replace(year=2025, month=2)
    with pytest.raises(Refusal, match="还没有开始"):
        running.prepay(actor=lived.CLERK, now=early, budget_id=budget.pk, month=5, by=BY)


@pytest.fixture
def overrun(county, act, run_year):
    lived.live(county, y2025=1.4)
    return run_year(act(agreeing.make_budget, community="N1", year=2025))


def test_an_overrun_is_never_deducted_without_a_decision(overrun, act, county):
    with pytest.raises(Refusal, match="还没有决定"), transaction.atomic():
        act(clearing.clear_year, budget_id=overrun.pk, by=BY)
    act(clearing.decide_overrun, budget_id=overrun.pk, choice="share", by="许总", reason="按协议")
    act(clearing.clear_year, budget_id=overrun.pk, by=BY)
    result = budgets.clearance(overrun).result
    assert result["community"] > 0
    assert balance("facility:H1:overrun") == -result["community"]
    assert ledger.verify()[1] == []


def test_who_reckoned_a_year_does_not_decide_about_its_overrun(overrun, act):
    with pytest.raises(NotAllowed, match="两个人"), transaction.atomic():
        act(clearing.decide_overrun, budget_id=overrun.pk, choice="share", by=BY, reason="按协议")
    overrun.refresh_from_db()
    assert (overrun.state, budgets.clearance(overrun).choice) == ("reckoned", "")


def test_an_overrun_not_taken_is_the_funds(overrun, act):
    act(clearing.decide_overrun, budget_id=overrun.pk, choice="none", by="许总", reason="重大疫情")
    act(clearing.clear_year, budget_id=overrun.pk, by=BY)
    assert balance("facility:H1:overrun") == 0
    assert -balance("fund:basic:pool") == budgets.clearance(overrun).result["actual"]


def test_an_overrun_carried_lowers_the_next_budget(overrun, act):
    act(clearing.decide_overrun, budget_id=overrun.pk, choice="carry", by="许总", reason="分两年消化")
    act(clearing.clear_year, budget_id=overrun.pk, by=BY)
    owed = budgets.clearance(overrun).result["community"]
    following = act(agreeing.make_budget, community="N1", year=2026)
    assert following.parts["carried"] == -owed
    act(agreeing.sign_budget, budget_id=following.pk, by=BY)
    act(agreeing.agree_budget, budget_id=following.pk, by=BY)
    assert balance("organization:N1:carried") == 0
    with pytest.raises(Refusal, match="结转"):
        act(clearing.reopen_year, budget_id=overrun.pk, by=BY, reason="x")


def test_a_correction_is_new_entries(budget, run_year, act, county):
    run_year(budget)
    act(clearing.clear_year, budget_id=budget.pk, by=BY)
    first = budgets.clearance(budget)
    lived.visit(Source.objects.get(code="his"), county.person, county.village, date(2025, 5, 9), 12_345)
    assert drift(budget, 5).now - drift(budget, 5).taken == 12_345
    act(clearing.reopen_year, budget_id=budget.pk, by=BY, reason="迟报")
    act(clearing.reckon_year, budget_id=budget.pk, by=BY)
    act(clearing.clear_year, budget_id=budget.pk, by=BY)
    second = budgets.clearance(budget)
    assert (second.number, second.result["actual"] - first.result["actual"]) == (2, 12_345)
    assert Transaction.objects.filter(pk=first.transaction_id).exists()
    assert Clearance.objects.count() == 2
    assert all(check.same for month in range(1, 13) for check in replay(budget, month))
    assert ledger.verify()[1] == []


def test_frozen_scores_decide_where_the_edition_says_so(county, act, run_year):
    lived.live(county, y2025=0.5)
    content = "机构代码,得分\nH1,90\nT1,60\nV1,30\n".encode()
    act(uploading.freeze_scores, community="N1", year=2025, name="a.csv", content=content, by=BY)
    made = run_year(act(agreeing.make_budget, community="N1", year=2025, place="yuhuan"))
    clearance = budgets.clearance(made)
    parts = {row.facility.code: row.amount for row in budgets.shares_of(clearance)}
    assert sum(parts.values()) == clearance.result["kept"]
    assert abs(parts["H1"] - 3 * parts["V1"]) <= 3
    assert clearance.scores.frozen_by == BY
