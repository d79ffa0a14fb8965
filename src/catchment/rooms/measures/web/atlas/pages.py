"""The pages of the health map and the cockpit."""

from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from catchment.kernel import clock
from catchment.kernel.access import needs
from catchment.rooms.measures import rules
from catchment.rooms.measures.queries import atlas as layers
from catchment.rooms.measures.queries import indicators
from catchment.rooms.measures.queries.keeping import mark
from catchment.rooms.measures.queries.layers import Layer
from catchment.rooms.measures.queries.streams import KINDS
from catchment.rooms.measures.types import MeasureValue
from catchment.rooms.measures.web.atlas import charts
from catchment.rooms.measures.web.atlas.frame import Frame, frame_of, place_of
from catchment.rooms.measures.web.atlas.panel import panel_of
from catchment.rooms.measures.web.atlas.words import label_of, script_words
from catchment.rooms.places.models import Area
from catchment.rooms.places.types import Level

MODES = ("plain", "standard", "ratio")
LEVELS = (Level.TOWNSHIP, Level.VILLAGE)
MOST_CARDS, MOST_MEASURED = 8, 4


@needs("atlas.read")
@require_GET
def atlas(request: HttpRequest) -> HttpResponse:
    """The health map: the whole page, standing where its address says."""
    frame = frame_of(request)
    place, known = place_of(request, frame), layers.layers(frame.standing)
    start = _start(request, frame, place, known)
    context = {
        "section": "atlas",
        "county": frame.county,
        "place": place,
        "start": start,
        "picker": picker(known),
        "filled": bool(mark()),
        "taken": urlencode({**start["state"], "county": frame.county.code}),
    }
    return render(request, "measures/atlas/atlas.html", context)


@needs("atlas.read")
@require_GET
def panel(request: HttpRequest) -> HttpResponse:
    """What the panel says of a place beneath its number: flows, spectrum, warnings."""
    frame = frame_of(request)
    return render(
        request, "measures/atlas/panel.html", panel_of(frame, place_of(request, frame), request.GET.get("layer", ""))
    )


@needs("atlas.read")
@require_GET
def cockpit(request: HttpRequest) -> HttpResponse:
    """One screen of the county; `?screen=1` for a wall, without the frame, dark, refreshing itself."""
    frame = frame_of(request)
    screen = request.GET.get("screen") == "1"
    known = layers.layers(frame.standing)
    start = {**_start(request, frame, frame.county, known), "small": True, "dark": screen}
    context = {"section": "cockpit", "county": frame.county, "screen": screen, "start": start, "now": clock.now()}
    return render(request, "measures/atlas/screen.html" if screen else "measures/atlas/cockpit.html", context)


@needs("atlas.read")
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """What stands on the cockpit."""
    frame, screen = frame_of(request), request.GET.get("screen") == "1"
    context = {
        "filled": bool(mark()),
        "cards": _cards(frame, dark=screen),
        **panel_of(frame, frame.county, dark=screen),
    }
    return render(request, "measures/atlas/board.html", context)


def _start(request: HttpRequest, frame: Frame, place: Area, known: list[Layer]) -> dict[str, Any]:
    """What the map begins with: where it stands, where it fetches from, its words."""
    asked = request.GET
    codes = {one.code for one in known}
    state = {
        "place": place.code,
        "layer": asked.get("layer") if asked.get("layer") in codes else layers.DEFAULT,
        "grain": asked.get("grain") if asked.get("grain") in layers.GRAINS else "year",
        "period": asked.get("period", "")[:7],
        "level": asked.get("level") if asked.get("level") in LEVELS else Level.TOWNSHIP,
        "mode": asked.get("mode") if asked.get("mode") in MODES else "plain",
        "flows": asked.get("flows") if asked.get("flows") in KINDS else "",
    }
    names = {"page": "atlas", "ground": "atlas-ground", "values": "atlas-values", "flows": "atlas-flows"}
    urls = {key: reverse(name) for key, name in names.items()}
    urls |= {"panel": reverse("atlas-panel"), "table": reverse("atlas-table")}
    return {
        "county": frame.county.code,
        "state": state,
        "urls": {**urls, "ground": f"{urls['ground']}?county={frame.county.code}"},
        "layers": [{"code": one.code, "grains": one.grains} for one in known],
        "words": script_words(),
        "small": False,
        "dark": False,
    }


def picker(known: list[Layer]) -> list[tuple[str, list[Layer]]]:
    """The layers in their groups, as a choice shows them."""
    return [(group, list(lines)) for group, lines in groupby(known, key=lambda one: one.group)]


def _cards(frame: Frame, *, dark: bool) -> list[dict[str, Any]]:
    """The county's headline numbers with their way over the last periods: the national indicators, then its own."""
    measured = [_measured(one) for one in indicators.headline(frame.actor, clock.now(), most=MOST_MEASURED)]
    wanted = ("people:contract", "burden:hypertension", "burden:diabetes", "burden:stroke", "people:doctor")
    known = {one.code for one in layers.layers(frame.standing)}
    own = [card for code in wanted if code in known and (card := _card(frame, code, dark=dark))]
    return [*measured, *own][:MOST_CARDS]


def _measured(one: MeasureValue) -> dict[str, Any]:
    return {
        "title": one.name,
        "unit": one.unit,
        "value": rules.shown(one.value, one.digits),
        "fact": _counted_from(one),
        "period": label_of(one.period),
        "light": one.light,
        "light_word": rules.LIGHTS[one.light],
        "verified": one.verified,
        "url": f"{reverse('atlas')}?layer={indicators.PREFIX}{indicators.HEADLINE}:{one.code}",
    }


def _counted_from(one: MeasureValue) -> str:
    if one.numerator is None or one.denominator is None:
        return ""
    return f"{rules.shown(one.numerator, 1)} ÷ {rules.shown(one.denominator, 1)}"


def _card(frame: Frame, code: str, *, dark: bool) -> dict[str, Any] | None:
    found = layers.values(code, frame.standing, grain="month", least=frame.least)
    row = found.areas.get(frame.county.code) if found else None
    if found is None or row is None:
        return None
    numbers = [
        round(n * found.layer.per / d, 1) if d and n >= 0 else None for n, d in zip(row["n"], row["d"], strict=True)
    ]
    whole = len(numbers) - 1 if f"{found.last}"[:7] > found.periods[-1] else max(0, len(numbers) - 2)
    recent = slice(max(0, whole - 11), whole + 1)
    return {
        "title": found.layer.title,
        "unit": found.layer.unit,
        "value": "—" if numbers[whole] is None else numbers[whole],
        "fact": f"{found.layer.numerator} {row['n'][whole]} ÷ {found.layer.denominator} {row['d'][whole]}",
        "period": label_of(found.periods[whole]),
        "chart": charts.written(charts.trend_chart(found.periods[recent], numbers[recent], "", dark=dark)),
        "url": f"{reverse('atlas')}?layer={code}&grain=month",
    }
