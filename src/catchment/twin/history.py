"""Three years of care for one block of residents, as tables."""

from datetime import date

import numpy as np
import polars as pl

from catchment.twin.attending import NO_DEPARTMENT, Doctors
from catchment.twin.costs import cost_columns
from catchment.twin.deaths import with_causes
from catchment.twin.diagnoses import CODES
from catchment.twin.facilities import Institutions
from catchment.twin.findings import observations_table
from catchment.twin.health import Health
from catchment.twin.numbering import minutes, numbers
from catchment.twin.people import Residents
from catchment.twin.places_of_care import place_visits
from catchment.twin.problems import allergies_table, conditions_table
from catchment.twin.reports import reports_table
from catchment.twin.streams import Ints, Text
from catchment.twin.tables import ENCOUNTERS
from catchment.twin.timeline import MINUTES_A_DAY, Calendar
from catchment.twin.treatment import medications_table, procedures_table
from catchment.twin.visit_types import KINDS, OUTCOMES, Visits
from catchment.twin.visits import visits_of


def history_tables(
    residents: Residents, health: Health, institutions: Institutions, doctors: Doctors, calendar: Calendar,
    insurance: Text, seed: int, today: date,
) -> dict[str, pl.DataFrame]:  # fmt: skip
    """Every history table of a block by name; `insurance` is the kind of insurance of each resident."""
    visits = visits_of(residents, health, calendar, seed)
    ids = numbers(residents.number, len(visits.person))
    places = place_visits(residents, institutions, doctors, visits, seed)
    return {
        "encounters": _encounters(residents, visits, ids, places, insurance, calendar, seed),
        "conditions": conditions_table(residents, health, visits, ids),
        "observations": with_causes(observations_table(residents, health, visits, ids, seed), residents, health, seed),
        "medications": medications_table(residents, visits, ids, seed),
        "procedures": procedures_table(residents, visits, ids, seed),
        "reports": reports_table(residents, visits, ids, places[0], seed),
        "allergies": allergies_table(residents, seed, today),
    }


def _encounters(
    residents: Residents, visits: Visits, ids: Ints, places: tuple[Ints, Ints, Ints], insurance: Text,
    calendar: Calendar, seed: int,
) -> pl.DataFrame:  # fmt: skip
    facility, department, practitioner = places
    ended = visits.end < calendar.last * MINUTES_A_DAY
    return ENCOUNTERS.frame({
        "id": ids,
        "person_id": residents.id[visits.person],
        "kind": pl.Series(KINDS).gather(visits.kind),
        "facility_id": facility,
        "department_id": pl.Series(department).replace(NO_DEPARTMENT, None),
        "practitioner_id": practitioner,
        "started_at": minutes(visits.start),
        "ended_at": minutes(visits.end, ended),
        "diagnosis": pl.Series(CODES).gather(visits.diagnosis),
        "outcome": pl.Series(OUTCOMES).gather(np.where(ended, visits.outcome, 0)),
        **cost_columns(residents, visits, insurance, seed),
    })  # fmt: skip
