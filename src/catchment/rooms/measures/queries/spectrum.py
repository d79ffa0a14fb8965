"""The disease spectrum of a place: how many people of each age were seen with which diseases."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from catchment.rooms.measures.queries.cube import Cube
from catchment.rooms.measures.queries.layers import LEVELS
from catchment.rooms.measures.rules.atlas import DiseaseGroup

AGES: Final = ((0, 2, "0–14"), (3, 8, "15–44"), (9, 12, "45–64"), (13, 17, "65+"))
"""Broad ages as first and last five-year band, and how they are written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpectrumLine:
    """One disease group in a place and period: people seen and residents, for each of `AGES` and together."""

    code: str
    name: str
    seen: tuple[int, ...]
    residents: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.seen)

    def rate(self, age: int) -> float | None:
        """People seen per thousand residents of that age; `None` where there are no residents."""
        return round(1000 * self.seen[age] / self.residents[age], 1) if self.residents[age] else None


def spectrum(
    cube: Cube, area_code: str, period: str, groups: Sequence[DiseaseGroup], language: str
) -> list[SpectrumLine]:
    """Every group that anybody was seen with, most people first; those without a birth date are not counted by age."""
    seen = _at(cube.seen, area_code, period)
    residents = _by_age(_at(cube.residents, area_code, period))
    lines = [
        SpectrumLine(
            code=group.code,
            name=group.en if language == "en" else group.zh,
            seen=_by_age(seen.filter(pl.col("group") == group.code)),
            residents=residents,
        )
        for group in groups
    ]
    return sorted((line for line in lines if line.total), key=lambda line: -line.total)


def _at(frame: pl.DataFrame, area_code: str, period: str) -> pl.DataFrame:
    here = pl.any_horizontal(*(pl.col(level) == area_code for level in LEVELS))
    return frame.filter(here & (pl.col("period") == period))


def _by_age(frame: pl.DataFrame) -> tuple[int, ...]:
    bands = dict(frame.group_by("band").agg(pl.col("n").sum()).iter_rows())
    return tuple(sum(bands.get(band, 0) for band in range(first, last + 1)) for first, last, _words in AGES)
