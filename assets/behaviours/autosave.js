// A form with data-autosave="<address>" keeps itself: two seconds after the last change it posts what stands in it.
const WAIT = 2000;

function say(form, text) {
  const place = form.querySelector("[data-saved]") || document.querySelector("[data-saved]");
  if (place) place.textContent = text;
}

async function keep(form) {
  const data = new FormData(form);
  for (const [name, value] of [...data.entries()]) if (value instanceof File) data.delete(name);
  try {
    const answer = await fetch(form.dataset.autosave, { method: "POST", body: data, credentials: "same-origin" });
    say(form, answer.ok ? form.dataset.savedText : form.dataset.unsavedText);
  } catch {
    say(form, form.dataset.unsavedText);
  }
}

document.addEventListener("input", (event) => {
  const form = event.target.closest && event.target.closest("form[data-autosave]");
  if (!form) return;
  clearTimeout(form.autosaveTimer);
  form.autosaveTimer = setTimeout(() => keep(form), WAIT);
});
