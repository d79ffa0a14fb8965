"""What the panel says of a place, and the cockpit of the county: warnings, funnel, flows, spectrum."""

from typing import Any

from django.utils.translation import get_language

from catchment.kernel import clock
from catchment.rooms.consent.rules import told
from catchment.rooms.measures import rules
from catchment.rooms.measures.queries import atlas as layers
from catchment.rooms.measures.queries import flows, ground, indicators, screened
from catchment.rooms.measures.queries.cube import Cube
from catchment.rooms.measures.queries.flows import Balance
from catchment.rooms.measures.queries.overdue import overdue
from catchment.rooms.measures.queries.rising import Rise, rises
from catchment.rooms.measures.queries.spectrum import AGES, SpectrumLine, spectrum
from catchment.rooms.measures.types import MeasureValue
from catchment.rooms.measures.web.atlas import charts
from catchment.rooms.measures.web.atlas.frame import Frame, counted_layer
from catchment.rooms.measures.web.atlas.words import label_of
from catchment.rooms.places.models import Area
from catchment.rooms.places.types import Level

MOST_RISES, MOST_RED, MOST_FACILITIES = 6, 6, 6
SHADE_STEP, DARKEST = 60, 5
"""People seen per thousand from one shade of the table to the next, and the last shade."""


def panel_of(frame: Frame, place: Area, layer: str = "", *, dark: bool = False) -> dict[str, Any]:
    """Everything beneath the number of a place; without facts, what needs none.

    `layer`: what the map shows, so that the way to the people begins with those whom it counts.
    """
    now = clock.now()
    known = {
        "place": place,
        "may_list": frame.actor.may("people.read") and place.level in {Level.TOWNSHIP, Level.VILLAGE},
        "counted": counted_layer(frame, layer),
        "overdue": overdue(place, now),
        "red": [_missed(*one) for one in indicators.red(frame.actor, now, place.level, place.code)[:MOST_RED]],
        "funnels": screened.funnels(frame.actor, now, frame.day) if place.level == Level.COUNTY else [],
    }
    found = layers.counts(frame.day, "year")
    if found is None:
        return known
    return {
        **known,
        **_spectrum(frame, place, found, dark=dark),
        **_flows(frame, place, dark=dark),
        "rises": _rises(frame, place),
    }


def _missed(set_name: str, one: MeasureValue) -> dict[str, Any]:
    return {
        "name": one.name,
        "shown": rules.shown(one.value, one.digits),
        "unit": one.unit,
        "period": label_of(one.period),
        "verified": one.verified,
        "layer": f"{indicators.PREFIX}{set_name}:{one.code}",
    }


def _spectrum(frame: Frame, place: Area, found: Cube, *, dark: bool) -> dict[str, Any]:
    period, least = _last_whole(found), frame.least_in(place)
    lines = spectrum(found, place.code, period, layers.groups_on(frame.day), get_language() or "")
    shown = [(line, told(dict(enumerate(line.seen)), smallest=least)) for line in lines if line.total >= least]
    drawn = [(line.name, [seen[age] or 0 for age in range(len(AGES))]) for line, seen in shown]
    return {
        "lines": [(line, [_cell(line, age, n) for age, n in seen.items()]) for line, seen in shown],
        "spectrum_hidden": len(lines) - len(shown),
        "ages": [words for _first, _last, words in AGES],
        "spectrum_period": label_of(period),
        "spectrum_chart": charts.written(charts.spectrum_chart(drawn, dark=dark)) if shown else "",
        "as_of": found.as_of[:10],
    }


def _cell(line: SpectrumLine, age: int, n: int | None) -> dict[str, Any]:
    rate = line.rate(age)
    if n is None or rate is None:
        return {"n": n, "rate": None, "shade": 0}
    return {"n": n, "rate": rate, "shade": min(DARKEST, 1 + int(rate // SHADE_STEP)) if rate else 0}


def _last_whole(found: Cube) -> str:
    """The last whole year, or the only one there is."""
    whole = [period for period in found.periods if period < f"{found.last}"[:4]]
    return whole[-1] if whole else found.periods[-1]


def _flows(frame: Frame, place: Area, *, dark: bool) -> dict[str, Any]:
    least, lines = frame.least_in(place), flows.flows(frame.county.code, place.code)
    by_facility: dict[str, list[Any]] = {}
    for one in lines:
        by_facility.setdefault(one.facility_code, [one, 0])[1] += one.n
    told_lines = [one for one in lines if one.n >= least]
    facilities = sorted((pair for pair in by_facility.values() if pair[1] >= least), key=lambda pair: -pair[1])
    names = {area.code: area.name for area in ground.within(frame.county) if area.level == Level.TOWNSHIP}
    chart = charts.flow_chart(told_lines, names, dark=dark) if told_lines and place.level == Level.COUNTY else None
    return {
        "balance": _balance(flows.balance(frame.county.code, place.code), least),
        "facilities": facilities[:MOST_FACILITIES],
        "flow_chart": charts.written(chart) if chart else "",
    }


def _balance(found: Balance, least: int) -> dict[str, Any]:
    """The balance as it may be told: `None` for what is withheld, and no share without its parts."""
    parts = told({name: getattr(found, name) for name in ("home", "county", "outside")}, smallest=least)
    whole = None not in parts.values()
    return {
        **parts,
        "inflow": found.inflow if found.inflow == 0 or found.inflow >= least else None,
        "within_percent": found.within_percent if whole else None,
        "total": found.total,
        "since": found.since,
        "until": found.until,
    }


def _rises(frame: Frame, place: Area) -> list[tuple[Rise, str]]:
    monthly = layers.counts(frame.day, "month")
    if monthly is None:
        return []
    groups = layers.groups_on(frame.day)
    names = {group.code: layers.name_of(group) for group in groups}
    found = rises(monthly, [place.code], groups, layers.rising_on(frame.day))
    return [(one, names[one.group]) for one in found if one.now >= frame.least_in(place)][:MOST_RISES]
