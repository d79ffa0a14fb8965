"""Conditions and allergies: the problem list, the diagnoses of hospital stays, what a person must not be
given.
"""

from datetime import date

import numpy as np
import polars as pl

from catchment.twin.diagnoses import CODES, FIRST_STAY
from catchment.twin.health import Health
from catchment.twin.numbering import numbers
from catchment.twin.people import ALIVE, Residents, day_number, only_where
from catchment.twin.streams import Bools, Ints, pick, stream
from catchment.twin.tables import ALLERGIES, CONDITIONS
from catchment.twin.visit_types import INPATIENT, Visits

_ALLERGENS = (("青霉素", "medication", 40), ("头孢菌素", "medication", 16), ("磺胺类", "medication", 12),
              ("阿司匹林", "medication", 5), ("碘造影剂", "medication", 4), ("海鲜", "food", 12),
                  ("花生", "food", 3),
              ("鸡蛋", "food", 3), ("尘螨", "environment", 6), ("花粉", "environment", 5))  # fmt: skip
_WITH_ALLERGY = 0.034
_SEVERITIES = ("mild", "moderate", "severe")
_RECORDED_YEARS = 8
_NO_ENCOUNTER = 0


def conditions_table(residents: Residents, health: Health, visits: Visits, ids: Ints) -> pl.DataFrame:
    """Diagnosed diseases as problems; for each stay the main diagnosis and the diseases known by then."""
    person, disease = np.nonzero(health.known & (health.since < np.minimum(residents.death, ALIVE)[:, None]))
    problem = np.ones(len(person), dtype=np.bool_)
    stay = np.flatnonzero(visits.kind == INPATIENT)
    day = visits.start[stay] // 1440
    row, also = np.nonzero(health.known[visits.person[stay]] & (health.since[visits.person[stay]] < day[:, None]))
    same = np.array(CODES)[also] == np.array(CODES)[visits.diagnosis[stay[row]]]
    row, also = row[~same], also[~same]
    who = np.concatenate([person, visits.person[stay], visits.person[stay[row]]])
    code = np.concatenate([disease, visits.diagnosis[stay], also])
    onset = np.concatenate([health.since[person, disease], day, health.since[visits.person[stay[row]], also]])
    encounter = np.concatenate([np.full(len(person), _NO_ENCOUNTER), ids[stay], ids[stay[row]]])
    problem = np.concatenate([problem, np.zeros(len(stay) + len(row), dtype=np.bool_)])
    order = np.lexsort((code, encounter))
    return _frame(residents, who[order], code[order], onset[order], encounter[order], problem[order])


def _frame(residents: Residents, who: Ints, code: Ints, onset: Ints, encounter: Ints, problem: Bools) -> pl.DataFrame:
    active = (code < FIRST_STAY) | problem
    return CONDITIONS.frame({
        "id": numbers(residents.number, len(who)),
        "person_id": residents.id[who],
        "encounter_id": only_where(pl.Series(encounter), encounter != _NO_ENCOUNTER),
        "code": pl.Series(list(CODES)).gather(code),
        "category": pl.Series(["encounter_diagnosis", "problem"]).gather(problem.astype(np.int64)),
        "onset": pl.Series(onset).cast(pl.Int32).cast(pl.Date),
        "status": pl.Series(["resolved", "active"]).gather(active.astype(np.int64)),
    })  # fmt: skip


def allergies_table(residents: Residents, seed: int, today: date) -> pl.DataFrame:
    """One allergy for one person in thirty, and those the guided tour tells of."""
    generator = stream(seed, "allergies", residents.number)
    has = generator.random(residents.size) < _WITH_ALLERGY
    substance = pick(generator, np.array([float(weight) for _, _, weight in _ALLERGENS]), residents.size)
    names = [name for name, _, _ in _ALLERGENS]
    for position, person in residents.story.items():
        has[position] = bool(person.allergy)
        substance[position] = names.index(person.allergy) if person.allergy else 0
    who = np.flatnonzero(has)
    day = day_number(today) - 1 - generator.integers(0, _RECORDED_YEARS * 365, len(who))
    day = np.maximum(np.minimum(day, residents.death[who] - 1), residents.birth[who])
    return ALLERGIES.frame({
        "id": numbers(residents.number, len(who)),
        "person_id": residents.id[who],
        "substance": pl.Series(names).gather(substance[who]),
        "category": pl.Series([category for _, category, _ in _ALLERGENS]).gather(substance[who]),
        "severity": pl.Series(_SEVERITIES).gather(pick(generator, np.array([0.6, 0.3, 0.1]), len(who))),
        "recorded_on": pl.Series(day).cast(pl.Int32).cast(pl.Date),
    })  # fmt: skip
