// The one number of the chosen place: value, what it was counted from, rank, and its way over time.
import { written } from "./classes.js";

export function headline(atlas, view) {
  const holder = atlas.part("head");
  if (!holder) return;
  const { layer, place, words } = atlas;
  const found = view.value(place.code);
  const make = (tag, name, text = "") => Object.assign(document.createElement(tag), { className: name, textContent: text });
  const number = make("div", "atlas-number");
  number.append(make("strong", "", found.value === null ? (found.why === "hidden" ? words.hidden : words.none) : written(found.value, layer)));
  if (found.value !== null) number.append(make("span", "atlas-unit", ` ${layer.unit}`));
  const facts = [];
  if (found.n !== null && layer.per) facts.push(`${layer.numerator} ${found.n} ÷ ${layer.denominator} ${found.d}`);
  if (found.value !== null && place.level !== "county" && view.whole) facts.push(`${words.county} ${written(view.whole, layer)} · ${words.ratio} ${(found.value / view.whole).toFixed(2)}`);
  const rank = rankOf(atlas, view, found.value);
  if (rank) facts.push(rank);
  const parts = [make("h2", "atlas-place", place.name), make("div", "atlas-layer", view.title.split(" · ").slice(1).join(" · ")), number];
  parts.push(...facts.map((text) => make("div", "atlas-fact", text)), make("div", "atlas-fact atlas-when", `${view.period.label}${view.period.complete ? "" : ` · ${words.until} ${layer.until}`}`));
  parts.push(trend(atlas, view), note(atlas, make));
  holder.replaceChildren(...parts.filter(Boolean));
}

function note({ layer, words }, make) {
  const box = make("details", "atlas-how");
  box.append(make("summary", "", words.how), make("p", "", layer.how));
  if (layer.edition) {
    const link = Object.assign(document.createElement("a"), { href: layer.edition.url, textContent: `${layer.edition.title} ${layer.edition.version}` });
    const line = make("p", "");
    line.append(link, ` · ${layer.edition.verified ? words.verified : words.unverified}`);
    box.append(line);
  }
  return box;
}

function rankOf({ areas, place, words, layer }, view, value) {
  if (value === null || place.level === "county") return "";
  const beside = [...areas.values()].filter((one) => one.parent === place.parent).map((one) => view.value(one.code).value).filter((one) => one !== null);
  const above = beside.filter((one) => one > value).length;
  return layer.per ? words.rank.replace("{n}", above + 1).replace("{all}", beside.length) : "";
}

const WIDE = 320, HIGH = 84, SVG = "http://www.w3.org/2000/svg";

function trend({ layer, place, state, words }, view) {
  const values = layer.periods.map((_one, step) => view.value(place.code, step).value);
  const known = values.filter((one) => one !== null);
  if (known.length < 2) return null;
  const [low, high] = [Math.min(...known) * 0.9, Math.max(...known)];
  const x = (step) => 8 + (step * (WIDE - 16)) / (values.length - 1);
  const y = (value) => HIGH - 22 - ((value - low) * (HIGH - 40)) / (high - low || 1);
  const make = (tag, told, text = "") => {
    const one = document.createElementNS(SVG, tag);
    Object.entries(told).forEach(([name, value]) => one.setAttribute(name, value));
    one.textContent = text;
    return one;
  };
  const points = values.map((value, step) => (value === null ? null : `${x(step)},${y(value)}`)).filter(Boolean);
  const chart = make("svg", { viewBox: `0 0 ${WIDE} ${HIGH}`, class: "atlas-trend", role: "img", "aria-label": `${words.trend}: ${layer.periods.map((one, step) => `${one.label} ${written(values[step], layer)}`).join("，")}` });
  chart.append(make("polyline", { points: points.join(" "), fill: "none", stroke: "#0f6e6e", "stroke-width": 2, "stroke-linejoin": "round" }));
  const now = values[state.step];
  if (now !== null && now !== undefined) {
    chart.append(make("circle", { cx: x(state.step), cy: y(now), r: 4.5, fill: "#c2762b", stroke: "#fff", "stroke-width": 1.5 }));
    const anchor = state.step > (values.length - 1) * 0.7 ? "end" : state.step < (values.length - 1) * 0.3 ? "start" : "middle";
    chart.append(make("text", { x: x(state.step), y: y(now) - 8, "text-anchor": anchor, class: "atlas-trend-now" }, written(now, layer)));
  }
  chart.append(make("text", { x: 8, y: HIGH - 4 }, layer.periods[0].label), make("text", { x: WIDE - 8, y: HIGH - 4, "text-anchor": "end" }, layer.periods[layer.periods.length - 1].label));
  return chart;
}
