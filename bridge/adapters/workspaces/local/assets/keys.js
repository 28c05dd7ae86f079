/** Keyboard shortcuts, wherever nobody is writing. */

const PAGES = { h: "/desk/home", c: "/desk/conversations", q: "/desk/queues" };

const writes = (target) => target.closest("input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]");

function step(by) {
  const rows = [...document.querySelectorAll(document.querySelector(".main [data-row]") ? ".main [data-row]" : ".rail [data-row]")];
  const here = rows.findIndex((row) => row.contains(document.activeElement) || row.matches("[aria-current]"));
  const row = rows[Math.max(0, Math.min(rows.length - 1, here + by))];
  (row?.matches("a") ? row : row?.querySelector("a"))?.focus();
}

function slash() {
  const field = document.getElementById("text") ?? document.querySelector('input[type="search"]');
  field?.focus();
  if (field?.id === "text" && !field.value) {
    field.value = "/";
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

export function startKeys() {
  let going = false;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || writes(event.target) || document.querySelector("dialog[open]")) return;
    const key = event.key;
    if (going && PAGES[key]) location.assign(PAGES[key]);
    else if (key === "/") slash();
    else if (key === "c") document.getElementById("text")?.focus();
    else if (key === "j") step(1);
    else if (key === "k") step(-1);
    else if (key === "t") (document.activeElement?.closest("[data-row]") ?? document.querySelector("#card"))?.querySelector('[data-invoke="take"]')?.click();
    else if (key === "?") document.getElementById("shortcuts")?.showModal();
    else if (key !== "g") return;
    going = key === "g";
    event.preventDefault();
  });
}
