"""One patient's way from the village to the hospital and home again, by the pages alone, in a real browser."""

import re

PHONE = {"width": 390, "height": 844}


def take(page, verb, fill=()):
    """Take the step that is offered, after filling in what it asks."""
    page.get_by_role("link", name=verb, exact=True).first.click()
    page.locator("#step form").wait_for()
    for selector, words in fill:
        page.locator(f"#step {selector}").first.fill(words)
    page.locator("#step button.btn-primary").click()
    page.get_by_text(f"已办理：{verb}").wait_for()


def test_a_patient_goes_to_the_hospital_and_comes_home(window, county):
    village = window(county.village_doctor, size=PHONE)
    village.goto("/people/")
    village.get_by_role("searchbox").or_(village.locator("#q")).first.fill("wxy")
    village.get_by_role("button", name="查找").click()
    village.get_by_role("link", name="王秀英", exact=True).click()
    village.get_by_role("link", name="转诊", exact=True).last.click()
    village.locator("#diagnosis").fill("xt")
    village.locator("#diagnosis-found button", has_text="胸痛").click()
    village.locator("input[name=reason_code]").first.check()
    village.locator("textarea[name=question]").fill("活动后胸痛三天，请明确诊断")
    village.locator("input[name=urgency][value=urgent]").check()
    village.locator(".destination", has_text="县人民医院").locator("input[name=to_service]").first.check()
    village.locator("button[name=do][value=send]").click()
    village.wait_for_url(re.compile(r"/referrals/[0-9a-f-]{36}/$"))
    address = re.sub(r"^https?://[^/]+", "", village.url)

    desk = window(county.desk)
    desk.goto("/?view=facility")
    desk.get_by_role("link", name=re.compile("^接收")).first.click()
    take(desk, "接收")
    take(desk, "登记到诊")

    specialist = window(county.specialist)
    specialist.goto(address)
    take(
        specialist,
        "写回信",
        [("input[name=diagnosis_row]", "心绞痛 I20.900"), ("textarea[name=advice]", "每周测血压一次")],
    )

    village.goto(address)
    assert village.get_by_text("每周测血压一次").is_visible()
    take(village, "接管")
    take(village, "记录首次随访", [("textarea", "无胸痛，血压 130/80")])
    assert village.get_by_text("已完成").first.is_visible()
