"""Diseases that more people were seen with than in the same months of earlier years, by a stated simple rule."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from catchment.rooms.measures.queries.cube import Cube
from catchment.rooms.measures.queries.layers import LEVELS
from catchment.rooms.measures.rules.atlas import DiseaseGroup, RisingRule, is_rising


@dataclass(frozen=True, slots=True, kw_only=True)
class Rise:
    """One disease group in one place: people by month added up, now and in each earlier year; `months` as `2026-03`."""

    group: str
    area_code: str
    now: int
    before: tuple[int, ...]
    first: str
    last: str

    @property
    def usual(self) -> float:
        return sum(self.before) / len(self.before)

    @property
    def times(self) -> float | None:
        """How many times the usual; `None` where there was none."""
        return round(self.now / self.usual, 1) if self.usual else None


def rises(cube: Cube, area_codes: Sequence[str], groups: Sequence[DiseaseGroup], rule: RisingRule) -> list[Rise]:
    """What rises in any of the places, the greatest excess first. `cube` must be monthly."""
    windows = _windows(cube, rule)
    if len(windows) < 2:  # noqa: PLR2004 now and one earlier year
        return []
    counts = _counts(cube, windows)
    found = [
        Rise(
            group=group.code,
            area_code=code,
            now=counts.get((code, group.code, 0), 0),
            before=tuple(counts.get((code, group.code, back), 0) for back in range(1, len(windows))),
            first=windows[0][0],
            last=windows[0][-1],
        )
        for code in area_codes
        for group in groups
    ]
    standing = [one for one in found if is_rising(one.now, list(one.before), rule)]
    return sorted(standing, key=lambda one: one.usual - one.now)


def _windows(cube: Cube, rule: RisingRule) -> list[list[str]]:
    """The last whole months, then the same months of each earlier year that the counts hold completely."""
    last = cube.last
    whole = last if (last + timedelta(days=1)).day == 1 else date(last.year, last.month, 1) - timedelta(days=1)
    end = whole.year * 12 + whole.month - 1
    windows = [
        [_code(end - 12 * back - gone) for gone in reversed(range(rule.months))] for back in range(rule.years + 1)
    ]
    known = set(cube.periods)
    return [window for window in windows if known.issuperset(window)]


def _counts(cube: Cube, windows: Sequence[Sequence[str]]) -> dict[tuple[str, str, int], int]:
    back = pl.DataFrame(
        [(period, number) for number, window in enumerate(windows) for period in window],
        schema={"period": pl.String, "back": pl.Int64}, orient="row",
    )  # fmt: skip
    told = cube.seen.join(back, on="period")
    found: dict[tuple[str, str, int], int] = {}
    for level in LEVELS:
        for code, group, number, n in told.group_by(level, "group", "back").agg(pl.col("n").sum()).iter_rows():
            found[code, group, number] = n
    return found


def _code(month: int) -> str:
    return f"{month // 12}-{month % 12 + 1:02d}"
