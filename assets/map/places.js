// Draws every element that carries data-map="<address of areas and facilities as GeoJSON>".
import maplibregl from "maplibre-gl";
import { corners, open } from "./frame.js";

const OTHER = "#6b7280";

function colours() {
  const pairs = [...document.querySelectorAll("[data-dot]")].flatMap((one) => [one.dataset.dot, one.dataset.colour]);
  return pairs.length ? ["match", ["get", "kind"], ...pairs, OTHER] : OTHER;
}

const layers = () => [
  { id: "ground", type: "background", paint: { "background-color": "#eef2ee" } },
  { id: "areas", type: "fill", source: "areas", paint: { "fill-color": "#dfeae3", "fill-opacity": 0.7 } },
  { id: "borders", type: "line", source: "areas", paint: { "line-color": "#5f7d77", "line-width": ["match", ["get", "level"], "county", 2.5, "township", 1.2, 0.6] } },
  { id: "facilities", type: "circle", source: "facilities", paint: {
    "circle-color": colours(), "circle-stroke-color": "#fff", "circle-stroke-width": 1,
    "circle-radius": ["match", ["get", "kind"], "hospital", 9, "township-centre", 7, "village-clinic", 4, 5] } },
];

function label(map, feature) {
  const { name, longitude, latitude } = feature.properties;
  if (longitude === null) return;
  const mark = document.createElement("span");
  mark.className = "map-label";
  mark.textContent = name;
  mark.setAttribute("aria-hidden", "true");
  new maplibregl.Marker({ element: mark, offset: [0, -16] }).setLngLat([longitude, latitude]).addTo(map);
}

function tell(map, event) {
  const { name, kind_label: kind, url } = event.features[0].properties;
  const box = document.createElement("div");
  const link = Object.assign(document.createElement("a"), { href: url, textContent: name });
  box.append(link, document.createElement("br"), kind);
  new maplibregl.Popup({ closeButton: true }).setLngLat(event.lngLat).setDOMContent(box).addTo(map);
}

async function draw(element) {
  const answer = await fetch(element.dataset.map, { credentials: "same-origin" });
  if (!answer.ok) return;
  const { areas, facilities } = await answer.json();
  const shown = areas.features.length ? areas.features : facilities.features;
  if (!shown.length) return;
  const sources = { areas: { type: "geojson", data: areas }, facilities: { type: "geojson", data: facilities } };
  const map = open(element, { sources, layers: layers(), bounds: corners(shown) });
  map.addControl(new maplibregl.NavigationControl({ showCompass: false }));
  const finest = areas.features.filter((one) => one.properties.level !== "county");
  finest.slice(0, 40).forEach((one) => label(map, one));
  map.on("click", (event) => {
    const [facility] = map.queryRenderedFeatures(event.point, { layers: ["facilities"] });
    if (facility) return tell(map, { features: [facility], lngLat: event.lngLat });
    const inside = map.queryRenderedFeatures(event.point, { layers: ["areas"] });
    const area = inside.find((one) => one.properties.level !== "county");
    if (area) window.location.assign(area.properties.url);
  });
  element.dataset.drawn = "yes";
}

export function drawPlaces() {
  document.querySelectorAll("[data-map]").forEach((element) => draw(element).catch((error) => console.error(error)));
}
