"""The pages and the API of screening: what each shows, one-tap steps, who is let in, small counts withheld."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import county as county_of_tests
from catchment.kernel import clock
from catchment.kernel.actor import system
from catchment.kernel.models import AuditEntry
from catchment.rooms.consent import actions as consent
from catchment.rooms.consent.models import Relation
from catchment.rooms.record import actions as record
from catchment.rooms.screening import actions
from catchment.rooms.screening.models import Case, MessageRead
from catchment.rooms.staff.models import CareResponsibility

MOST_QUERIES = 16


@pytest.fixture
def case(county):
    """A grade 2 pressure of a woman of 67 without known hypertension, found by the county's run."""
    now = clock.now()
    CareResponsibility.objects.create(
        person=county.person, post_id=county.village_doctor.post_id, since=date(2026, 1, 1)
    )
    record.record_blood_pressure(
        actor=county.village_doctor,
        now=now - timedelta(days=1),
        person_id=county.person.pk,
        systolic=168,
        diastolic=101,
    )
    actions.run_programmes(
        actor=system("screening", "screening.run"), now=now, programme="hypertension", engine="postgresql"
    )
    return Case.objects.get()


def officer(county):
    """The bureau's officer, who sees figures only."""
    return county_of_tests._actor("卫健局", county.hospital, "bureau-officer")


def test_a_persons_page_says_band_reasons_bars_and_what_it_rests_on(enter, county, case):
    page = enter(county.village_doctor).get(f"/people/{county.person.public_id}/").content.decode()
    for words in ("筛查与风险", "高血压筛查", "2 级高血压", "收缩压达到 140", "规则未经核实", "模型版本 2018"):
        assert words in page
    assert f"/people/{county.person.public_id}/entry/observation/" in page


def test_a_step_is_one_tap_on_the_list_and_leads_back_to_it(enter, county, case):
    client = enter(county.village_doctor)
    page = client.get("/screening/", follow=True)
    assert [line.pk for line, _steps in page.context["lines"]] == [case.pk]
    answer = client.post(f"/screening/cases/{case.public_id}/steps/reach", {"next": "/screening/work"})
    case.refresh_from_db()
    assert (answer.headers["Location"], case.state) == ("/screening/work", "reached")


def test_nobody_is_led_elsewhere_after_a_step(enter, county, case):
    answer = enter(county.village_doctor).post(
        f"/screening/cases/{case.public_id}/steps/inform", {"next": "https://elsewhere.example/"}
    )
    assert answer.headers["Location"] == f"/screening/cases/{case.public_id}/"


def test_a_missing_reason_is_said_and_what_was_typed_is_kept(enter, county, case):
    answer = enter(county.village_doctor).post(f"/screening/cases/{case.public_id}/steps/refuse", {"text": "改天再说"})
    assert answer.status_code == 422
    assert "请选择一个理由" in answer.content.decode()
    assert "改天再说" in answer.content.decode()


def test_the_resident_reads_the_message_on_their_own_page_and_the_doctor_sees_it(enter, county, case):
    now, doctor = clock.now(), enter(county.village_doctor)
    Relation.objects.create(
        person=county.person, facility=county.village, kind="presence", since=now, until=now + timedelta(days=1)
    )
    other = county_of_tests.make_person("陌生人", county.person.area, county.village)
    mine, theirs = (
        f"/my/{consent.issue_link(actor=county.village_doctor, now=now, person_id=one.pk)}"
        for one in (county.person, other)
    )
    resident, stranger = Client(), Client()
    page = resident.post(mine).content.decode()
    assert case.message in page
    assert "立即复测" not in page
    assert "非同日三次复测血压" in page
    assert case.message not in stranger.post(theirs, {"read": case.public_id}).content.decode()
    assert not MessageRead.objects.exists()
    assert "本人还没有" in doctor.get(f"/screening/cases/{case.public_id}/").content.decode()
    assert "我看过了" not in resident.post(mine, {"read": case.public_id}).content.decode()
    first = MessageRead.objects.get(case=case).read_at
    resident.post(mine, {"read": case.public_id})
    assert MessageRead.objects.get().read_at == first
    assert resident.post(mine, {"read": "no-number"}).status_code == 200
    assert "网页上说已看过" in doctor.get(f"/screening/cases/{case.public_id}/").content.decode()
    assert AuditEntry.objects.filter(event="screening.message-read").count() == 1


