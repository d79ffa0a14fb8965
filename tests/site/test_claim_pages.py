"""The pages of claims, as the posts that open them see them."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override
from openpyxl import load_workbook

import county as small
import stays
from catchment.kernel import clock
from catchment.rooms.claims import actions, queries
from catchment.rooms.claims.models import Claim, Claimant
from catchment.rooms.claims.web import slip_paper
from catchment.rooms.consent import actions as consent
from catchment.rooms.consent.models import Relation
from catchment.rooms.record.models import Encounter, Observation, Source


@pytest.fixture
def claim(county):
    """A settled stay of last month."""
    begins = timezone.localdate(clock.now()) - timedelta(days=40)
    return stays.settled(stays.maker(county)(begins=begins, also=("E11.900",), parts={"service": 2_000_000}))[0]


def test_the_office_sees_every_claim_and_the_hospital_its_own(enter, county, officer, desk, claim):
    assert claim.number in enter(officer).get("/claims/").content.decode()
    assert claim.number in enter(desk).get("/claims/").content.decode()
    other = small._actor("钱某", county.township, "case-mix-officer")
    client = enter(other)
    assert claim.number not in client.get("/claims/").content.decode()
    assert client.get(f"/claims/{claim.public_id}/").status_code == 404


def test_a_doctor_has_no_list_of_claims(enter, county, claim):
    assert enter(county.specialist).get("/claims/").status_code == 403


def test_a_claims_page_shows_shares_reasons_group_and_postings(enter, officer, claim):
    page = enter(officer).get(f"/claims/{claim.public_id}/").content.decode()
    one = stays.live(claim)
    for told in ("起付线 400.00 元", "未核实", "D113", "应收基金", f"{one.patient / 100:,.2f}", 'id="shares"'):
        assert told in page


def test_the_list_finds_a_name_by_post_and_is_narrowed_by_what_the_rules_found(enter, desk, claim):
    client = enter(desk)
    assert claim.number in client.post("/claims/", {"text": "王秀"}).content.decode()
    assert claim.number not in client.post("/claims/", {"text": "李"}).content.decode()
    assert claim.number not in client.post("/claims/", {"finding": "overlap"}).content.decode()


def test_a_cancellation_asks_for_its_reason_and_posts_the_opposite(enter, desk, claim):
    client = enter(desk)
    where = f"/claims/{claim.public_id}/step/cancel"
    assert client.post(where, {"reason": ""}).status_code == 422
    assert client.post(where, {"reason": "费用有误"}).status_code == 302
    page = client.get(f"/claims/{claim.public_id}/").content.decode()
    assert "已撤销" in page
    assert "冲正" in page
    again = f"/claims/{claim.public_id}/mend"
    assert client.post(again, stays.sent(client.get(again))).status_code == 302
    assert client.post(f"/claims/{claim.public_id}/step/settle").status_code == 302
    assert Claim.objects.get(pk=claim.pk).state == "settled"
    assert client.post(f"/claims/{claim.public_id}/step/nothing").status_code == 404


def test_the_list_as_a_spreadsheet_runs_no_formula(enter, desk, claim):
    Claimant.objects.update(name="=1+1")
    answer = enter(desk).post("/claims/list.xlsx", {})
    sheet = load_workbook(BytesIO(answer.content)).worksheets[0]
    assert sheet["A2"].value == claim.number
    assert (sheet["B2"].value, sheet["B2"].data_type) == ("'=1+1", "s")
    assert sheet["O2"].value == claim.total / 100


def test_the_slip_is_a_pdf_and_an_unsettled_claim_has_none(enter, desk, claim):
    client = enter(desk)
    answer = client.get(f"/claims/{claim.public_id}/slip.pdf")
    assert answer.content.startswith(b"%PDF-")
    actions.cancel_claim(actor=stays.CLERK, now=clock.now(), claim_id=claim.pk, reason="x")
    assert client.get(f"/claims/{claim.public_id}/slip.pdf").status_code == 404


def test_the_case_mix_page_and_its_sheet(enter, desk, officer, county, claim):
    page = enter(desk).get("/claims/case-mix").content.decode()
    assert "D113" in page
    assert enter(county.manager).get("/claims/case-mix?by=facility").status_code == 200
    book = load_workbook(BytesIO(enter(officer).get("/claims/case-mix.xlsx?by=facility").content))
    assert book.worksheets[0]["A3"].value == county.hospital.name


def test_the_office_states_a_month_and_opens_its_cases(enter, officer, desk, claim):
    client, day = enter(officer), claim.ends_on
    asked = {"year": day.year, "month": day.month, "what": "monthly"}
    assert client.post("/claims/statements/run", asked).status_code == 302
    page = client.get(f"/claims/statements?year={day.year}").content.decode()
    where = page.split("/claims/statements/")[2].split("/")[0] if page.count("/claims/statements/") > 1 else ""
    assert "县人民医院" in page
    assert claim.number in client.get(f"/claims/statements/{where}/").content.decode()
    assert client.post("/claims/statements/run", asked).status_code == 409
    assert client.post("/claims/statements/run", {**asked, "year": "x"}).status_code == 422
    assert enter(desk).post("/claims/statements/run", asked).status_code == 403
    assert client.get(f"/claims/statements.xlsx?year={day.year}").status_code == 200
    sheet = load_workbook(BytesIO(client.get(f"/claims/statements/{where}/cases.xlsx").content)).active
    header, case = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=1, max_row=2)]
    told = dict(zip(header, case, strict=True))
    assert (told["单号"], told["总费用（元）"]) == (claim.number, claim.total / 100)
    assert round(told["其中基金"] - told["按项目记账"], 2) == told["差额"]


def test_a_doctor_sees_where_a_stay_in_progress_stands_and_that_it_is_no_cap(enter, county, claim):
    now = clock.now()
    source = Source.objects.get(code="s")
    stay = Encounter.objects.create(
        person=county.person, facility=county.hospital, source=source, klass="IMP", status="in-progress",
        at=now - timedelta(days=3), recorded_at=now, reason_code="J18.900", reason="肺炎", cost_fen=300_000,
    )  # fmt: skip
    Observation.objects.create(
        person=county.person, facility=county.hospital, source=source, encounter=stay, status="final", at=now,
        recorded_at=now, code="4548-4", display="糖化血红蛋白", value=8.1, unit="%",
    )  # fmt: skip
    page = enter(county.specialist).get(f"/people/{county.person.public_id}/").content.decode()
    for told in ("在院", "D115", "不是费用上限", "近一年全县同组" if claim.drg == "D115" else "第 3 天", "E11.900"):
        assert told in page


def test_a_resident_sees_the_own_bills_and_nobody_elses(client, county, claim):
    now = clock.now()
    Relation.objects.create(
        person=county.person, facility=county.village, kind="presence", since=now, until=now + timedelta(days=1)
    )
    other = small.make_person("陌生人", county.person.area, county.village)
    for person, seen in ((county.person, True), (other, False)):
        secret = consent.issue_link(actor=county.village_doctor, now=now, person_id=person.pk)
        page = Client().post(f"/my/{secret}").content.decode()
        assert ("我的结算" in page) == seen
        assert ("起付线" in page) == seen


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_pages_and_slip_give_their_reasons_in_the_readers_language(enter, officer, claim, language):
    """The claim was settled while Chinese was spoken."""
    client = enter(officer)
    client.cookies["language"] = language
    page = client.get(f"/claims/{claim.public_id}/").content.decode()
    assert ("deductible 400.00 yuan" in page, "起付线 400.00 元" in page) == (language == "en", language != "en")
    with override(language):
        slip = slip_paper.content_of(queries.page_of(claim), "王秀英")
    told = "".join(why for _layer, whys, _paid in slip["why"] for why in whys)
    assert ("起付线" in told) == (language != "en")
    assert client.get(f"/claims/{claim.public_id}/slip.pdf").content.startswith(b"%PDF")
