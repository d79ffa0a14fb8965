import htmx from "htmx.org";
import "./behaviours/autosave.js";
import "./behaviours/draft.js";
import "./behaviours/keyboard.js";
import "./behaviours/live.js";
import "./behaviours/preview.js";
import "./behaviours/small.js";

htmx.config.includeIndicatorStyles = false;
htmx.config.allowEval = false;
htmx.config.historyCacheSize = 0; // no page about a person stays in the browser
htmx.config.allowScriptTags = false;
window.htmx = htmx;

document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector("meta[name=csrf-token]");
  if (token) event.detail.headers["X-CSRFToken"] = token.content;
});
// A form answered with 422 carries its messages: show it.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status === 422) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});
