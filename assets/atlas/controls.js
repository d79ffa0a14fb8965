// Layer, level, way of showing, time: native controls, so that keyboard and screen reader know them.
export function bindControls(atlas) {
  if (atlas.start.small) return;
  const on = (name, kind, act) => {
    const part = atlas.part(name);
    if (part) part.addEventListener(kind, act);
  };
  on("layer", "change", (event) => {
    atlas.change({ layer: event.target.value }, "layer");
    atlas.askPanel();
  });
  on("mode", "change", (event) => atlas.change({ mode: event.target.value }, "mode"));
  on("grain", "change", (event) => atlas.change({ grain: event.target.value, period: "" }, "grain"));
  on("level", "change", (event) => atlas.change({ level: event.target.value }, "level"));
  on("flows", "change", (event) => atlas.change({ flows: event.target.value }, "flows"));
  on("step", "input", (event) => atlas.change({ period: atlas.layer.periods[Number(event.target.value)].code }, "time"));
  on("play", "click", () => play(atlas));
  document.querySelectorAll("[data-atlas-picture]").forEach((button) => button.addEventListener("click", () => atlas.savePicture()));
}

function play(atlas) {
  if (atlas.playing) return stop(atlas);
  const count = atlas.layer.periods.length;
  const go = (step) => atlas.change({ period: atlas.layer.periods[step % count].code }, "time");
  let step = atlas.state.step >= count - 1 ? 0 : atlas.state.step + 1;
  go(step);
  atlas.playing = setInterval(() => {
    step += 1;
    if (step >= count) return stop(atlas);
    return go(step);
  }, 900);
  return showPlaying(atlas);
}

function stop(atlas) {
  clearInterval(atlas.playing);
  atlas.playing = null;
  showPlaying(atlas);
}

function showPlaying(atlas) {
  const button = atlas.part("play");
  button.setAttribute("aria-pressed", atlas.playing ? "true" : "false");
  button.querySelector("[data-part=play-word]").textContent = atlas.playing ? atlas.words.pause : atlas.words.play;
}

export function showControls(atlas, view) {
  if (atlas.start.small) return;
  const { state, layer, start } = atlas;
  const known = start.layers.find((one) => one.code === state.layer) || { grains: [] };
  set(atlas.part("layer"), state.layer);
  set(atlas.part("mode"), state.mode);
  set(atlas.part("grain"), state.grain);
  set(atlas.part("level"), state.level);
  const standard = atlas.part("mode").querySelector("[value=standard]");
  standard.disabled = !layer.standardised;
  atlas.part("grain").querySelectorAll("option").forEach((option) => { option.disabled = !known.grains.includes(option.value); });
  atlas.part("level").hidden = Boolean(view.parent);
  set(atlas.part("flows"), state.flows);
  const slider = atlas.part("step");
  slider.max = Math.max(0, layer.periods.length - 1);
  slider.value = state.step;
  slider.disabled = atlas.part("play").disabled = layer.periods.length < 2;
  atlas.root.querySelector(".atlas-time").hidden = layer.periods.length < 2 && known.grains.length < 2;
  slider.setAttribute("aria-valuetext", view.period.label);
  atlas.part("period").textContent = view.period.label + (view.period.complete ? "" : ` ${atlas.words.so_far}`);
}

function set(part, value) {
  if (part && part.value !== value) part.value = value;
}
