"""The pages of the health map and the cockpit."""

from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from catchment.kernel import clock
from catchment.kernel.access import needs
from catchment.rooms.measures import rules
from catchment.rooms.measures.queries import atlas as layers
from catchment.rooms.measures.queries import flows, ground, indicators, screened
from catchment.rooms.measures.queries.cube import Cube
from catchment.rooms.measures.queries.keeping import mark
from catchment.rooms.measures.queries.layers import Layer
from catchment.rooms.measures.queries.overdue import overdue
from catchment.rooms.measures.queries.rising import Rise, rises
from catchment.rooms.measures.queries.spectrum import AGES, SpectrumLine, spectrum
from catchment.rooms.measures.types import MeasureValue
from catchment.rooms.measures.web.atlas import charts
from catchment.rooms.measures.web.atlas.data import label_of
from catchment.rooms.measures.web.atlas.frame import Frame, frame_of, place_of
from catchment.rooms.places.models import Area
from catchment.rooms.places.types import Level

MODES = ("plain", "standard", "ratio")
LEVELS = (Level.TOWNSHIP, Level.VILLAGE)
MOST_RISES, MOST_RED, MOST_CARDS, MOST_MEASURED = 6, 6, 8, 4


@needs("atlas.read")
@require_GET
def atlas(request: HttpRequest) -> HttpResponse:
    """The health map: the whole page, standing where its address says."""
    frame = frame_of(request)
    place, known = place_of(request, frame), layers.layers(frame.day)
    start = _start(request, frame, place, known)
    context = {
        "section": "atlas",
        "county": frame.county,
        "place": place,
        "start": start,
        "picker": _picker(known),
        "filled": bool(mark()),
    }
    return render(request, "measures/atlas/atlas.html", context)


@needs("atlas.read")
@require_GET
def panel(request: HttpRequest) -> HttpResponse:
    """What the panel says of a place beneath its number: flows, spectrum, warnings."""
    frame = frame_of(request)
    return render(request, "measures/atlas/panel.html", _panel(frame, place_of(request, frame)))


@needs("atlas.read")
@require_GET
def cockpit(request: HttpRequest) -> HttpResponse:
    """One screen of the county; `?screen=1` for a wall, without the frame, dark, refreshing itself."""
    frame = frame_of(request)
    screen = request.GET.get("screen") == "1"
    known = layers.layers(frame.day)
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
        **_panel(frame, frame.county, dark=screen),
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
        "flows": asked.get("flows") == "1",
    }
    names = {"page": "atlas", "ground": "atlas-ground", "values": "atlas-values", "flows": "atlas-flows"}
    urls = {key: reverse(name) for key, name in names.items()}
    urls |= {"panel": reverse("atlas-panel"), "table": reverse("atlas-table")}
    return {
        "county": frame.county.code,
        "state": state,
        "urls": {**urls, "ground": f"{urls['ground']}?county={frame.county.code}"},
        "layers": [{"code": one.code, "grains": one.grains} for one in known],
        "words": _words(),
        "small": False,
        "dark": False,
    }


def _words() -> dict[str, str]:
    return {
        "none": _("无数据"),
        "hidden": _("人数太少，不显示"),
        "all": _("全部"),
        "ratio": _("与全县比"),
        "standardised": _("标化"),
        "until": _("数据到"),
        "so_far": _("（至今）"),
        "source": _("来源"),
        "as_of": _("更新于"),
        "unverified": _("未核实"),
        "verified": _("已核实"),
        "how": _("怎么算的"),
        "trend": _("走势"),
        "county": _("全县"),
        "rank": _("由高到低第 {n} / {all}"),
        "play": _("播放"),
        "pause": _("停"),
        "area": _("地区"),
        "class": _("分档"),
        "failed": _("数据没有取到，请稍后再试或刷新页面。"),
    }


def _picker(known: list[Layer]) -> list[tuple[str, list[Layer]]]:
    return [(group, list(lines)) for group, lines in groupby(known, key=lambda one: one.group)]


def _panel(frame: Frame, place: Area, *, dark: bool = False) -> dict[str, Any]:
    now = clock.now()
    told = {
        "place": place,
        "frame": frame,
        "may_list": frame.actor.may("people.read") and place.level == Level.VILLAGE,
        "overdue": overdue(place, now),
        "red": [_missed(*one) for one in indicators.red(frame.actor, place.level, place.code)[:MOST_RED]],
        "funnels": screened.funnels(frame.actor, now, frame.day) if place.level == Level.COUNTY else [],
    }
    found = layers.counts(frame.day, "year")
    if found is None:
        return told
    return {
        **told,
        **_spectrum(frame, place, found, dark=dark),
        **_flows(frame, place, dark=dark),
        "rises": _rises(frame, place),
    }


