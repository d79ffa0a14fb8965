"""Surrogate numbers and moments of the block tables."""

import numpy as np
import polars as pl

from catchment.twin.streams import Bools, Ints
from catchment.twin.timeline import CHINA_MINUTES

STRIDE = 1_000_000
"""Numbers that each block of people owns in every table; a block of 10,000 needs about 150,000 at most."""


def first_number(block: int) -> int:
    """The first number that a block gives away."""
    return block * STRIDE + 1


def numbers(block: int, size: int) -> Ints:
    """The block's numbers for a table of `size` rows."""
    if size > STRIDE:
        raise ValueError(f"block {block}: {size} rows exceed the {STRIDE} numbers a block owns; make blocks smaller")
    return first_number(block) + np.arange(size)


def minutes(china: Ints, given: Bools | None = None) -> pl.Series:
    """Minutes since 1970 in China time as UTC moments; empty where not given."""
    moment = pl.Series((china - CHINA_MINUTES) * 60_000_000).cast(pl.Datetime("us", "UTC"))
    return moment if given is None else pl.select(pl.when(pl.Series(given)).then(moment)).to_series()
