"""The encounters of a block as parallel arrays."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from catchment.twin.streams import Floats, Ints

AMBULATORY, FOLLOW_UP, CHECK, INPATIENT = range(4)
KINDS = ("ambulatory", "follow_up", "health_check", "inpatient")
PRIMARY, CENTRE, COUNTY, CITY = range(4)
NONE, RECOVERED, IMPROVED, TRANSFERRED, DIED = range(5)
OUTCOMES = ("", "recovered", "improved", "transferred", "died")


@dataclass(slots=True)
class Visits:
    """Encounters: position of the person in the block, minutes since 1970 in China time, codes of this
    module.

    `diagnosis` is a position in `diagnoses.CODES`; `price` the expected cost in yuan, 0 where the level of
    care sets it.
    """

    person: Ints
    start: Ints
    end: Ints
    kind: Ints
    level: Ints
    diagnosis: Ints
    outcome: Ints
    price: Floats


def join(parts: Sequence[Visits]) -> Visits:
    """All the parts' encounters, one part after the other."""
    return Visits(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Visits)))
