/** The small parts of a line: mentions, channels, links, emoji, dates. */
import { el } from "./dom.js";
import { emoji, known } from "./emoji.js";
import { drawing } from "./signs.js";
import { formatted, moment, whole } from "./dates.js";

const SAFE = /^(https?:|mailto:|tel:)/i;

/** `@Ana`; marked when it is me. */
export function person(id, store, label) {
  const user = store.people.get(id);
  const mine = id === store.me?.id;
  return el("span", { class: mine ? "mention me" : "mention" }, `@${user?.real_name ?? label ?? id}`);
}

export const everybody = (range) => el("span", { class: "mention me" }, `@${range}`);

/** `#support`, which leads there where I may go. */
export function room(id, store, label) {
  const channel = store.channels.get(id);
  const name = `#${channel?.name ?? label ?? id}`;
  const open = channel && (channel.kind === "channel" || store.isIn(channel));
  return open ? el("a", { class: "mention", href: `#in=${id}` }, name) : el("span", { class: "mention" }, name);
}

/** A link that opens elsewhere; what is no web address is its words. A permalink leads to its message. */
export function link(url, label, store) {
  const words = label || url;
  const here = url.match(/\/archives\/([A-Z0-9]+)\/p(\d+)(\d{6})$/);
  if (here && store.channels.has(here[1])) {
    return el("a", { href: `#in=${here[1]}&thread=${here[2]}.${here[3]}` }, words);
  }
  return SAFE.test(url) ? el("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, words) : words;
}

/** How an emoji is called in a sentence. */
export const spelt = (name) => `:${name}:`;

export function sign(name) {
  const drawn = emoji(name);
  return known(name) ? el("span", { class: "emoji", role: "img", "aria-label": name.replaceAll("_", " "), title: `:${name}:` }, drawing(name) ?? drawn) : drawn;
}

/** A moment in the reader's own time zone. */
export function date(timestamp, format, fallback) {
  const at = moment(timestamp);
  if (Number.isNaN(at.getTime())) return fallback;
  return el("time", { datetime: at.toISOString(), title: whole(at) }, formatted(timestamp, format, fallback));
}
