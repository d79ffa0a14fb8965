"""From the county on the map to one person's page, by mouse and by keyboard; the cockpit; nothing serious for axe."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

import county as small_county
from browser.conftest import DESK, PHONE
from browser.test_accessibility import faults
from catchment.kernel import clock, wall
from catchment.kernel.lake import refreshing
from catchment.rooms.places.models import Area
from catchment.rooms.record.models import Encounter, Source

SQUARE = {
    "type": "Polygon",
    "coordinates": [[[121.0, 28.0], [121.5, 28.0], [121.5, 28.3], [121.0, 28.3], [121.0, 28.0]]],
}


@pytest.fixture
def mapped(county, tmp_path, monkeypatch):
    """The small county with boundaries, some visits, and a lake."""
    Area.objects.filter(level__in=("county", "township")).update(boundary=SQUARE, longitude=121.2, latitude=28.15)
    source = Source.objects.create(code="s", name="s", kind="native")
    for number in range(12):
        person = small_county.make_person(f"居民{number}", county.person.area, county.village)
        at = clock.now() - timedelta(days=30 + 60 * number)
        Encounter.objects.create(
            person=person, source=source, facility=county.township, klass="AMB", status="finished", at=at, ended_at=at,
            recorded_at=at, reason_code="I10.x00",
        )  # fmt: skip
    monkeypatch.setenv("CATCHMENT_HOME", str(tmp_path))
    with wall.acting("lake", at=clock.now()):
        refreshing.refresh()
    return county


def drawn(page):
    page.wait_for_selector("[data-atlas][data-drawn=yes]", state="attached", timeout=30_000)


def test_from_the_county_to_one_person(window, mapped):
    page = window(mapped.village_doctor)
    page.goto("/atlas/")
    drawn(page)
    page.locator("[data-part=table] tbody").get_by_role("button", name="云溪镇").click()
    page.locator("[data-part=path]").get_by_role("button", name="云溪镇").wait_for()
    page.locator("[data-part=table] tbody").get_by_role("button", name="石桥村").press("Enter")
    page.locator("[data-part=head] h2", has_text="石桥村").wait_for()
    page.get_by_role("link", name="石桥村的居民名单").click()
    page.get_by_role("link", name="王秀英", exact=True).click()
    page.wait_for_url(re.compile(r"/people/[0-9a-f-]{36}/$"))
    assert page.get_by_text("王秀英").first.is_visible()


def test_layer_and_time_change_without_a_new_page(window, mapped, record_property):
    page = window(mapped.manager)
    page.goto("/atlas/")
    drawn(page)
    page.evaluate("window.sameDocument = true")
    page.select_option("#atlas-layer", "people:elders")
    page.locator("[data-part=legend] h2", has_text="65 岁及以上").wait_for()
    page.select_option("#atlas-grain", "month")
    page.locator("#atlas-step:not([disabled])").wait_for()
    before = page.locator("[data-part=period]").inner_text()
    page.locator("#atlas-step").press("ArrowLeft")
    page.wait_for_function("(was) => document.querySelector('[data-part=period]').textContent !== was", arg=before)
    assert page.evaluate("window.sameDocument")
    assert "layer=people%3Aelders" in page.url
    took = page.evaluate("performance.getEntriesByType('measure').map((one) => [one.name, Math.round(one.duration)])")
    record_property("milliseconds", took)
    assert "atlas:time" in dict(took)


def test_the_picture_of_the_map_is_saved(window, mapped):
    page = window(mapped.manager)
    page.goto("/atlas/")
    drawn(page)
    with page.expect_download() as begun:
        page.locator("[data-atlas-picture]").click()
    assert begun.value.suggested_filename.endswith(".png")
    assert Path(begun.value.path()).read_bytes().startswith(b"\x89PNG\r\n\x1a\n")


@pytest.mark.parametrize("path", ["/atlas/", "/cockpit/"])
def test_paper_carries_the_whole_map_as_a_picture(window, mapped, path):
    page = window(mapped.manager)
    page.goto(path)
    drawn(page)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.locator("[data-part=paper] canvas").is_visible()
    assert not page.locator("[data-part=map]").is_visible()
    corner = "(one) => one.getContext('2d').getImageData(0, one.height / 2, 1, 1).data[3]"
    assert page.locator("[data-part=paper] canvas").evaluate(corner) == 255


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_nothing_serious_stands_in_the_way_on_map_and_cockpit(window, mapped, size):
    page = window(mapped.village_doctor, size=size)
    assert faults(page, ["/atlas/people/990100100201/"]) == {}
    page = window(mapped.manager, size=size)
    page.goto("/atlas/")
    drawn(page)
    assert faults(page, ["/atlas/", "/cockpit/", "/cockpit/?screen=1"]) == {}
