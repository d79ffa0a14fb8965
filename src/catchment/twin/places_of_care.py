"""Where each encounter takes place, and who attends."""

import numpy as np

from catchment.twin.attending import Doctors
from catchment.twin.diagnoses import SPECIALTY
from catchment.twin.facilities import CITY, LEAD, MCH, PRIVATE, PROVINCIAL, TCM, Institutions
from catchment.twin.facility_plan import SPECIALTIES
from catchment.twin.people import Residents
from catchment.twin.streams import Ints, stream
from catchment.twin.visit_types import CITY as CITY_LEVEL
from catchment.twin.visit_types import COUNTY, PRIMARY, Visits

_NAMES = list(SPECIALTIES)
_OF_DIAGNOSIS = np.array([_NAMES.index(name) for name in SPECIALTY])
_PAEDIATRICS, _OBSTETRICS, _SURGERY = (_NAMES.index(name) for name in ("paediatrics", "obstetrics", "surgery"))
_GENERAL, _TCM = _NAMES.index("general"), _NAMES.index("tcm")
_CHILD_AGE = 14


def place_visits(
    residents: Residents, institutions: Institutions, doctors: Doctors, visits: Visits, seed: int
) -> tuple[Ints, Ints, Ints]:
    """Facility, department (0: none) and practitioner of each encounter."""
    generator = stream(seed, "places of care", residents.number)
    village = residents.village[visits.person]
    facility = np.where(visits.level == PRIMARY, institutions.primary_of_village[village],
                        institutions.centre_of_village[village])  # fmt: skip
    ward = institutions.department_table[facility, _GENERAL]
    department = np.where(visits.level == PRIMARY, institutions.ward_of_village[village], ward)
    hospital = np.flatnonzero(visits.level >= COUNTY)
    facility[hospital], department[hospital] = _hospital(generator, residents, institutions, visits, hospital)
    return facility, department, doctors.attending(facility, department, visits.person + visits.start // 7)


def _hospital(
    generator: np.random.Generator,
    residents: Residents,
    institutions: Institutions,
    visits: Visits,
    which: Ints,
) -> tuple[Ints, Ints]:
    specialty = _specialty(residents, visits, which)
    draw = generator.random(len(which))
    city = visits.level[which] == CITY_LEVEL
    child_or_birth = np.isin(specialty, (_PAEDIATRICS, _OBSTETRICS))
    other = np.where(child_or_birth, MCH, np.where(draw < 0.3, TCM, PRIVATE))
    wanted = np.where(city, np.where(draw < 0.22, PROVINCIAL, CITY), np.where(draw < 0.36, other, LEAD))
    usual = np.where(city, CITY, LEAD)
    table = institutions.department_table
    facility = np.where(table[wanted, specialty] > 0, wanted, usual)
    department = table[facility, specialty]
    fallback = np.where(city, _SURGERY, _TCM)
    return facility, np.where(department > 0, department, table[facility, fallback])


def _specialty(residents: Residents, visits: Visits, which: Ints) -> Ints:
    """The diagnosis' specialty; children go to paediatrics."""
    specialty = _OF_DIAGNOSIS[visits.diagnosis[which]]
    age_days = visits.start[which] // 1440 - residents.birth[visits.person[which]]
    return np.where(age_days < _CHILD_AGE * 365, _PAEDIATRICS, specialty)
