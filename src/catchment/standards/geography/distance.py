"""Distances on the earth's surface."""

from math import asin, cos, radians, sin, sqrt
from typing import Final

MEAN_RADIUS_KM: Final = 6371.0088
"""The IUGG mean radius of the earth."""


def distance_km(longitude_1: float, latitude_1: float, longitude_2: float, latitude_2: float) -> float:
    """Kilometres along the great circle between two WGS84 points in degrees (haversine; within 0.6 % of geodesic)."""
    north_1, north_2 = radians(latitude_1), radians(latitude_2)
    north, east = north_2 - north_1, radians(longitude_2 - longitude_1)
    chord = sin(north / 2) ** 2 + cos(north_1) * cos(north_2) * sin(east / 2) ** 2
    return 2 * MEAN_RADIUS_KM * asin(min(1.0, sqrt(chord)))
