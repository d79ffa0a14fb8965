"""Offices see pseudonyms; who a person is opens inside a case that the office holds, for a purpose, for a time."""

import re
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

import county as small
import lived
import stays
from catchment.kernel import clock, wall
from catchment.kernel.actor import system
from catchment.kernel.models import AuditEntry
from catchment.rooms.board import actions as board
from catchment.rooms.board.models import Opening, WorkItem
from catchment.rooms.budget.actions import watching
from catchment.rooms.budget.models import Evidence
from catchment.rooms.claims import actions
from catchment.rooms.claims.models import Claim
from catchment.rooms.consent import actions as consent
from catchment.rooms.consent.models import Relation
from catchment.rooms.ledger.models import Account
from catchment.rooms.people.models import Person, PersonIdentifier
from catchment.rooms.record import actions as record
from catchment.rooms.record.models import Encounter
from catchment.rooms.rulebook import queries as rulebook
from catchment.rooms.rulebook.models import Edition
from catchment.rooms.screening import actions as screening
from catchment.rooms.screening.models import Case
from catchment.rooms.staff.models import Post, Practitioner
from catchment.rooms.staff.queries import actor_of_post

PSEUDONYM = re.compile(r"(?<![0-9a-f-])[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){2}(?![0-9a-f-])")
NAME, NUMBER, PHONE = "王秀英", "330226195805040028", "13957800001"
MOST_QUERIES = 16


def office(county, code, kind, role, name):
    place = small._facility(code, name, kind, "county", county.hospital.area, 121.3, 28.1)
    return small._actor(f"{name}的人", place, role)


@pytest.fixture
def insurer(county):
    return office(county, "I1", "insurance-office", "insurance-officer", "县医保局")


@pytest.fixture
def claim(county):
    """A settled stay of last month, of somebody with a number and a phone."""
    Person.objects.filter(pk=county.person.pk).update(phone=PHONE, address="桥头 12 号")
    PersonIdentifier.objects.create(person=county.person, system="resident-id", value=NUMBER)
    begins = timezone.localdate(clock.now()) - timedelta(days=40)
    return stays.settled(stays.maker(county)(begins=begins, also=("E11.900",), parts={"service": 2_000_000}))[0]


@pytest.fixture
def review(county, insurer, desk, claim):
    """The hospital asks for a special review: a case of the insurance office. One stay in one is allowed here."""
    for edition in Edition.objects.filter(key__startswith="claims.drg-payment"):
        edition.content["review_permille"] = 1000
        edition.save()
    rulebook.forget()
    return actions.ask_review(actor=desk, now=clock.now(), claim_id=claim.pk, code="high-cost", text="病情复杂")


def told(answer):
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def where(claim, kind="claims.review"):
    return f"/cases/{kind}/{claim.public_id}/"


def pseudonym_on(client, claim):
    return PSEUDONYM.search(told(client.get(f"/claims/{claim.public_id}/"))).group()


def opened(client, claim, kind="claims.review", purpose="ask-person", note=""):
    given = {"who": pseudonym_on(client, claim), "purpose": purpose, "note": note}
    return client.post(f"{where(claim, kind)}open", given, follow=True)


def test_an_office_reads_one_pseudonym_on_every_page_and_no_name(enter, insurer, claim, review):
    client = enter(insurer)
    called = pseudonym_on(client, claim)
    pages = [told(client.get("/")), told(client.get("/claims/")), told(client.get(where(claim)))]
    assert all(called in page for page in pages)
    pages += [told(client.get(f"/claims/{claim.public_id}/")), told(client.get("/claims/case-mix"))]
    assert not any(NAME in page or NUMBER in page or PHONE in page for page in pages)
    sheet = load_workbook(BytesIO(client.post("/claims/list.xlsx", {}).content)).worksheets[0]
    assert sheet["B2"].value == called


def test_a_hospital_reads_the_name_on_its_own_claim(enter, desk, claim):
    client = enter(desk)
    assert NAME in told(client.get(f"/claims/{claim.public_id}/"))
    assert NAME in told(client.post("/claims/", {"text": "王秀"}))


def test_another_office_has_another_pseudonym(enter, county, insurer, claim):
    mine = pseudonym_on(enter(insurer), claim)
    other = office(county, "I2", "insurance-office", "insurance-officer", "市医保局")
    assert pseudonym_on(enter(other), claim) != mine


