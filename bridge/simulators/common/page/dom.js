/** Making nodes and keeping them. What people wrote is only ever text here. */

const SVG = "http://www.w3.org/2000/svg";
const ICONS = {
  hash: "M9 4 7 20M17 4l-2 16M4 9h16M3.500 15h16",
  lock: "M7 11V8a5 5 0 0 1 10 0v3M6 11h12v9H6z",
  down: "m6 9 6 6 6-6",
  back: "M15 6l-6 6 6 6",
  close: "M6 6l12 12M18 6 6 18",
  more: "M12 5.500v.01M12 12v.01M12 18.500v.01",
  smile: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM8.500 14.500a4.500 4.500 0 0 0 7 0M9 9.500v.01M15 9.500v.01",
  reply: "M4 5h16v11H10l-5 4v-4H4z",
  send: "M4 12 20 4l-4 16-4.500-6.500z",
  clip: "m20 11-8 8a5 5 0 0 1-7-7l8.500-8.500a3.300 3.300 0 0 1 4.700 4.700L9.800 16.500a1.600 1.600 0 0 1-2.300-2.300L15 6.800",
  menu: "M4 7h16M4 12h16M4 17h16",
  file: "M6 3h8l5 5v13H6zM14 3v5h5",
  eye: "M2.500 12S6 5.500 12 5.500 21.500 12 21.500 12 18 18.500 12 18.500 2.500 12 2.500 12zM12 9.500a2.500 2.500 0 1 0 0 5 2.500 2.500 0 0 0 0-5z",
  home: "M4 11 12 4l8 7v9h-5v-6H9v6H4z",
  tick: "m5 12.500 4.500 4.500L19 7.500",
  ticks: "m1.500 12.500 4.500 4.500L15 7.500M10.500 15.500l1.500 1.500 9-9.500",
  plus: "M12 5v14M5 12h14",
  pin: "M12 21s7-6.200 7-11a7 7 0 0 0-14 0c0 4.800 7 11 7 11zM12 7.500a2.500 2.500 0 1 0 0 5 2.500 2.500 0 0 0 0-5z",
  pencil: "m4 20 1-4L16 5l3 3L8 19z",
  bin: "M5 7h14M10 7V4h4v3m-7 0 1 13h8l1-13",
  block: "M12 3.500a8.500 8.500 0 1 0 0 17 8.500 8.500 0 0 0 0-17zM6 6l12 12",
  user: "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4.500 20.500a7.500 7.500 0 0 1 15 0",
  power: "M12 3.500V12M7 6.500a7.500 7.500 0 1 0 10 0",
};

/** A node: `el("p", { class: "a", onclick }, "text", child)`. */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) set(node, name, value);
  node.append(...children.flat().filter((one) => one !== null && one !== undefined && one !== false));
  return node;
}

function set(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
  else if (name === "data") Object.assign(node.dataset, value);
  else if (name === "value") node.value = value;
  else node.setAttribute(name, value === true ? "" : value);
}

/** A drawing of ours, which says nothing to who cannot see it. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/**
 * Shows `items` in `box`: what looks as before stays the same node. `key(item)` names it,
 * `print(item)` is all that it depends on, `make(item)` draws it.
 */
export function keep(box, items, { key, print, make }) {
  const before = (box.kept ??= new Map());
  const after = new Map();
  let next = box.firstChild;
  for (const item of items) {
    const name = key(item);
    const seen = print(item);
    const old = before.get(name);
    const same = old && (old.seen === seen || isOpen(old.node));
    const node = same ? old.node : make(item);
    if (old && old.node !== node) {
      const focused = focusIn(old.node);
      if (old.node === next) next = next.nextSibling;
      old.node.replaceWith(node);
      refocus(node, focused);
    }
    if (node === next) next = next.nextSibling;
    else if (node.nextSibling !== next || node.parentNode !== box) box.insertBefore(node, next);
    after.set(name, { node, seen: same ? old.seen : seen });
  }
  for (const [name, { node }] of before) if (!after.has(name)) node.remove();
  box.kept = after;
}

/** Draws a part again when `seen` is not what it was. */
export function redraw(box, seen, draw) {
  if (box.seen === seen || isOpen(box)) return false;
  box.seen = seen;
  const focused = focusIn(box);
  box.replaceChildren(...[draw()].flat().filter(Boolean));
  refocus(box, focused);
  return true;
}

/** A menu is open in it: nothing is drawn again under somebody's hand. */
const isOpen = (node) => Boolean(node.querySelector(":popover-open"));

function focusIn(node) {
  const at = document.activeElement;
  if (!at || !node.contains(at) || at === document.body) return null;
  const name = at.dataset.focus ?? "";
  const range = "selectionStart" in at ? [at.selectionStart, at.selectionEnd] : null;
  return { name, range };
}

function refocus(node, focused) {
  if (!focused) return;
  const all = [...node.querySelectorAll("[data-focus]")];
  const found = all.find((one) => one.dataset.focus === focused.name);
  const target = found ?? (node.matches("[tabindex]") ? node : null);
  target?.focus({ preventScroll: true });
  if (found && focused.range?.[0] !== null && focused.range) {
    if (/^(text|search|)$/.test(found.type ?? "") || found.tagName === "TEXTAREA") found.setSelectionRange(...focused.range);
  }
}

let count = 0;
/** An id that nothing else on the page has. */
export const unique = (word) => `${word}-${++count}`;
