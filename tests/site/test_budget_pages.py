"""The pages of the budget: who may open them, what they show, what they hand out."""

import re
from datetime import date
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from openpyxl import load_workbook

import county as small
import lived
from catchment.kernel import clock
from catchment.rooms.budget.actions import watching
from catchment.rooms.budget.models import Budget, Finding
from catchment.rooms.budget.queries import budgets, marks
from catchment.rooms.budget.web import statement
from catchment.rooms.record.models import Encounter
from catchment.site.cli import budget_year


@pytest.fixture
def officer(county):
    office = small._facility("Y1", "云溪县医保局", "insurance-office", "county", county.hospital.area, 121.3, 28.1)
    return small._actor("孟佳宁", office, "insurance-officer")


@pytest.fixture
def finance(county):
    return small._actor("钱如玉", county.hospital, "finance-officer")


@pytest.fixture
def cleared(county):
    """2025 from draft to clearance."""
    lived.live(county)
    return budget_year.run(
        lambda act, **given: act(actor=lived.CLERK, now=clock.now(), **given),
        community="N1", year=2025, place="local", today=date(2026, 7, 1), report=lambda *_: None,
    )  # fmt: skip


def test_the_office_sees_the_year_and_takes_it_away(enter, officer, cleared):
    client = enter(officer)
    page = client.get(f"/budget/{cleared.public_id}/").content.decode()
    assert all(
        text in page for text in ("预算怎么来的", "未核实", "按月", "结余", "冲正重开", "2025-12", "代表全体成员签订")
    )
    assert "总额" in client.get("/budget/").content.decode()
    assert "县人民医院" in client.get(f"/budget/{cleared.public_id}/month/3/").content.decode()
    paper = client.get(f"/budget/{cleared.public_id}/statement.pdf")
    assert paper.content.startswith(b"%PDF")
    book = load_workbook(BytesIO(client.get(f"/budget/{cleared.public_id}/budget.xlsx").content))
    assert len(book.sheetnames) == 8
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell.value for cell in cells if cell.data_type == "f"]


def test_papers_and_sheets_give_their_reasons_in_the_readers_language(enter, officer, cleared):
    """The year was made and reckoned while Chinese was spoken."""
    client = enter(officer)
    client.cookies["language"] = "en"
    with override("en"):
        paper = statement.content_of(cleared, budgets.clearance(cleared), qr="")
    assert [why for why in paper["why"] if re.search(r"[\u3000-\u9fff]", why)] == []
    assert paper["why"]
    book = load_workbook(BytesIO(client.get(f"/budget/{cleared.public_id}/budget.xlsx").content))
    cells = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row]
    assert any("held in reserve" in one for one in cells)
    assert not any("预留风险金" in one for one in cells)


def test_the_year_opens_without_reading_the_record_again(enter, officer, cleared):
    client = enter(officer)
    client.get("/budget/")
    small.remember_rules()
    with CaptureQueriesContext(connection) as asked:
        page = client.get(f"/budget/{cleared.public_id}/").content.decode()
    assert len(asked) <= 12
    assert not [one["sql"] for one in asked if "record_encounter" in one["sql"]]
    assert "所用年度：2023、2024" in page


def test_a_places_numbers_say_what_was_read_and_what_is_a_default(enter, officer):
    page = enter(officer).get("/budget/places/").content.decode()
    assert all(text in page for text in ("福建三明", "浙江玉环", "贵州铜仁", "安徽天长"))
    assert "2025 年基金收入 41.28 亿元" in page
    assert "来源：《中国医院院长》三明报道" in page
    by_name = {name: {field.name: field.value for field in one.fields} for name, one in marks.places(date(2026, 1, 1))}
    assert by_name["tianchang"]["县 : 乡 : 村"] == "县级 6 : 乡镇 3 : 村 1"
    assert by_name["yuhuan"]["超支分段（医共体承担 %）"] == "医共体承担 70%"
    assert by_name["yuhuan"]["分配依据"] == "按考核得分"
    shown = {name: {kind: n for kind, _word, n in one.kinds} for name, one in marks.places(date(2026, 1, 1))}
    assert shown["tongren"] == {"default": 7}
    assert shown["yuhuan"]["sourced"] == 1
    assert [fact[2] for fact in dict(marks.places(date(2026, 1, 1)))["tongren"].facts] == ["S:rep4"] * 4


def test_a_name_like_a_formula_stays_text_in_the_sheet(enter, officer, cleared):
    type(cleared.network).objects.filter(pk=cleared.network_id).update(name="=1+1")
    content = enter(officer).get(f"/budget/{cleared.public_id}/budget.xlsx").content
    assert load_workbook(BytesIO(content)).worksheets[0]["B2"].value == "'=1+1"


def test_a_statement_can_be_checked_by_anybody(client, cleared):
    from catchment.rooms.budget.queries import budgets
    from catchment.rooms.budget.web.views.files import SIGNER

    signed = SIGNER.sign(str(budgets.clearance(cleared).pk))
    assert "真实有效" in client.get(f"/budget/check/{signed}/").content.decode()
    assert client.get("/budget/check/1:x/").status_code == 404


def test_a_doctor_has_no_business_here(enter, county, cleared):
    client = enter(county.village_doctor)
    assert client.get("/budget/").status_code == 403
    assert client.get(f"/budget/{cleared.public_id}/").status_code == 403
    assert "/budget/" not in client.get("/").content.decode()