def test_a_plan_is_ticked_off_on_the_page(enter, county, case):
    client = enter(county.village_doctor)
    assert client.post(f"/screening/cases/{case.public_id}/plan/0").status_code == 302
    page = client.get(f"/screening/cases/{case.public_id}/")
    assert [one.done_at is None for one in page.context["plan"]] == [False, True]


def test_the_funnel_opens_to_the_people_one_may_see_and_that_is_noted(enter, county, case):
    client = enter(county.village_doctor)
    page = client.get("/screening/programmes/hypertension/?by=village")
    assert {stage.code: stage.count for stage, _url in page.context["stages"] if stage.count} == {
        "eligible": 1, "assessed": 1, "found": 1,
    }  # fmt: skip
    listed = client.get("/screening/programmes/hypertension/people?by=village&place=石桥村&stage=found")
    assert [person.pk for person in listed.context["people"]] == [county.person.pk]
    assert AuditEntry.objects.get(event="screening.list").detail["people"] == [county.person.pk]


def test_who_sees_figures_only_is_told_no_small_count_and_opens_nobody(enter, county, case):
    client = enter(officer(county))
    page = client.get("/screening/programmes/hypertension/")
    assert {stage.code: stage.shown for stage, _url in page.context["stages"]}["found"] == "<10"
    assert {cells["found"] for cells in [place.cells for place, _cells in page.context["places"]]} == {"<10"}
    assert "/people?" not in page.content.decode()
    assert client.get("/screening/programmes/hypertension/people?stage=found").status_code == 403
    assert client.get("/screening/work").status_code == 403
    assert client.get(f"/screening/cases/{case.public_id}/").status_code == 403


def test_another_facility_does_not_see_the_case(enter, county, case):
    other = county_of_tests._actor("邻镇医生", county.outside, "village-doctor")
    assert enter(other).get(f"/screening/cases/{case.public_id}/").status_code == 404


@pytest.mark.parametrize(
    "path", ["/screening/programmes/", "/screening/programmes/hypertension/?by=doctor", "/screening/work"]
)
def test_pages_ask_a_fixed_number_of_questions(enter, county, case, path):
    client = enter(county.village_doctor)
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(path).status_code == 200
    most = MOST_QUERIES + (40 if path.endswith("programmes/") else 0)
    assert len(asked) <= most, [one["sql"][:90] for one in asked]


def test_the_api_offers_and_takes_the_same_steps(client, county, case):
    from catchment.rooms.staff.models import ApiToken
    from catchment.rooms.staff.rules import digest_of

    now = clock.now()
    ApiToken.objects.create(
        name="t", digest=digest_of("k"), post_id=county.village_doctor.post_id, created_at=now,
        expires_at=now + timedelta(days=1),
    )  # fmt: skip

    def call(method, path, body=None):
        headers = {"Authorization": "Bearer k"}
        return getattr(client, method)(f"/api/v1{path}", body, content_type="application/json", headers=headers)

    listed = call("get", "/screening/cases").json()
    assert (listed["total"], listed["items"][0]["band"]) == (1, "grade 2")
    at = f"/screening/cases/{case.public_id}"
    assert [one["verb"] for one in call("get", at).json()["actions"]] == ["inform", "reach", "refuse", "lose", "depart"]
    assert call("post", f"{at}/refuse", {}).status_code == 422
    moved = call("post", f"{at}/refuse", {"code": "R02"}).json()
    assert (moved["state"], moved["history"][-1]["reason_code"]) == ("refused", "R02")
    assert call("post", f"{at}/escalate", {}).status_code == 404
    found = call("get", f"/people/{county.person.public_id}/assessments").json()
    assert [(one["model"], one["inputs"]["sbp_mmhg"]["value"]) for one in found] == [("hypertension_grade", 168.0)]
