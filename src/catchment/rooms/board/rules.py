"""What may be held by whom, and in which order work matters."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

from catchment.rooms.board.types import Priority

RANK = {Priority.EMERGENCY: 0, Priority.URGENT: 1, Priority.ORDINARY: 2}


@dataclass(frozen=True, slots=True)
class WorkKind:
    """One kind of work: what it is called, what its next action is called, and where that is done.

    `title` and `action` are translatable words; `url` makes the address from the subject's public reference.
    `concluded` work has no steps elsewhere: it ends by a conclusion on its own page.
    """

    code: str
    title: Promise | str
    action: Promise | str
    url: Callable[[str], str]
    concluded: bool = False


REFERENCE = re.compile("[0-9A-Za-z-]{1,40}")
People = Callable[[int], list[int]]
_kinds: dict[str, WorkKind] = {}
_people: dict[str, People] = {}


def register_kind(kind: WorkKind) -> None:
    """Make a kind of work known; rooms do so once, through the site."""
    _kinds[kind.code] = kind


def register_people(code: str, ask: People) -> None:
    """Say whom work of a kind is about, from its subject's key, where that is not the one person of the item."""
    _people[code] = ask


def people_asked(code: str) -> People | None:
    """What tells whom work of this kind is about; `None` where it is the item's own person."""
    return _people.get(code)


def kind_of(code: str) -> WorkKind:
    """The registered kind; `KeyError` when no room has registered it."""
    return _kinds[code]


def kinds() -> list[WorkKind]:
    return sorted(_kinds.values(), key=lambda kind: kind.code)


def names_work(code: str, ref: str) -> bool:
    """Whether these could be a kind of work and a public reference: what an address carries may be any text."""
    return code in _kinds and REFERENCE.fullmatch(ref) is not None


def case_url(kind: str, ref: str) -> str:
    """The page on which the office that holds a piece of work opens who it is about."""
    return f"/cases/{kind}/{ref}/"
