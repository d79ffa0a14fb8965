"""What may be held by whom, and in which order work matters."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

from catchment.rooms.board.types import Priority

RANK = {Priority.EMERGENCY: 0, Priority.URGENT: 1, Priority.ORDINARY: 2}


@dataclass(frozen=True, slots=True)
class WorkKind:
    """One kind of work: what it is called, what its next action is called, and where that is done.

    `title` and `action` are translatable words; `url` makes the address from the subject's public reference.
    """

    code: str
    title: Promise | str
    action: Promise | str
    url: Callable[[str], str]


_kinds: dict[str, WorkKind] = {}


def register_kind(kind: WorkKind) -> None:
    """Make a kind of work known; rooms do so once, through the site."""
    _kinds[kind.code] = kind


def kind_of(code: str) -> WorkKind:
    """The registered kind; `KeyError` when no room has registered it."""
    return _kinds[code]


def kinds() -> list[WorkKind]:
    return sorted(_kinds.values(), key=lambda kind: kind.code)
