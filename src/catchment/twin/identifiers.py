"""Citizen numbers, insurance numbers and telephone numbers that can belong to no one."""

import numpy as np
import polars as pl

from catchment.twin.streams import Bools, Ints, rank_in_group
from catchment.twin.villages import COUNTY_CODE

WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
"""GB 11643-1999: weight of each of the first seventeen digits."""
CHECK_CHARACTERS = "10X98765432"
BLOCKS_PER_AREA = 50
_SEQUENCES = 500 // BLOCKS_PER_AREA
_SPARE_AREAS = 30


def resident_ids(birth: Ints, woman: Bools, block: int) -> pl.Series:
    """Unique GB 11643 numbers; `birth` is yyyymmdd as a whole number.

    Each block of people owns ten of a day's five hundred sequence numbers of either sex, and a spare area
    code for a day on which more are born. All area codes begin with 99, which GB/T 2260 assigns to no
    place.
    """
    turn = rank_in_group(birth * 2 + woman)
    area = int(COUNTY_CODE) + block // BLOCKS_PER_AREA + _SPARE_AREAS * (turn // _SEQUENCES)
    sequence = ((block % BLOCKS_PER_AREA) * _SEQUENCES + turn % _SEQUENCES) * 2 + (~woman).astype(np.int64)
    body = area * 10**11 + birth * 10**3 + sequence
    digits = body[:, None] // 10 ** np.arange(16, -1, -1) % 10
    check = pl.Series(list(CHECK_CHARACTERS)).gather((digits @ WEIGHTS) % 11)
    return pl.Series(body).cast(pl.String) + check


def insurance_numbers(person: Ints) -> pl.Series:
    """Own form: YX and ten digits."""
    return "YX" + pl.Series(person).cast(pl.String).str.zfill(10)


def phones(number: Ints) -> pl.Series:
    """Eleven digits under the prefix 100, which no carrier has; the last eight scatter the given number."""
    scattered = number * 61_803_399 % 99_999_989
    return "100" + pl.Series(scattered).cast(pl.String).str.zfill(8)
