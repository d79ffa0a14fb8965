"""The age and sex structure of the residents, and how many die.

Age groups, sex ratios: seventh national census of China, 2020 (age groups of five years in millions, men
for 100 women), rounded; the last group is 85 and over. Mortality: Gompertz curve fitted by eye to a life
expectancy of about 78 years.
"""

import numpy as np

from catchment.twin.streams import Bools, Floats, Ints, pick

MILLIONS = np.array([77.9, 90.2, 85.3, 72.7, 74.9, 91.8, 124.1, 99.0, 93.0, 114.2, 121.2, 101.4, 73.4,
    74.0, 49.6,
                     31.2, 20.4, 15.4])  # fmt: skip
MEN_FOR_100_WOMEN = np.array([111, 114, 115, 116, 113, 107, 104, 105, 104.5, 102.5, 101, 100, 99.5, 96,
    93.5, 88, 79,
                              62.0])  # fmt: skip
GROUP_YEARS = 5


def draw_ages(generator: np.random.Generator, size: int) -> tuple[Floats, Bools]:
    """Exact ages in years (0 to 104) and whether each person is a woman."""
    group = pick(generator, MILLIONS, size)
    within = generator.random(size) * GROUP_YEARS
    oldest = 85 + np.minimum(generator.exponential(4.0, size), 19.0)
    age = np.where(group == len(MILLIONS) - 1, oldest, group * GROUP_YEARS + within)
    woman = generator.random(size) < 100 / (100 + MEN_FOR_100_WOMEN[group])
    return age, woman


def yearly_hazard(age: Floats, woman: Bools) -> Floats:
    """Chance of dying within a year at that age, for ages from 0; at most 0.9."""
    log_hazard = -10.2 + 0.0955 * np.maximum(age, 1.0) - 0.45 * woman
    return np.asarray(np.minimum(np.exp(log_hazard), 0.9))


MARRIED_AGES = np.array([20, 22, 25, 28, 31, 36, 60, 70, 80])
MARRIED_MEN = np.array([0.0, 0.03, 0.2, 0.52, 0.77, 0.87, 0.93, 0.9, 0.82, 0.64])
MARRIED_WOMEN = np.array([0.0, 0.1, 0.34, 0.68, 0.87, 0.93, 0.94, 0.86, 0.7, 0.38])


def married_share(age: Floats, woman: Bools) -> Floats:
    """Share living with a spouse by age and sex; approximations after the 2020 census tables."""
    group: Ints = np.searchsorted(MARRIED_AGES, age, side="right")
    return np.where(woman, MARRIED_WOMEN[group], MARRIED_MEN[group])
