// Small manners: print buttons, choices that send their form, copying, proposals that fill a field, questions before what cannot be undone.
document.addEventListener("click", (event) => {
  const target = event.target.closest && event.target.closest("[data-print], [data-copy], [data-fill]");
  if (!target) return;
  if (target.dataset.fill) fill(target);
  if ("print" in target.dataset) window.print();
  if (target.dataset.copy) navigator.clipboard.writeText(document.getElementById(target.dataset.copy).value);
});

// data-fill="<name>": the proposal's data-value goes into the field of that name in its form, the proposals go away.
function fill(proposal) {
  const field = proposal.closest("form").elements[proposal.dataset.fill];
  field.value = proposal.dataset.value;
  proposal.parentElement.replaceChildren();
  field.focus();
}

document.addEventListener("change", (event) => {
  if (event.target.matches && event.target.matches("[data-send-on-change]")) event.target.form.requestSubmit();
  const field = event.target.closest && event.target.closest("[data-shows]");
  if (field) show(field);
});

document.addEventListener("submit", (event) => {
  const question = event.target.dataset && event.target.dataset.ask;
  if (question && !window.confirm(question)) event.preventDefault();
});

// data-shows="<name>": the elements with data-shown-for="<name>:<value>" follow the field's value.
function show(field) {
  const name = field.dataset.shows;
  const checked = document.querySelector(`[data-shows="${name}"]:checked`);
  const value = checked ? checked.value : field.type === "checkbox" ? "" : field.value;
  document.querySelectorAll(`[data-shown-for^="${name}:"]`).forEach((element) => {
    element.hidden = !element.dataset.shownFor.slice(name.length + 1).split(",").includes(value);
  });
}

function showAll() {
  document.querySelectorAll("[data-shows]").forEach(show);
}

// data-reload-after="<seconds>" on the body: a page on a wall, which nobody touches, loads itself anew.
function reloadLater() {
  const seconds = Number(document.body.dataset.reloadAfter);
  if (seconds) setTimeout(() => window.location.reload(), seconds * 1000);
}

document.addEventListener("DOMContentLoaded", reloadLater);
document.addEventListener("DOMContentLoaded", showAll);
document.addEventListener("htmx:afterSettle", showAll);