def test_asking_for_a_name_tells_an_office_nothing_but_a_claim_leads_to_the_same_persons_others(
    enter, county, insurer, claim
):
    client = enter(insurer)
    assert claim.number not in told(client.post("/claims/", {"text": "王秀"}))
    told_of = {"kind": "outpatient", "sex": "female", "insurance": "resident", "category": "resident", "way": "local"}
    told_of |= {"begins_on": claim.begins_on, "ends_on": claim.ends_on, "days": 1, "made_at": clock.now()}
    told_of |= {"total": 1, "excluded": 0, "first_pay": 0, "state": "drafted", "state_since": clock.now()}
    other = small.make_person("陌生人", county.person.area, county.village)
    of_other = Claim.objects.create(source="t", ref="1", person=other, facility=county.township, **told_of)
    again = Claim.objects.create(source="t", ref="2", person=county.person, facility=county.township, **told_of)
    page = told(client.get(f"/claims/?same={claim.public_id}"))
    assert claim.number in page
    assert again.number in page
    assert of_other.number not in page
    assert of_other.number in told(client.get("/claims/?same=nonsense"))


def test_the_books_call_a_persons_account_by_no_name(enter, insurer, claim):
    wall.enter(actor_of_post(insurer.post_id, user_id=None), at=clock.now(), terms=wall.Terms())
    assert set(Account.objects.filter(owner_kind="person").values_list("name", flat=True)) == {"个人"}
    wall.leave()


def test_a_case_opens_who_it_is_for_a_purpose_and_says_so(enter, county, insurer, claim, review):
    client = enter(insurer)
    asked = told(client.get(where(claim)))
    assert "向本人核实就医和费用" in asked
    assert "未核实" in asked
    page = told(opened(client, claim, note="电话核实"))
    for shown in (NAME, NUMBER, PHONE, "桥头 12 号", "1958-05-04", "向本人核实就医和费用"):
        assert shown in page
    opening = Opening.objects.get()
    assert (opening.person_id, opening.post_id, opening.note) == (county.person.pk, insurer.post_id, "电话核实")
    assert opening.until - opening.since == timedelta(minutes=240)
    entries = AuditEntry.objects.filter(event__startswith="identity.", person_id=county.person.pk).order_by("pk")
    assert [(one.event, one.purpose) for one in entries] == [
        ("identity.open", "ask-person"), ("identity.read", "ask-person"),
    ]  # fmt: skip
    assert "电话核实" not in str([one.detail for one in entries])


def test_what_is_open_stays_on_its_one_page(enter, insurer, claim, review):
    client = enter(insurer)
    opened(client, claim)
    for address in ("/", "/claims/", f"/claims/{claim.public_id}/", "/cases/"):
        assert NAME not in told(client.get(address))


def test_opening_gives_no_record(enter, county, insurer, claim, review):
    client = enter(insurer)
    opened(client, claim)
    assert client.get(f"/people/{county.person.public_id}/").status_code == 403
    assert client.get(f"/people/{county.person.public_id}/access").status_code == 403


@pytest.mark.parametrize("purpose", ["", "follow-up", "curiosity"])
def test_without_a_purpose_of_the_list_for_this_work_nothing_opens(enter, insurer, claim, review, purpose):
    answer = opened(enter(insurer), claim, purpose=purpose)
    assert answer.status_code == 422
    assert NAME not in answer.content.decode()
    assert not Opening.objects.exists()


def test_the_resident_reads_who_opened_it_and_why(enter, county, insurer, claim, review):
    opened(enter(insurer), claim)
    now = clock.now()
    Relation.objects.create(
        person=county.person, facility=county.village, kind="presence", since=now, until=now + timedelta(days=1)
    )
    secret = consent.issue_link(actor=county.village_doctor, now=now, person_id=county.person.pk)
    page = told(Client().post(f"/my/{secret}"))
    assert "县医保局" in page
    assert "在案件中查看身份：向本人核实就医和费用" in page


def test_the_privacy_officer_reads_which_office_opened_for_what_and_not_whom(enter, county, insurer, claim, review):
    opened(enter(insurer), claim, note="电话核实")
    officer = small._actor("贺知礼", county.hospital, "privacy-officer")
    page = told(enter(officer).get("/privacy/"))
    assert all(word in page for word in ("县医保局", "特例单议待审", "向本人核实就医和费用", "电话核实", "打开中"))
    assert NAME not in page
    WorkItem.objects.update(state="done")
    assert "已收回" in told(enter(officer).get("/privacy/"))


def test_deciding_the_review_closes_what_was_opened(enter, insurer, claim, review):
    client = enter(insurer)
    called = pseudonym_on(client, claim)
    opened(client, claim)
    client.post(f"/claims/{claim.public_id}/review/grant", {"text": ""})
    assert client.get(where(claim)).status_code == 404
    answer = client.post(f"{where(claim)}open", {"who": called, "purpose": "ask-person"})
    assert answer.status_code == 403
    assert "已办结，或不在本单位手上" in answer.content.decode()
    assert AuditEntry.objects.get(event="identity.refused").detail["code"] == "not-held"


def test_its_time_over_it_asks_again(enter, insurer, claim, review):
    client = enter(insurer)
    opened(client, claim)
    past = clock.now() - timedelta(minutes=1)
    Opening.objects.update(since=past - timedelta(hours=4), until=past)
    page = told(client.get(where(claim)))
    assert NAME not in page
    assert "打开身份" in page


