/** Who speaks: a picture made of his name. */
import { el } from "./dom.js";

const HUES = 8;

function hue(name) {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + letter.codePointAt(0)) % 9973;
  return sum % HUES;
}

const initials = (name) => name.split(/\s+/).slice(0, 2).map((word) => [...word][0] ?? "").join("").toUpperCase();

/** A square with the first letters; apps have a frame of their own. */
export function face(name, { app = false, small = false } = {}) {
  const kind = `face hue-${hue(name)}${app ? " of-app" : ""}${small ? " small" : ""}`;
  return el("span", { class: kind, "aria-hidden": "true" }, initials(name || "?"));
}
