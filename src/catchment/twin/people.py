"""Residents of one block: who they are, where they live, who answers for them."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from catchment.twin import cast
from catchment.twin.attending import Doctors
from catchment.twin.census import draw_ages, yearly_hazard
from catchment.twin.facilities import Institutions
from catchment.twin.households import NOBODY, RELATIONS, SPOUSE, Families, form_households
from catchment.twin.identifiers import insurance_numbers, phones, resident_ids
from catchment.twin.names import full_names
from catchment.twin.streams import Bools, Floats, Ints, stream
from catchment.twin.tables import HOUSEHOLDS, PEOPLE
from catchment.twin.villages import Villages

BLOCK = 10_000
HISTORY_YEARS = 3
EPOCH = date(1970, 1, 1)
ALIVE = np.iinfo(np.int64).max


@dataclass(slots=True)
class Residents:
    """One block as arrays; days are counted from 1970-01-01, `death` is `ALIVE` for the living."""

    number: int
    first: int
    birth: Ints
    death: Ints
    woman: Bools
    village: Ints
    household: Ints
    relation: Ints
    surname: Ints
    mother: Ints
    story: dict[int, cast.StoryPerson]

    @property
    def size(self) -> int:
        """How many persons."""
        return len(self.birth)

    @property
    def id(self) -> Ints:
        """Numbers of the persons."""
        return self.first + 1 + np.arange(self.size)

    def age_on(self, day: int) -> Floats:
        """Ages in years on a day; negative before birth."""
        return np.asarray((day - self.birth) / 365.25)


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - EPOCH).days


def block_bounds(people: int) -> Ints:
    """First person of every block and one past the last; blocks are of nearly equal size, at most `BLOCK`."""
    blocks = -(-people // BLOCK)
    return np.arange(blocks + 1) * people // blocks


def settle(villages: Villages, people: int, seed: int, number: int, today: date) -> Residents:
    """The residents of block `number`, ordered by village and household."""
    first, last = block_bounds(people)[number : number + 2]
    generator = stream(seed, "people", number)
    age, woman = draw_ages(generator, int(last - first))
    families = form_households(generator, age, woman)
    order, village, household = _house(generator, families, age, villages, int(first))
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    mother = np.where(families.mother == NOBODY, NOBODY, place[families.mother])[order]
    birth = day_number(today) - 1 - np.floor(age[order] * 365.25).astype(np.int64)
    residents = Residents(number, int(first), birth, _deaths(generator, age[order], woman[order], today),
                          woman[order], village, household, families.relation[order], families.surname[order],
                          mother, {})  # fmt: skip
    _seat_story(residents, villages)
    return residents


def _house(
    generator: np.random.Generator, families: Families, age: Floats, villages: Villages, first: int
) -> tuple[Ints, Ints, Ints]:
    """Order of the persons, their village, and their household counted from nought.

    Households with many elders fill the remoter villages of the block first.
    """
    key = families.household
    members = np.bincount(key)
    old = np.bincount(key, age >= 60) / np.maximum(members, 1)
    score = generator.normal(0, 1, len(members)) + 0.4 * old
    slots, share = _slots(villages, first, len(age))
    queue = np.argsort(-score, kind="stable")
    starts = np.cumsum(members[queue]) - members[queue]
    home = np.empty(len(members), dtype=np.int64)
    home[queue] = slots[np.minimum(np.searchsorted(np.cumsum(share), starts, side="right"), len(slots) - 1)]
    turn = generator.permutation(len(members))
    order = np.lexsort((families.relation, turn[key], home[key]))
    _, household = np.unique(home[key[order]] * len(members) + turn[key[order]], return_inverse=True)
    return order, home[key[order]], household.astype(np.int64)


def _slots(villages: Villages, first: int, size: int) -> tuple[Ints, Ints]:
    """The block's villages from the remotest in, and how many residents of the block each gets."""
    edges = villages.first_person
    inside = np.minimum(edges[1:], first + size) - np.maximum(edges[:-1], first)
    found = np.flatnonzero(inside > 0)
    found = found[np.argsort(-villages.rurality[found], kind="stable")]
    return found, inside[found]


def _deaths(generator: np.random.Generator, age: Floats, woman: Bools, today: date) -> Ints:
    """Day of death within the years of history, for those who die; no one dies before birth."""
    span = np.minimum(HISTORY_YEARS, age)
    wait = generator.exponential(1.0, len(age)) / yearly_hazard(np.maximum(age - span / 2, 0), woman)
    died = wait < span
    return np.where(died, day_number(today) - np.floor((span - wait) * 365.25).astype(np.int64), ALIVE)


