"""One patient's way in a real browser: the village sends from a phone, the desk accepts, the letter comes home."""

import re

import pytest

from browser.conftest import DESK, PHONE
from browser.test_accessibility import serious
from catchment.kernel import clock
from catchment.rooms.record import actions as record
from catchment.rooms.record.models import Encounter
from catchment.rooms.record.types import EncounterClass
from catchment.rooms.referral import actions
from catchment.rooms.referral.models import Referral
from catchment.rooms.referral.types import ReferralForm, Sending

LANDED = re.compile(r"/referrals/[0-9a-f-]{36}/$")


def write(page, person, *, urgency="加急"):
    """Fill the form for chest pain as far as the destinations, the first of them chosen."""
    page.goto(f"/people/{person.public_id}/")
    page.get_by_role("link", name="转诊", exact=True).last.click()
    page.get_by_label("初步印象").press_sequentially("xt")
    page.get_by_role("button", name=re.compile("胸痛")).click()
    page.get_by_text("已编码 R07").wait_for()
    page.get_by_label("诊断不明或治疗能力").check()
    page.get_by_label("想请对方解决的问题").fill("反复胸痛三天，请明确诊断")
    page.locator(f".urgency:has-text('{urgency}')").click()
    page.locator(".destination .choice").first.click()


def step(page, name):
    """Open a step of the referral's page; its form comes below the buttons."""
    page.locator(".step-buttons").get_by_role("link", name=name, exact=True).click()
    page.locator("#step-form").wait_for()
    return page.locator("#step-form")


def confirm(page):
    with page.expect_navigation():
        page.locator("#step-form button[type=submit]").click()


def drafted(county, **changes):
    form = ReferralForm(
        **{
            "to_service_id": county.cardiology.pk, "urgency": "urgent", "reason_code": "0",
            "diagnosis": "胸痛", "question": "请诊", **changes,
        }
    )  # fmt: skip
    return actions.draft_referral(actor=county.village_doctor, now=clock.now(), person_id=county.person.pk, form=form)


def sent(county):
    how = Sending(acknowledged_live=True)
    return actions.send_referral(
        actor=county.village_doctor, now=clock.now(), referral_id=drafted(county).pk, sending=how
    )


def test_a_patient_goes_to_the_hospital_and_comes_home(window, county):
    village, desk, ward = (
        window(county.village_doctor, size=PHONE), window(county.desk), window(county.specialist),
    )  # fmt: skip
    write(village, county.person)
    village.get_by_role("button", name="发送").click()
    village.wait_for_url(LANDED)
    address = village.url

    desk.goto("/")
    desk.locator("[data-open]:has-text('接收')").click()
    desk.wait_for_url(address)
    step(desk, "接收")
    confirm(desk)
    step(desk, "登记到诊")
    confirm(desk)

    ward.goto(address)
    letter = step(ward, "写回信")
    assert "胸痛" in letter.get_by_label("诊断 1").input_value()
    letter.get_by_label("药名 1").fill("阿司匹林肠溶片")
    letter.get_by_label("用法 1").fill("100mg 每日一次")
    letter.get_by_label("基层医生接下来要做什么").fill("每周测血压一次")
    letter.get_by_label("几天内首次随访").fill("5")
    confirm(ward)

    village.goto("/")
    village.locator("[data-open]:has-text('接管')").click()
    assert "每周测血压一次" in village.locator(".todo-home").inner_text()
    step(village, "接管")
    confirm(village)
    step(village, "记录首次随访").get_by_label("随访情况").fill("血压 132/80，无胸痛")
    confirm(village)
    assert Referral.objects.get().state == "closed"
    assert village.locator(".track .current").count() == 0
    assert not Encounter.objects.exists()


def test_an_emergency_asks_for_the_call_and_keeps_what_was_typed(window, county):
    page = window(county.village_doctor, size=PHONE)
    write(page, county.person, urgency="急诊")
    assert page.get_by_label("先打电话：谁接的、说了什么").is_visible()
    page.get_by_role("button", name="发送").click()
    page.get_by_text("急诊转诊请先电话联系").wait_for()
    assert page.get_by_label("想请对方解决的问题").input_value() == "反复胸痛三天，请明确诊断"
    page.locator("input[name=to_service]:checked").wait_for()
    page.get_by_label("先打电话：谁接的、说了什么").fill("心内科值班 顾医生 已接")
    page.get_by_role("button", name="发送").click()
    page.wait_for_url(LANDED)
    assert "顾医生" in page.locator(".talk").inner_text()


