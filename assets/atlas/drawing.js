// The map itself: areas by class, villages as points by their residents, flows as arcs, what is missing hatched.
import { FONT, corners, open } from "../map/frame.js";

const BLANK = "#ece9e1";
const EDGE = { light: "#ffffff", dark: "#12383a" };

export function makeMap(element, ground, { dark = false, small = false } = {}) {
  const at = (level) => ground.features.filter((one) => one.properties.level === level);
  const collection = (features) => ({ type: "FeatureCollection", features });
  const source = (features) => ({ type: "geojson", data: collection(features), promoteId: "code", tolerance: 0.2 });
  const drawn = (level) => at(level).filter((one) => one.geometry);
  const points = at("village").filter((one) => one.properties.longitude !== null).map((one) => ({
    type: "Feature", properties: one.properties,
    geometry: { type: "Point", coordinates: [one.properties.longitude, one.properties.latitude] },
  }));
  const most = Math.max(1, ...points.map((one) => one.properties.population || 0));
  const map = open(element, {
    sources: {
      county: source(drawn("county")), township: source(drawn("township")), village: source(drawn("village")),
      points: source(points), labels: source([]), arcs: source([]),
    },
    layers: layers(dark, most), bounds: corners(drawn("county").length ? drawn("county") : ground.features),
    padding: small ? 12 : paddingOf(element), canvasContextAttributes: { preserveDrawingBuffer: true, antialias: false },
    interactive: !small, fadeDuration: 0,
  });
  map.on("styleimagemissing", () => {});
  map.once("styledata", () => {
    map.addImage("hatch", hatch(dark), { pixelRatio: 2 });
    map.addImage("dots", dots(dark), { pixelRatio: 2 });
  });
  return map;
}

// What lies over the map: the controls above, the legend on the left, time beneath; on a phone nothing does.
export function paddingOf(element, named = false) {
  const over = (name) => element.parentElement.querySelector(name);
  const [top, legend] = [over(".atlas-top"), over(".atlas-legend")];
  if (!top || getComputedStyle(top).position !== "absolute") {
    const side = named ? 56 : 12;
    return { top: 20, bottom: 20, left: side, right: side };
  }
  return { top: top.offsetHeight + 24, bottom: 84, left: legend.offsetWidth + 28, right: 28 };
}