def _spectrum(frame: Frame, place: Area, found: Cube, *, dark: bool) -> dict[str, Any]:
    period = _last_whole(found)
    lines = spectrum(found, place.code, period, layers.groups_on(frame.day), get_language() or "")
    least = 0 if place.code in frame.open_areas else frame.least
    shown = [line for line in lines if line.total >= least]
    cells = [(line, [_cell(line, age, least) for age in range(len(AGES))]) for line in shown]
    return {
        "lines": cells,
        "spectrum_hidden": len(lines) - len(shown),
        "ages": [words for _first, _last, words in AGES],
        "spectrum_period": label_of(period),
        "spectrum_chart": charts.written(charts.spectrum_chart(_told(shown, least), dark=dark)) if shown else "",
        "as_of": found.as_of[:10],
    }


def _told(lines: list[SpectrumLine], least: int) -> list[SpectrumLine]:
    """The lines as they may be drawn: an age with too few people is drawn as none."""
    return [
        SpectrumLine(
            code=line.code,
            name=line.name,
            seen=tuple(n if n == 0 or n >= least else 0 for n in line.seen),
            residents=line.residents,
        )
        for line in lines
    ]


def _cell(line: SpectrumLine, age: int, least: int) -> dict[str, Any]:
    n, rate = line.seen[age], line.rate(age)
    if 0 < n < least:
        return {"n": None, "rate": None, "shade": 0}
    return {"n": n, "rate": rate, "shade": 0 if not rate else min(5, 1 + int(rate // 60))}


def _last_whole(found: Cube) -> str:
    """The last whole year, or the only one there is."""
    whole = [period for period in found.periods if period < f"{found.last}"[:4]]
    return whole[-1] if whole else found.periods[-1]


def _flows(frame: Frame, place: Area, *, dark: bool) -> dict[str, Any]:
    lines = flows.flows(frame.county.code, place.code)
    names = {area.code: area.name for area in ground.within(frame.county) if area.level == Level.TOWNSHIP}
    where: dict[str, list[Any]] = {}
    for one in lines:
        kept = where.setdefault(one.facility, [one, 0])
        kept[1] += one.n
    least = 0 if place.code in frame.open_areas else frame.least
    facilities = sorted(((one, n) for one, n in where.values() if n >= least), key=lambda pair: -pair[1])
    drawn = [one for one in lines if one.n >= least]
    return {
        "balance": flows.balance(frame.county.code, place.code),
        "facilities": facilities[:6],
        "flow_chart": charts.written(charts.flow_chart(drawn, names, dark=dark))
        if drawn and place.level == Level.COUNTY
        else "",
    }


def _rises(frame: Frame, place: Area) -> list[tuple[Rise, str]]:
    monthly = layers.counts(frame.day, "month")
    if monthly is None:
        return []
    groups = layers.groups_on(frame.day)
    names = {group.code: layers.name_of(group) for group in groups}
    found = rises(monthly, [place.code], groups, layers.rising_on(frame.day))
    return [(one, names[one.group]) for one in found[:MOST_RISES]]


def _cards(frame: Frame, *, dark: bool) -> list[dict[str, Any]]:
    """The county's headline numbers with their way over the last periods: the national indicators, then its own."""
    measured = [_measured(one) for one in indicators.headline(frame.actor, most=MOST_MEASURED)]
    wanted = ("people:contract", "burden:hypertension", "burden:diabetes", "burden:stroke", "people:doctor")
    known = {one.code for one in layers.layers(frame.day)}
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


def _missed(set_name: str, one: MeasureValue) -> dict[str, Any]:
    return {
        "name": one.name,
        "shown": rules.shown(one.value, one.digits),
        "unit": one.unit,
        "period": label_of(one.period),
        "verified": one.verified,
        "layer": f"{indicators.PREFIX}{set_name}:{one.code}",
    }


def _counted_from(one: MeasureValue) -> str:
    if one.numerator is None or one.denominator is None:
        return ""
    return f"{rules.shown(one.numerator, 1)} ÷ {rules.shown(one.denominator, 1)}"


def _card(frame: Frame, code: str, *, dark: bool) -> dict[str, Any] | None:
    found = layers.values(code, county=frame.county, grain="month", day=frame.day, least=frame.least)
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
