// The health map of a county: one map, one legend, one panel; layer, place and time change without a new page.
import { paint, makeMap, paddingOf, arcs } from "./drawing.js";
import { bindControls, showControls } from "./controls.js";
import { headline } from "./headline.js";
import { corners, widened } from "../map/frame.js";
import { legend } from "./legend.js";
import { onPaper, save } from "./picture.js";
import { streamTable, streamsOf } from "./streams.js";
import { table } from "./table.js";
import { fetched } from "./values.js";
import { newest, viewOf } from "./view.js";

const timed = (name, since) => {
  performance.measure(`atlas:${name}`, { start: since, end: performance.now() });
};

export async function beginAtlas(root) {
  const start = JSON.parse(document.getElementById(root.dataset.atlas).textContent);
  const atlas = new Atlas(root, start);
  await atlas.begin();
}

class Atlas {
  constructor(root, start) {
    this.root = root;
    this.start = start;
    this.words = start.words;
    this.state = { ...start.state };
  }

  part(name) {
    return this.root.querySelector(`[data-part=${name}]`) || document.querySelector(`[data-part=${name}]`);
  }

  async begin() {
    const since = 0;
    const [ground, layer] = await Promise.all([fetched(this.start.urls.ground), this.fetchLayer()]);
    this.ground = ground;
    this.areas = new Map(ground.features.map((one) => [one.properties.code, one.properties]));
    this.layer = layer;
    this.map = makeMap(this.part("map"), ground, { dark: this.start.dark, small: this.start.small });
    bindControls(this);
    await new Promise((done) => this.map.once("load", done));
    this.bindMap();
    onPaper(this.map, this.part("paper"), () => this.view);
    this.settle();
    this.refresh();
    this.fit(0);
    this.map.once("idle", () => {
      timed("first-map", since);
      this.root.dataset.drawn = "yes";
    });
    new ResizeObserver(() => {
      this.map.resize();
      if (this.start.small) this.fit(0);
    }).observe(this.part("map"));
  }

  fetchLayer() {
    const { layer, grain } = this.state;
    const known = this.start.layers.find((one) => one.code === layer);
    const fitting = known && !known.grains.includes(grain) ? known.grains[0] : grain;
    this.state.grain = fitting;
    return fetched(`${this.start.urls.values}?layer=${encodeURIComponent(layer)}&grain=${fitting}&county=${this.start.county}`);
  }

  // Keeps the state within what the layer knows: a period it has, a way of showing that it allows.
  settle() {
    const count = this.layer.periods.length;
    const wanted = this.layer.periods.findIndex((one) => one.code === this.state.period);
    this.state.step = wanted >= 0 ? wanted : newest(this.layer);
    this.state.period = count ? this.layer.periods[this.state.step].code : "";
    if (this.state.mode === "standard" && !this.layer.standardised) this.state.mode = "plain";
  }

  get place() {
    return this.areas.get(this.state.place) || this.areas.get(this.start.county);
  }

  change(changes, name) {
    const since = performance.now();
    const fetchedAnew = "layer" in changes || "grain" in changes;
    Object.assign(this.state, changes);
    const drawn = () => {
      this.settle();
      this.refresh();
      if ("place" in changes || "flows" in changes) this.fit();
      this.map.once("render", () => timed(name, since));
      this.map.triggerRepaint();
    };
    if (!fetchedAnew) return drawn();
    this.root.setAttribute("aria-busy", "true");
    return this.fetchLayer().then((layer) => {
      this.layer = layer;
      drawn();
    }).catch((error) => {
      console.error(error);
      this.part("head").textContent = this.words.failed;
    }).finally(() => this.root.removeAttribute("aria-busy"));
  }

  choose(code) {
    if (!this.areas.has(code)) return;
    this.change({ place: code }, "place");
    this.askPanel();
  }

  askPanel() {
    const panel = this.part("panel");
    if (!panel) return;
    const address = `${this.start.urls.panel}?place=${this.place.code}&layer=${encodeURIComponent(this.state.layer)}&county=${this.start.county}`;
    window.htmx.ajax("GET", address, { target: panel, swap: "innerHTML" });
  }

  refresh() {
    const view = viewOf(this);
    this.view = view;
    paint(this.map, view);
    legend(this, view);
    showControls(this, view);
    headline(this, view);
    table(this, view);
    this.path();
    this.remember();
    this.drawArcs();
  }

