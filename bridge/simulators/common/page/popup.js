/** Things that open over others: menus, lists of entries, short messages, questions. */
import { el, unique } from "./dom.js";

/** Puts an open popover under its anchor, or over it where there is no room. */
export function place(box, anchor, { wide = false } = {}) {
  const at = anchor.getBoundingClientRect();
  if (wide) box.style.minWidth = `${at.width}px`;
  const below = innerHeight - at.bottom - 12;
  const up = below < Math.min(box.scrollHeight, 220) && at.top > below;
  box.style.maxHeight = `${Math.max(120, (up ? at.top : below + 4) - 8)}px`;
  box.style.left = `${Math.max(8, Math.min(at.left, innerWidth - box.offsetWidth - 8))}px`;
  box.style.top = up ? `${Math.max(8, at.top - box.offsetHeight - 4)}px` : `${at.bottom + 4}px`;
}

/**
 * A button that opens a menu. `entries()` gives `{ label, hint, danger, act }`; a `null` is a line.
 */
export function menuButton(props, face, entries) {
  const id = unique("menu");
  const button = el("button", { type: "button", "aria-haspopup": "menu", "aria-expanded": "false", "aria-controls": id, ...props }, face);
  const box = el("div", { class: "menu", id, role: "menu", popover: "auto" });
  const items = () => [...box.querySelectorAll("[role=menuitem]")];
  button.addEventListener("click", () => {
    box.replaceChildren(...entries().map((one) => (one ? entry(one, box) : el("hr"))));
    box.showPopover();
    place(box, button);
    items()[0]?.focus();
  });
  box.addEventListener("toggle", ({ newState }) => {
    button.setAttribute("aria-expanded", String(newState === "open"));
    if (newState === "closed" && box.contains(document.activeElement)) button.focus();
  });
  box.addEventListener("keydown", (event) => step(event, items()));
  return el("span", { class: "menu-place" }, button, box);
}

function entry({ label, hint, danger, act }, box) {
  const face = [el("span", {}, label), hint && el("small", {}, hint)];
  const choose = () => {
    box.hidePopover();
    act();
  };
  return el("button", { type: "button", role: "menuitem", tabindex: "-1", class: danger ? "danger" : null, onclick: choose }, face);
}

function step(event, items) {
  const moves = { ArrowDown: 1, ArrowUp: -1 };
  if (!(event.key in moves)) return;
  event.preventDefault();
  const next = items.indexOf(document.activeElement) + moves[event.key];
  items.at(next % items.length)?.focus();
}

/** A short sentence that goes away by itself. */
export function toast(words) {
  const box = document.getElementById("toast");
  box.textContent = words;
  box.hidden = false;
  box.togglePopover?.(true);
  clearTimeout(box.timer);
  box.timer = setTimeout(() => {
    box.togglePopover?.(false);
    box.hidden = true;
  }, 6000);
}

/** A question with two answers; true for the first. */
export function question({ title, text, yes, no, danger }) {
  const { promise, resolve } = Promise.withResolvers?.() ?? later();
  const answer = (said) => () => {
    dialog.close();
    resolve(said);
  };
  const heading = unique("question");
  const dialog = el("dialog", { class: "question", "aria-labelledby": heading },
    el("h2", { id: heading }, title),
    text && el("div", { class: "block-text" }, text),
    el("footer", {},
      el("button", { type: "button", class: "plain-button", onclick: answer(false) }, no),
      el("button", { type: "button", class: danger ? "danger-button" : "primary-button", autofocus: true, onclick: answer(true) }, yes)));
  dialog.addEventListener("close", () => {
    resolve(false);
    dialog.remove();
  });
  document.body.append(dialog);
  dialog.showModal();
  return promise;
}

function later() {
  let resolve;
  const promise = new Promise((done) => (resolve = done));
  return { promise, resolve };
}
