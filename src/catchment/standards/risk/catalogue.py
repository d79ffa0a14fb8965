"""All definitions that the package carries, found by name and by the day on which they were in force."""

import datetime as dt
import difflib
from functools import cache
from pathlib import Path

from catchment.standards.risk.definition import Definition
from catchment.standards.risk.reading import read_definition

FOLDER = Path(__file__).parent / "models"


class UnknownModelError(ValueError):
    """No such model or edition; the message names the closest ones."""


@cache
def definitions() -> tuple[Definition, ...]:
    """Every edition of every model, by name and then by date."""
    read = [read_definition(path) for path in sorted(FOLDER.glob("*.yaml"))]
    return tuple(sorted(read, key=lambda one: (one.model, one.starts)))


def definition(model: str, *, edition: str = "", on: dt.date | None = None) -> Definition:
    """One model: the edition named, else the one in force on that day, else the newest.

    Raises `UnknownModelError` with the closest names.
    """
    editions = [one for one in definitions() if one.model == model]
    if not editions:
        raise UnknownModelError(_advice("model", model, [one.model for one in definitions()]))
    if edition:
        found = [one for one in editions if one.edition == edition]
    else:
        found = [one for one in editions if on is None or (one.starts <= on and (one.until is None or on < one.until))]
    if not found:
        raise UnknownModelError(_advice(f"edition of {model}", edition or str(on), [one.edition for one in editions]))
    return found[-1]


def _advice(what: str, asked: str, known: list[str]) -> str:
    close = difflib.get_close_matches(asked, known, n=4, cutoff=0.4) or sorted(set(known))[:8]
    return f"there is no {what} {asked!r}; the closest: {', '.join(close)}. `catchment risk list` shows all"
