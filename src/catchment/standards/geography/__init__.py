"""Places on the earth: distances, the shifted Chinese datum, division codes, GeoJSON areas, village lists."""
