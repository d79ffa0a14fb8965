"""What a file of areas tells, row by row."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from catchment.standards.geography.divisions import DivisionLevel

Datum = Literal["wgs84", "gcj02"]

CODE_NAMES: Final = ("code", "adcode", "区划代码", "代码", "统计用区划代码")
NAME_NAMES: Final = ("name", "名称", "NAME")
LONGEST_NAME: Final = 80
_NO_TEXT: Final = re.compile("[\x00\ud800-\udfff]")
"""What a database refuses and no encoding writes: the null character and halves of surrogate pairs."""


class AreaFileError(ValueError):
    """A file that cannot be read as areas at all; the message names it and the way out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaRow:
    """One division as a file tells it. Coordinates are WGS84 degrees; `boundary` is a GeoJSON geometry.

    `mended` says what was wrong with a boundary that lost nothing by its repair.
    """

    place: str
    code: str
    name: str
    level: DivisionLevel
    parent: str
    county: str
    longitude: float | None = None
    latitude: float | None = None
    boundary: dict[str, Any] | None = None
    mended: str = ""
    population: int | None = None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A row that cannot be taken: where it stands and why."""

    place: str
    label: str
    reason: str


def name_of(told: Mapping[str, Any]) -> str:
    """The division's name. Raises `ValueError` when it is missing, too long, or no text."""
    name = first(told, NAME_NAMES)
    if not name:
        raise ValueError("缺少名称 · the name is missing")
    if _NO_TEXT.search(name):
        raise ValueError("名称含不能保存的字符 · the name holds characters that are no text")
    if len(name) > LONGEST_NAME:
        raise ValueError("名称超过80个字 · the name is longer than 80 characters")
    return name


def first(told: Mapping[str, Any], names: tuple[str, ...]) -> str:
    """The first of these fields that says something, as text; empty when none does."""
    return next((str(told[name]).strip() for name in names if told.get(name)), "")


def label_of(told: Mapping[str, Any], *names: tuple[str, ...]) -> str:
    """What to call a row that could not be read, as text that can be shown."""
    return _NO_TEXT.sub("\N{REPLACEMENT CHARACTER}", " ".join(first(told, one) for one in names)).strip()
