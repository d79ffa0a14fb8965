"""Where a running year is heading."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from catchment.rooms.budget.types import Forecast
from catchment.standards.money import share

TWO = 2


def forecast(spent: Sequence[int], earlier: Mapping[int, Sequence[int]]) -> Forecast:
    """The year's sum if this year spends by the seasons of earlier ones: what is spent over the share they had by now.

    `spent` are the months known of this year, `earlier` the twelve of each full earlier year. Expected is by the mean
    share; the band runs from the highest share to the lowest, and needs two years.
    """
    month, so_far = len(spent), sum(spent)
    known = {
        year: Fraction(sum(months[:month]), sum(months)) for year, months in earlier.items() if sum(months[:month])
    }
    shares = list(known.values())
    if not month or not shares:
        return Forecast(month=month, spent=so_far, expected=None, low=None, high=None, years=())
    mean = sum(shares, Fraction(0)) / len(shares)
    band = len(shares) >= TWO
    return Forecast(
        month=month,
        spent=so_far,
        expected=share(so_far, 1 / mean),
        low=share(so_far, 1 / max(shares)) if band else None,
        high=share(so_far, 1 / min(shares)) if band else None,
        years=tuple(sorted(known)),
    )


def course(spent: Sequence[int], earlier: Mapping[int, Sequence[int]], expected: int | None) -> list[int | None]:
    """The expected running sum at the end of each month, by the mean of the earlier years' shares."""
    shares = [
        [Fraction(sum(months[: at + 1]), sum(months)) for at in range(len(months))]
        for months in earlier.values()
        if sum(months)
    ]
    if expected is None or not shares:
        return [None] * 12
    means = [sum((one[at] for one in shares), Fraction(0)) / len(shares) for at in range(12)]
    return [sum(spent[: at + 1]) if at < len(spent) else share(expected, means[at]) for at in range(12)]
