"""Streams of people as the map reads them, and as a table to take away."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from catchment.rooms.measures.queries import ground as land
from catchment.rooms.measures.queries.layers import HIDDEN
from catchment.rooms.measures.queries.streams import Stream, Streams
from catchment.rooms.measures.web.atlas.words import label_of, stream_source, stream_titles
from catchment.rooms.places.models import Area

Line = list[str | float | int | None]


def told(found: Streams, county: Area, *, least: int) -> dict[str, Any]:
    """Periods and lines with both ends; an end without a place on the map has no `point`. Small counts are hidden."""
    seats = {area.code: area for area in land.within(county)}
    periods = [{"code": code, "label": label_of(code)} for code in found.periods]
    lines = [_line(one, seats, least) for one in found.lines]
    return {"periods": periods, "lines": lines, "as_of": found.as_of[:10]}


def _line(one: Stream, seats: dict[str, Area], least: int) -> dict[str, Any]:
    here, there = _home(one, seats), {"name": one.facility, "code": one.facility_code, "point": one.point}
    return {
        "from": there if one.back else here,
        "to": here if one.back else there,
        "township": "" if one.inward else one.township,
        "outside": one.outside or one.inward,
        "n": [HIDDEN if 0 < n < least else n for n in one.n],
    }


def _home(one: Stream, seats: dict[str, Area]) -> dict[str, Any]:
    """The end where people live, or the township of a facility that refers."""
    area = seats.get(one.township)
    if one.inward or area is None:
        return {"name": _("县外居民"), "code": one.township, "point": None}
    known = area.longitude is not None and area.latitude is not None
    return {"name": area.name, "code": area.code, "point": [area.longitude, area.latitude] if known else None}


def lines(told: dict[str, Any], kind: str, period: str, place: str) -> tuple[list[str], list[Line]]:
    """One period of what `told` gave, of one township where `place` names one, under a head that says what it is."""
    codes = [one["code"] for one in told["periods"]]
    step = codes.index(period) if period in codes else len(codes) - 1
    shown = [one for one in told["lines"] if not place or one["township"] == place] if codes else []
    rows: list[Line] = [
        [one["from"]["name"], one["to"]["name"], _("跨县") if one["outside"] else _("县内"), _number(one["n"][step])]
        for one in shown
        if one["n"][step]
    ]
    about: Line = [_("来源"), stream_source(kind), _("导出于"), f"{timezone.localtime():%Y-%m-%d %H:%M}"]
    heads: Line = [_("从"), _("到"), _("县内或跨县"), _("人次")]
    return [stream_titles()[kind], label_of(codes[step]) if codes else "", "", ""], [about, heads, *rows]


def _number(n: int) -> str | int:
    return _("人数太少，不显示") if n == HIDDEN else n
