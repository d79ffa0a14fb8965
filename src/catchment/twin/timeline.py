"""When things happen: the days of the history with their seasons, and the hours of a surgery."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from catchment.twin.people import ALIVE, HISTORY_YEARS, Residents, day_number
from catchment.twin.streams import Floats, Ints

MINUTES_A_DAY = 1440
CHINA_MINUTES = 480
"""China is eight hours ahead of UTC."""
_SWING = (0.45, 0.0, -0.35)
"""Winter, even, summer: how far January rises above the year's mean."""
_WEEKDAYS = np.array([1.15, 1.08, 1.04, 1.02, 1.05, 0.9, 0.76])


@dataclass(frozen=True, slots=True)
class Calendar:
    """The years of history. `load` is the cumulated seasonal weight before each day, season × day."""

    first: int
    last: int
    load: Floats

    def window(self, residents: Residents) -> tuple[Ints, Ints]:
        """First day and day after the last on which each resident can be seen: born, and not yet dead."""
        begin = np.maximum(residents.birth + 1, self.first)
        end = np.minimum(np.where(residents.death == ALIVE, self.last, residents.death), self.last)
        return np.minimum(begin, end), end

    def draw_days(self, generator: np.random.Generator, season: Ints, begin: Ints, end: Ints) -> Ints:
        """Days from `begin` to before `end` by the season's weights; where the span is empty, `begin`."""
        low = self.load[season, begin - self.first]
        high = self.load[season, end - self.first]
        wanted = low + (high - low) * generator.random(len(begin))
        # The seasons' curves are laid end to end, so that one search serves all of them.
        lift = self.load[0, -1] * 2
        flat = (self.load + lift * np.arange(len(self.load))[:, None]).ravel()
        found = np.searchsorted(flat, wanted + lift * season, side="right") - 1 - season * self.load.shape[1]
        return np.asarray(np.clip(found + self.first, begin, np.maximum(end - 1, begin)))


def calendar_until(today: date) -> Calendar:
    """The calendar of the years before `today`, which is the first day not in it."""
    last = day_number(today)
    first = last - round(HISTORY_YEARS * 365.25)
    days = np.arange(first, last)
    yearly = np.cos(2 * np.pi * ((days % 365.25) - 15) / 365.25)
    weight = (1 + np.array(_SWING)[:, None] * yearly) * _WEEKDAYS[(days + 3) % 7]
    return Calendar(first, last, np.concatenate([np.zeros((3, 1)), np.cumsum(weight, axis=1)], axis=1))


def surgery_minutes(generator: np.random.Generator, size: int) -> Ints:
    """Minutes after midnight, China time, in opening hours; mornings are fuller."""
    morning = generator.random(size) < 0.62
    return np.where(morning, 470, 830) + (generator.beta(1.3, 1.7, size) * np.where(morning, 235, 205)).astype(np.int64)
