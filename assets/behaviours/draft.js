// A form with data-draft="<opaque name>" keeps what is typed on this device until it is sent: numbers and ticks in
// localStorage for a day, free text only as long as the tab lives; of a form with data-draft-tab, which names a person,
// everything. Whose form it is cannot be told from what is kept.
const PREFIX = "draft:", DAY = 86400e3, UNKEPT = new Set(["csrfmiddlewaretoken", "key"]);

function fields(form) {
  return [...form.elements].filter((field) => field.name && !UNKEPT.has(field.name) && field.type !== "file");
}

function shelf(field) {
  return field.tagName === "TEXTAREA" || "draftTab" in field.form.dataset ? sessionStorage : localStorage;
}

function keep(form) {
  for (const place of [localStorage, sessionStorage]) {
    const held = {};
    for (const field of fields(form).filter((one) => shelf(one) === place)) {
      if (field.type === "radio" && !field.checked) continue;
      const value = field.type === "checkbox" ? field.checked : field.value;
      if (value) held[field.name] = value;
    }
    const name = PREFIX + form.dataset.draft;
    if (Object.keys(held).length) place.setItem(name, JSON.stringify({ at: Date.now(), held }));
    else place.removeItem(name);
  }
  say(form);
}

function say(form) {
  const place = form.querySelector("[data-draft-saved]");
  if (place) place.textContent = form.dataset.draftText;
}

function restore(form) {
  for (const place of [localStorage, sessionStorage]) {
    const kept = JSON.parse(place.getItem(PREFIX + form.dataset.draft) || "null");
    if (!kept) continue;
    for (const field of fields(form)) {
      if (!(field.name in kept.held)) continue;
      if (field.type === "checkbox") field.checked = field.checked || kept.held[field.name];
      else if (field.type === "radio") field.checked = field.checked || field.value === kept.held[field.name];
      else if (!field.value) field.value = kept.held[field.name];
    }
    say(form);
  }
}

function drop(wanted, prefix = PREFIX) {
  for (const place of [localStorage, sessionStorage]) {
    for (const name of Object.keys(place)) {
      if (name.startsWith(prefix) && wanted(name, place)) place.removeItem(name);
    }
  }
}

function forgetAll() {
  drop(() => true);
  drop(() => true, "htmx-");
}

function old(name, place) {
  try {
    return Date.now() - JSON.parse(place.getItem(name)).at > DAY;
  } catch {
    return true;
  }
}

document.addEventListener("input", (event) => {
  const form = event.target.closest && event.target.closest("form[data-draft]");
  if (form) keep(form);
});

document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-forget-drafts]")) forgetAll();
});

document.addEventListener("DOMContentLoaded", () => {
  if (document.body.dataset.signedOut !== undefined) forgetAll();
  drop(old);
  document.querySelectorAll("form[data-draft]").forEach((form) => {
    if ("draftSent" in form.dataset) {
      drop((name) => name === PREFIX + form.dataset.draft);
      history.replaceState(null, "", location.pathname);
    } else restore(form);
  });
});
