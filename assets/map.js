// The maps of the pages: areas with their facilities, and the health map.
import maplibregl from "maplibre-gl";
import { beginAtlas } from "./atlas/atlas.js";
import { drawPlaces } from "./map/places.js";

window.maplibregl = maplibregl;
drawPlaces();
document.querySelectorAll("[data-atlas]").forEach((element) => beginAtlas(element).catch((error) => console.error(error)));
