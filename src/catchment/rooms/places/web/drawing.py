"""The map of areas and facilities: what it draws, from this database alone."""

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from catchment.kernel.access import needs
from catchment.rooms.places import queries, rules
from catchment.rooms.places.models import Area, Facility


@needs("places.read")
@require_GET
def drawn(request: HttpRequest) -> JsonResponse:
    """Areas and facilities as two GeoJSON collections (WGS84), narrowed as the list beneath the map is."""
    area, kind = request.GET.get("area", "")[:12], request.GET.get("kind", "")
    facilities = queries.facilities(area_code=area, kind=kind).filter(longitude__isnull=False)
    return JsonResponse(
        {
            "areas": _collection([_area(one) for one in queries.areas_drawn(area)]),
            "facilities": _collection([_facility(one) for one in facilities]),
        }
    )


def _collection(features: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": features}


def _area(area: Area) -> dict[str, Any]:
    told = {
        "code": area.code,
        "name": area.name,
        "level": area.level,
        "population": area.population,
        "longitude": area.longitude,
        "latitude": area.latitude,
        "url": f"{reverse('places')}?area={area.code}",
    }
    return {"type": "Feature", "geometry": area.boundary, "properties": told}


def _facility(facility: Facility) -> dict[str, Any]:
    point = {"type": "Point", "coordinates": [facility.longitude, facility.latitude]}
    told = {
        "name": facility.name,
        "kind": facility.kind,
        "kind_label": str(rules.label(rules.KINDS, facility.kind)),
        "url": reverse("facility", args=[facility.code]),
    }
    return {"type": "Feature", "geometry": point, "properties": told}