  drawArcs() {
    const kind = this.start.urls.flows ? this.state.flows : "";
    if (!kind) {
      if (this.arcsShown) arcs(this.map, []);
      this.arcsShown = false;
      return streamTable(this, null);
    }
    const grain = this.state.grain === "month" ? "month" : "year";
    return fetched(`${this.start.urls.flows}?county=${this.start.county}&kind=${kind}&grain=${grain}`).then((told) => {
      if (kind !== this.state.flows) return;
      const found = streamsOf(this, told);
      arcs(this.map, found.lines, this.edge());
      streamTable(this, found);
      this.arcsShown = true;
    });
  }

  // A little beyond the county: here lines to places far away end.
  edge() {
    return widened(corners(this.ground.features.filter((one) => one.properties.level === "county" && one.geometry)), 0.12);
  }

  path() {
    const holder = this.part("path");
    if (!holder) return;
    const steps = [];
    for (let area = this.place; area; area = this.areas.get(area.parent)) steps.unshift(area);
    holder.replaceChildren(...steps.flatMap((area, place) => {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: area.name, className: "atlas-step" });
      if (area === this.place) button.setAttribute("aria-current", "location");
      button.addEventListener("click", () => this.choose(area.code));
      return place ? [Object.assign(document.createElement("span"), { textContent: "›", ariaHidden: "true" }), button] : [button];
    }));
  }

  remember() {
    if (this.start.small) return;
    const { layer, grain, period, level, mode } = this.state;
    const told = new URLSearchParams({ place: this.place.code, layer, grain, period, level, mode });
    if (this.state.flows) told.set("flows", this.state.flows);
    history.replaceState(null, "", `${location.pathname}?${told}`);
    document.querySelectorAll("[data-atlas-export]").forEach((link) => {
      link.href = `${this.start.urls.table}?${told}&county=${this.start.county}&format=${link.dataset.atlasExport}`;
    });
  }

  fit(duration = 450) {
    const quick = window.matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : duration;
    const wanted = this.place.level === "village" ? this.place.parent : this.place.code;
    const found = this.ground.features.filter((one) => one.properties.code === wanted && one.geometry);
    this.map.resize();
    const flowing = Boolean(this.state.flows) && this.place.level === "county";
    const box = flowing ? this.edge() : corners(found);
    const padding = this.start.small ? 12 : paddingOf(this.part("map"), flowing);
    if (found.length) this.map.fitBounds(box, { padding, duration: quick });
  }

  bindMap() {
    const at = (event) => {
      const layers = this.view.level === "village" ? ["village"] : ["township"];
      const [found] = this.map.queryRenderedFeatures(event.point, { layers });
      if (found && this.view.shown.includes(found.properties.code)) return found.properties.code;
      const [township] = this.map.queryRenderedFeatures(event.point, { layers: ["township"] });
      return township ? township.properties.code : "";
    };
    this.map.on("click", (event) => {
      const code = at(event);
      if (!code) return;
      if (this.start.small) window.location.assign(`${this.start.urls.page}?place=${code}&layer=${encodeURIComponent(this.state.layer)}`);
      else this.choose(code);
    });
    this.map.on("mousemove", (event) => this.hover(at(event), event.point));
    this.map.on("mouseout", () => this.hover("", null));
  }

  hover(code, point) {
    const tip = this.part("tip");
    const source = (one) => (this.areas.get(one).level === "village" ? "village" : "township");
    if (this.over && this.over !== code) this.map.setFeatureState({ source: source(this.over), id: this.over }, { over: false });
    this.over = code;
    this.map.getCanvas().style.cursor = code ? "pointer" : "";
    if (!tip) return;
    tip.hidden = !code;
    if (!code) return;
    this.map.setFeatureState({ source: source(code), id: code }, { over: true });
    tip.replaceChildren(...this.view.tip(code));
    const wide = this.part("map").clientWidth;
    tip.style.left = `${Math.min(point.x + 14, wide - tip.offsetWidth - 8)}px`;
    tip.style.top = `${Math.max(8, point.y - tip.offsetHeight - 10)}px`;
  }

  savePicture() {
    save(this.map, this.view, `${this.place.name}-${this.layer.title}-${this.state.period}`);
  }
}
