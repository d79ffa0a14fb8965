// "/" goes to the search field; j and k walk a list (data-walk), Enter opens the line.
function typing(target) {
  return /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) || target.isContentEditable;
}

function walk(step) {
  const lines = [...document.querySelectorAll("[data-walk] [data-line]")];
  if (!lines.length) return;
  const at = lines.findIndex((line) => line.contains(document.activeElement));
  const next = lines[Math.max(0, Math.min(lines.length - 1, at + step))];
  (next.querySelector("[data-open]") || next.querySelector("a, button")).focus();
}

// In a field with data-finds="<id>" Enter sends nothing: it goes to the first that was found.
document.addEventListener("keydown", (event) => {
  const place = event.key === "Enter" && !event.isComposing && event.target.dataset && event.target.dataset.finds;
  if (!place) return;
  event.preventDefault();
  const first = document.querySelector(`#${place} input:checked, #${place} input`);
  if (first) first.focus();
});

document.addEventListener("keydown", (event) => {
  if (typing(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "/") {
    const field = document.querySelector("[data-search]");
    if (field) {
      event.preventDefault();
      field.focus();
    }
  }
  if (event.key === "j") walk(1);
  if (event.key === "k") walk(-1);
});
