"""Who sees a patient: the staff of every facility and department, looked up for whole columns at once."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from catchment.twin.streams import Ints

_ROLES = ("village_doctor", "township_gp", "county_specialist")
NO_DEPARTMENT = 0


@dataclass(frozen=True, slots=True)
class Doctors:
    """Practitioners sorted by where they see patients; `key` is facility × 100,000 + department (0: none)."""

    key: Ints
    practitioner: Ints

    def attending(self, facility: Ints, department: Ints, turn: Ints) -> Ints:
        """For each visit one of the practitioners there; `turn` spreads the visits. Every key must be
        staffed.
        """
        wanted = _key(facility, department)
        first = np.searchsorted(self.key, wanted, side="left")
        count = np.searchsorted(self.key, wanted, side="right") - first
        if not count.all():
            facility_id, department_id = divmod(int(wanted[np.argmin(count)]), 100_000)
            raise ValueError(f"facility {facility_id}, department {department_id}: no practitioner sees patients there")
        return self.practitioner[first + turn % count]

    def family_doctor(self, primary: Ints, ward: Ints, person: Ints) -> Ints:
        """The doctor who answers for each person: one of the primary facility's."""
        return self.attending(primary, ward, person)


def doctors_of(posts: pl.DataFrame) -> Doctors:
    """The doctors in post who see patients."""
    seeing = posts.filter(pl.col("role").is_in(_ROLES) & pl.col("primary"))
    key = _key(seeing["facility_id"].to_numpy(), seeing["department_id"].fill_null(NO_DEPARTMENT).to_numpy())
    order = np.argsort(key, kind="stable")
    return Doctors(key[order], seeing["practitioner_id"].to_numpy()[order])


def _key(facility: Ints, department: Ints) -> Ints:
    return facility * 100_000 + department
