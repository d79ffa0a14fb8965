// Beside or beneath a list wide enough, the selected line (by click or focus) is shown in #preview. Without scripts the line opens.
const WAIT = 200;
const wide = window.matchMedia("(min-width: 62.01rem)");
let timer = 0;

function select(line) {
  const place = document.getElementById("preview");
  if (!place || !wide.matches || place.dataset.shown === line.dataset.preview) return;
  document.querySelectorAll("[data-preview].selected").forEach((one) => one.classList.remove("selected"));
  line.classList.add("selected");
  clearTimeout(timer);
  timer = setTimeout(() => {
    place.dataset.shown = line.dataset.preview;
    window.htmx.ajax("GET", line.dataset.preview, { target: place, swap: "innerHTML" });
  }, WAIT);
}

for (const kind of ["focusin", "click"]) {
  document.addEventListener(kind, (event) => {
    const line = event.target.closest && event.target.closest("[data-preview]");
    if (line) select(line);
  });
}

document.addEventListener("htmx:afterSettle", () => {
  const place = document.getElementById("preview");
  if (!place || !place.dataset.shown) return;
  const line = document.querySelector(`[data-preview="${place.dataset.shown}"]`);
  if (line) line.classList.add("selected");
});
