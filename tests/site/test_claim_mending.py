"""The page on which the hospital's case-mix office mends a claim that was sent back."""

from datetime import timedelta

import pytest
from django.utils import timezone

import county as small
import stays
from catchment.kernel import clock
from catchment.rooms.claims.models import Claim, ClaimLine

YESTERDAY = timedelta(days=40)


@pytest.fixture
def wrong(county):
    """A stay of last month, sent back for a man's diagnosis and for days in two beds."""
    begins, make = timezone.localdate(clock.now()) - YESTERDAY, stays.maker(county)
    stays.settled(make(begins=begins, code="K29.500"))
    return stays.checked(make(begins=begins + timedelta(days=3), code="N40.x00"))[0]


def where(claim, part="mend"):
    return f"/claims/{claim.public_id}/{part}"


def test_each_finding_stands_in_the_part_it_speaks_of_with_its_evidence(enter, desk, wrong):
    page = enter(desk).get(where(wrong)).content.decode()
    dates, diagnoses = page.index("日期与离院"), page.index('<h2 class="h4">诊断')
    assert dates < page.index("重叠住院") < diagnoses < page.index("性别不符")
    other = Claim.objects.exclude(pk=wrong.pk).get()
    assert f"/claims/{other.public_id}/" in page
    assert "登记性别 女" in page


def test_mended_in_every_part_it_is_handed_in_and_goes_to_its_page(enter, desk, wrong):
    client = enter(desk)
    after = (wrong.begins_on + timedelta(days=20)).isoformat()
    typed = {
        "begins_on": after, "ends_on": (wrong.begins_on + timedelta(days=24)).isoformat(), "total": "1,234.50",
        "diagnoses-0-coded": "J18.900 肺炎", "procedures-0-coded": "36.0700", "discharge_way": "1",
        "lines-0-amount": "1234.5", "lines-0-name": "头孢", "lines-0-excluded": "", "lines-0-first_pay": "0",
        **{f"lines-{row}-{name}": "" for row in (1, 2, 3) for name in ("amount", "excluded", "first_pay")},
    }  # fmt: skip
    answer = client.post(where(wrong), stays.sent(client.get(where(wrong)), **typed))
    assert (answer.status_code, answer.url) == (302, f"/claims/{wrong.public_id}/")
    claim = Claim.objects.get(pk=wrong.pk)
    assert (claim.state, claim.total, claim.days, claim.discharge_way) == ("checked", 123_450, 4, "1")
    assert [one.name for one in ClaimLine.objects.filter(claim=claim)] == ["头孢"]
    page = client.get(answer.url).content.decode()
    assert "诊断：N40.x00 → J18.900" in page
    assert "4,000.00 → 1,234.50" in page


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(enter, desk, wrong):
    client = enter(desk)
    typed = {"begins_on": "昨天", "total": "很多", "lines-0-amount": "-3", "lines-1-quantity": "两盒"}
    answer = client.post(where(wrong), stays.sent(client.get(where(wrong)), **typed))
    page = answer.content.decode()
    assert answer.status_code == 422
    for told in ("不是日期", "不是金额", "金额不能为负", "请填数字", 'value="很多"', 'value="两盒"'):
        assert told in page
    assert Claim.objects.get(pk=wrong.pk).state == "rejected"


def test_sums_that_do_not_meet_are_told_and_nothing_is_written(enter, desk, wrong):
    client = enter(desk)
    answer = client.post(where(wrong), stays.sent(client.get(where(wrong)), total="1"))
    assert "明细合计 4,000.00 元，与总费用 1.00 元不符" in answer.content.decode()
    assert (answer.status_code, Claim.objects.get(pk=wrong.pk).total) == (422, 400_000)


def test_still_wrong_it_comes_back_to_the_form(enter, desk, wrong):
    client = enter(desk)
    answer = client.post(where(wrong), stays.sent(client.get(where(wrong))))
    assert (answer.status_code, answer.url) == (302, where(wrong))
    assert "仍有要改的地方" in client.get(answer.url).content.decode()


def test_more_rows_are_added_without_writing_anything(enter, desk, wrong):
    client = enter(desk)
    asked = stays.sent(client.get(where(wrong)), more="lines", **{"lines-0-name": "头孢"})
    answer = client.post(where(wrong), asked)
    assert len(answer.context["form"].lines.forms) == int(asked["lines-TOTAL_FORMS"]) + 3
    assert 'value="头孢"' in answer.content.decode()


def test_codes_are_proposed_for_what_is_typed_and_stand_in_no_address(enter, desk, wrong):
    client, row = enter(desk), "diagnoses-0-coded"
    answer = client.post(where(wrong, "codes"), {row: "fy"}, headers={"HX-Trigger-Name": row})
    assert 'data-value="J18.900' in answer.content.decode()
    assert client.get(where(wrong, "codes")).status_code == 405


def test_a_settled_claim_is_not_mended_and_another_hospital_finds_no_such_page(enter, county, desk, wrong):
    settled = Claim.objects.exclude(pk=wrong.pk).get()
    assert enter(desk).get(where(settled)).status_code == 409
    assert enter(small._actor("钱某", county.township, "case-mix-officer")).get(where(wrong)).status_code == 404
    assert enter(county.specialist).get(where(wrong)).status_code == 403


def test_the_page_asks_few_questions_of_the_database(enter, desk, wrong, django_assert_max_num_queries):
    client = enter(desk)
    client.get(where(wrong))
    with django_assert_max_num_queries(12):
        client.get(where(wrong))