def test_a_colleague_opens_for_themselves(enter, county, insurer, claim, review):
    opened(enter(insurer), claim)
    colleague = Practitioner.objects.create(code="colleague", name="同事")
    post = Post.objects.create(
        practitioner=colleague, facility_id=insurer.facility_id, role="insurance-officer", since=date(2025, 1, 1)
    )
    assert NAME not in told(enter(actor_of_post(post.pk, user_id=None)).get(where(claim)))


def test_a_person_of_no_case_is_refused_and_the_refusal_is_kept(enter, county, insurer, claim):
    client = enter(insurer)
    assert client.get(where(claim)).status_code == 404
    assert opened(client, claim).status_code == 403
    assert AuditEntry.objects.filter(event="identity.refused").count() == 1
    assert AuditEntry.objects.filter(event="access.refused").count() == 1


@pytest.mark.parametrize("path", ["claims.review/%00", "a%00b/x", "王/秀英", f"claims.review/{'x' * 500}"])
def test_an_address_that_names_no_case_is_refused_and_what_it_says_is_kept_nowhere(enter, insurer, path):
    client = enter(insurer)
    assert client.get(f"/cases/{path}/").status_code == 404
    assert client.get(f"/api/v1/cases/{path}").status_code == 404
    asked = {"who": "王秀英", "purpose": "ask-person"}
    assert client.post(f"/cases/{path}/open", asked).status_code == 403
    assert AuditEntry.objects.get(event="identity.refused").detail == {"code": "not-held"}


def test_a_role_that_is_no_office_opens_nobody(enter, county, desk, claim, review):
    for actor in (desk, county.manager, county.village_doctor):
        assert enter(actor).post(f"{where(claim)}open", {"who": "x", "purpose": "ask-person"}).status_code == 403
        assert enter(actor).get("/cases/").status_code == 403


def test_an_inquiry_needs_its_occasion_and_ends_with_a_conclusion(enter, county, insurer, claim):
    client = enter(insurer)
    address = f"/claims/{claim.public_id}/inquire"
    Claim.objects.filter(pk=claim.pk).update(findings=[])
    assert client.post(address, {"occasion": "抽查"}).status_code == 409
    Claim.objects.filter(pk=claim.pk).update(findings=[{"code": "long", "severity": "flag", "text": "住院 61 天"}])
    assert client.post(address, {"occasion": ""}).status_code == 422
    assert client.post(address, {"occasion": "住院过长"}).status_code == 302
    assert client.post(address, {"occasion": "住院过长"}).status_code == 409
    assert NAME in told(opened(client, claim, kind="claims.check", purpose="check-papers"))
    end = f"{where(claim, 'claims.check')}conclude"
    assert client.post(end, {"outcome": ""}).status_code == 422
    assert client.post(end, {"outcome": "病情需要，核实无误"}).status_code == 302
    item = WorkItem.objects.get(kind="claims.check")
    assert (item.state, item.outcome) == ("done", "病情需要，核实无误")
    assert client.get(where(claim, "claims.check")).status_code == 404
    events = AuditEntry.objects.filter(event__startswith="case.").order_by("pk").values_list("event", flat=True)
    assert list(events) == ["case.take-up", "case.conclude"]


def test_a_review_is_not_concluded_past_its_own_steps(enter, insurer, claim, review):
    assert enter(insurer).post(f"{where(claim)}conclude", {"outcome": "x"}).status_code == 409
    assert WorkItem.objects.get(kind="claims.review").state == "open"


def test_the_api_opens_by_the_same_doors(enter, county, insurer, claim, review):
    client = enter(insurer)
    called, base = pseudonym_on(client, claim), f"/api/v1{where(claim).removesuffix('/')}"
    assert [one["kind"] for one in client.get("/api/v1/cases").json()] == ["claims.review"]
    assert client.get(base).json()["people"] == [{"pseudonym": called, "open_until": None}]
    assert client.get(f"{base}/identity/{called}").json()["code"] == "not-opened"
    asked = {"who": called, "purpose": "check-papers"}
    refused = client.post(f"{base}/identity", {**asked, "purpose": "x"}, content_type="application/json")
    assert (refused.status_code, refused.json()["problems"][0]["field"]) == (422, "purpose")
    answer = client.post(f"{base}/identity", asked, content_type="application/json")
    assert answer.status_code == 201
    assert {"label": "居民身份证号", "value": NUMBER} in answer.json()["numbers"]
    assert client.get(f"{base}/identity/{called}").json()["name"] == NAME
    board.settle_work(
        actor=insurer, now=clock.now(), kind="claims.review",
        subject=board.Subject(kind="special-review", key=review.pk, ref=str(claim.public_id)),
    )  # fmt: skip
    answer = client.get(f"{base}/identity/{called}")
    assert (answer.status_code, answer.json()["code"]) == (403, "not-held")
    assert enter(county.specialist).get("/api/v1/cases").status_code == 403