def test_a_live_referral_for_the_same_question_is_shown_before_another_is_sent(window, county):
    first = sent(county)
    page = window(county.village_doctor)
    write(page, county.person)
    assert page.locator(".alert").get_by_role("link", name=first.number).is_visible()
    page.get_by_role("button", name="发送").click()
    page.get_by_label("已知晓").check()
    page.locator("input[name=to_service]:checked").wait_for()
    page.get_by_role("button", name="发送").click()
    page.wait_for_url(LANDED)
    assert Referral.objects.count() == 2


def test_what_the_village_should_treat_itself_asks_why(window, county):
    page = window(county.village_doctor)
    page.goto(f"/referrals/new/{county.person.public_id}/")
    page.get_by_label("初步印象").press_sequentially("I10")
    page.get_by_role("button", name=re.compile("I10")).first.click()
    reason = page.get_by_label(re.compile("为何仍要转出"))
    reason.fill("三药联用仍不达标")
    page.get_by_label("想请对方解决的问题").fill("调整用药")
    page.get_by_label("诊断不明或治疗能力").check()
    page.locator(".destination .choice").first.click()
    page.get_by_role("button", name="发送").click()
    page.wait_for_url(LANDED)
    assert "三药联用仍不达标" in page.locator("main").inner_text()


def test_a_question_is_answered_and_becomes_a_referral(window, county):
    village, ward = window(county.village_doctor, size=PHONE), window(county.specialist)
    write(village, county.person, urgency="普通")
    village.get_by_role("button", name="先咨询专科").click()
    village.wait_for_url(re.compile("/referrals/advice/"))
    address = village.url
    ward.goto(address)
    ward.get_by_label("答复").fill("建议来院做冠脉造影")
    ward.get_by_label("建议转来就诊").check()
    ward.locator(".step-form button[type=submit]").first.click()
    ward.get_by_text("专科答复").first.wait_for()
    village.goto(address)
    village.get_by_role("button", name="转为转诊").click()
    village.wait_for_url(LANDED)
    step(village, "发送")
    confirm(village)
    referral = Referral.objects.get()
    assert (referral.state, referral.question.count("冠脉造影")) == ("sent", 1)


@pytest.mark.parametrize(
    ("name", "fill", "state"),
    [
        ("接收，另约时间", lambda form: form.locator("input[name=slot]").last.check(), "accepted"),
        ("请补充资料", lambda form: form.get_by_label("内容").fill("请附心电图"), "information-requested"),
        ("不接收", lambda form: form.locator("input[name=reason_code]").first.check(), "declined"),
    ],
)
def test_the_desk_answers_in_its_own_way(window, county, name, fill, state):
    referral, page = sent(county), window(county.desk)
    page.goto(f"/referrals/{referral.public_id}/")
    fill(step(page, name))
    confirm(page)
    referral.refresh_from_db()
    assert referral.state == state


def test_a_redirected_referral_waits_at_the_other_service(window, county):
    referral, page = sent(county), window(county.desk)
    page.goto(f"/referrals/{referral.public_id}/")
    form = step(page, "改转")
    with page.expect_response(re.compile("search=")):
        form.get_by_label("改去哪里").fill("全科")
    form.get_by_text("全科医学科").click()
    form.locator("input[name=reason_code]").first.check()
    confirm(page)
    referral.refresh_from_db()
    assert (referral.state, referral.to_service_id) == ("sent", county.general.pk)


