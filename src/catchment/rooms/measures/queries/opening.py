"""The rows behind a number: people and events, each turned back by PostgreSQL under the viewer's own walls."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import ibis
from django.utils.translation import gettext as _

from catchment.kernel import lake, wall
from catchment.kernel.actor import Actor
from catchment.kernel.errors import NotFound, Refusal
from catchment.rooms.booking.models import BedSpan
from catchment.rooms.measures.models import Run, Value
from catchment.rooms.measures.queries.telling import small_parts, too_small
from catchment.rooms.measures.queries.values import smallest_told, title
from catchment.rooms.measures.queries.whereabouts import visible
from catchment.rooms.measures.rules import read_set
from catchment.rooms.people.models import Person
from catchment.rooms.people.rules.pseudonyms import pseudonym
from catchment.rooms.places.models import Facility
from catchment.rooms.record.models import FACT_MODELS
from catchment.rooms.referral.models import Referral
from catchment.rooms.rulebook import queries as rulebook
from catchment.rooms.staff.models import CareResponsibility, Post
from catchment.standards.measures.compiling import behind
from catchment.standards.measures.definition import Count, Measure, MeasureSet, Part, Selection
from catchment.standards.measures.periods import period_of

PAGE = 50
SYSTEM = "measures"
_RECORD = {
    "encounters": "encounter", "conditions": "condition", "measurements": "observation", "procedures": "procedure",
    "medicines": "medication", "reports": "report",
}  # fmt: skip
_MODELS: dict[str, type[Any]] = {
    **{table: FACT_MODELS[name] for table, name in _RECORD.items()},
    "referrals": Referral,
    "contracts": CareResponsibility,
    "places": Facility,
    "posts": Post,
    "beds": BedSpan,
}
_NEEDED = {
    **dict.fromkeys(_RECORD, "record.read"), "referrals": "referral.read",
    **dict.fromkeys(("people", "residences", "coverages", "responsibilities", "contracts"), "people.read"),
    **dict.fromkeys(("places", "areas", "posts", "beds"), "places.read"),
}  # fmt: skip
"""What a post must be able to read to be shown a row that was counted from a table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row behind a number. Where the viewer may not see it, only how much it counts is told.

    `called` is the pseudonym of the row's person, for a post that is shown no row but oversees the whole.
    """

    amount: float
    called: str = ""
    shown: bool = False
    person: Person | None = None
    day: date | None = None
    facility: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A page of the rows behind one number. All rows' amounts, `total`, divided by `divide`, are the number now.

    `kept` is the number as it was computed; it differs when the facts have changed since. `lacking` is the capability
    without which the post is shown no row at all.
    """

    part: str
    table: str
    count: int
    total: float
    divide: float
    kept: float | None
    rows: list[Row]
    offset: int
    lacking: str = ""

    @property
    def number(self) -> float:
        return self.total / self.divide


def parts_of(run: Run, value: Value) -> tuple[MeasureSet, Measure, Count]:
    """By what a value was counted: its set, its measure, and the counting that applied."""
    content = read_set(rulebook.edition(run.key, run.version).content)
    measure = content.by_code[value.code]
    count = measure.otherwise if value.by_figures and measure.otherwise else measure.counted
    if count is None:
        raise Refusal("not-counted", _("定性指标没有可打开的行"))
    return content, measure, count


def value_row(actor: Actor, run: Run, code: str, level: str, place: str) -> Value:
    """One kept value that the post may see; `NotFound` otherwise."""
    found = Value.objects.filter(run=run, code=code, level=level, place=place).filter(visible(actor)).first()
    if found is None:
        raise NotFound("no-such-value", _("没有这个数字，或不在您的范围内"))
    return found


