// What is to be seen now: which areas, their values and classes, and the words around them.
import { RATIO, RATIO_BREAKS, SCALES, breaksOf, classOf, coloursFor, written } from "./classes.js";
import { valueOf } from "./values.js";

export function viewOf(atlas) {
  const { state, layer, place, words } = atlas;
  const [level, shown, parent] = shownOf(atlas);
  const value = (code, step = state.step) => valueOf(layer, code, step, state.mode === "standard");
  const whole = value(atlas.start.county).value;
  const ratio = state.mode === "ratio";
  const breaks = ratio ? RATIO_BREAKS : breaksOf(shown.map((code) => value(code, newest(layer)).value));
  const colours = ratio ? RATIO : coloursFor(breaks, SCALES[layer.better]);
  const cells = new Map(shown.map((code) => [code, cellOf(value(code), ratio, whole, breaks)]));
  const period = layer.periods[state.step] || { label: "", complete: true };
  const view = { level, shown, parent, cells, colours, breaks, whole, period, value, selected: place };
  view.unit = ratio ? words.ratio : layer.unit;
  view.legend = legendOf(view, words, layer);
  view.told = labelsOf(atlas, view);
  view.title = `${place.name} · ${layer.title}${state.mode === "standard" ? ` · ${words.standardised}` : ""}`;
  view.subtitle = `${period.label}${period.complete ? "" : ` · ${words.until} ${layer.until}`} · ${view.unit}`;
  view.source = `${words.source} ${layer.source} · ${words.as_of} ${layer.as_of}${layer.verified === false ? ` · ${words.unverified}` : ""}`;
  view.tip = (code) => tipOf(atlas, view, code);
  return view;
}

// The newest period that is whole; the newest of all where numbers are counted at a period's end.
export function newest(layer) {
  const whole = layer.stock ? -1 : layer.periods.findLastIndex((one) => one.complete);
  return whole >= 0 ? whole : layer.periods.length - 1;
}

// At the county its townships or all villages; within a township its villages.
function shownOf({ state, place, areas }) {
  if (place.level === "county") {
    const codes = [...areas.values()].filter((one) => one.level === state.level).map((one) => one.code);
    return [state.level, codes, ""];
  }
  const parent = place.level === "village" ? place.parent : place.code;
  return ["village", [...areas.values()].filter((one) => one.parent === parent).map((one) => one.code), parent];
}

function cellOf(found, ratio, whole, breaks) {
  if (found.value === null) return { ...found, place: null };
  if (!ratio) return { ...found, place: classOf(found.value, breaks) };
  const relative = whole ? found.value / whole : null;
  return relative === null ? { ...found, value: null, why: "none", place: null } : { ...found, relative, place: classOf(relative, breaks) };
}

function legendOf({ breaks, colours, cells }, words, layer) {
  const count = (place) => [...cells.values()].filter((one) => one.place === place).length;
  const put = (value) => written(value, layer).replace(/\.0+$|(\.\d*?)0+$/, "$1");
  const rows = colours.map((colour, place) => {
    const low = place ? put(breaks[place - 1]) : null;
    const high = place < breaks.length ? put(breaks[place]) : null;
    const range = low === null ? (high === null ? words.all : `< ${high}`) : high === null ? `≥ ${low}` : `${low} – ${high}`;
    return { colour, words: range, count: count(place) };
  });
  const missing = (why) => [...cells.values()].filter((one) => one.why === why).length;
  if (missing("none")) rows.push({ colour: "#ece9e1", pattern: "hatch", words: words.none, count: missing("none") });
  if (missing("hidden")) rows.push({ colour: "#ece9e1", pattern: "dots", words: words.hidden, count: missing("hidden") });
  return rows;
}

function labelsOf({ areas, layer, start }, { shown, cells, level, parent }) {
  const quiet = level === "village" && !parent;
  return (quiet ? [] : shown).map((code) => areas.get(code)).filter((one) => one.longitude !== null).map((one) => ({
    type: "Feature",
    properties: { name: one.name, told: start.small ? "" : said(cells.get(one.code), layer), population: one.population || 0, dot: Boolean(parent) },
    geometry: { type: "Point", coordinates: [one.longitude, one.latitude] },
  }));
}

function said(cell, layer) {
  if (cell.why === "hidden") return "··";
  return cell.relative !== undefined ? `${cell.relative.toFixed(2)}×` : written(cell.value, layer);
}

function tipOf({ areas, layer, words, state }, view, code) {
  const area = areas.get(code);
  const cell = view.cells.get(code) || view.value(code);
  const line = (tag, text, name = "") => Object.assign(document.createElement(tag), { textContent: text, className: name });
  const why = cell.why === "hidden" ? words.hidden : words.none;
  const number = cell.value === null ? why : `${written(cell.value, layer)} ${layer.unit}`;
  const counted = cell.n === null || layer.per === 0 ? "" : `${layer.numerator} ${cell.n} ÷ ${layer.denominator} ${cell.d}`;
  const relative = cell.relative !== undefined ? `${words.ratio} ${cell.relative.toFixed(2)}` : "";
  return [
    line("strong", area.name), line("div", `${layer.title}${state.mode === "standard" ? ` · ${words.standardised}` : ""}`, "atlas-tip-layer"),
    line("div", number, "atlas-tip-number"), ...[relative, counted, view.period.label].filter(Boolean).map((text) => line("div", text, "atlas-tip-small")),
  ];
}
