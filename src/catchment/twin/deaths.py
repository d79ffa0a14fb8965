"""What people died of: the underlying cause of every death, as the register of causes has it.

Whoever has a disease dies of it more often; the shares without one are rounded own estimates of the usual order:
circulatory diseases, cancers, chronic respiratory diseases, injuries, the rest.
"""

import numpy as np
import polars as pl

from catchment.twin.health import Health
from catchment.twin.numbering import minutes, numbers
from catchment.twin.people import ALIVE, Residents
from catchment.twin.prevalence import POSITION
from catchment.twin.streams import pick_by_row, stream
from catchment.twin.tables import OBSERVATIONS
from catchment.twin.timeline import MINUTES_A_DAY

CAUSE = "80359-3"
"""LOINC: the underlying cause of death as a person coded it."""
_ROWS = (
    ("I63.900", "脑梗死", 16, "stroke", 6.0),
    ("I61.900", "脑内出血", 9, "hypertension", 1.6),
    ("I21.900", "急性心肌梗死", 14, "coronary", 4.0),
    ("I50.900", "心力衰竭", 5, "heart_failure", 8.0),
    ("C34.900", "支气管或肺恶性肿瘤", 12, "cancer", 12.0),
    ("C22.900", "肝恶性肿瘤", 6, "hepatitis_b", 4.0),
    ("C16.900", "胃恶性肿瘤", 5, "", 1.0),
    ("J44.900", "慢性阻塞性肺病", 10, "copd", 6.0),
    ("E11.900", "2型糖尿病", 3, "diabetes", 3.0),
    ("N18.900", "慢性肾脏病", 2, "ckd", 4.0),
    ("J18.900", "肺炎", 5, "", 1.0),
    ("V89.200", "机动车交通事故", 4, "", 1.0),
    ("W19.x00", "意外跌落", 3, "", 1.0),
    ("R54.x00", "衰老", 6, "", 1.0),
)
CAUSES = {code: name for code, name, *_ in _ROWS}
_WEIGHT = np.array([weight for _code, _name, weight, *_ in _ROWS], dtype=np.float64)


def with_causes(observations: pl.DataFrame, residents: Residents, health: Health, seed: int) -> pl.DataFrame:
    """The block's observations with one more for each death: its underlying cause."""
    dead = np.flatnonzero(residents.death != ALIVE)
    times = np.ones((len(dead), len(_ROWS)))
    for column, (_code, _name, _weight, disease, factor) in enumerate(_ROWS):
        if disease:
            times[:, column] = np.where(health.has[dead, POSITION[disease]], factor, 1.0)
    cause = pick_by_row(stream(seed, "causes of death", residents.number), times * _WEIGHT, np.arange(len(dead)))
    nothing = pl.Series([None] * len(dead), dtype=pl.Float64)
    told = OBSERVATIONS.frame({
        "id": numbers(residents.number, len(observations) + len(dead))[len(observations) :],
        "person_id": residents.id[dead],
        "encounter_id": pl.Series([None] * len(dead), dtype=pl.Int64),
        "code": pl.repeat(CAUSE, len(dead), eager=True),
        "taken_at": minutes(residents.death[dead] * MINUTES_A_DAY + MINUTES_A_DAY // 2),
        "value": nothing,
        "answer": pl.Series(list(CAUSES), dtype=pl.String).gather(cause),
        "value_2": nothing,
        "unit": pl.repeat("", len(dead), eager=True),
        "flag": pl.repeat("", len(dead), eager=True),
    })  # fmt: skip
    return pl.concat([observations, told])
