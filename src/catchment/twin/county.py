"""The whole synthetic county: its frame at once, its people and their history block by block."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import polars as pl

from catchment.twin.attending import Doctors, doctors_of
from catchment.twin.facilities import Institutions, found_institutions
from catchment.twin.health import assess, health_table
from catchment.twin.history import history_tables
from catchment.twin.people import block_bounds, household_table, people_table, settle
from catchment.twin.staff import Staff, hire
from catchment.twin.timeline import Calendar, calendar_until
from catchment.twin.villages import Land, lay_out

FEWEST_PEOPLE, MOST_PEOPLE = 2_000, 10_000_000


@dataclass(frozen=True, slots=True)
class County:
    """What every block of people refers to. Equal people, seed and day: an equal county, byte for byte."""

    people: int
    seed: int
    today: date
    land: Land
    institutions: Institutions
    staff: Staff
    doctors: Doctors
    calendar: Calendar

    @property
    def blocks(self) -> int:
        """How many blocks of at most 10,000 people there are."""
        return len(block_bounds(self.people)) - 1

    def frame_tables(self) -> dict[str, pl.DataFrame]:
        """Places, facilities, networks and staff (`tables.FRAME`)."""
        found = self.institutions
        return {
            "places": self.land.places, "facilities": found.facilities, "departments": found.departments,
            "catchments": found.catchments, "networks": found.networks, "network_members": found.members,
            "practitioners": self.staff.practitioners, "posts": self.staff.posts,
        }  # fmt: skip

    def block(self, number: int) -> dict[str, pl.DataFrame]:
        """People, health and history of one block (`tables.BY_BLOCK`); blocks do not depend on each other."""
        land, found = self.land, self.institutions
        residents = settle(land.villages, self.people, self.seed, number, self.today)
        people = people_table(residents, land.villages, found, self.doctors, self.seed, self.today)
        health = assess(residents, self.seed, self.today)
        insurance = people["insurance_kind"].to_numpy().astype(str)
        history = history_tables(
            residents, health, found, self.doctors, self.calendar, insurance, self.seed, self.today
        )
        return {"people": people, "households": household_table(people),
            "health": health_table(residents, health),
                **history}  # fmt: skip

    def all_blocks(self) -> Iterator[dict[str, pl.DataFrame]]:
        """Every block in order."""
        return (self.block(number) for number in range(self.blocks))


def found_county(*, people: int, seed: int, today: date) -> County:
    """Found the county of `people` residents whose history ends before `today`."""
    if not FEWEST_PEOPLE <= people <= MOST_PEOPLE:
        raise ValueError(f"people: {people} is outside {FEWEST_PEOPLE} to {MOST_PEOPLE}; choose a number in between")
    if seed < 0:
        raise ValueError(f"seed: {seed} is negative; choose 0 or more")
    land = lay_out(people, seed)
    institutions = found_institutions(land, seed, today)
    staff = hire(institutions, land.villages.population, seed, today)
    return County(people, seed, today, land, institutions, staff, doctors_of(staff.posts), calendar_until(today))
