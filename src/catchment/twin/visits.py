"""Who sees a doctor when, for what, and at which level of care: one block's encounters as arrays."""

from dataclasses import fields

import numpy as np

from catchment.twin.diagnoses import (
    AGE_GROUPS,
    CHECK_UP_POSITION,
    CODES,
    COMPLAINTS,
    FIRST_COMPLAINT,
    complaint_weights,
)
from catchment.twin.health import Health
from catchment.twin.people import Residents
from catchment.twin.prevalence import POSITION
from catchment.twin.stays import hospital_stays
from catchment.twin.streams import Bools, Floats, Ints, pick_by_row, stream
from catchment.twin.timeline import MINUTES_A_DAY, Calendar, surgery_minutes
from catchment.twin.visit_types import AMBULATORY, CHECK, COUNTY, FOLLOW_UP, PRIMARY, Visits, join

_ACUTE_YEARLY = np.array([6.0, 2.4, 2.5, 3.9])
_ACUTE_SEASON = np.array([complaint.season for complaint in COMPLAINTS])
_ACUTE_LEVELS = np.array([(*complaint.levels[:2], complaint.levels[2] * 0.94, complaint.levels[2] * 0.06)
                          for complaint in COMPLAINTS])  # fmt: skip
_FOLLOWED = {"hypertension": 3.4, "diabetes": 3.4, "copd": 2.0, "coronary": 1.6, "stroke": 1.8}
_MANAGED = 0.74
_SPECIALIST_YEARLY = 0.62
_SPECIALIST_LEVELS = np.array([[0.1, 0.33, 0.49, 0.08]])
_CHECK_AGE, _CHECK_YEARLY, _CHILD_CHECK_YEARLY = 65, 0.72, 0.8
_VISIT_MINUTES = 25
_TOLD_MINUTE = 9 * 60 + 40


def visits_of(residents: Residents, health: Health, calendar: Calendar, seed: int) -> Visits:
    """All encounters of a block in order of time; nobody visits a doctor while in hospital."""
    generator = stream(seed, "visits", residents.number)
    begin, end = calendar.window(residents)
    parts = [
        _acute(generator, residents, calendar, begin, end),
        *_follow_ups(generator, health, begin, end),
        _specialist(generator, health, calendar, begin, end),
        _check_ups(generator, residents, calendar, begin, end),
        _told(residents, calendar),
        hospital_stays(stream(seed, "stays", residents.number), residents, health, calendar),
    ]
    return _in_order(join(parts))


def _acute(generator: np.random.Generator, residents: Residents, calendar: Calendar, begin: Ints, end: Ints) -> Visits:
    age = residents.age_on(calendar.first) / 2 + residents.age_on(calendar.last) / 2
    group = np.searchsorted(AGE_GROUPS, age, side="right")
    frailty = generator.gamma(1.5, 1 / 1.5, residents.size)
    count = generator.poisson(_ACUTE_YEARLY[group] * frailty * (end - begin) / 365.25)
    person = np.repeat(np.arange(residents.size), count)
    complaint = pick_by_row(generator, complaint_weights(), (2 * group + residents.woman)[person])
    day = calendar.draw_days(generator, _ACUTE_SEASON[complaint], begin[person], end[person])
    level = pick_by_row(generator, _ACUTE_LEVELS, complaint)
    return _outpatients(generator, person, day, AMBULATORY, level, FIRST_COMPLAINT + complaint)


def _outpatients(
    generator: np.random.Generator, person: Ints, day: Ints, kind: int, level: Ints, diagnosis: Ints
) -> Visits:
    start = day * MINUTES_A_DAY + surgery_minutes(generator, len(person))
    return Visits(person, start, start + _VISIT_MINUTES, np.full(len(person), kind), level, diagnosis,
                  np.zeros(len(person), np.int64), np.zeros(len(person)))  # fmt: skip