def _seat_story(residents: Residents, villages: Villages) -> None:
    """People of the guided tour take the place of the resident of their village nearest in age and fit in
    sex.

    A village that two blocks share is told in the block that holds its middle resident.
    """
    for person in cast.PEOPLE:
        village = villages.name.index(person.village)
        middle = villages.first_person[village] + villages.population[village] // 2
        there = (residents.village == village) & (residents.first <= middle < residents.first + residents.size)
        fit = there & (residents.woman == (person.sex == "female")) & (residents.relation <= SPOUSE)
        fit[list(residents.story)] = False
        candidates = np.flatnonzero(fit)
        if len(candidates):
            born = day_number(person.birth_date)
            chosen = int(candidates[np.argmin(np.abs(residents.birth[candidates] - born))])
            residents.birth[chosen], residents.death[chosen] = born, ALIVE
            residents.story[chosen] = person
    _forget_impossible_mothers(residents)


def _forget_impossible_mothers(residents: Residents) -> None:
    """A told person's new birth date can make her too young or too old for her children."""
    gap = (residents.birth - residents.birth[residents.mother]) / 365.25
    residents.mother[(gap < 17) | (gap > 47)] = NOBODY


def people_table(
    residents: Residents,
    villages: Villages,
    institutions: Institutions,
    doctors: Doctors,
    seed: int,
    today: date,
) -> pl.DataFrame:
    """The people of a block as a table."""
    generator = stream(seed, "identities", residents.number)
    age, size = residents.age_on(day_number(today)), residents.size
    born = pl.Series(residents.birth).cast(pl.Int32).cast(pl.Date)
    name = full_names(generator, residents.surname, residents.woman, born.dt.year().to_numpy()).to_list()
    for position, person in residents.story.items():
        name[position] = person.name
    number = born.dt.year() * 10_000 + born.dt.month().cast(pl.Int32) * 100 + born.dt.day()
    primary = institutions.primary_of_village[residents.village]
    contract, since = _contracts(generator, residents, age, today)
    doctor = doctors.family_doctor(primary, institutions.ward_of_village[residents.village], residents.id)
    employee = np.where(villages.urban[residents.village], 0.5, 0.12) * (age >= 22)
    draw = generator.random(size)
    return PEOPLE.frame({
        "id": residents.id,
        "resident_id": resident_ids(number.cast(pl.Int64).to_numpy(), residents.woman, residents.number),
        "insurance_number": insurance_numbers(residents.id),
        "insurance_kind": np.where(draw < employee, "employee", np.where(draw < 0.965, "resident", "none")),
        "name": name,
        "sex": np.where(residents.woman, "female", "male"),
        "birth_date": born,
        "deceased_on": days_or_nothing(residents.death, residents.death != ALIVE),
        "phone": only_where(phones(residents.id), (age >= 14) & (generator.random(size) < 0.97)),
        "place_id": villages.place_id[residents.village],
        "household_id": residents.first + 1 + residents.household,
        "relation": pl.Series(list(RELATIONS)).gather(residents.relation),
        "mother_id": only_where(pl.Series(residents.first + 1 + residents.mother),
            residents.mother != NOBODY),
        "facility_id": primary,
        "contract_doctor_id": only_where(pl.Series(doctor), contract),
        "contract_from": days_or_nothing(since, contract),
    })  # fmt: skip


def household_table(people: pl.DataFrame) -> pl.DataFrame:
    """Households of a block; the head is who stands first, after which the members follow."""
    grouped = people.group_by("household_id", maintain_order=True).agg(
        pl.col("id").first().alias("head_id"), pl.col("place_id").first(), pl.len().alias("members")
    )
    return HOUSEHOLDS.frame({"id": grouped["household_id"], **{name: grouped[name] for name in grouped.columns[1:]}})


def _contracts(generator: np.random.Generator, residents: Residents, age: Floats, today: date) -> tuple[Bools, Ints]:
    """Who has a family doctor under contract, and since when: more often the old and the very young."""
    share = np.select([age < 7, age < 60, age < 65], [0.62, 0.3, 0.5], 0.74)
    under = (generator.random(residents.size) < share) & (residents.death == ALIVE)
    since = day_number(today) - generator.integers(0, 1100, residents.size)
    return under, np.maximum(since, residents.birth)


def days_or_nothing(day: Ints, given: Bools) -> pl.Series:
    """Days since 1970 as dates, empty where not given."""
    return only_where(pl.Series(np.where(given, day, 0)).cast(pl.Int32).cast(pl.Date), given)


def only_where(values: pl.Series, given: Bools) -> pl.Series:
    """The values where given, else empty."""
    return pl.select(pl.when(pl.Series(given)).then(values)).to_series()
