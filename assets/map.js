// The maps of the pages: areas with their facilities, and the health map.
import maplibregl from "maplibre-gl";
import { beginAtlas } from "./atlas/atlas.js";
import { drawPlaces } from "./map/places.js";

window.maplibregl = maplibregl;

function begin() {
  document.querySelectorAll("[data-atlas]:not([data-begun])").forEach((element) => {
    element.dataset.begun = "yes";
    beginAtlas(element).catch((error) => console.error(error));
  });
}

drawPlaces();
begin();
document.addEventListener("htmx:afterSettle", begin);
