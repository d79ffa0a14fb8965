"""Mending a rejected claim and handing it in again: all of it or nothing, and what it said before is kept."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

import county as small
from catchment.kernel import flow
from catchment.kernel.errors import Invalid, NotAllowed, Refusal
from catchment.rooms.claims import actions, queries
from catchment.rooms.claims.models import Claim, ClaimLine
from catchment.rooms.claims.rules import CLAIM
from catchment.rooms.claims.types import Category, LineTold, State
from catchment.rooms.people.models import Coverage
from stays import CLERK, checked, codes, made, mended, settled

NOW = small.NOW
PNEUMONIA = ({"code": "J18.900", "display": "肺炎"},)


@pytest.fixture
def wrong(stay):
    """A claim that was sent back: its diagnosis is a man's."""
    return checked(stay(code="N40.x00"))[0]


def lines(claim):
    return list(ClaimLine.objects.filter(claim=claim).order_by("pk"))


def test_a_mended_claim_is_checked_at_once_grouped_and_can_be_settled(wrong):
    claim = mended(wrong, diagnoses=PNEUMONIA)
    assert (claim.state, claim.findings, claim.drg) == (State.CHECKED, [], "D115")
    assert len(actions.settle_claims(actor=CLERK, now=NOW, claim_ids=[claim.pk])) == 1


def test_what_is_still_wrong_sends_it_back_again_and_what_was_mended_is_kept(wrong):
    claim = mended(wrong, diagnoses=(*PNEUMONIA, {"code": "C61.x00", "display": ""}))
    assert (claim.state, codes(claim)) == (State.REJECTED, {"sex": "reject"})
    assert claim.diagnoses[0]["code"] == "J18.900"
    assert claim.drg == ""


def test_the_history_keeps_old_and_new_of_what_changed_and_of_nothing_else(wrong):
    mended(wrong, diagnoses=PNEUMONIA, discharge_way="医嘱转院")
    event = next(one for one in flow.history(CLAIM, wrong.pk) if one.verb == "mend")
    assert event.detail["changed"] == {
        "diagnoses": [wrong.diagnoses, list(PNEUMONIA)], "discharge_way": ["", "医嘱转院"],
    }  # fmt: skip


def test_lines_take_the_place_of_the_old_ones_and_open_self_pay_parts_are_estimated(wrong):
    drug = LineTold(category=Category.DRUG, amount=300_000, name="头孢", excluded=1000, first_pay=0)
    claim = mended(wrong, lines=(drug, LineTold(category=Category.SERVICE, amount=100_000)), diagnoses=PNEUMONIA)
    assert [(one.name, one.amount, one.excluded) for one in lines(claim)] == [
        ("头孢", 300_000, 1000),
        ("", 100_000, 1500),
    ]
    assert (claim.total, claim.excluded, claim.estimated) == (400_000, 2500, True)


def test_parts_that_somebody_states_are_estimated_no_more(wrong):
    told = tuple(replace(one, excluded=0, first_pay=0) for one in queries.content_of(wrong).lines)
    assert (wrong.estimated, mended(wrong, lines=told).estimated) == (True, False)
    assert not Claim.objects.get(pk=wrong.pk).excluded


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ends_on": date(2025, 1, 1)}, "ends_on"),
        ({"begins_on": date(2031, 1, 1), "ends_on": date(2031, 1, 2)}, "ends_on"),
        ({"begins_on": date(1991, 1, 1), "ends_on": date(1991, 1, 2)}, "ends_on"),
        ({"total": 1}, "total"),
        ({"lines": ()}, "lines"),
        ({"lines": (LineTold(category=Category.DRUG, amount=400_000, excluded=400_001),)}, "lines"),
        ({"diagnoses": (*PNEUMONIA, *PNEUMONIA)}, "diagnoses"),
    ],
)
def test_what_cannot_be_so_names_its_field_and_nothing_is_written(wrong, changes, field):
    before = [one.pk for one in lines(wrong)]
    with pytest.raises(Invalid) as refused:
        mended(wrong, **changes)
    assert [one.field for one in refused.value.problems] == [field]
    assert Claim.objects.get(pk=wrong.pk).state == State.REJECTED
    assert [one.pk for one in lines(wrong)] == before


def test_dates_that_another_claim_has_are_refused_with_its_number(stay, wrong):
    (other,) = settled(stay(begins=date(2026, 2, 20), code="K29.500"))
    with pytest.raises(Invalid, match=other.number):
        mended(wrong, begins_on=other.begins_on, ends_on=other.ends_on)


def test_age_days_and_insurance_follow_the_mended_dates(wrong, county):
    Coverage.objects.update(until=date(2025, 12, 1))
    claim = mended(wrong, begins_on=date(2026, 1, 2), diagnoses=PNEUMONIA)
    assert (claim.days, claim.insurance) == (9, "resident")
    claim = mended(claim, begins_on=date(2025, 11, 1), ends_on=date(2025, 11, 5))
    assert (claim.days, claim.age, claim.insurance) == (4, 67, "resident")


def test_an_insurance_registered_meanwhile_is_found_when_the_claim_is_handed_in_again(stay):
    Coverage.objects.update(kind="employee", since=date(2030, 1, 1))
    (claim,) = checked(stay())
    Coverage.objects.update(since=date(2020, 1, 1))
    assert (claim.insurance, mended(claim).insurance) == ("none", "employee")


def test_amounts_in_another_currency_pass_once_somebody_turned_them_into_yuan(stay):
    (claim,) = made(stay())
    Claim.objects.update(currency="USD")
    (back,) = actions.check_claims(actor=CLERK, now=NOW, claim_ids=[claim.pk])[1]
    assert codes(back)["currency"] == "reject"
    assert mended(back).state == State.REJECTED
    assert (mended(back, in_yuan=True).state, Claim.objects.get().currency) == (State.CHECKED, "CNY")


def test_who_was_slower_is_told_and_overwrites_nothing(wrong):
    content, seen = queries.content_of(wrong), wrong.state_since - timedelta(minutes=1)
    with pytest.raises(Refusal, match="别人刚改过"):
        actions.mend_claim(actor=CLERK, now=NOW, claim_id=wrong.pk, content=content, seen=seen)


def test_another_hospital_mends_nothing(wrong, county):
    stranger = replace(county.township_doctor, capabilities=frozenset({"claims.work"}))
    with pytest.raises(NotAllowed):
        actions.mend_claim(actor=stranger, now=NOW, claim_id=wrong.pk, content=queries.content_of(wrong))


def test_codes_are_found_by_code_chinese_pinyin_and_initials(county):
    day = date(2026, 1, 5)
    for text in ("j18", "肺炎", "feiyan", "fy"):
        assert ("J18.900", "肺炎") in [(code, name[-2:]) for code, name in queries.codes_matching(text, day)]
    assert queries.codes_matching("j", day) == []
    assert queries.codes_matching("36.07", day, procedures=True)[0][0] == "36.0700"


def test_the_way_of_leaving_is_a_code_of_the_home_page_whatever_a_source_calls_it(stay):
    (died, home, own) = made(
        stay(disposition="died"), stay(begins=date(2026, 2, 1), disposition="improved"),
        stay(begins=date(2026, 3, 1), disposition="回家休养"),
    )  # fmt: skip
    assert (died.discharge_way, home.discharge_way, own.discharge_way) == ("5", "1", "回家休养")
