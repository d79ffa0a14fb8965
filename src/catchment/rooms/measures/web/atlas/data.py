"""What the map fetches: the ground, one layer's values, the flows; and the same as a file of the table shown."""

from hashlib import sha256
from typing import Any, cast

import orjson
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from catchment.kernel import sheets, uploads
from catchment.kernel.access import needs
from catchment.kernel.errors import NotFound
from catchment.rooms.measures.queries import atlas, streams
from catchment.rooms.measures.queries import ground as land
from catchment.rooms.measures.queries.atlas import Values
from catchment.rooms.measures.queries.cube import Grain
from catchment.rooms.measures.queries.layers import HIDDEN, Layer
from catchment.rooms.measures.web.atlas import streaming
from catchment.rooms.measures.web.atlas.frame import Frame, frame_of, place_of
from catchment.rooms.measures.web.atlas.streaming import Line
from catchment.rooms.measures.web.atlas.words import label_of
from catchment.rooms.places.models import Area
from catchment.rooms.places.types import Level


@needs("atlas.read")
@require_GET
def ground(request: HttpRequest) -> HttpResponse:
    """The county, its townships and villages as GeoJSON (WGS84), kept by the browser until the areas change."""
    frame = frame_of(request)
    return _kept(request, {"type": "FeatureCollection", "features": land.drawing(frame.county)})


@needs("atlas.read")
@require_GET
def values(request: HttpRequest) -> HttpResponse:
    """One layer with all its areas and periods."""
    frame = frame_of(request)
    layer = atlas.layer_by_code(request.GET.get("layer", ""), frame.standing)
    return _kept(request, told(_values(request, frame), layer))


@needs("atlas.read")
@require_GET
def flows(request: HttpRequest) -> HttpResponse:
    """One kind of stream with all its periods, and the ends of each line; `format` gives one period as a file."""
    frame, kind = frame_of(request), request.GET.get("kind", "")
    if kind not in streams.KINDS:
        raise NotFound("no-such-flow", _("没有这种流向"))
    grain: Grain = "month" if request.GET.get("grain") == "month" else "year"
    leaving = "format" in request.GET
    found = streams.streams(kind, frame.county.code, grain)
    told = streaming.told(found, frame.county, least=frame.smallest if leaving else frame.least)
    if not leaving:
        return _kept(request, told)
    heads, rows = streaming.lines(told, kind, request.GET.get("period", ""), request.GET.get("place", ""))
    return _file(request, f"{frame.county.code}-{kind}", heads, rows)


@needs("atlas.read")
@require_GET
def table(request: HttpRequest) -> HttpResponse:
    """What the map shows as a table to take away."""
    frame = frame_of(request)
    place, found = place_of(request, frame), _values(request, frame, leaving=True)
    if found is None:
        raise NotFound("no-facts", _("还没有可导出的数据"))
    first, *rows = _lines(frame, place, found, request)
    heads = [str(head) for head in first]
    name = f"{place.code}-{found.layer.code.replace(':', '-')}"
    return _file(request, name, heads, rows)


def _file(request: HttpRequest, name: str, heads: list[str], rows: list[Line]) -> HttpResponse:
    """A table to take away as CSV or xlsx. No cell can be taken for a formula."""
    if request.GET.get("format") == "xlsx":
        return uploads.to_keep(sheets.workbook(name, heads, rows), sheets.XLSX, f"{name}.xlsx")
    return sheets.csv_answer(f"{name}.csv", heads, rows)


def told(found: Values | None, layer: Layer) -> dict[str, Any]:
    """A layer as the map reads it; without periods where nothing was ever recorded."""
    edition = dict(layer.edition)
    if edition:
        edition["url"] = reverse("rule", args=[edition.pop("key")])
    about = {
        "code": layer.code, "title": layer.title, "unit": layer.unit, "per": layer.per, "better": layer.better,
        "numerator": layer.numerator, "denominator": layer.denominator, "how": layer.how, "source": layer.source,
        "standardised": layer.standardised, "stock": layer.stock, "edition": edition or None,
        "verified": edition.get("verified"),
    }  # fmt: skip
    if found is None:
        return {**about, "periods": [], "areas": {}, "until": "", "as_of": ""}
    periods = [{"code": code, "label": label_of(code), "complete": is_complete(code, found)} for code in found.periods]
    return {**about, "periods": periods, "areas": found.areas, "until": f"{found.last}", "as_of": found.as_of[:10]}


def is_complete(period: str, found: Values) -> bool:
    """Whether the facts reach to the period's end; a single day is always whole."""
    return len(period) > len("2026-03") or period < f"{found.last}"[: len(period)]


def _values(request: HttpRequest, frame: Frame, *, leaving: bool = False) -> Values | None:
    """The layer asked for. `leaving`: it goes out of the county's hands, so that nothing small is in it."""
    return atlas.values(
        request.GET.get("layer", ""),
        frame.standing,
        grain=request.GET.get("grain", "year"),
        least=frame.smallest if leaving else frame.least,
        open_areas=() if leaving else frame.open_areas,
    )


def _lines(frame: Frame, place: Area, found: Values, request: HttpRequest) -> list[Line]:
    """A head that says what it is, then a row for each area shown."""
    layer, asked = found.layer, request.GET.get("period", "")
    step = found.periods.index(asked) if asked in found.periods else len(found.periods) - 1
    level = request.GET.get("level", Level.TOWNSHIP) if place.level == Level.COUNTY else Level.VILLAGE
    parent = place.parent if place.level == Level.VILLAGE else place
    within = [area for area in land.within(frame.county) if area.level == level]
    shown = within if place.level == Level.COUNTY else [area for area in within if area.parent == parent]
    head: list[Line] = [
        [layer.title, layer.unit, label_of(found.periods[step])],
        [
            _("来源"),
            layer.source,
            _("数据截至"),
            f"{found.last}",
            _("导出于"),
            f"{timezone.localtime():%Y-%m-%d %H:%M}",
        ],
        [
            _("代码"),
            _("地区"),
            layer.title,
            layer.numerator,
            layer.denominator,
            _("标化率") if layer.standardised else "",
        ],
    ]
    return [*head, *(_line(area, found, step) for area in shown)]


def _line(area: Area, found: Values, step: int) -> Line:
    row = found.areas.get(area.code)
    if row is None:
        return [area.code, area.name, None, None, None, None]
    n, d = row["n"][step], row["d"][step]
    if n == HIDDEN:
        return [area.code, area.name, _("人数太少，不显示"), None, d, None]
    value = row["v"][step] if "v" in row else round(n * found.layer.per / d, 2) if d and n is not None else None
    return [area.code, area.name, value, n, d, row["s"][step] if "s" in row else None]


def _kept(request: HttpRequest, told: dict[str, Any]) -> HttpResponse:
    """The answer as JSON, which the browser keeps and asks about again: unchanged, it is not sent twice."""
    body = orjson.dumps(told)
    etag = quote_etag(sha256(body).hexdigest()[:24])
    answer = HttpResponse(
        body, headers={"Content-Type": "application/json", "ETag": etag, "Cache-Control": "private, no-cache"}
    )
    return cast("HttpResponse", get_conditional_response(request, etag=etag, response=answer))
