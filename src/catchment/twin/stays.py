"""Hospital stays: for illness, for births, and the last one of some who die."""

import numpy as np

from catchment.twin.diagnoses import ADMISSIONS, AGE_GROUPS, FIRST_STAY, STAYS
from catchment.twin.health import Health
from catchment.twin.households import NOBODY
from catchment.twin.people import ALIVE, Residents
from catchment.twin.prevalence import POSITION
from catchment.twin.streams import Bools, Floats, Ints, pick, pick_by_row
from catchment.twin.timeline import MINUTES_A_DAY, Calendar
from catchment.twin.visit_types import CITY, DIED, IMPROVED, INPATIENT, RECOVERED, TRANSFERRED, Visits, join

_RATE = np.array([stay.yearly for stay in ADMISSIONS]).T / 10_000
_WITH_DISEASE, _WITHOUT_DISEASE = 6.0, 0.35
_LEVELS = np.array([(0.0, *stay.levels) for stay in STAYS])
_SEASON = np.array([stay.season for stay in STAYS])
_MEDIAN_DAYS = np.array([stay.stay for stay in STAYS])
_PRICE = np.array([stay.cost for stay in STAYS])
_LEVEL_PRICE = np.array([0.3, 0.38, 1.0, 1.9])
_DIES_IN_HOSPITAL = 0.35
_CAESAREAN_SHARE = 0.43
_SCALE = 4.4
"""Brings all stays together to about 18 in 100 people a year."""


def hospital_stays(generator: np.random.Generator, residents: Residents, health: Health, calendar: Calendar) -> Visits:
    """The block's stays; one that has not ended by the calendar's last day ends later."""
    begin, end = calendar.window(residents)
    return join(
        [
            _illness(generator, residents, health, calendar, begin, end),
            _births(generator, residents, calendar),
            _last_stays(generator, residents, calendar),
        ]
    )


def _illness(
    generator: np.random.Generator,
    residents: Residents,
    health: Health,
    calendar: Calendar,
    begin: Ints,
    end: Ints,
) -> Visits:
    age = residents.age_on(calendar.first) / 2 + residents.age_on(calendar.last) / 2
    group = np.searchsorted(AGE_GROUPS, age, side="right")
    years = (end - begin) / 365.25
    person, stay = [], []
    for number, admission in enumerate(ADMISSIONS):
        rate = _SCALE * _RATE[group, number] * years
        if admission.disease:
            rate = rate * np.where(health.has[:, POSITION[admission.disease]], _WITH_DISEASE, _WITHOUT_DISEASE)
        person.append(np.repeat(np.arange(residents.size), generator.poisson(rate)))
        stay.append(np.full(len(person[-1]), number))
    who, what = np.concatenate(person), np.concatenate(stay)
    day = calendar.draw_days(generator, _SEASON[what], begin[who], end[who])
    return _stays(generator, residents, who, what, day * MINUTES_A_DAY + generator.integers(0, MINUTES_A_DAY, len(who)))


def _births(generator: np.random.Generator, residents: Residents, calendar: Calendar) -> Visits:
    """The mother of each child born in these years was in hospital that day."""
    child = np.flatnonzero((residents.birth >= calendar.first) & (residents.mother != NOBODY))
    mother = residents.mother[child]
    seen = (residents.birth[child] < np.minimum(residents.death[mother], calendar.last)) & residents.woman[mother]
    child, mother = child[seen], mother[seen]
    what = len(ADMISSIONS) + (generator.random(len(child)) < _CAESAREAN_SHARE)
    start = residents.birth[child] * MINUTES_A_DAY + generator.integers(0, 600, len(child))
    return _stays(generator, residents, mother, what, start)


def _last_stays(generator: np.random.Generator, residents: Residents, calendar: Calendar) -> Visits:
    dead = np.flatnonzero((residents.death != ALIVE) & (generator.random(residents.size) < _DIES_IN_HOSPITAL))
    weights = np.array([admission.lethality for admission in ADMISSIONS])
    what = pick(generator, weights, len(dead))
    days = 1 + generator.poisson(6, len(dead))
    begin = np.maximum(np.maximum(residents.death[dead] - days, residents.birth[dead] + 1), calendar.first)
    fits = begin < residents.death[dead]
    start = begin * MINUTES_A_DAY + generator.integers(0, MINUTES_A_DAY, len(dead))
    return _stays(generator, residents, dead[fits], what[fits], start[fits], dies=True)


def _stays(
    generator: np.random.Generator,
    residents: Residents,
    person: Ints,
    stay: Ints,
    start: Ints,
    *,
    dies: bool = False,
) -> Visits:
    size = len(person)
    level = pick_by_row(generator, _LEVELS, stay)
    days = np.clip(_MEDIAN_DAYS[stay] * np.exp(0.42 * generator.standard_normal(size)), 0.8, 90)
    end = start + (days * MINUTES_A_DAY).astype(np.int64)
    death = residents.death[person]
    limit = np.where(death == ALIVE, end, np.minimum(death, 10**6) * MINUTES_A_DAY + 600)
    died = (end > limit) | dies
    end = np.where(died, np.maximum(limit, start + 30), end)
    price = _PRICE[stay] * _LEVEL_PRICE[level] * ((end - start) / MINUTES_A_DAY / _MEDIAN_DAYS[stay]) ** 0.6
    outcome = _outcomes(generator, level, died)
    return Visits(person, start, end, np.full(size, INPATIENT), level, FIRST_STAY + stay, outcome, price)


def _outcomes(generator: np.random.Generator, level: Ints, died: Bools) -> Ints:
    draw: Floats = generator.random(len(level))
    usual = np.where(draw < 0.3, RECOVERED, np.where((draw > 0.965) & (level < CITY), TRANSFERRED, IMPROVED))
    return np.where(died, DIED, usual)
