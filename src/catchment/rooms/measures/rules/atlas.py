"""The editions of the health map: disease groups, the age structure that rates are adjusted to, what rises."""

from collections.abc import Mapping

from pydantic import BaseModel, Field, model_validator

from catchment.rooms.rulebook.rules import Rule

GROUPS, STANDARD, RISING = "atlas.disease-groups", "atlas.standard-population", "atlas.rising"
BAND_YEARS = 5


class DiseaseGroup(Rule):
    """One group: ranges of the first three characters of ICD-10, `I10-I15` or `J44`, both ends within.

    `lasting` ones are counted as people living with it, the others as people seen with it in a period.
    """

    code: str
    zh: str
    en: str
    lasting: bool = False
    ranges: tuple[str, ...] = Field(min_length=1)

    def limits(self) -> list[tuple[str, str]]:
        """Each range as its first and its last category."""
        pairs = [one.partition("-") for one in self.ranges]
        return [(first.strip(), (last or first).strip()) for first, _dash, last in pairs]


class DiseaseGroupRule(Rule):
    """The groups in the order in which they are shown; a code belongs to the first that holds it."""

    groups: tuple[DiseaseGroup, ...] = Field(min_length=1)


class StandardPopulationRule(Rule):
    """People by five-year age bands from birth on, in any unit; the last band is open."""

    people: tuple[float, ...] = Field(min_length=2)

    @model_validator(mode="after")
    def positive(self) -> "StandardPopulationRule":
        """Every band has people: a rate weighed with none would hide an age."""
        if min(self.people) <= 0:
            message = "people: every age band needs a number above 0"
            raise ValueError(message)
        return self


class RisingRule(Rule):
    """When a disease is told to be rising: the last `months` whole months against the same months of earlier years.

    Told when the count is at least `ratio` times the mean of those years and at least `least` above it.
    """

    months: int = Field(ge=1, le=12)
    years: int = Field(ge=1, le=10)
    ratio: float = Field(gt=1, le=10)
    least: int = Field(ge=1)


SCHEMAS: Mapping[str, type[BaseModel]] = {
    GROUPS: DiseaseGroupRule,
    STANDARD: StandardPopulationRule,
    RISING: RisingRule,
}


def is_rising(now: int, before: list[int], rule: RisingRule) -> bool:
    """Whether a count stands out against the same months of earlier years; never without an earlier year."""
    if not before:
        return False
    usual = sum(before) / len(before)
    return now >= rule.ratio * usual and now - usual >= rule.least
