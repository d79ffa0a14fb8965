"""What a case is worth by its group, to the fen, and statements that balance."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import county as small
from catchment.kernel.actor import system
from catchment.kernel.errors import Invalid, NotAllowed, Refusal
from catchment.rooms.board.models import WorkItem
from catchment.rooms.claims import actions, queries
from catchment.rooms.claims.models import CasePayment, Statement
from catchment.rooms.claims.rules import PaymentRule, Treated, WeightsRule, Worth, point_of, value
from catchment.rooms.ledger import queries as ledger
from catchment.rooms.rulebook import actions as rulebook
from catchment.rooms.rulebook.actions import read_yaml
from catchment.rooms.staff.models import Post
from stays import CLERK, amend, settled

EDITIONS = rulebook.publishing.ROOMS / "claims/editions"
RULE = PaymentRule.model_validate(read_yaml((EDITIONS / "payment.yaml").read_text(encoding="utf-8")).content)
GROUPS = WeightsRule.model_validate(read_yaml((EDITIONS / "weights.yaml").read_text(encoding="utf-8")).content).by_group
PAYER = system("tests", "claims.pay")
LATER = datetime(2027, 3, 1, tzinfo=UTC)
CASE = Treated(
    claim_id=1, facility_code="H1", level="2", group="D139", grouped="ok", principal="C34.900", days=9,
    total=1_600_000, patient=500_000, by_item=1_100_000,
)  # fmt: skip
POINT = point_of(RULE, Fraction(0), final=False)
STANDARD = round(GROUPS["D139"].weight * 8000 * 100)


def worth(**changes):
    return value(replace(CASE, **changes), RULE, GROUPS, POINT)


def test_an_ordinary_case_is_worth_its_groups_standard_less_what_others_paid():
    found = worth(other=1000)
    assert (found.worth, found.standard, found.payable) == (Worth.NORMAL, STANDARD, STANDARD)
    assert found.fund == STANDARD - 500_000 - 1000


@pytest.mark.parametrize(
    ("changes", "expected", "payable", "why"),
    [
        ({"total": STANDARD * 3}, Worth.HIGH, STANDARD + STANDARD * 7 // 10, "high"),
        ({"level": "3", "total": STANDARD * 3}, Worth.NORMAL, STANDARD * 16 // 10, "normal"),
        ({"total": STANDARD * 39 // 100}, Worth.LOW, STANDARD * 39 // 100, "low"),
        ({"days": 2}, Worth.EXCLUDED, 1_600_000, "short-stay"),
        ({"days": 60}, Worth.EXCLUDED, 1_600_000, "long-stay"),
        ({"principal": "F20.900", "days": 30}, Worth.PER_DIEM, 540_000, "per-diem"),
        ({"grouped": "ungrouped"}, Worth.UNGROUPED, 1_280_000, "ungrouped"),
        ({"group": "none"}, Worth.UNGROUPED, 1_280_000, "ungrouped"),
        ({"reviewed": True, "total": 9_000_000}, Worth.SPECIAL, 9_000_000, "special"),
    ],
)
def test_what_is_no_ordinary_case(changes, expected, payable, why):
    found = worth(**changes)
    assert (found.worth, found.payable) == (expected, payable)
    assert found.why[0].code == why


def test_a_group_without_weight_is_paid_by_item_until_reviewed():
    group = GROUPS["D139"].model_copy(update={"weight": None, "review": True})
    assert value(CASE, RULE, {"D139": group}, POINT).worth is Worth.BY_REVIEW


def test_a_facilitys_own_factor_and_a_groups_factor_come_before_the_levels():
    own = RULE.model_copy(update={"facility_factors": {"H1": Decimal("0.5")}})
    assert value(CASE, own, GROUPS, POINT).factor == Decimal("0.5")
    group = GROUPS["D139"].model_copy(update={"factors": {"2": Decimal("0.9")}})
    assert value(CASE, own, {"D139": group}, POINT).factor == Decimal("0.9")


def test_a_floating_rate_is_the_budget_by_all_weights_once_they_are_known():
    rule = PaymentRule.model_validate(read_yaml((EDITIONS / "dip.yaml").read_text(encoding="utf-8")).content)
    assert point_of(rule, Fraction(0), final=False) == 7000
    assert point_of(rule, Fraction(600_000), final=True) == Fraction(3_000_000_000, 600_000)


money = st.integers(0, 10**9)


@given(money, money, st.integers(1, 90), st.sampled_from([*GROUPS, "none"]), st.sampled_from(["township", "2", "3"]))
def test_the_fund_never_pays_less_than_nothing_nor_more_than_is_payable(total, patient, days, group, level):
    found = worth(total=total, patient=patient, days=days, group=group, level=level)
    assert 0 <= found.fund <= found.payable
    assert found.payable >= 0


@pytest.fixture
def month(stay):
    """Three settled stays of January and February."""
    return settled(
        stay(parts={"service": 700_000}), stay(begins=date(2026, 1, 20), code="K29.500", parts={"service": 400_000}),
        stay(begins=date(2026, 2, 20), code="I10.x00x002", parts={"drug": 100_000, "service": 400_000}),
    )  # fmt: skip


def books():
    assert ledger.verify()[1] == []
    return {
        (line.account.split(":")[0], line.account.split(":")[-1]): line.balance
        for line in ledger.trial_balance(date(2030, 1, 1))
    }


def test_a_month_is_stated_once_and_its_difference_posted(month):
    (one,) = actions.state_month(actor=PAYER, now=LATER, year=2026, month=1)
    assert (one.cases, one.by_item) == (2, sum(case.by_item for case in CasePayment.objects.filter(statement=one)))
    assert one.paid == one.fund - one.deposit
    assert one.due_on == date(2026, 3, 19)
    assert [why["code"] for why in one.why] == ["calendar"]
    assert actions.state_month(actor=PAYER, now=LATER, year=2026, month=1) == []
    (late,) = actions.state_month(actor=PAYER, now=LATER, year=2026, month=2)
    assert late.cases == 1
    balances = books()
    assert balances[("facility", "fund-receivable")] == 0
    assert balances[("facility", "bank")] == one.paid + late.paid == -balances[("fund", "bank")]


def test_a_prepayment_is_set_off_against_the_month(month):
    (advance,) = actions.prepay_month(actor=PAYER, now=LATER, year=2026, month=3)
    one, _two = (actions.state_month(actor=PAYER, now=LATER, year=2026, month=at)[0] for at in (1, 2))
    assert one.offset == min(advance.paid, one.fund - one.deposit)
    assert books()[("facility", "prepaid")] == one.offset + _two.offset - advance.paid


def test_the_clearance_gives_deposits_back_and_follows_what_was_cancelled(month):
    for at in (1, 2):
        actions.state_month(actor=PAYER, now=LATER, year=2026, month=at)
    actions.cancel_claim(actor=CLERK, now=LATER, claim_id=month[0].pk, reason="重复")
    (cleared,) = actions.clear_year(actor=PAYER, now=LATER, year=2026)
    assert cleared.cases == 2
    balances = books()
    assert balances[("facility", "fund-receivable")] == 0
    assert balances[("facility", "deposit")] == 0
    assert balances[("facility", "bank")] == cleared.fund
    spent = balances[("fund", "basic")] + balances.get(("fund", "serious"), 0) + balances[("fund", "case-payment")]
    assert spent == -cleared.fund
    assert actions.clear_year(actor=PAYER, now=LATER, year=2026) == []
    with pytest.raises(Refusal, match="已经清算"):
        actions.state_month(actor=PAYER, now=LATER, year=2026, month=3)


def test_an_open_month_and_an_open_year_are_refused(month):
    with pytest.raises(Refusal):
        actions.state_month(actor=PAYER, now=small.NOW, year=2026, month=3)
    with pytest.raises(Refusal):
        actions.clear_year(actor=PAYER, now=small.NOW, year=2026)
    assert not Statement.objects.exists()


def desk(county):
    return replace(county.desk, capabilities=frozenset({"claims.work", "claims.read"}))


def test_special_review_has_a_limit_a_reason_and_its_place_on_the_board(month, county):
    asked = {"now": LATER, "claim_id": month[0].pk, "text": "罕见"}
    with pytest.raises(Refusal, match="最多 0 例"):
        actions.ask_review(actor=desk(county), code="high-cost", **asked)
    with pytest.raises(Invalid, match="目录"):
        actions.ask_review(actor=desk(county), code="nothing", **asked)
    with pytest.raises(NotAllowed):
        actions.ask_review(actor=replace(desk(county), facility_id=county.township.pk), code="high-cost", **asked)


@pytest.fixture
def generous(county):
    """A limit that three discharges reach."""
    amend("claims.drg-payment.local", review_permille=1000)


def test_a_review_goes_to_who_holds_the_post_on_the_countys_day(month, county, generous):
    """Half past midnight of 2 March in the county: the officer whose post begins that day has it, though UTC lags."""
    officer = small._actor("孟佳宁", county.hospital, "insurance-officer")
    Post.objects.filter(pk=officer.post_id).update(since=date(2027, 3, 2))
    asked = {"claim_id": month[0].pk, "code": "high-cost", "text": "多脏器损害"}
    actions.ask_review(actor=desk(county), now=datetime(2027, 3, 1, 16, 30, tzinfo=UTC), **asked)
    assert WorkItem.objects.filter(kind="claims.review", state="open").count() == 1


def test_a_granted_review_is_paid_for_what_it_cost(month, county, generous):
    small._actor("孟佳宁", county.hospital, "insurance-officer")
    review = actions.ask_review(
        actor=desk(county), now=LATER, claim_id=month[0].pk, code="high-cost", text="多脏器损害"
    )
    assert WorkItem.objects.filter(kind="claims.review", state="open").count() == 1
    with pytest.raises(Invalid):
        actions.decide_review(actor=office(), now=LATER, review_id=review.pk, verb="refuse")
    actions.decide_review(actor=office(), now=LATER, review_id=review.pk, verb="grant")
    assert not WorkItem.objects.filter(kind="claims.review", state="open").exists()
    actions.state_month(actor=PAYER, now=LATER, year=2026, month=1)
    assert CasePayment.objects.get(claim=month[0]).worth == Worth.SPECIAL


def office():
    return system("tests", "claims.pay", "claims.oversee", "claims.work")


def test_the_case_mix_of_a_facility_against_all(month, county):
    together, only = queries.case_mix(date(2026, 1, 1), date(2026, 12, 31), by="facility")
    assert (together.cases, only.name, len(only.groups)) == (3, county.hospital.name, 3)
    assert (only.cost_index, only.days_index) == (1.0, 1.0)
    assert only.cmi == round(float(sum(one.weight for one in month)) / 3, 3)


def test_weights_of_a_table_become_an_edition(db):
    text = (
        "DRG编码,DRG名称,RW,单议病组,二级医院系数,三级医院系数\nAA19,心脏移植,,是,,\nBR21,脑缺血,1.23456789,,0.95,1.1\n"
    )
    given = {"city": "yancheng", "scheme": "chs11", "version": "2023", "since": date(2023, 1, 1), "source": "x"}
    made = actions.publish_weights(actor=small.PUBLISHER, now=small.NOW, content=text.encode("gb18030"), **given)
    first, second = made.content["groups"]
    assert first == {"group": "AA19", "name": "心脏移植", "review": True}
    assert (second["weight"], second["factors"]) == ("1.23456789", {"2": "0.95", "3": "1.1"})
    assert not made.verified


@pytest.mark.parametrize(
    ("text", "told"),
    [("a,b\n1,2\n", "首行"), ("DRG编码,RW\nAA19,x\n", "第 2 行"), ("DRG编码,RW\n,1\n", "缺少病组编码"), ("DRG编码,RW\n", "没有病组")],
)  # fmt: skip
def test_a_table_that_is_none_publishes_nothing_and_says_where(db, text, told):
    given = {"city": "local", "scheme": "county", "version": "9", "since": date(2023, 1, 1), "source": "x"}
    with pytest.raises(Invalid) as refused:
        actions.publish_weights(actor=small.PUBLISHER, now=small.NOW, content=text.encode(), **given)
    assert told in "".join(f"{one.field}{one.message}" for one in refused.value.problems)


@pytest.mark.shared
@pytest.mark.parametrize(("year", "weighted"), [("2022", 592), ("2023", 538)])
def test_the_weights_of_yancheng_are_read(db, shared, year, weighted):
    content = (shared / "data" / "drg_chs11" / "payment" / f"yancheng_{year}.csv").read_bytes()
    given = {"city": "yancheng", "scheme": "chs11", "version": year, "since": date(int(year), 1, 1), "source": "x"}
    made = actions.publish_weights(actor=small.PUBLISHER, now=small.NOW, content=content, **given)
    groups = WeightsRule.model_validate(made.content).groups
    assert (len(groups), sum(one.weight is not None for one in groups)) == (628, weighted)


def after_clearance(month, stay):
    """A stay of the cleared year that is settled only afterwards."""
    for at in (1, 2):
        actions.state_month(actor=PAYER, now=LATER, year=2026, month=at)
    actions.clear_year(actor=PAYER, now=LATER, year=2026)
    return settled(stay(begins=date(2026, 11, 3), code="E11.900", parts={"service": 300_000}))[0]


def test_a_case_after_the_clearance_is_carried_into_the_next_year_and_paid_once(month, stay):
    claim = after_clearance(month, stay)
    assert actions.clear_year(actor=PAYER, now=LATER, year=2026) == []
    (one,) = actions.state_month(actor=PAYER, now=LATER, year=2027, month=1)
    assert (one.cases, CasePayment.objects.get(statement=one).claim, one.why[0]["code"]) == (1, claim, "late")
    assert actions.state_month(actor=PAYER, now=datetime(2027, 4, 1, tzinfo=UTC), year=2027, month=2) == []
    (year,) = actions.clear_year(actor=PAYER, now=datetime(2028, 3, 1, tzinfo=UTC), year=2027)
    assert (year.fund, year.paid) == (one.fund, one.deposit)
    assert books()[("facility", "fund-receivable")] == 0


def test_nobody_states_the_month_and_the_next_clearance_still_pays_it(month, stay):
    after_clearance(month, stay)
    (year,) = actions.clear_year(actor=PAYER, now=datetime(2028, 3, 1, tzinfo=UTC), year=2027)
    assert (year.cases, year.paid) == (1, year.fund)
    assert books()[("facility", "fund-receivable")] == 0


def test_an_edition_can_pay_late_cases_by_a_supplement(month, stay):
    amend("claims.drg-payment.local", late="supplement")
    claim = after_clearance(month, stay)
    assert actions.state_month(actor=PAYER, now=LATER, year=2027, month=1) == []
    (one,) = actions.clear_year(actor=PAYER, now=LATER, year=2026)
    assert (one.kind, one.period, one.cases, one.paid) == ("supplement", "2026.1", 1, one.fund)
    assert CasePayment.objects.filter(claim=claim).count() == 1
    assert actions.clear_year(actor=PAYER, now=LATER, year=2026) == []
    assert books()[("facility", "fund-receivable")] == 0