def _follow_ups(generator: np.random.Generator, health: Health, begin: Ints, end: Ints) -> list[Visits]:
    """Regular visits of the managed at their primary facility, evenly spaced with some scatter."""
    managed = generator.random(len(begin)) < _MANAGED
    return [
        _follow_up(generator, health, managed, POSITION[key], yearly, begin, end) for key, yearly in _FOLLOWED.items()
    ]


def _follow_up(
    generator: np.random.Generator,
    health: Health,
    managed: Bools,
    disease: int,
    yearly: float,
    begin: Ints,
    end: Ints,
) -> Visits:
    patient = np.flatnonzero(health.known[:, disease] & managed)
    since = np.maximum(begin[patient], health.since[patient, disease])
    count = np.floor(np.maximum(end[patient] - since, 0) / 365.25 * yearly + generator.random(len(patient))).astype(
        np.int64
    )
    person = np.repeat(patient, count)
    turn = np.arange(len(person)) - np.repeat(np.cumsum(count) - count, count)
    day = np.repeat(since, count) + ((turn + generator.random(len(person))) * 365.25 / yearly).astype(np.int64)
    seen = day < end[person]
    level = np.full(int(seen.sum()), PRIMARY)
    return _outpatients(generator, person[seen], day[seen], FOLLOW_UP, level, np.full(len(level), disease))


def _specialist(generator: np.random.Generator, health: Health, calendar: Calendar, begin: Ints, end: Ints) -> Visits:
    person, disease = np.nonzero(health.known)
    since = np.maximum(begin[person], health.since[person, disease])
    count = generator.poisson(np.maximum(end[person] - since, 0) / 365.25 * _SPECIALIST_YEARLY)
    person, disease, since = (np.repeat(values, count) for values in (person, disease, since))
    day = calendar.draw_days(generator, np.zeros_like(person), since, end[person])
    level = pick_by_row(generator, _SPECIALIST_LEVELS, np.zeros_like(person))
    return _outpatients(generator, person, day, AMBULATORY, level, disease)


def _check_ups(
    generator: np.random.Generator, residents: Residents, calendar: Calendar, begin: Ints, end: Ints
) -> Visits:
    """Yearly checks of the old, and the checks of children under seven, at the centre."""
    yearly = np.where(residents.age_on(calendar.first) >= _CHECK_AGE - 1.5, _CHECK_YEARLY, 0.0)
    yearly += np.where(residents.age_on(calendar.last) < 7, _CHILD_CHECK_YEARLY, 0.0)
    count = generator.poisson(yearly * (end - begin) / 365.25)
    person = np.repeat(np.arange(residents.size), count)
    day = calendar.draw_days(generator, np.ones_like(person), begin[person], end[person])
    level = np.full(len(person), COUNTY - 1)
    return _outpatients(generator, person, day, CHECK, level, np.full(len(person), CHECK_UP_POSITION))


def _told(residents: Residents, calendar: Calendar) -> Visits:
    """The visits that the guided tour begins with, in the morning of the last day."""
    told = [
        (position, CODES.index(person.complaint)) for position, person in residents.story.items() if person.complaint
    ]
    person, diagnosis = np.array(told, dtype=np.int64).reshape(-1, 2).T
    start = np.full(len(told), (calendar.last - 1) * MINUTES_A_DAY + _TOLD_MINUTE)
    return Visits(person, start, start + _VISIT_MINUTES, np.full(len(told), AMBULATORY),
        np.full(len(told), PRIMARY),
                  diagnosis, np.zeros(len(told), np.int64), np.zeros(len(told)))  # fmt: skip


def _in_order(visits: Visits) -> Visits:
    """Sorted by time; what would fall into the same person's hospital stay is left out."""
    stride = int(visits.end.max(initial=0)) + 1
    order = np.lexsort((visits.start, visits.person))
    person, start, end = visits.person[order], visits.start[order], visits.end[order]
    busy: Floats = np.maximum.accumulate(person * stride + end)
    free = np.r_[True, person[1:] * stride + start[1:] >= busy[:-1]]
    kept = order[free]
    kept = kept[np.argsort(visits.start[kept], kind="stable")]
    return Visits(*(getattr(visits, field.name)[kept] for field in fields(visits)))
