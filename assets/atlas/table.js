// The same as the map, as a table: for keyboard and screen reader, for reading off, for paper.
import { written } from "./classes.js";

export function table(atlas, view) {
  const holder = atlas.part("table");
  if (!holder) return;
  const { areas, layer, words } = atlas;
  const rows = view.shown.map((code) => [areas.get(code), view.cells.get(code)]);
  rows.sort(([, one], [, other]) => (other.value ?? -1) - (one.value ?? -1));
  const body = document.createElement("tbody");
  body.append(...rows.map(([area, cell]) => rowOf(atlas, view, area, cell)));
  holder.querySelector("tbody").replaceWith(body);
  holder.querySelector("caption").textContent = `${view.title}，${view.subtitle}。${view.source}`;
  const heads = [words.area, `${layer.title}（${layer.unit}）`, words.class, layer.numerator, layer.denominator];
  holder.querySelectorAll("thead th").forEach((head, place) => { head.textContent = heads[place]; });
}

function rowOf(atlas, view, area, cell) {
  const { layer, words } = atlas;
  const row = document.createElement("tr");
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: area.name, className: "atlas-row" });
  button.addEventListener("click", () => {
    atlas.choose(area.code);
    atlas.root.scrollIntoView({ block: "start" });
  });
  const name = Object.assign(document.createElement("th"), { scope: "row" });
  name.append(button);
  const swatch = Object.assign(document.createElement("span"), { className: "atlas-swatch" });
  const entry = cell.place === null ? null : view.legend[cell.place];
  if (entry) swatch.style.backgroundColor = entry.colour;
  const classed = document.createElement("td");
  classed.append(...(entry ? [swatch, entry.words] : [cell.why === "hidden" ? words.hidden : words.none]));
  const number = (text) => Object.assign(document.createElement("td"), { textContent: text, className: "text-end" });
  const counted = layer.per !== 0;
  row.append(name, number(cell.value === null ? "—" : written(cell.value, layer)), classed, number(counted && cell.n !== null ? cell.n : "—"), number(counted && cell.d !== null ? cell.d ?? "—" : "—"));
  return row;
}
