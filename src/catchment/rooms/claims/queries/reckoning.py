"""Settling stays by the editions of their days. Nothing is written."""

from collections.abc import Iterable

from catchment.kernel.errors import Invalid, Problem
from catchment.rooms.claims.rules.layers import KEY, LayersRule, settle
from catchment.rooms.claims.types import Settlement, Stay, Year
from catchment.rooms.rulebook import queries as rulebook


def reckon(stays: Iterable[Stay], city: str) -> list[Settlement]:
    """Each stay's shares, in order of their days; what a person's earlier stays of the year used up carries over.

    `NotFound` when the city has no edition in force on a stay's day, `Invalid` with the stay's id for one that cannot
    be reckoned with.
    """
    years: dict[tuple[str, int], Year] = {}
    done = []
    for stay in sorted(stays, key=lambda one: one.day):
        whose = stay.person, stay.day.year
        try:
            settled = _one(stay, years.get(whose, Year()), city)
        except Invalid as error:
            raise Invalid(*(Problem(f"{stay.id} {one.field}", one.message) for one in error.problems)) from None
        years[whose] = settled.year
        done.append(settled)
    return done


def _one(stay: Stay, year: Year, city: str) -> Settlement:
    edition = rulebook.edition_on(KEY + city, stay.day)
    rule = LayersRule.model_validate(edition.content)
    return settle(stay, year, rule, edition=f"{edition.key} {edition.version}", verified=edition.verified)
