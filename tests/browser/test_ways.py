"""The ways through the pages: keyboard alone, a phone, the other language, no scripts, a draft that is not lost."""

import json
import re

from browser.conftest import PHONE, account_of
from catchment.kernel import clock
from catchment.rooms.people import actions as people
from catchment.rooms.people.types import Registration
from catchment.rooms.record.models import Encounter
from catchment.rooms.referral import actions
from catchment.rooms.referral.types import ReferralForm


def focused(page):
    return page.evaluate("document.activeElement.textContent.trim()")


def test_the_board_is_worked_by_keyboard_alone(window, county, referral):
    page = window(county.desk)
    page.goto("/")
    page.keyboard.press("Tab")
    assert focused(page) == "跳到正文"
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("j")
    assert "王秀英" in focused(page)
    page.locator("#preview h2:has-text('王秀英')").wait_for()
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(str(referral.public_id)))


def test_slash_goes_to_the_search(window, county):
    page = window(county.village_doctor)
    page.goto("/places/")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"


def test_the_board_shows_what_has_come_without_being_reloaded(window, county):
    page = window(county.desk)
    page.goto("/?view=facility")
    assert "这里没有等着办的事" in page.locator("#board").inner_text()
    form = ReferralForm(
        to_service_id=county.cardiology.pk, urgency="urgent", reason_code="0", diagnosis="胸痛", question="请诊"
    )
    sender = county.village_doctor
    draft = actions.draft_referral(actor=sender, now=clock.now(), person_id=county.person.pk, form=form)
    actions.send_referral(actor=sender, now=clock.now(), referral_id=draft.pk)
    page.locator("#board .line-who:has-text('王秀英')").wait_for(timeout=15000)


def test_the_other_language_is_one_press_away_and_stays(window, county):
    page = window(county.village_doctor)
    page.goto("/people/")
    page.get_by_role("button", name="English").click()
    page.get_by_role("heading", name="Find a resident").wait_for()
    assert page.locator("html").get_attribute("lang") == "en"
    page.goto("/")
    assert page.locator("html").get_attribute("lang") == "en"


def test_signing_in_the_board_search_and_the_person_work_without_scripts(window, county, referral):
    people.register_person(actor=county.village_doctor, now=clock.now(), told=Registration(name="李大山"))
    page = window(scripts=False)
    page.goto("/people/")
    assert "/sign-in" in page.url
    page.get_by_label("用户名").fill(account_of(county.village_doctor).username)
    page.get_by_label("密码").fill("a-long-password-42")
    page.get_by_role("button", name="登录", exact=True).click()
    page.goto("/?view=waiting")
    assert "王秀英" in page.locator("#board").inner_text()
    page.goto("/people/")
    page.get_by_label("姓名、拼音").fill("lds")
    page.get_by_role("button", name="查找").click()
    page.get_by_role("link", name="打开 李大山").click()
    page.locator("#quick > summary").click()
    page.get_by_label("脉搏").fill("76")
    page.get_by_role("button", name="记下").click()
    assert "76" in page.locator(".results").inner_text()
    assert Encounter.objects.count() == 1


def test_on_a_phone_four_entries_stand_within_thumbs_reach(window, county):
    page = window(county.village_doctor, size=PHONE)
    page.goto("/")
    bar = page.locator(".frame-foot a")
    assert bar.all_inner_texts() == ["工作", "居民", "扫码", "我的"]
    for place in range(4):
        box = bar.nth(place).bounding_box()
        assert box["height"] >= 44
        assert box["y"] + box["height"] <= PHONE["height"]
    assert page.locator(".frame-side").is_hidden()


def kept(page):
    """What the browser keeps, but for the address it shows at the moment."""
    page.evaluate("sessionStorage.removeItem('htmx-current-path-for-history')")
    return page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")


def test_a_draft_survives_leaving_names_nobody_and_goes_with_the_sign_out(window, county):
    page, person = window(county.village_doctor, size=PHONE), county.person
    address = f"/people/{person.public_id}/"
    page.goto(address)
    page.locator("#quick > summary").click()
    page.get_by_label("收缩压").fill("152")
    page.get_by_label("记录", exact=True).fill("头晕三天")
    page.goto("/")
    held = kept(page)
    assert "152" in held
    assert "头晕" not in str(json.loads(held)[0])
    assert not [word for word in (person.name, str(person.public_id), person.public_id.hex) if word in held]
    page.goto(address)
    assert page.locator("#id_systolic").input_value() == "152"
    assert page.locator("#id_note").input_value() == "头晕三天"
    page.goto("/me")
    page.locator("main").get_by_role("button", name="退出", exact=True).click()
    page.wait_for_url(re.compile("sign-in"))
    assert "152" not in kept(page)


def test_a_draft_that_was_sent_is_gone(window, county):
    page = window(county.village_doctor, size=PHONE)
    page.goto(f"/people/{county.person.public_id}/")
    page.locator("#quick > summary").click()
    page.get_by_label("脉搏").fill("81")
    page.get_by_role("button", name="记下").click()
    page.get_by_text("已记下。").wait_for()
    assert "81" not in kept(page)
    assert page.locator("#id_pulse").input_value() == ""
