"""Where a running year is heading: the chain ladder to the fen, and a band that is neither too narrow nor too wide."""

import math

import numpy as np
import pytest

from catchment.rooms.budget.rules.forecast import T90, forecast
from catchment.rooms.budget.rules.making import months_of
from catchment.rooms.budget.web import charts

SEASON = np.array([1.2, 0.8, 1.1, 1.0, 1.0, 0.95, 0.9, 0.95, 1.0, 1.05, 1.1, 1.2])
EVEN, LATE = [100] * 12, [50] * 6 + [150] * 6


def lived(random, level, bills=60):
    """A year of months: so many bills of very different size, as chance has it, by the seasons."""
    return [int(random.lognormal(12, 1.2, random.poisson(bills * level * each)).sum()) for each in SEASON]


def test_a_forecast_goes_by_the_seasons_of_earlier_years():
    seen = forecast([100] * 6, {2023: EVEN, 2024: LATE})
    assert (seen.expected, seen.years) == (1600, (2023, 2024))
    assert [one.month for one in seen.ahead] == [6, 7, 8, 9, 10, 11, 12]
    assert (seen.ahead[0].expected, seen.ahead[0].low, seen.ahead[0].high) == (600, 600, 600)


def test_a_forecast_needs_a_year_and_a_band_needs_months():
    assert forecast([100], {}).expected is None
    assert forecast([], {2024: EVEN}).expected is None
    first = forecast([100], {2024: EVEN})
    assert (first.expected, first.low) == (1200, None)
    assert forecast([100, 120], {2024: EVEN}).low is not None


def test_months_that_are_all_alike_leave_nothing_to_chance():
    seen = forecast([100] * 6, {2023: EVEN, 2024: EVEN})
    assert (seen.low, seen.expected, seen.high) == (1200, 1200, 1200)


def test_the_band_opens_month_by_month_and_narrows_as_the_year_goes_on():
    random = np.random.default_rng(3)
    earlier, now = {year: lived(random, 1) for year in (2023, 2024)}, lived(random, 1.1)
    widths = [one.high - one.low for one in forecast(now[:4], earlier).ahead]
    assert widths == sorted(widths)
    assert widths[0] == 0
    ends = [forecast(now[:month], earlier) for month in (3, 6, 9, 11)]
    assert [one.high - one.low for one in ends] == sorted((one.high - one.low for one in ends), reverse=True)
    assert all(one.low >= one.spent for one in ends)


def fitted(spent, earlier):
    """The same model fitted the long way: quasi-Poisson with a log link, by weighted least squares until it stands."""
    rows = [*earlier.values(), spent]
    seen = [(at, month, value) for at, months in enumerate(rows) for month, value in enumerate(months)]
    ahead = [(len(rows) - 1, month) for month in range(len(spent), 12)]

    def design(cells):
        matrix = np.zeros((len(cells), len(rows) + 11))
        for line, (at, month) in enumerate(cells):
            matrix[line, at] = 1
            if month:
                matrix[line, len(rows) + month - 1] = 1
        return matrix

    known, future = design([one[:2] for one in seen]), design(ahead)
    values = np.array([one[2] for one in seen], dtype=float)
    mean = values + 1
    for _ in range(50):
        target = np.log(mean) + (values - mean) / mean
        beta = np.linalg.solve(known.T @ (known * mean[:, None]), known.T @ (mean * target))
        mean = np.exp(known @ beta)
    dispersion = ((values - mean) ** 2 / mean).sum() / (len(values) - known.shape[1])
    more = np.exp(future @ beta)
    slope = future.T @ more
    spread = slope @ np.linalg.inv(known.T @ (known * mean[:, None])) @ slope
    return sum(spent) + more.sum(), math.sqrt(dispersion * (more.sum() + spread))


@pytest.mark.parametrize(("years", "month"), [(1, 3), (2, 2), (2, 9), (3, 6), (3, 11)])
def test_the_closed_form_is_the_models_own_error_of_prediction(years, month):
    random = np.random.default_rng(years * 100 + month)
    earlier, now = {2020 + at: lived(random, 1 + at / 10) for at in range(years)}, lived(random, 1.3)[:month]
    expected, error = fitted(now, earlier)
    seen = forecast(now, earlier)
    times = T90[min(11 * (years - 1) + month - 1, len(T90)) - 1]
    assert seen.expected == pytest.approx(expected, rel=1e-6)
    assert seen.high - seen.expected == pytest.approx(times * error, rel=1e-4)


def test_the_band_holds_the_year_eight_times_in_ten():
    random, held = np.random.default_rng(11), 0
    for _ in range(400):
        earlier, now = {2023: lived(random, 1), 2024: lived(random, 1.05)}, lived(random, 1.1)
        seen = forecast(now[:6], earlier)
        held += seen.low <= sum(now) <= seen.high
    assert 0.75 < held / 400 < 0.85


def test_the_chart_of_a_running_year_begins_where_the_band_can_be_seen():
    random = np.random.default_rng(5)
    earlier, now = {year: lived(random, 1, bills=2000) for year in (2023, 2024)}, lived(random, 1, bills=2000)
    due = months_of(sum(earlier[2024]))
    chart = charts.run_rate(due, now[:9], forecast(now[:9], earlier))
    assert len(chart["xAxis"]["data"]) == 6
    low, width = (
        next(one["data"][-1] for one in chart["series"] if one["name"] == name) for name in ("预计下限", "预计区间")
    )
    assert chart["yAxis"]["scale"]
    assert width / (low + width - charts.wan(sum(now[:7]))) > 0.04
    whole = charts.run_rate(due, now, forecast(now, earlier))
    assert (len(whole["xAxis"]["data"]), whole["yAxis"]["scale"], len(whole["series"])) == (12, False, 2)
