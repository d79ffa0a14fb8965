"""The words of the rulebook."""

from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionValue:
    """One edition as other rooms use it. `content` is as published and must not be changed."""

    key: str
    version: str
    title: str
    content: dict[str, Any]
    source: str
    verified: bool
    in_force_from: date
    in_force_to: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionForm:
    """What is published: as read from a file or a form, not yet checked."""

    key: str
    version: str
    title: str
    in_force_from: date
    source: str
    content: dict[str, Any]
    verified: bool = False
    verified_by: str = ""
    in_force_to: date | None = None