function layers(dark, most) {
  const edge = dark ? EDGE.dark : EDGE.light;
  const size = ["max", 0.22, ["sqrt", ["/", ["coalesce", ["get", "population"], 0], most]]];
  const colour = ["coalesce", ["feature-state", "colour"], dark ? "#1f4a4c" : BLANK];
  const fill = (id) => ({ id, type: "fill", source: id, paint: { "fill-color": colour, "fill-opacity": ["case", ["boolean", ["feature-state", "shown"], false], 1, 0] } });
  const line = (id, source, paint, more = {}) => ({ id, type: "line", source, paint, layout: { "line-join": "round", "line-cap": "round" }, ...more });
  const pattern = (id, source, image) => ({ id, type: "fill", source, filter: ["in", "code", ""], paint: { "fill-pattern": image } });
  const text = (id, size, minzoom = 0) => ({
    id, type: "symbol", source: "labels", minzoom,
    layout: {
      "text-field": ["format", ["get", "name"], {}, "\n", {}, ["get", "told"], { "font-scale": 0.92 }], "text-font": [FONT], "text-size": size,
      "text-line-height": 1.15, "text-padding": 3, "symbol-sort-key": ["-", 0, ["coalesce", ["get", "population"], 0]],
      "text-variable-anchor": ["bottom", "top", "center"], "text-radial-offset": ["case", ["get", "dot"], 0.45, 0], "text-max-width": 12,
    },
    paint: { "text-color": "#14292a", "text-halo-color": "rgba(255,253,249,.9)", "text-halo-width": 2 },
  });
  const arc = { "line-color": ["get", "colour"], "line-width": ["get", "width"], "line-opacity": 0.72 };
  return [
    { id: "sea", type: "background", paint: { "background-color": dark ? "#0b2728" : "#e6eeee" } },
    { id: "land", type: "fill", source: "county", paint: { "fill-color": dark ? "#15393b" : "#f4f1e9" } },
    fill("township"), fill("village"),
    pattern("none-township", "township", "hatch"), pattern("none-village", "village", "hatch"),
    pattern("hidden-township", "township", "dots"), pattern("hidden-village", "village", "dots"),
    line("village-edge", "village", { "line-color": edge, "line-width": ["interpolate", ["linear"], ["zoom"], 8, 0.25, 12, 1.1], "line-opacity": ["case", ["boolean", ["feature-state", "shown"], false], 0.9, 0] }),
    line("township-edge", "township", { "line-color": dark ? "#7fb3ad" : "#5f7d77", "line-width": ["interpolate", ["linear"], ["zoom"], 8, 0.9, 12, 1.8] }),
    line("county-edge", "county", { "line-color": dark ? "#d9efe9" : "#123f40", "line-width": 2.4 }),
    line("over", "township", { "line-color": dark ? "#fff" : "#22302f", "line-width": 2.2, "line-opacity": ["case", ["boolean", ["feature-state", "over"], false], 1, 0] }),
    line("over-village", "village", { "line-color": dark ? "#fff" : "#22302f", "line-width": 2, "line-opacity": ["case", ["boolean", ["feature-state", "over"], false], 1, 0] }),
    line("chosen", "township", { "line-color": "#0b3f8a", "line-width": 3.4 }, { filter: ["==", "code", ""] }),
    line("chosen-village", "village", { "line-color": "#0b3f8a", "line-width": 3.4 }, { filter: ["==", "code", ""] }),
    { id: "points", type: "circle", source: "points", filter: ["==", "parent", "-"], paint: {
      "circle-radius": ["interpolate", ["linear"], ["zoom"], 8, ["*", 4, size], 12, ["*", 11, size]],
      "circle-color": "rgba(255,255,255,.7)", "circle-stroke-color": "#22302f", "circle-stroke-width": 1 } },
    line("arcs", "arcs", arc, { filter: ["all", ["==", "$type", "LineString"], ["!=", "outside", true]] }),
    { ...line("arcs-out", "arcs", { ...arc, "line-dasharray": [2, 1.2] }, { filter: ["all", ["==", "$type", "LineString"], ["==", "outside", true]] }), layout: { "line-join": "round", "line-cap": "butt" } },
    { id: "arc-ends", type: "circle", source: "arcs", filter: ["==", "$type", "Point"], paint: { "circle-radius": ["get", "radius"], "circle-color": ["get", "colour"], "circle-stroke-color": "#fff", "circle-stroke-width": 1.2 } },
    { id: "arc-names", type: "symbol", source: "arcs", filter: ["==", "$type", "Point"],
      layout: { "text-field": ["get", "told"], "text-font": [FONT], "text-size": 13, "text-variable-anchor": ["bottom", "top", "left", "right"], "text-radial-offset": 0.6, "text-max-width": 14, "symbol-sort-key": ["-", 0, ["get", "n"]] },
      paint: { "text-color": ["get", "colour"], "text-halo-color": "rgba(255,253,249,.95)", "text-halo-width": 2 } },
    text("names", ["interpolate", ["linear"], ["zoom"], 8, 11, 9.5, 13, 12, 15]),
  ];
}

// Colours, hatches and labels of the areas shown; everything else stands back.
export function paint(map, { shown, cells, colours, level, told, selected, parent }) {
  const other = level === "village" ? "township" : "village";
  map.removeFeatureState({ source: other });
  map.removeFeatureState({ source: level });
  const missing = { none: [], hidden: [] };
  shown.forEach((code) => {
    const cell = cells.get(code);
    map.setFeatureState({ source: level, id: code }, { shown: true, colour: cell.place === null ? null : colours[cell.place] });
    if (cell.why) missing[cell.why].push(code);
  });
  ["none", "hidden"].forEach((why) => {
    map.setFilter(`${why}-${level}`, ["in", "code", ...missing[why]]);
    map.setFilter(`${why}-${other}`, ["in", "code", ""]);
  });
  map.setFilter("chosen", ["==", "code", selected && selected.level === "township" ? selected.code : parent || ""]);
  map.setFilter("chosen-village", ["==", "code", selected && selected.level === "village" ? selected.code : ""]);
  map.setFilter("points", parent ? ["==", "parent", parent] : ["==", "parent", "-"]);
  map.getSource("labels").setData({ type: "FeatureCollection", features: told });
}

