"""axe finds nothing serious or critical on any page, whoever looks at it, and nothing runs over the edge."""

from datetime import timedelta

import pytest
from django.utils import timezone

import county as small
from browser.conftest import DESK, PHONE, VENDOR
from catchment.rooms.booking.models import Bed

PAGES = (
    "/",
    "/?view=facility",
    "/?view=waiting",
    "/notices/",
    "/people/",
    "/people/scan",
    "/people/{person}/",
    "/people/{person}/visit",
    "/places/",
    "/places/H1/",
    "/places/networks/",
    "/places/networks/N1/",
    "/rulebook/",
    "/rulebook/referral.urgency/",
    "/me",
    "/choose-post",
    "/tour",
    "/measures/",
    "/measures/m/3.1/",
    "/referrals/",
    "/referrals/statistics",
    "/referrals/{referral}/",
    "/nothing-here",
)
RUN = "() => axe.run(document, {resultTypes: ['violations']})"


def serious(page):
    page.evaluate(VENDOR.joinpath("axe.js").read_text(encoding="utf-8"))
    found = page.evaluate(RUN)["violations"]
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found if one["impact"] in {"serious", "critical"}
    ]


def faults(page, paths):
    told = {}
    for path in paths:
        page.goto(path)
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if wrong := [*serious(page), *([f"runs {wide} px over the edge"] if wide > 0 else [])]:
            told[path] = wrong
    return told


@pytest.mark.parametrize(
    ("role", "size"),
    [
        ("village_doctor", PHONE),
        ("township_doctor", {"width": 768, "height": 1024}),
        ("desk", DESK),
        ("specialist", DESK),
        ("manager", DESK),
    ],
)
def test_nothing_serious_stands_in_anybodys_way(window, county, referral, role, size):
    page = window(getattr(county, role), size=size)
    paths = [path.format(person=county.person.public_id, referral=referral.public_id) for path in PAGES]
    assert faults(page, paths) == {}


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_nothing_serious_stands_in_the_way_of_signing_in(window, county, size):
    assert faults(window(size=size), ["/sign-in", "/tour"]) == {}


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_nothing_serious_stands_in_the_way_of_keeping_networks(window, county, size):
    page = window(small._actor("魏子默", county.hospital, "administrator"), size=size)
    assert faults(page, ["/places/networks/", "/places/networks/new", "/places/networks/N1/keep?q=邻市"]) == {}


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_nothing_serious_stands_in_the_way_of_keeping_facilities_slots_and_beds(window, county, size):
    Bed.objects.create(facility=county.hospital, service=county.cardiology, code="301")
    page = window(small._actor("魏子默", county.hospital, "administrator"), size=size)
    week = f"/schedule/H1/?service=cardiology&week={timezone.localdate() + timedelta(days=1)}"
    assert faults(page, [week, "/schedule/H1/beds", "/places/H1/keep", "/places/new"]) == {}
