"""Selections compiled to Ibis over the published facts: the same question for DuckDB, PostgreSQL and Spark."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import Any

import ibis

from catchment.standards.measures.definition import Extra, Home, Place, Selection, Window
from catchment.standards.measures.periods import Period
from catchment.standards.measures.tables import FACTS, HOMES, LEVELS, OTHERWISE, PLACES, SPANS
from catchment.standards.risk.expression import compiled
from catchment.standards.risk.grammar import parse

Table = Any
Column = Any
Facts = Callable[[str], Table]
"""Gives a published table by its name, on whichever engine."""
VILLAGE_DIGITS = 12
_AREAS = ("county_code", "township_code", "area_code")
_ALWAYS = (date(1800, 1, 1), date(9999, 12, 31))
"""Stand for a beginning and an end that are not known."""
_DATED = frozenset(name for columns in SPANS.values() for name in columns)
_PREFIX = {Place.FACILITY: "place_", Place.FROM: "from_place_", Place.TO: "to_place_", Place.RESIDENCE: "person_"}


def counted(facts: Facts, selection: Selection, period: Period) -> Table:
    """One expression: the codes of places as `county`, `township`, `village`, `facility`, and their number `n`.

    Where numbers of places make the number of what lies above, a row names all four; where they do not, because one key
    may count in several places, a row names one. `by_place` makes both into the numbers of places.
    """
    table = rows(facts, selection, period)
    if adds_up(selection):
        return _grouped(table, selection, LEVELS)
    return ibis.union(*(_grouped(table, selection, (level,)) for level in LEVELS))


def by_place(found: Iterable[Mapping[str, Any]], divide: float = 1) -> dict[tuple[str, str], float]:
    """The number of each level and place from the rows of `counted`; a place without a row is not there."""
    sums: dict[tuple[str, str], float] = defaultdict(float)
    for row in found:
        for level in LEVELS:
            code = row[level]
            if code and (level != "village" or len(code) == VILLAGE_DIGITS):
                sums[level, code] += row["n"] or 0.0
    return {spot: number / divide for spot, number in sums.items()}


def rows(facts: Facts, selection: Selection, period: Period) -> Table:
    """The rows that are counted, each with the codes of its places (`at_county` ... `at_facility`) and its `amount`."""
    window, day = selection.window, selection.day or FACTS[selection.table].day
    last = _days(window, period)[1]
    table = _in_window(_source(facts, selection.table, selection.names(), last), day, window, period)
    for extra in selection.also:
        table = _with_extra(facts, table, extra, period)
    table = _with_places(facts, table, selection, _date(last) if selection.home_at is Home.END else table[day])
    scope = _scope(table, window, period)
    table = table.filter(compiled(parse(selection.where, selection.table), scope))
    scope = _scope(table, window, period)
    amount = compiled(parse(selection.sum, selection.table), scope) if selection.sum else ibis.literal(1)
    return table.mutate(amount=amount, **_codes(table, selection))


def behind(facts: Facts, selection: Selection, period: Period, level: str, place: str) -> Table:
    """What one number was counted from: `person_key` (or null), `row_id`, `day`, `facility_id`, `amount`, in order.

    Of rows that count once for a person or another key only the newest is given, and none whose amount is not known,
    so that the amounts add up to the number before `divide`.
    """
    table = rows(facts, selection, period)
    table = table.filter(table[f"at_{level}"] == place, table.amount.notnull())
    fact = FACTS[selection.table]
    day = selection.day or fact.day
    told = table.select(
        person_key=table.person_key if fact.has_person else ibis.null("int64"),
        row_id=table[fact.key].cast("string"),
        day=table[day] if day else ibis.null("date"),
        facility_id=_facility(table, selection),
        amount=table.amount.cast("float64"),
        token=table[selection.count].cast("string") if selection.count else table[fact.key].cast("string"),
    )
    if selection.count:
        newest = ibis.window(group_by=told.token, order_by=[ibis.desc(told.day), told.row_id])
        told = told.filter(told.token.notnull()).mutate(nth=ibis.row_number().over(newest))
        told = told.filter(told.nth == 0).drop("nth")
    return told.drop("token").order_by(ibis.desc("day"), "row_id")


def _facility(table: Table, selection: Selection) -> Column:
    for column in ("facility_id", "from_facility_id"):
        if column in FACTS[selection.table].columns:
            return table[column]
    return ibis.null("int64")


def adds_up(selection: Selection) -> bool:
    """Whether places add up to what lies above: not where one key may count in several places."""
    lives_once = selection.home_at is Home.END and (selection.place is Place.RESIDENCE or selection.table == "people")
    return not selection.count or (selection.count == "person_key" and lives_once)


def _grouped(table: Table, selection: Selection, levels: tuple[str, ...]) -> Table:
    codes = {level: table[f"at_{level}"] for level in levels}
    number = table[selection.count].nunique() if selection.count else table.amount.sum()
    found = table.group_by(**codes).agg(n=number.cast("float64"))
    return found.select(
        **{level: found[level] if level in levels else ibis.null("string") for level in LEVELS}, n=found.n
    )


def _in_window(table: Table, day: str, window: Window, period: Period) -> Table:
    if not day or window is Window.ALL:
        return table
    first, last = _days(window, period)
    column = table[day]
    table = table.filter(column <= _date(last))
    return table if window is Window.END else table.filter(table[day] >= _date(first))


def _days(window: Window, period: Period) -> tuple[date, date]:
    if window is Window.PREVIOUS:
        before = period.year_before()
        return before.first, before.last
    if window in {Window.YEAR, Window.TWO_YEARS}:
        years = 1 if window is Window.YEAR else 2
        return (period.last + timedelta(days=1)).replace(
            year=(period.last + timedelta(days=1)).year - years
        ), period.last
    return period.first, period.last


def _with_extra(facts: Facts, table: Table, extra: Extra, period: Period) -> Table:
    day, last = FACTS[extra.table].day, _days(extra.window, period)[1]
    other = _in_window(_source(facts, extra.table, extra.names(), last), day, extra.window, period)
    lasting = not day or extra.window in {Window.END, Window.ALL}
    other = _with_facts(facts, other, extra.table, set(extra.names()), _date(last) if lasting else other[day])
    other = other.filter(compiled(parse(extra.where, extra.table), _scope(other, extra.window, period)))
    key = f"{extra.name}_on"
    taken = _taken(other, extra, _scope(other, extra.window, period)).rename({key: extra.by})
    joined = table.left_join(taken, table[extra.by] == taken[key]).drop(key)
    if extra.take in {"count", "sum"}:
        return joined.mutate(**{extra.name: ibis.coalesce(joined[extra.name], ibis.literal(0))})
    return joined


def _taken(table: Table, extra: Extra, scope: Mapping[str, Column]) -> Table:
    table = table.filter(table[extra.by].notnull())
    if extra.take == "count":
        return table.group_by(extra.by).agg(**{extra.name: table.count()})
    told = table.mutate(**{extra.name: compiled(parse(extra.of, extra.table), scope)})
    if extra.take != "last":
        column = told[extra.name]
        number = getattr(column, extra.take)()
        return told.group_by(extra.by).agg(**{extra.name: number})
    fact = FACTS[extra.table]
    moment = "at" if "at" in fact.columns else fact.day or fact.key
    newest = ibis.window(group_by=told[extra.by], order_by=[ibis.desc(told[moment]), ibis.desc(told[fact.key])])
    told = told.mutate(nth=ibis.row_number().over(newest))
    return told.filter(told.nth == 0).select(extra.by, extra.name)


def _with_places(facts: Facts, table: Table, selection: Selection, lived_on: Column) -> Table:
    """Join what the selection reads of facilities and of the person, and what it takes to say whose place it is."""
    wanted = set(selection.names())
    own = selection.table in {"people", "places", "areas"}
    if not own:
        wanted |= {f"{_PREFIX[selection.place]}{name}" for name in _AREAS}
    if selection.place is not Place.RESIDENCE and not own:
        wanted.add(f"{_PREFIX[selection.place]}code")
    if selection.place is Place.RESIDENCE and not own:
        wanted.add("person_facility_id")
    if selection.table == "people":
        wanted.add("place_code")
    table = _with_facts(facts, table, selection.table, wanted, lived_on)
    if selection.place is Place.RESIDENCE and not own:
        table = _joined(facts, table, "places", "home", "person_facility_id", {"home_code"})
    return table


def _with_facts(facts: Facts, table: Table, name: str, wanted: set[str], lived_on: Column) -> Table:
    """Join those columns of the person, as of the day, and of the facilities of each row that are wanted."""
    fact = FACTS[name]
    if fact.has_person and name != "people":
        table = _joined(facts, table, "people", "person", "person_key", wanted - {f"person_{one}" for one in _DATED})
        table = _as_of(facts, table, lived_on, wanted, prefix="person_")
    for prefix, column in PLACES.items():
        if column in fact.columns and name != "places":
            table = _joined(facts, table, "places", prefix, column, wanted)
    return table


def _source(facts: Facts, name: str, wanted: Iterable[str], last: date) -> Table:
    """A published table; of people with their place, and what else is wanted of a day, as of the last day."""
    table = facts(name)
    if name != "people":
        return table
    dated = _DATED.intersection(wanted) | set(HOMES)
    return _as_of(facts, table.drop(*dated), _date(last), dated, prefix="")


def _as_of(facts: Facts, table: Table, day: Column, wanted: Iterable[str], *, prefix: str) -> Table:
    """Join what held for the person of each row on the day, as far as it is wanted."""
    for name, columns in SPANS.items():
        names = [one for one in columns if f"{prefix}{one}" in wanted]
        if names:
            table = _with_span(facts(name), table, day, names, prefix)
    return table


def _with_span(spans: Table, table: Table, day: Column, names: Iterable[str], prefix: str) -> Table:
    """Join the span that holds the day: no more than one of a person's does."""
    told = spans.select(
        span_key=spans.person_key,
        span_from=ibis.coalesce(spans.since, _date(_ALWAYS[0])),
        span_to=ibis.coalesce(spans.until, _date(_ALWAYS[1])),
        **{f"{prefix}{name}": spans[name] for name in names},
    )
    kept = table.columns
    table = table.mutate(on_day=day)
    spans_it = [table.person_key == told.span_key, told.span_from <= table.on_day, table.on_day < told.span_to]
    joined = table.left_join(told, spans_it)
    return joined.select(*kept, **{f"{prefix}{name}": _held(joined[f"{prefix}{name}"], name) for name in names})