def test_the_office_makes_the_lead_signs_the_office_agrees(enter, county, officer):
    lived.live(county)
    client = enter(officer)
    assert client.post("/budget/", {"community": "N1", "year": 2025, "place": "local"}).status_code == 302
    budget = Budget.objects.get()
    where = f"/budget/{budget.public_id}"
    assert client.post(f"{where}/sign/", {"sign-reason": "x"}).status_code == 422
    client = enter(county.manager)
    assert client.post(f"{where}/sign/", {"sign-reason": ""}).status_code == 422
    assert client.post(f"{where}/sign/", {"sign-reason": "全体成员同意"}).status_code == 302
    client = enter(officer)
    assert client.post(f"{where}/agree/", {"agree-reason": "同意"}).status_code == 302
    assert client.post(f"{where}/prepay/", {"prepay-month": "1"}).status_code == 302
    assert client.post(f"{where}/prepay/", {"prepay-month": "1"}).status_code == 422
    assert Budget.objects.get().state == "running"


def test_files_are_answered_row_by_row(enter, officer):
    client = enter(officer)
    file = SimpleUploadedFile("h.csv", "年度,月份,机构代码,类别,基金支出（元）\n2022,,,门诊,10\n2022,,,牙,1\n".encode())
    page = client.post("/budget/history/N1/", {"file": file}, follow=True).content.decode()
    assert "收下 1" in page
    assert "退回 1" in page
    bad = SimpleUploadedFile("h.xlsx", b"nothing")
    assert client.post("/budget/history/N1/", {"file": bad}).status_code == 422


@pytest.fixture
def finding(county, officer):
    lived.live(county)
    Encounter.objects.filter(facility=county.village, at__year=2025).exclude(person=county.person).delete()
    return watching.watch_year(actor=lived.CLERK, now=clock.now(), community="N1", year=2025)[0]


def test_events_open_to_the_office_alone(enter, county, officer, finding):
    client = enter(county.manager)
    assert client.get(f"/budget/findings/{finding.public_id}/").status_code == 200
    assert client.get(f"/budget/findings/{finding.public_id}/events").status_code == 403
    client = enter(officer)
    page = client.get(f"/budget/findings/{finding.public_id}/events").content.decode()
    assert "2024-01-04" in page
    assert client.post(f"/budget/findings/{finding.public_id}/confirm", {"outcome": ""}).status_code == 422
    assert client.post(f"/budget/findings/{finding.public_id}/confirm", {"outcome": "属实"}).status_code == 302
    assert Finding.objects.get().state == "confirmed"


def test_a_missing_history_is_told_with_the_way_out(enter, county, officer):
    answer = enter(officer).post("/budget/", {"community": "N1", "year": 2025, "place": "local"})
    assert answer.status_code == 422
    assert "先上传" in answer.content.decode()


def test_the_communitys_finance_compares_its_accounts_and_changes_nothing(enter, finance, cleared):
    client = enter(finance)
    page = client.get("/budget/accounts/N1/?on=2030-01-01").content.decode()
    assert all(text in page for text in ("县人民医院", "已预付未清算", "结余留用", "年度预算"))
    assert "到这一天还没有记过账" in client.get("/budget/accounts/N1/?on=2024-12-31").content.decode()
    month = client.get("/budget/accounts/N1/organization:N1:advance/?on=2025-03-09").content.decode()
    assert "2025-03/budget/1" in month
    assert "按月预付" in month
    book = load_workbook(BytesIO(client.get("/budget/accounts/N1/accounts.xlsx?on=2030-01-01").content))
    assert "facility:H1:surplus" in [row[0].value for row in book.worksheets[0].iter_rows()]
    assert client.get("/budget/history/N1/").status_code == 200
    assert client.post(f"/budget/{cleared.public_id}/reopen/", {"reopen-reason": "x"}).status_code == 422
    assert client.post("/budget/", {"community": "N1", "year": 2024, "place": "local"}).status_code == 422


@pytest.mark.parametrize("code", ["fund:basic:pool", "organization:elsewhere:fund-received", "nothing"])
def test_another_owners_account_is_not_opened_there(enter, finance, cleared, code):
    assert enter(finance).get(f"/budget/accounts/N1/{code}/").status_code == 404


def test_the_accounts_are_not_for_everybody(enter, county, cleared):
    assert enter(county.manager).get("/budget/accounts/N1/").status_code == 403
    assert enter(county.specialist).get("/budget/accounts/N1/").status_code == 403


def test_one_officer_reckons_and_another_decides(enter, county, officer):
    lived.live(county, y2025=1.4)
    made = budget_year.run(
        lambda act, **given: act(actor=lived.CLERK, now=clock.now(), **given),
        community="N1", year=2025, place="local", today=date(2026, 7, 1), report=lambda *_: None,
    )  # fmt: skip
    Budget.objects.filter(pk=made.pk).update(state="pre-settled")
    where, choice = f"/budget/{made.public_id}", {"decide-choice": "share", "decide-reason": "按协议"}
    client = enter(officer)
    assert client.post(f"{where}/reckon/").status_code == 302
    assert "须由两个人办理" in client.get(f"{where}/").content.decode()
    assert client.post(f"{where}/decide/", choice).status_code == 422
    branch = small._facility("Y2", "云溪县医保中心", "insurance-office", "county", county.hospital.area, 121.3, 28.1)
    other = small._actor("罗成章", branch, "insurance-officer")
    assert enter(other).post(f"{where}/decide/", choice).status_code == 302
    assert Budget.objects.get(pk=made.pk).state == "decided"
