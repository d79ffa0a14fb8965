// Streams of people in the period shown: what the map draws as lines, and the same as a table.
import { HIDDEN } from "./values.js";

export function streamsOf({ state, place }, told) {
  const known = told.periods.findIndex((one) => one.code === state.period);
  const step = known >= 0 ? known : told.periods.length - 1;
  const township = place.level === "village" ? place.parent : place.level === "township" ? place.code : "";
  const here = told.lines.filter((one) => !township || one.township === township);
  const rows = here.map((one) => ({ ...one, n: one.n[step] ?? 0 })).filter((one) => one.n !== 0);
  rows.sort((one, other) => other.n - one.n);
  const lines = rows.filter((one) => one.n > 0 && one.from.point && one.to.point);
  return { rows, lines, period: step >= 0 ? told.periods[step] : { code: "", label: "" }, township, as_of: told.as_of };
}

export function streamTable(atlas, found) {
  const holder = atlas.part("streams");
  if (!holder) return;
  holder.hidden = !found;
  if (!found) return;
  const { words, start, state } = atlas;
  const about = words.flows[state.flows];
  holder.querySelector("[data-part=streams-title]").textContent = `${atlas.place.name} · ${about.title} · ${found.period.label}`;
  const undrawn = found.rows.length - found.lines.length;
  holder.querySelector("caption").textContent = `${words.source} ${about.source} · ${words.as_of} ${found.as_of}${undrawn ? ` · ${words.undrawn.replace("{n}", undrawn)}` : ""}`;
  const body = document.createElement("tbody");
  body.append(...(found.rows.length ? found.rows.map((one) => rowOf(one, words)) : [emptyRow(words)]));
  holder.querySelector("tbody").replaceWith(body);
  const asked = new URLSearchParams({ county: start.county, kind: state.flows, grain: state.grain, period: found.period.code, place: found.township });
  holder.querySelectorAll("[data-streams-export]").forEach((link) => { link.href = `${start.urls.flows}?${asked}&format=${link.dataset.streamsExport}`; });
}

function rowOf(one, words) {
  const row = document.createElement("tr");
  const cell = (text, name = "") => Object.assign(document.createElement("td"), { textContent: text, className: name });
  const from = Object.assign(document.createElement("th"), { scope: "row", textContent: one.from.name });
  row.append(from, cell(one.to.name), cell(one.outside ? words.across : words.within), cell(one.n === HIDDEN ? words.hidden : one.n, "text-end"));
  return row;
}

function emptyRow(words) {
  const row = document.createElement("tr");
  row.append(Object.assign(document.createElement("td"), { colSpan: 4, textContent: words.none }));
  return row;
}
