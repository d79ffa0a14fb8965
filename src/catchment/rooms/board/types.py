"""The words of the board."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID


class Priority(StrEnum):
    """How pressing a piece of work is, most pressing first."""

    EMERGENCY = "emergency"
    URGENT = "urgent"
    ORDINARY = "ordinary"


class WorkState(StrEnum):
    OPEN = "open"
    DONE = "done"


class View(StrEnum):
    """The four ways to look at the board."""

    MINE = "mine"
    FACILITY = "facility"
    OVERDUE = "overdue"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Who is to do it: a facility, narrowed to a role there or to one post."""

    facility_id: int
    role: str = ""
    post_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Who waits for it."""

    facility_id: int | None = None
    post_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What the work is about: its kind, its key, and the public reference that its page goes by."""

    kind: str
    key: int
    ref: str
    person_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the board, ready to be shown.

    A post that may not see people has their pseudonym as `person_name` and no `person_public_id`; `case_url` leads to
    where its office opens who it is.
    """

    id: int
    kind: str
    title: str
    headline: str
    person_public_id: UUID | None
    person_name: str
    sex: str
    birth_date: date | None
    village: str
    priority: str
    since: datetime
    due_at: datetime | None
    escalation: int
    url: str
    action_label: str
    facility_name: str
    origin_name: str
    holder_role: str
    holder_name: str
    case_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    """What a view can be narrowed to: kinds as code, title and count; priorities, most pressing first, with theirs."""

    kinds: tuple[tuple[str, str, int], ...]
    priorities: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeLine:
    """One notice, ready to be shown."""

    id: int
    event: str
    text: str
    at: datetime
    url: str
    unread: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePerson:
    """One person of a case by the office's pseudonym; until when the acting post has them open, if it has."""

    person_id: int
    pseudonym: str
    open_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A piece of work that an office holds, with the people it is about."""

    item_id: int
    kind: str
    ref: str
    title: str
    headline: str
    since: datetime
    due_at: datetime | None
    url: str
    case_url: str
    concluded: bool
    people: tuple[CasePerson, ...]

    def person(self, pseudonym: str) -> CasePerson | None:
        """The person of the case who goes by that pseudonym."""
        return next((one for one in self.people if one.pseudonym == pseudonym), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who a person of a case is: enough to find, reach and check them, and nothing of their record."""

    pseudonym: str
    name: str
    sex: str
    birth_date: date | None
    numbers: tuple[tuple[str, str], ...]
    phones: tuple[str, ...]
    address: str
    until: datetime
    purpose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningLine:
    """One identity that an office opened, told without who it is; `running` while it still shows."""

    facility_name: str
    post_name: str
    title: str
    purpose: str
    note: str
    since: datetime
    running: bool