def told_parts(actor: Actor, run: Run, code: str, level: str, place: str) -> list[dict[str, Any]]:
    """What a value was made of: each part's name, number, where it comes from, and whether it has rows behind it.

    Nothing of a value that the post is not told, and no part so small that it names a few people.
    """
    rows = Value.objects.filter(run=run, code=code, level=level).filter(visible(actor))
    row = rows.filter(place=place).first()
    if row is None or not row.parts:
        return []
    content, _measure, count = parts_of(run, row)
    smallest = smallest_told(actor, run)
    if too_small(content, rows, smallest) & {(code, place)}:
        return []
    untold = small_parts(content, count, row, smallest)
    found = []
    for name, part in count.all().items():
        if name in untold:
            continue
        figure = content.figure_by_code.get(part.figure)
        number = {"numerator": row.numerator, "denominator": row.denominator}.get(name, row.parts.get(name))
        found.append(
            {"name": name, "title": part_title(name, part), "number": number, "part": part,
             "figure": title(figure) if figure else "", "openable": bool(part.select),
             "table": content.selection(part).table if part.select else ""}
        )  # fmt: skip
    return found


def part_title(name: str, part: Part) -> str:
    """What a part of a value is called in the reader's language; its name in formulas where it has no other."""
    known = {"numerator": _("分子"), "denominator": _("分母")}
    return known.get(name) or title(part) or name


def openable(count: Count) -> dict[str, Part]:
    """The parts that have rows behind them."""
    return {name: part for name, part in count.all().items() if part.select}


def opened(actor: Actor, run: Run, value: Value, part: str, *, offset: int = 0, size: int = PAGE) -> Opened:
    """A page of the rows behind one part of a value, in the order newest first."""
    actor.require("measures.open")
    content, _measure, count = parts_of(run, value)
    if part not in openable(count):
        raise NotFound("no-such-part", _("这一部分没有可打开的行"))
    selection = content.selection(openable(count)[part])
    lacking = next((one for one in _needed(selection) if not actor.may(one)), "")
    rows, total, page = _read(selection, run, value, offset, size)
    return Opened(
        part=part,
        table=selection.table,
        count=rows,
        total=total,
        divide=selection.divide,
        kept=value.parts.get(part),
        rows=[_counted(actor, row) for row in page] if lacking else _turned_back(page, selection.table),
        offset=offset,
        lacking=lacking,
    )


def _counted(actor: Actor, row: dict[str, Any]) -> Row:
    key = row["person_key"]
    return Row(
        amount=row["amount"], called="" if key is None or actor.facility_id is None else pseudonym(actor.here, key)
    )


def _read(
    selection: Selection, run: Run, value: Value, offset: int, size: int
) -> tuple[int, float, list[dict[str, Any]]]:
    """How many rows, all their amounts, and a page; as the system: what is shown is decided row by row afterwards."""
    with wall.acting(SYSTEM), lake.engine() as facts:
        asked = behind(facts.table, selection, period_of(run.period), value.level, value.place)
        counted = asked.mutate(n=ibis._.count().over(), total=ibis._.amount.sum().over())
        page = facts.run(counted.limit(size, offset=offset)).to_pylist()
    return (page[0]["n"], page[0]["total"], page) if page else (0, 0, [])


def _needed(selection: Selection) -> Iterable[str]:
    return dict.fromkeys(_NEEDED[table] for table in (selection.table, *(extra.table for extra in selection.also)))


def _turned_back(page: list[dict[str, Any]], table: str) -> list[Row]:
    keys = {row["person_key"] for row in page} - {None}
    people = {person.person_key: person for person in Person.objects.filter(person_key__in=keys)}
    names = dict(
        Facility.objects.filter(pk__in={row["facility_id"] for row in page} - {None}).values_list("pk", "name")
    )
    seen = _seen(table, {int(row["row_id"]) for row in page}) if table in _MODELS else None
    return [_told(row, people, names, seen) for row in page]


def _seen(table: str, ids: set[int]) -> set[int]:
    """Which rows PostgreSQL shows to whoever is acting."""
    return set(_MODELS[table].objects.filter(pk__in=ids).values_list("pk", flat=True))


def _told(row: dict[str, Any], people: dict[int, Person], names: dict[int, str], seen: set[int] | None) -> Row:
    person = people.get(row["person_key"])
    hidden = (row["person_key"] is not None and person is None) or (seen is not None and int(row["row_id"]) not in seen)
    if hidden:
        return Row(amount=row["amount"])
    return Row(
        amount=row["amount"], shown=True, person=person, day=row["day"], facility=names.get(row["facility_id"], "")
    )
