"""Figures of referral as they leave the county: small counts withheld on pages of figures, in exports and in the API."""

import csv
import io
from datetime import date

import pytest

import county as county_of_tests
from catchment.kernel import clock
from catchment.rooms.referral import queries
from catchment.rooms.referral.models import Referral
from catchment.rooms.referral.queries import Figures, MonthLine, PlaceLine, Report

THIS_MONTH = "first={0}-01&last={0}-02".format(date.today().strftime("%Y-%m"))  # noqa: DTZ011


@pytest.fixture
def sent(county):
    """Thirteen up from the clinic, four of them declined; the bureau's officer, who sees figures only."""
    now = clock.now()
    for number in range(13):
        Referral.objects.create(
            number=f"R{number}", person=county.person, direction="up", urgency="routine", from_facility=county.village,
            from_post_id=county.village_doctor.post_id, to_facility=county.hospital, to_service=county.cardiology,
            state="declined" if number < 4 else "sent", sent_at=now, created_at=now, state_since=now,
            parties=[county.village.pk, county.hospital.pk], holder_facility_id=county.hospital.pk,
        )  # fmt: skip
    return county_of_tests._actor("卫健局", county.hospital, "bureau-officer")


def cells_of(page: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(page.removeprefix("\ufeff"))))


def test_a_post_that_sees_figures_only_is_not_told_four_of_thirteen_and_nothing_opens(enter, sent):
    page = enter(sent).get(f"/referrals/statistics?{THIS_MONTH}")
    report = page.context["totals"]
    assert (report.sent, report.up, report.declined) == (13, 13, None)
    text = page.content.decode()
    assert "＊" in text
    assert "未核实" in text
    assert "counted=" not in text


def test_a_post_that_sees_the_cases_is_told_them_all(enter, county, sent):
    page = enter(county.manager).get("/referrals/statistics?period=30")
    assert page.context["totals"].declined == 4
    assert "counted=declined" in page.content.decode()


def test_what_is_taken_away_withholds_whoever_takes_it(enter, county, sent):
    answer = enter(county.manager).get(f"/referrals/statistics.csv?{THIS_MONTH}")
    rows = {row[0]: row for row in cells_of(answer.content.decode())}
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert rows["全部"][2:7] == ["13", "13", "0", "0", ""]


def test_the_api_withholds_as_well_and_counts_whole_months(enter, county, sent):
    told = enter(county.manager).get(f"/api/v1/referrals/statistics?{THIS_MONTH}").json()
    assert (told["totals"]["sent"], told["totals"]["declined"], told["smallest"]) == (13, None, 10)
    assert told["months"][0]["declined"] is None
    assert told["first"].endswith("-01")
    assert told["last"] >= told["first"][:8] + "28"


def test_a_period_that_ends_before_it_begins_is_refused(enter, county, sent):
    answer = enter(county.manager).get("/api/v1/referrals/statistics?first=2026-02-01&last=2026-01-01")
    assert (answer.status_code, answer.json()["problems"][0]["field"]) == (422, "last")


def test_a_small_month_is_not_reckoned_back_from_the_total_nor_from_the_places():
    full = {"sent": 60, "up": 60, "down": 0, "accepted": 60, "declined": 0, "arrived": 60, "effective": 60}
    none = {"accept_hours": 2.0, "accept_median": 2.0}
    line = lambda n: {**{what: n if count else 0 for what, count in full.items()}, **none}  # noqa: E731
    months = tuple(MonthLine(month=date(2026, m, 1), **line(n)) for m, n in ((1, 3), (2, 20), (3, 37)))
    places = tuple(PlaceLine(place=name, **line(n)) for name, n in (("甲", 25), ("乙", 35)))
    rates = {("甲", date(2026, 1, 1)): (3, 3), ("甲", date(2026, 2, 1)): (11, 11), ("甲", date(2026, 3, 1)): (11, 11)}
    rates |= {("乙", date(2026, 2, 1)): (9, 9), ("乙", date(2026, 3, 1)): (26, 26)}
    report = Report(
        totals=Figures(**full, **none), months=months, places=places, rates=rates, flows=(), refusals=(("x", 3),)
    )
    told = queries.to_tell(report, 10)
    assert [line.sent for line in told.months] == [None, None, 37]
    assert told.months[0].accept_median is None
    hidden = {key for key, (_good, n) in told.rates.items() if n is None}
    assert {("甲", date(2026, 1, 1)), ("甲", date(2026, 2, 1)), ("乙", date(2026, 2, 1))} <= hidden
    assert told.refusals == (("x", None),)
    assert told.totals.sent == 60
