"""The budget on a desk and on a phone: nothing serious for axe, nothing over the edge, charts drawn."""

from datetime import date

import pytest

import county as small
import lived
from browser.conftest import DESK, PHONE
from browser.test_accessibility import faults
from catchment.kernel import clock
from catchment.site.cli import budget_year

pytestmark = pytest.mark.slow


def test_the_year_is_readable_on_a_desk_and_on_a_phone(window, county):
    office = small._facility("Y1", "云溪县医保局", "insurance-office", "county", county.hospital.area, 121.3, 28.1)
    officer = small._actor("孟佳宁", office, "insurance-officer")
    lived.live(county)
    budget = budget_year.run(
        lambda act, **given: act(actor=lived.CLERK, now=clock.now(), **given),
        community="N1", year=2025, place="local", today=date(2026, 7, 1), report=lambda *_: None,
    )  # fmt: skip
    where = f"/budget/{budget.public_id}/"
    pages = ("/budget/", where, f"{where}month/3/", "/budget/findings/", "/budget/history/N1/")
    for size in (DESK, PHONE):
        page = window(officer, size=size)
        assert faults(page, pages) == {}
        page.goto(where)
        page.wait_for_selector("[data-chart=waterfall] svg")
