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

/** What stands over a message: who, and whether a program wrote it. */
export function author(message, store) {
  if (message.is_ephemeral && !message.app_id) return { name: "Slackbot", app: true };
  const app = store.apps.find((one) => one.id === message.app_id);
  if (message.subtype === "bot_message") return { name: message.username ?? app?.name ?? "?", app: true, customised: true };
  if (app) return { name: app.name, app: true };
  return { name: message.author || store.people.get(message.user)?.real_name || "Slackbot", app: false };
}
