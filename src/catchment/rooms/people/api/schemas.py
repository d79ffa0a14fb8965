"""What programs send and get of residents."""

from datetime import date
from uuid import UUID

from ninja import Field, Schema

from catchment.kernel.api import Strict
from catchment.rooms.people.types import Identifier, IdentifierSystem, Sex


class IdentifierIn(Strict):
    """A number of one register; `assigner` names the owner of a local or external one."""

    system: IdentifierSystem
    value: str = Field(max_length=120)
    assigner: str = Field("", max_length=120)

    def told(self) -> Identifier:
        return Identifier(system=self.system, value=self.value, assigner=self.assigner)


class PersonData(Strict):
    """What is told of a person. `area` is the code of a village."""

    name: str = Field("", max_length=120)
    sex: Sex = Sex.UNKNOWN
    birth_date: date | None = None
    identifiers: list[IdentifierIn] = Field(default_factory=list, max_length=10)
    phone: str = Field("", max_length=40)
    area: str | None = Field(None, max_length=12)
    address: str = Field("", max_length=200)
    other_names: list[str] = Field(default_factory=list, max_length=10)


class ChangesIn(PersonData):
    """What is to be changed; what is left out stays. Further names are added.

    `moved_on` is the first day in another area: today where it is left out, null where the register was wrong.
    """

    moved_on: date | None = None


class PersonIn(PersonData):
    """A new resident. `lives_with`: whose household is joined; `heads_household`: a new one of their own.

    Where somebody registered shares name, birth date and sex, or name and phone, the answer is 409 `suspected` with
    their ids; `anyway`: they are somebody else, or it is for the reviewers to decide.
    """

    name: str = Field(max_length=120)
    primary_facility: str | None = Field(None, max_length=40)
    lives_with: UUID | None = None
    heads_household: bool = False
    anyway: bool = False


class HouseholdIn(Strict):
    """Whose household is joined; without `lives_with` a new one is founded, with the person as its head."""

    lives_with: UUID | None = None


class FacilityIn(Strict):
    """The code of the primary facility that takes the person over, and why."""

    facility: str = Field(max_length=40)
    reason: str = Field(max_length=200)


class DeathIn(Strict):
    """The day of death; null takes back one that was recorded in error."""

    deceased_on: date | None


class PersonOut(Schema):
    """The person as written. `suspected` counts records that may be the same person and wait for a decision."""

    id: UUID
    name: str
    sex: str
    birth_date: date | None
    area: str | None
    address: str
    primary_facility: str | None
    suspected: int


class MovedOut(Schema):
    """Who answers for the person now; whoever gave them up may no longer read more."""

    id: UUID
    primary_facility: str


class NumberOut(Schema):
    """A number of one register, masked but for its ends."""

    system: str
    value: str


class HousemateOut(Schema):
    """Somebody of the same household whom the acting post sees."""

    id: UUID
    name: str
    heads_household: bool


class PersonDetailOut(PersonOut):
    """All that the page of a person's data shows of the person."""

    phone: str
    deceased_on: date | None
    heads_household: bool
    household: list[HousemateOut]
    identifiers: list[NumberOut]
