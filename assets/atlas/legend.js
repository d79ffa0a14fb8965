// The legend: what is shown, its classes with how many areas fall in each, its source and date.
export function legend(atlas, view) {
  const holder = atlas.part("legend");
  if (!holder) return;
  const make = (tag, name, text = "") => Object.assign(document.createElement(tag), { className: name, textContent: text });
  const list = make("ul", "atlas-classes");
  view.legend.forEach((row) => {
    const item = make("li", "");
    const swatch = make("span", `atlas-swatch ${row.pattern ? `atlas-${row.pattern}` : ""}`);
    swatch.style.backgroundColor = row.colour;
    item.append(swatch, make("span", "", row.words), make("span", "atlas-count", `${row.count}`));
    list.append(item);
  });
  const source = make("p", "atlas-source", view.source);
  const parts = [make("h2", "atlas-legend-title", atlas.layer.title), make("p", "atlas-legend-sub", view.subtitle), list];
  if (atlas.state.flows && !atlas.start.small) parts.push(make("p", "atlas-streams-key", atlas.words.flows_key));
  if (!atlas.start.small) parts.push(source);
  holder.replaceChildren(...parts);
}
