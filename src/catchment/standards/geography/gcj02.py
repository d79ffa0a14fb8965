"""GCJ-02, the shifted datum of Chinese web maps, and its way back to WGS84.

The shift is a published polynomial with sine terms, on the ellipsoid of Krasovsky 1940; outside mainland China
maps do not shift. There is no closed inverse: the shift at the point itself is taken off until it settles.
"""

from math import cos, pi, radians, sin, sqrt
from typing import Final

_AXIS: Final = 6_378_245.0
_ECCENTRICITY: Final = 0.006_693_421_622_965_943
_WEST, _EAST, _SOUTH, _NORTH = 72.004, 137.8347, 0.8293, 55.8271
_ORIGIN: Final = (105.0, 35.0)
_SETTLED: Final = 1e-9
_MOST_ROUNDS: Final = 30


def wgs84_to_gcj02(longitude: float, latitude: float) -> tuple[float, float]:
    """Where a Chinese web map shows a WGS84 point, in degrees; unchanged outside China's bounding box."""
    if not (_WEST <= longitude <= _EAST and _SOUTH <= latitude <= _NORTH):
        return longitude, latitude
    east, north = _metres(longitude - _ORIGIN[0], latitude - _ORIGIN[1])
    flat = 1 - _ECCENTRICITY * sin(radians(latitude)) ** 2
    meridian = _AXIS * (1 - _ECCENTRICITY) / (flat * sqrt(flat))
    parallel = _AXIS / sqrt(flat) * cos(radians(latitude))
    return longitude + east * 180 / (parallel * pi), latitude + north * 180 / (meridian * pi)


def gcj02_to_wgs84(longitude: float, latitude: float) -> tuple[float, float]:
    """The WGS84 point that a Chinese web map shows at these degrees; back and forth agree within 1e-8 degrees."""
    x, y = longitude, latitude
    for _ in range(_MOST_ROUNDS):
        shown_x, shown_y = wgs84_to_gcj02(x, y)
        off_x, off_y = shown_x - longitude, shown_y - latitude
        x, y = x - off_x, y - off_y
        if max(abs(off_x), abs(off_y)) < _SETTLED:
            break
    return x, y


def _metres(x: float, y: float) -> tuple[float, float]:
    ripple = (20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)) * 2 / 3
    root, cross = 0.1 * sqrt(abs(x)), 0.1 * x * y
    east = (
        300
        + x
        + 2 * y
        + 0.1 * x * x
        + cross
        + root
        + ripple
        + _swell(x, (20, 1), (40, 1 / 3), (150, 1 / 12), (300, 1 / 30))
    )
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + cross + 2 * root + ripple
    return east, north + _swell(y, (20, 1), (40, 1 / 3), (160, 1 / 12), (320, 1 / 30))


def _swell(value: float, *waves: tuple[float, float]) -> float:
    return sum(height * sin(value * frequency * pi) for height, frequency in waves) * 2 / 3
