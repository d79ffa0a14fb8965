"""Where a running year is heading, and how sure that is."""

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction

from catchment.rooms.budget.types import Ahead, Forecast
from catchment.standards.money import share

MONTHS = 12
T90 = (
    3.078, 1.886, 1.638, 1.533, 1.476, 1.440, 1.415, 1.397, 1.383, 1.372, 1.363, 1.356, 1.350, 1.345, 1.341, 1.337,
    1.333, 1.330, 1.328, 1.325, 1.323, 1.321, 1.319, 1.318, 1.316, 1.315, 1.314, 1.313, 1.311, 1.310,
)  # fmt: skip
"""The 90 % point of Student's t by degrees of freedom, from one on: eight in ten lie between it and its opposite."""


def forecast(spent: Sequence[int], earlier: Mapping[int, Sequence[int]]) -> Forecast:
    """The year's sum if this year spends by the seasons of earlier ones, with a band that holds it eight times in ten.

    `spent` are the months known of this year, `earlier` the twelve of each full earlier year, in fen. The model is the
    over-dispersed Poisson of claims reserving: a month's spending is its year's level times the month's season, with a
    variance proportional to it, as sums of many bills have. With full earlier years its estimate is the chain ladder,
    and the error of prediction (the months' own chance, and that of the level and the seasons as estimated) has a
    closed form. The variance is that of all known months about their fit; Student's t stands in for their being few.
    Source: England and Verrall, Stochastic Claims Reserving in General Insurance, British Actuarial Journal 8 (2002),
    sections 2.3 and 7.1. What changes within the year (prices, policy) is not in the band.
    """
    known = {year: months for year, months in sorted(earlier.items()) if sum(months[: len(spent)])}
    month, so_far = len(spent), sum(spent)
    if not month or not known:
        return Forecast(month=month, spent=so_far, years=())
    sums = [sum(months[at] for months in known.values()) for at in range(MONTHS)]
    chance = _dispersion(spent, list(known.values()), sums)
    ahead = tuple(_ahead(at, month, so_far, sums, chance) for at in range(month, MONTHS + 1))
    return Forecast(month=month, spent=so_far, years=tuple(known), ahead=ahead)


def _ahead(at: int, month: int, so_far: int, sums: Sequence[int], chance: tuple[float, float] | None) -> Ahead:
    """The running sum at the end of month `at`: spent so far, by what earlier years had then and had by now."""
    by_now, since = sum(sums[:month]), sum(sums[month:at])
    more = share(so_far, Fraction(since, by_now))
    expected = so_far + more
    if chance is None or not more or not so_far:
        sure = at == month
        return Ahead(month=at, expected=expected, low=expected if sure else None, high=expected if sure else None)
    dispersion, times = chance
    error = math.sqrt(dispersion * (more + more**2 * (1 / so_far + 1 / by_now + 1 / since)))
    width = round(times * error)
    return Ahead(month=at, expected=expected, low=max(so_far, expected - width), high=expected + width)


def _dispersion(
    spent: Sequence[int], years: Sequence[Sequence[int]], sums: Sequence[int]
) -> tuple[float, float] | None:
    """Pearson's variance per fen expected, and how many standard errors the band reaches; `None` with nothing to go by.

    Degrees of freedom: the months known, less a level for each year and eleven seasons.
    """
    month, so_far = len(spent), sum(spent)
    freedom = (MONTHS - 1) * (len(years) - 1) + month - 1
    if freedom < 1 or not so_far:
        return None
    whole, by_now = sum(sums), sum(sums[:month])
    seasons = [
        (total + spent[at]) / (by_now + so_far) * by_now / whole if at < month else total / whole
        for at, total in enumerate(sums)
    ]
    rows = [(sum(months), months) for months in years] + [(so_far * whole / by_now, spent)]
    squares = sum(
        (seen - level * season) ** 2 / (level * season)
        for level, months in rows
        for seen, season in zip(months, seasons, strict=False)
        if level * season
    )
    return squares / freedom, T90[min(freedom, len(T90)) - 1]
