"""A notifiable infection on the pages: the card and the person in the case of the office that holds it, nowhere else."""

import pytest

import county as small
from catchment.kernel import clock
from catchment.rooms.board.models import WorkItem
from catchment.rooms.record import actions as record
from catchment.rooms.surveillance.models import ReportCard


@pytest.fixture
def control(county):
    place = small._facility("C1", "县疾控中心", "disease-control", "county", county.hospital.area, 121.3, 28.1)
    return small._actor("疾控员", place, "disease-control-officer")


@pytest.fixture
def card(county, control):
    whose = {"actor": county.village_doctor, "now": clock.now(), "person_id": county.person.pk}
    record.record_condition(**whose, code="B05", display="麻疹")
    return ReportCard.objects.get()


def test_the_office_reads_the_card_and_opens_who_it_is_for_a_purpose_inside_the_case(enter, control, county, card):
    client = enter(control)
    at = f"/cases/surveillance.report/{card.public_id}/"
    assert at in client.get("/cases/").content.decode()
    page = client.get(at).content.decode()
    assert "麻疹" in page
    assert "乙类" in page
    assert "未核实" in page
    assert county.person.name not in page
    who = page.split('name="who" value="')[1].split('"')[0]
    assert client.post(f"{at}open", {"who": who, "purpose": "ask-person"}).status_code == 422
    opened = client.post(f"{at}open", {"who": who, "purpose": "report-card"}, follow=True).content.decode()
    assert county.person.name in opened
    client.post(f"{at}conclude", {"outcome": "已报告，卡号 1"})
    assert WorkItem.objects.get(kind="surveillance.report").state == "done"
    assert client.get(at).status_code == 404


def test_another_office_s_case_is_not_there(enter, county, card):
    place = small._facility("I1", "县医保局", "insurance-office", "county", county.hospital.area, 121.3, 28.1)
    client = enter(small._actor("医保", place, "insurance-officer"))
    assert client.get(f"/cases/surveillance.report/{card.public_id}/").status_code == 404


def test_a_card_that_an_import_opened_without_a_facility_says_so(enter, control, card):
    ReportCard.objects.update(facility=None)
    assert "导入资料未说明" in enter(control).get(f"/cases/surveillance.report/{card.public_id}/").content.decode()
