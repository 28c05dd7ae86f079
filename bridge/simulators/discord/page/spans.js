/** The small parts of a line: mentions, channels, links, emoji, moments. */
import { ago, clock, moment, whole } from "./dates.js";
import { drawing } from "./signs.js";
import { el } from "./dom.js";
import { nameOf } from "./emoji.js";
import { tag } from "./words.js";

/** `@Ana`; marked when it is me. */
export function person(id, store) {
  const mine = id === store.me?.id;
  return el("span", { class: mine ? "mention me" : "mention" }, `@${store.people.get(id)?.real_name ?? id}`);
}

export const role = (id, store) => el("span", { class: "mention" }, `@${(store.roles.get(id)?.name ?? id).replace(/^@/, "")}`);

/** `@everyone`: marked when it rang. */
export const everybody = (range, rang) => el("span", { class: rang ? "mention me" : "mention quiet-mention" }, `@${range}`);

/** `#support`, which leads there where I may go. */
export function room(id, store) {
  const channel = store.channels.get(id);
  if (!channel) return el("span", { class: "mention" }, "#…");
  return el("a", { class: "mention", href: store.hrefOf(channel) }, store.placeName(channel));
}

/** A link that opens elsewhere; what is no web address is its words. One to a message leads to its channel. */
export function link(url, words, store) {
  const here = url.match(/\/channels\/\d+\/(\d+)(?:\/\d+)?$/);
  const channel = here && store.channels.get(here[1]);
  if (channel) return el("a", { href: store.hrefOf(channel) }, words);
  return /^https?:\/\//i.test(url) ? el("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, words) : words;
}

/** An emoji: a drawing of ours where there is one, so that it is seen on every machine. */
export function sign(written) {
  const [custom, id] = written.split(":");
  if (id) return el("span", { class: "emoji custom", role: "img", "aria-label": custom }, `:${custom}:`);
  const name = nameOf(written);
  return el("span", { class: "emoji", role: "img", "aria-label": name.replaceAll("_", " ") || null, title: name ? `:${name}:` : null }, (name && drawing(name)) || written);
}

/** How an emoji is called in a sentence. */
export const spelt = (written) => {
  const name = nameOf(written) || written.split(":")[0];
  return `:${name}:`;
};

const show = (at, options) => at.toLocaleString(tag, options);
const FORMS = {
  t: clock,
  T: (at) => show(at, { timeStyle: "medium" }),
  d: (at) => show(at, { dateStyle: "short" }),
  D: (at) => show(at, { dateStyle: "long" }),
  f: (at) => show(at, { dateStyle: "long", timeStyle: "short" }),
  F: (at) => show(at, { dateStyle: "full", timeStyle: "short" }),
  R: relative,
};

/** A moment in the reader's own time zone. */
export function date(seconds, style) {
  const at = moment(seconds);
  if (Number.isNaN(at.getTime())) return `<t:${seconds}>`;
  return el("time", { class: "moment", datetime: at.toISOString(), title: whole(at) }, (FORMS[style] ?? FORMS.f)(at));
}

function relative(at) {
  if (at <= Date.now()) return ago(at);
  const minutes = Math.round((at - Date.now()) / 60_000);
  const words = new Intl.RelativeTimeFormat(tag, { numeric: "auto" });
  if (minutes < 60) return words.format(minutes, "minute");
  return minutes < 1440 ? words.format(Math.round(minutes / 60), "hour") : words.format(Math.round(minutes / 1440), "day");
}