def test_the_pages_ask_a_fixed_number_of_questions(enter, county, insurer, claim, review):
    client = enter(insurer)
    opened(client, claim)
    for address in ("/", "/claims/", "/cases/", where(claim)):
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        assert len(asked) <= MOST_QUERIES, address


@pytest.fixture
def finding(county, insurer):
    """A sign that the fund's watch saw, put on the insurance office's board."""
    lived.live(county)
    Encounter.objects.filter(facility=county.village, at__year=2025).exclude(person=county.person).delete()
    return watching.watch_year(actor=lived.CLERK, now=clock.now(), community="N1", year=2025)[0]


def test_the_events_behind_a_warning_name_nobody_until_one_is_opened(enter, insurer, finding):
    client = enter(insurer)
    page = told(client.get(f"/budget/findings/{finding.public_id}/events"))
    people = Person.objects.filter(pk__in=Evidence.objects.filter(finding=finding).values("person"))
    assert people
    assert not any(person.name in page for person in people)
    case = f"/cases/budget.finding/{finding.public_id}/"
    called = PSEUDONYM.search(page).group()
    assert f"{case}?who={called}" in page
    answer = client.post(f"{case}open", {"who": called, "purpose": "ask-person"}, follow=True)
    shown = [person.name for person in people if f"{person.name} <span" in told(answer)]
    assert len(shown) == 1
    client.post(f"/budget/findings/{finding.public_id}/explain", {"outcome": "已说明"})
    assert client.get(case).status_code == 404
    assert case not in told(client.get(f"/budget/findings/{finding.public_id}/events"))


@pytest.fixture
def control(county):
    return office(county, "D1", "disease-control", "disease-control-officer", "县疾控中心")


@pytest.fixture
def screened(county):
    """A grade 2 pressure found by the county's run."""
    now = clock.now()
    Person.objects.filter(pk=county.person.pk).update(phone=PHONE)
    record.record_blood_pressure(
        actor=county.village_doctor, now=now - timedelta(days=1), person_id=county.person.pk, systolic=168,
        diastolic=101,
    )  # fmt: skip
    runner = system("screening", "screening.run")
    screening.run_programmes(actor=runner, now=now, programme="hypertension", engine="postgresql")
    return Case.objects.get()


def test_disease_control_lists_pseudonyms_without_places_and_takes_one_up(enter, county, control, screened):
    client = enter(control)
    programme = told(client.get("/screening/programmes/hypertension/"))
    address = "/screening/programmes/hypertension/pseudonyms?stage=found"
    assert address in programme
    page = told(client.get(address))
    called = PSEUDONYM.search(page).group()
    assert not any(word in page for word in (NAME, "石桥村", "云溪镇"))
    assert client.get("/screening/programmes/hypertension/pseudonyms?stage=eligible").status_code == 404
    take = f"/screening/follow/{screened.public_id}/"
    assert client.post(take, {"reason": ""}).status_code == 422
    assert "石桥村" not in told(client.get(take))
    assert client.post(take, {"reason": "两次血压偏高未随访"}).status_code == 302
    assert client.post(take, {"reason": "再来一次"}).status_code == 409
    case = f"/cases/screening.follow/{screened.public_id}/"
    assert case in told(client.get(address))
    assert called in told(client.get("/"))
    page = told(client.post(f"{case}open", {"who": called, "purpose": "follow-up"}, follow=True))
    assert NAME in page
    assert PHONE in page
    assert client.post(f"{case}open", {"who": called, "purpose": "ask-person"}).status_code == 422
    assert "县疾控中心已就这条筛查立案随访" in told(enter(county.village_doctor).get("/notices/"))


def test_the_teams_steps_leave_disease_controls_follow_up_alone(enter, county, control, screened):
    enter(control).post(f"/screening/follow/{screened.public_id}/", {"reason": "随访"})
    team = enter(county.village_doctor)
    assert team.post(f"/screening/cases/{screened.public_id}/steps/reach", {}).status_code == 302
    assert WorkItem.objects.get(kind="screening.follow").state == "open"


def test_the_bureau_sees_figures_and_follows_nobody(enter, county, screened):
    client = enter(office(county, "B1", "health-bureau", "bureau-officer", "县卫健局"))
    assert "pseudonyms" not in told(client.get("/screening/programmes/hypertension/"))
    assert client.get("/screening/programmes/hypertension/pseudonyms?stage=found").status_code == 403
    assert client.post(f"/screening/follow/{screened.public_id}/", {"reason": "x"}).status_code == 403
    assert client.get("/cases/").status_code == 403
