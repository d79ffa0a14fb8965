"""Medication requests and operations."""

from collections.abc import Sequence

import numpy as np
import polars as pl

from catchment.twin.diagnoses import CODES, COMPLAINTS, FIRST_COMPLAINT, FIRST_STAY, STAYS
from catchment.twin.medicines import MEDICINES, POSITION
from catchment.twin.numbering import minutes, numbers
from catchment.twin.people import Residents
from catchment.twin.prevalence import DISEASES
from catchment.twin.streams import Bools, Ints, Text, stream
from catchment.twin.tables import MEDICATIONS, PROCEDURES
from catchment.twin.visit_types import AMBULATORY, COUNTY, FOLLOW_UP, INPATIENT, Visits

FOR_DISEASE: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "hypertension": (("amlodipine", "valsartan", "nifedipine", "irbesartan", "enalapril"),
                     ("hydrochlorothiazide", "metoprolol", "bisoprolol")),
    "diabetes": (("metformin", "acarbose", "gliclazide", "glimepiride"),
                 ("dapagliflozin", "sitagliptin", "glargine", "premixed_insulin")),
    "dyslipidaemia": (("atorvastatin", "rosuvastatin", "simvastatin"), ("fenofibrate",)),
    "copd": (("tiotropium", "budesonide_formoterol"), ("theophylline", "salbutamol")),
    "coronary": (("aspirin", "clopidogrel"), ("atorvastatin", "isosorbide", "trimetazidine",
        "nitroglycerin")),
    "stroke": (("aspirin", "clopidogrel"), ("atorvastatin", "rosuvastatin")),
    "heart_failure": (("furosemide", "bisoprolol"), ("spironolactone",)),
    "fibrillation": (("rivaroxaban",), ("metoprolol",)),
    "ckd": (("irbesartan",), ("calcium_d3",)),
    "asthma": (("budesonide_formoterol", "montelukast"), ("salbutamol",)),
    "gastritis": (("omeprazole", "rabeprazole"), ("mosapride",)),
    "arthrosis": (("celecoxib", "ibuprofen"), ("glucosamine",)),
    "hepatitis_b": (("entecavir",), ()),
    "cancer": ((), ()),
    "depression": (("sertraline",), ()),
}  # fmt: skip
"""For each disease the medicines of first choice and those added; a person keeps to one of each."""
_WIDTH = 5
_NOTHING = -1


def _table(rows: Sequence[Sequence[str]]) -> Ints:
    """Medicine positions, repeated to a fixed width so that any whole number chooses one; `_NOTHING` for no
    choice.
    """
    return np.array([[POSITION[row[n % len(row)]] if row else _NOTHING for n in range(_WIDTH)] for row in rows])


_OTHERS: tuple[tuple[str, ...], ...] = (*(c.medicines for c in COMPLAINTS), *(s.medicines for s in STAYS), ())
_FIRST = _table([*(FOR_DISEASE[d.key][0] for d in DISEASES), *(row[:1] for row in _OTHERS)])
_SECOND = _table([*(FOR_DISEASE[d.key][1] for d in DISEASES), *(row[1:] for row in _OTHERS)])
_OPERATIONS = np.array([stay.procedure for stay in STAYS])
_OPERATED = 0.82
THERAPIES = ("17.9200", "17.9300", "17.9400")
"""Needles, moxa, massage, by the national edition of ICD-9-CM-3."""
THERAPY_FOR = ("M54.500", "M47.800", "M51.202", "M75.001", "M17.900", "R51.x00", "R42.x00", "G47.000", "K30.x00")
_THERAPY_SHARE = 0.38


def medications_table(residents: Residents, visits: Visits, ids: Ints, seed: int) -> pl.DataFrame:
    """The block's orders by encounter: chronic patients stay on their medicines, acute complaints get the
    usual ones.
    """
    generator = stream(seed, "medications", residents.number)
    size = len(visits.person)
    chronic = visits.diagnosis < FIRST_COMPLAINT
    habit = generator.integers(0, 1 << 20, residents.size)[visits.person] + visits.diagnosis
    likely = np.where(visits.kind == FOLLOW_UP, 0.78, np.where(visits.kind == INPATIENT, 0.95, 0.55))
    first = np.where(generator.random(size) < likely, _FIRST[visits.diagnosis, habit % _WIDTH], _NOTHING)
    adds = np.where(chronic, habit // 8 % 10 < 4, generator.random(size) < 0.45)
    second = np.where(adds & (first != _NOTHING), _SECOND[visits.diagnosis, habit // 64 % _WIDTH], _NOTHING)
    at = np.concatenate([np.flatnonzero(first != _NOTHING), np.flatnonzero(second != _NOTHING)])
    medicine = np.concatenate([first[first != _NOTHING], second[second != _NOTHING]])
    order = np.argsort(at, kind="stable")
    at, medicine = at[order], medicine[order]
    return MEDICATIONS.frame({
        "id": numbers(residents.number, len(at)),
        "person_id": residents.id[visits.person[at]],
        "encounter_id": ids[at],
        "medicine": pl.Series([m.name for m in MEDICINES]).gather(medicine),
        "atc": pl.Series([m.atc for m in MEDICINES]).gather(medicine),
        "dose_text": pl.Series([m.dose_text for m in MEDICINES]).gather(medicine),
        "days": np.array([m.days for m in MEDICINES])[medicine],
        "ordered_at": minutes(visits.start[at] + 15),
    })  # fmt: skip


def procedures_table(residents: Residents, visits: Visits, ids: Ints, seed: int) -> pl.DataFrame:
    """Operations of stays in county and city hospitals, within the first day; Chinese therapies in primary care."""
    generator = stream(seed, "procedures", residents.number)
    stay = np.flatnonzero((visits.kind == INPATIENT) & (visits.level >= COUNTY))
    code = _OPERATIONS[visits.diagnosis[stay] - FIRST_STAY]
    done: Bools = (code != "") & (generator.random(len(stay)) < _OPERATED)
    stay, code = stay[done], code[done]
    wait = np.minimum(generator.integers(60, 1440, len(stay)), (visits.end[stay] - visits.start[stay]) // 2)
    treated, therapy = _therapies(residents, visits, seed)
    at, code = np.concatenate([stay, treated]), np.concatenate([code, therapy])
    wait = np.concatenate([wait, np.full(len(treated), 10)])
    order = np.argsort(at, kind="stable")
    at, code, wait = at[order], code[order], wait[order]
    return PROCEDURES.frame({
        "id": numbers(residents.number, len(at)),
        "person_id": residents.id[visits.person[at]],
        "encounter_id": ids[at],
        "code": code,
        "performed_at": minutes(visits.start[at] + wait),
    })  # fmt: skip


def _therapies(residents: Residents, visits: Visits, seed: int) -> tuple[Ints, Text]:
    """Visits in primary care that were treated by needles, moxa or massage, and by which."""
    generator = stream(seed, "therapies", residents.number)
    fits = np.isin(np.array(CODES)[visits.diagnosis], THERAPY_FOR)
    seen = (visits.level < COUNTY) & (visits.kind == AMBULATORY) & fits
    treated = np.flatnonzero(seen & (generator.random(len(fits)) < _THERAPY_SHARE))
    return treated, np.array(THERAPIES)[generator.integers(0, len(THERAPIES), len(treated))]
