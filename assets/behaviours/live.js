// An element with data-live="<address>" asks there every few seconds whether its board has changed, and then
// reloads itself through HTMX. Nothing is asked while the page is hidden.
const EVERY = 5000;

async function ask(element) {
  if (document.hidden || element.contains(document.activeElement) && document.activeElement.matches("input, select, textarea")) return;
  const address = new URL(element.dataset.live, window.location.href);
  address.searchParams.set("version", element.dataset.version || "");
  const answer = await fetch(address, { credentials: "same-origin" });
  if (answer.status !== 200) return;
  element.dataset.version = (await answer.text()).trim();
  window.htmx.trigger(element, "changed");
}

setInterval(() => {
  document.querySelectorAll("[data-live]").forEach((element) => ask(element).catch(() => {}));
}, EVERY);