def test_the_village_answers_a_question_withdraws_and_sends_a_declined_one_elsewhere(window, county):
    asked, page = sent(county), window(county.village_doctor, size=PHONE)
    actions.request_information(actor=county.desk, now=clock.now(), referral_id=asked.pk, text="请附心电图")
    page.goto(f"/referrals/{asked.public_id}/")
    step(page, "补充资料").get_by_label("内容").fill("窦性心律")
    confirm(page)
    step(page, "撤回").locator("input[name=reason_code]").first.check()
    confirm(page)
    declined = sent(county)
    actions.decline_referral(actor=county.desk, now=clock.now(), referral_id=declined.pk, code="R01")
    page.goto(f"/referrals/{declined.public_id}/")
    form = step(page, "重新发送")
    with page.expect_response(re.compile("search=")):
        form.locator("#elsewhere-search").fill("全科")
    form.get_by_text("全科医学科").click()
    confirm(page)
    for one in (asked, declined):
        one.refresh_from_db()
    assert (asked.state, declined.state, declined.to_service_id) == ("withdrawn", "sent", county.general.pk)


def test_the_patients_link_opens_on_the_first_phone_only(window, county):
    page = window(county.village_doctor)
    page.goto(f"/referrals/{sent(county).public_id}/")
    page.get_by_role("button", name="给患者看的链接").click()
    address = page.get_by_label("链接", exact=True).input_value()
    own, other = window(size=PHONE), window(size=PHONE)
    own.goto(address)
    own.get_by_role("button", name="查看我的转诊").click()
    own.get_by_text("医院正在看您的资料").wait_for()
    assert own.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    other.goto(address)
    other.get_by_role("button", name="查看我的转诊").click()
    other.get_by_role("heading", name="打不开").wait_for()


def test_the_hospital_sends_home_with_the_letter_and_a_picture(window, county):
    record.record_encounter(
        actor=county.specialist, now=clock.now(), person_id=county.person.pk, klass=EncounterClass.INPATIENT
    )
    page = window(county.specialist)
    page.goto(f"/referrals/new/{county.person.public_id}/")
    page.locator(".segment:has-text('下转')").click()
    page.get_by_label("想请对方解决的问题").fill("请继续随访血压")
    page.get_by_label("病情稳定或好转").check()
    with page.expect_response(re.compile("search=%E4")):
        page.get_by_label("找别的机构或科室").fill("云溪")
    page.locator(".destination:has-text('全科病区') .choice").click()
    picture = {"name": "心电图.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n" + bytes(40)}
    page.locator("#file").set_input_files(picture)
    page.get_by_label("心电图.png").wait_for()
    page.get_by_label("诊断 1").fill("高血压 I10.x00")
    page.get_by_label("基层医生接下来要做什么").fill("每两周测血压")
    page.get_by_role("button", name="发送").click()
    page.wait_for_url(LANDED)
    referral = Referral.objects.get()
    assert (referral.direction, referral.to_service_id) == ("down", county.township_ward.pk)
    township = window(county.township_doctor)
    township.goto(f"/referrals/{referral.public_id}/")
    assert "每两周测血压" in township.locator(".todo-home").inner_text()
    assert township.get_by_role("link", name="心电图.png").is_visible()


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_nothing_serious_stands_in_the_way_of_sending_asking_and_following(window, county, size):
    referral = sent(county)
    actions.ask_advice(
        actor=county.village_doctor,
        now=clock.now(),
        person_id=county.person.pk,
        form=ReferralForm(to_service_id=county.cardiology.pk, urgency="ordinary", question="请问是否需要造影"),
    )
    village, own = window(county.village_doctor, size=size), window(size=size)
    write(village, county.person, urgency="急诊")
    village.get_by_role("button", name="发送").click()
    village.get_by_text("还没有发送").wait_for()
    assert [*serious(village), *over_the_edge(village)] == []
    village.goto("/referrals/advice/")
    village.locator("[data-line] a.btn").click()
    village.locator(".step-form").first.wait_for()
    assert [*serious(village), *over_the_edge(village)] == []
    secret = actions.issue_link(actor=county.village_doctor, now=clock.now(), referral=referral)
    own.goto(f"/referrals/track/{secret}/")
    own.get_by_role("button", name="查看我的转诊").click()
    own.locator(".track").wait_for()
    assert [*serious(own), *over_the_edge(own)] == []


def over_the_edge(page):
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return [f"runs {wide} px over the edge"] if wide > 0 else []