const NAMED = 2; // ends within the county that are named; the others stand in the table
const ARC_COLOURS = { in: "#0f6e6e", out: "#b4459a" };

// Curved lines from one end to the other; width by number; what leaves the county is pink and broken. A dot with a name
// stands where they go. Ends beyond `edge` are drawn on it.
export function arcs(map, lines, edge) {
  const most = Math.max(1, ...lines.map((one) => one.n));
  const ends = new Map();
  const features = lines.map((one) => {
    const [from, to] = [one.from.point, one.to.point].map((point) => nearer(point, edge));
    const end = ends.get(one.to.code) || { name: one.to.name, point: to, outside: one.outside, n: 0 };
    ends.set(one.to.code, { ...end, n: end.n + one.n });
    return {
      type: "Feature", properties: { outside: one.outside, colour: colourOf(one), width: 1 + (7 * one.n) / most },
      geometry: { type: "LineString", coordinates: curve(from, to) },
    };
  });
  const named = [...ends.values()].filter((one) => !one.outside).sort((one, other) => other.n - one.n).slice(0, NAMED);
  ends.forEach((one) => features.push({
    type: "Feature", properties: { colour: colourOf(one), radius: 3.5, told: one.outside || named.includes(one) ? `${one.name} ${one.n}` : "", n: one.n },
    geometry: { type: "Point", coordinates: one.point },
  }));
  map.getSource("arcs").setData({ type: "FeatureCollection", features });
}

const colourOf = (one) => (one.outside ? ARC_COLOURS.out : ARC_COLOURS.in);

function nearer([x, y], edge) {
  if (!edge || edge.contains([x, y])) return [x, y];
  const [[west, south], [east, north]] = edge.toArray();
  const [cx, cy] = [(west + east) / 2, (south + north) / 2];
  const share = Math.min((east - west) / 2 / Math.abs(x - cx || 1e-9), (north - south) / 2 / Math.abs(y - cy || 1e-9));
  return [cx + (x - cx) * share, cy + (y - cy) * share];
}

function curve([x1, y1], [x2, y2]) {
  const middle = [(x1 + x2) / 2 - (y2 - y1) * 0.22, (y1 + y2) / 2 + (x2 - x1) * 0.22];
  return Array.from({ length: 25 }, (_one, step) => {
    const t = step / 24;
    const mix = (a, b, c) => (1 - t) ** 2 * a + 2 * (1 - t) * t * b + t ** 2 * c;
    return [mix(x1, middle[0], x2), mix(y1, middle[1], y2)];
  });
}

function picture(size, draw) {
  const canvas = Object.assign(document.createElement("canvas"), { width: size, height: size });
  draw(canvas.getContext("2d"), size);
  return canvas.getContext("2d").getImageData(0, 0, size, size);
}

function hatch(dark) {
  return picture(16, (pen, size) => {
    pen.strokeStyle = dark ? "rgba(220,240,236,.45)" : "rgba(60,70,68,.5)";
    pen.lineWidth = 1.6;
    [-size, 0, size].forEach((shift) => { pen.beginPath(); pen.moveTo(shift, size); pen.lineTo(shift + size, 0); pen.stroke(); });
  });
}

function dots(dark) {
  return picture(16, (pen) => {
    pen.fillStyle = dark ? "rgba(220,240,236,.6)" : "rgba(60,70,68,.6)";
    [[4, 4], [12, 12]].forEach(([x, y]) => { pen.beginPath(); pen.arc(x, y, 1.6, 0, 7); pen.fill(); });
  });
}
