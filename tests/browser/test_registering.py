"""A resident registered in a real browser: by keyboard at a desk, on a phone, and without losing what was typed."""

import re
from datetime import date

import pytest
from django.urls import reverse

from browser.conftest import DESK, PHONE
from browser.test_accessibility import faults
from catchment.rooms.people.models import Person
from catchment.standards.identity.identifiers import make_resident_id

CARD = make_resident_id("999001", date(1958, 3, 2), 2)


def test_a_resident_is_registered_by_keyboard_alone(window, county):
    page = window(county.village_doctor)
    page.goto("/people/register")
    page.get_by_label("姓名", exact=True).focus()
    page.keyboard.type("李大山")
    page.get_by_label("证件号码").focus()
    page.keyboard.type(CARD)
    page.get_by_text("号码有效").wait_for()
    assert page.get_by_label("女", exact=True).is_checked()
    assert page.get_by_label("出生日期").input_value() == "1958-03-02"
    page.locator("#area_words").focus()
    page.keyboard.type("sqc")
    page.wait_for_timeout(600)
    page.keyboard.press("Enter")
    assert page.url.endswith("/people/register")
    page.keyboard.press("Space")
    page.locator("#pick-facility input[value=V1]:checked").wait_for()
    page.get_by_label("姓名", exact=True).press("Enter")
    page.wait_for_url(re.compile("/people/[0-9a-f-]{36}/$"))
    assert Person.objects.get(name="李大山").area.name == "石桥村"


def test_what_was_typed_is_found_again_after_leaving(window, county):
    page = window(county.village_doctor, size=PHONE)
    page.goto("/people/register")
    page.get_by_label("姓名", exact=True).fill("李大山")
    page.get_by_label("男", exact=True).check()
    page.goto("/people/")
    page.goto("/people/register")
    assert page.get_by_label("姓名", exact=True).input_value() == "李大山"
    assert page.get_by_label("男", exact=True).is_checked()
    assert page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('draft:')).length") == 0


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_nothing_serious_is_wrong_with_the_pages(window, county, size):
    page = window(county.village_doctor, size=size)
    keep = reverse("person-keep", args=[county.person.public_id])
    contract = reverse("person-doctor", args=[county.person.public_id])
    assert faults(page, ["/people/", "/people/register", keep, contract]) == {}
