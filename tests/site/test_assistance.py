"""Lists of who is helped: from the page and the command line, every row accounted for."""

import json
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from typer.testing import CliRunner

import county as small
import stays
from catchment.kernel.models import AuditEntry
from catchment.rooms.claims.models import Entitlement, IncomingRow
from catchment.rooms.people.models import PersonIdentifier
from catchment.site.cli import claims

NUMBER = "330100195805040021"
HEAD = "姓名,身份证号,人员类别,起始日期,截止日期"
GOOD = f"王秀英,{NUMBER},低保对象,2026-01-01,2026-12-31"


@pytest.fixture
def officer(county, officer):
    """The officer, and a person whose number lists can name."""
    PersonIdentifier.objects.create(person=county.person, system="resident-id", value=NUMBER)
    return officer


@pytest.fixture
def send(enter, officer):
    def sent(*lines):
        content = "\n".join([HEAD, *lines]).encode("gb18030")
        file = SimpleUploadedFile("list.csv", content)
        return enter(officer).post("/claims/assistance/take", {"file": file})

    return sent


def account_of(answer):
    return {name: answer.context["account"][name] for name in ("taken", "known", "rejected")}


def test_a_row_is_taken_once_and_settles_by_its_day(send, county):
    assert account_of(send(GOOD)) == {"taken": 1, "known": 0, "rejected": 0}
    assert account_of(send(GOOD)) == {"taken": 0, "known": 1, "rejected": 0}
    one = Entitlement.objects.get()
    assert (one.category, one.until) == ("subsistence", date(2027, 1, 1))
    (claim,) = stays.settled(stays.maker(county)(parts={"service": 8_000_000}))
    assert (claim.category, stays.live(claim).aid > 0) == ("subsistence", True)
    assert AuditEntry.objects.filter(event="claim.entitle").latest("pk").detail["known"] == 1


def test_the_last_day_can_be_told_anew(send):
    send(GOOD)
    assert account_of(send(GOOD.replace("2026-12-31", "2026-06-30")))["taken"] == 1
    assert Entitlement.objects.get().until == date(2026, 7, 1)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (GOOD.replace("低保对象", "困难户"), "人员类别: 没有这个类别，规则里有：特困人员、低保对象"),
        (GOOD.replace("2026-01-01", "今年"), "起始日期: 今年 不是日期"),
        (GOOD.replace("2026-12-31", "2025-12-31"), "截止日期: 早于起始日期"),
        (GOOD.replace(NUMBER, "330100195805049999"), "没有这个证件号的居民"),
        (GOOD.replace("王秀英", "李某"), "姓名与登记的不同"),
        (GOOD.replace(NUMBER, ""), "身份证号: 不能为空"),
    ],
)
def test_a_row_that_cannot_be_taken_says_why_and_shows_no_number(send, line, told):
    answer = send(line)
    assert account_of(answer) == {"taken": 0, "known": 0, "rejected": 1}
    page = answer.content.decode()
    assert told in page
    assert "3301001958" not in page
    assert not Entitlement.objects.exists()


def test_two_categories_of_one_day_are_refused(send):
    assert account_of(send(GOOD, GOOD.replace("低保对象", "特困人员"))) == {"taken": 1, "known": 0, "rejected": 1}
    assert "这一天起已登记为低保对象" in IncomingRow.objects.get(fate="rejected").reason


def test_what_was_rejected_is_tried_again_once_its_cause_is_mended(send, enter, officer, county):
    send(GOOD.replace(NUMBER, "110000199001011238"))
    PersonIdentifier.objects.create(person=county.person, system="resident-id", value="110000199001011238")
    answer = enter(officer).post("/claims/assistance/take", {"again": "1"})
    assert account_of(answer)["taken"] == 1
    assert IncomingRow.objects.get().body is None


def test_a_file_without_the_columns_is_refused_and_nothing_is_taken(enter, officer):
    file = SimpleUploadedFile("list.csv", "姓名\n王秀英".encode())
    answer = enter(officer).post("/claims/assistance/take", {"file": file})
    assert (answer.status_code, "缺少列：身份证号、人员类别、起始日期" in answer.content.decode()) == (422, True)
    assert enter(officer).post("/claims/assistance/take", {}).status_code == 422


def test_a_hospital_cannot_say_who_is_poor(enter, county, officer):
    desk = enter(small._actor("曹敏行", county.hospital, "case-mix-officer"))
    assert desk.get("/claims/assistance").status_code == 403
    assert desk.post("/claims/assistance/take", {"again": "1"}).status_code == 403


def test_the_same_list_on_the_command_line(officer, tmp_path):
    (tmp_path / "list.csv").write_text("\n".join([HEAD, GOOD, GOOD.replace(NUMBER, "0")]), encoding="utf-8")
    ran = CliRunner().invoke(claims.app, ["assistance", str(tmp_path / "list.csv"), "--json"])
    assert ran.exit_code == 1
    told = json.loads(ran.stdout)
    assert (told["read"], told["taken"], [one["row"] for one in told["rejections"]]) == (2, 1, ["3"])
    again = CliRunner().invoke(claims.app, ["replay", "--source", "aid:civil-affairs", "--json"])
    assert json.loads(again.stdout)["rejected"] == 1


def test_the_command_line_tells_the_account_in_words(officer, tmp_path):
    (tmp_path / "list.csv").write_text(f"{HEAD}\n{GOOD}", encoding="utf-8")
    ran = CliRunner().invoke(claims.app, ["assistance", str(tmp_path / "list.csv")])
    assert ran.exit_code == 0
    assert "read" in ran.stdout
