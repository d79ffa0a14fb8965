import maplibregl from "maplibre-gl";

window.maplibregl = maplibregl;
document.dispatchEvent(new Event("map-ready"));