def _held(column: Column, name: str) -> Column:
    return ibis.coalesce(column, ibis.literal(OTHERWISE[name])) if name in OTHERWISE else column


def _joined(facts: Facts, table: Table, other: str, prefix: str, column: str, wanted: Iterable[str]) -> Table:
    known = FACTS[other]
    names = {name.removeprefix(f"{prefix}_") for name in wanted if name.startswith(f"{prefix}_")}
    if "age" in names and other == "people":
        names.add("birth_date")
    names &= known.columns
    if not names:
        return table
    source, key = facts(other), f"{prefix}_joined"
    told = source.select(**{key: source[known.key]}, **{f"{prefix}_{name}": source[name] for name in sorted(names)})
    return table.left_join(told, table[column] == told[key]).drop(key)


def _codes(table: Table, selection: Selection) -> dict[str, Column]:
    own = selection.table in {"people", "places", "areas"}
    prefix = "" if own else _PREFIX[selection.place]
    found = {f"at_{level}": table[f"{prefix}{name}"] for level, name in zip(LEVELS, _AREAS, strict=False)}
    if selection.table == "places":
        return {**found, "at_facility": table.code}
    if selection.table == "areas":
        return {**found, "at_facility": ibis.null("string")}
    if selection.table == "people":
        return {**found, "at_facility": table.place_code}
    facility = "home_code" if selection.place is Place.RESIDENCE else f"{prefix}code"
    return {**found, "at_facility": table[facility]}


def _scope(table: Table, window: Window, period: Period) -> Mapping[str, Column]:
    first, last = _days(window, period)
    scope = {name: table[name] for name in table.columns}
    for prefix in ("", "person_"):
        if f"{prefix}birth_date" in scope:
            scope[f"{prefix}age"] = _age(scope[f"{prefix}birth_date"], last)
    return {**scope, "period_start": _date(first), "period_end": _date(last)}


def _age(born: Column, day: date) -> Column:
    """Completed years on the day."""
    later = (born.month() * 100 + born.day()) > day.month * 100 + day.day
    return ibis.literal(day.year) - born.year() - ibis.cases((later, 1), else_=0)


def _date(day: date) -> Column:
    return ibis.literal(day, type="date")
