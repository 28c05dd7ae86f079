/** A line on a customer's telephone, with all that belongs to it. What people wrote is only ever text. */
import { el, icon } from "./dom.js";
import { words } from "./markup.js";
import { t, tag } from "./words.js";

const TICKS = { accepted: "tick", sent: "tick", delivered: "ticks", read: "ticks" };

/** `on.pressed(label)` for a button, `on.choose()` for a list, `on.more()` for everything else. */
export function bubble(line, on) {
  const own = line.from === "in";
  const body = el("div", { class: "wa-body", onclick: (event) => !line.gone && tapped(event) && on.more() }, tail(line), ...inside(line, on));
  const more = el("button", { type: "button", class: "wa-more", "aria-label": t("phone.more"), title: t("phone.more"), data: { focus: line.id }, onclick: on.more }, icon("down"));
  const item = el("li", { class: `wa-line ${own ? "own" : "theirs"}${line.first ? " first" : ""}`, data: { id: line.id } });
  item.append(el("span", { class: "sr" }, own ? t("phone.you") : on.brand), body, ...buttons(line, on), reactions(line));
  if (!line.gone) body.append(more);
  return item;
}

/** A finger on a line itself asks what can be done with it; a mouse has the arrow for that. */
const tapped = ({ target }) => matchMedia("(hover: none)").matches && !target.closest("a, button, audio, video");

/** A day between lines. */
export function day(at) {
  const words = new Date(at).toLocaleDateString(tag(), { weekday: "long", day: "numeric", month: "long" });
  return el("li", { class: "wa-day" }, el("span", {}, words));
}

function inside(line, on) {
  if (line.gone) return [el("p", { class: "wa-gone" }, icon("block"), t("phone.gone")), foot(line)];
  return [quote(line, on), ...content(line), foot(line)].filter(Boolean);
}

function tail(line) {
  return line.type === "template" && el("small", { class: "wa-tag" }, t("phone.template"));
}

function quote({ quoted }, on) {
  if (!quoted) return null;
  const who = quoted.from === "in" ? t("phone.you") : on.brand;
  return el("blockquote", { class: "wa-quote" }, el("b", {}, who), words(quoted.text));
}

function content(line) {
  if (line.file) return [file(line), line.text && words(line.text)];
  if (line.place) return [place(line.place)];
  if (line.cards) return line.cards.map(card);
  if (line.parts) return template(line.parts);
  return [words(line.text)];
}

function template({ header, body, footer }) {
  return [header && el("b", { class: "wa-title" }, header), words(body ?? ""), footer && el("p", { class: "wa-footer" }, footer)];
}

function file({ file, type }) {
  const { id, mime, name, size } = file;
  const url = `/demo/phone/files/${id}`;
  if (!id) return el("p", { class: "wa-file" }, icon("file"), el("span", {}, name));
  if (type === "image" || type === "sticker") return el("a", { class: "wa-picture", href: url, target: "_blank", rel: "noopener" }, el("img", { src: url, alt: name || t("phone.kind.image") }));
  if (type === "video") return el("video", { class: "wa-picture", src: url, controls: true, preload: "metadata", "aria-label": name || t("phone.kind.video") });
  if (mime.startsWith("audio/")) return el("audio", { src: url, controls: true, preload: "metadata", "aria-label": name || t("phone.kind.audio") });
  return el("a", { class: "wa-file", href: url, download: name }, icon("file"), el("span", {}, el("bdi", {}, name), el("small", {}, weight(size))));
}

function weight(size) {
  const power = size < 1024 ? 0 : size < 1024 * 1024 ? 1 : 2;
  const [value, unit] = [size / 1024 ** power, ["byte", "kilobyte", "megabyte"][power]];
  return new Intl.NumberFormat(tag(), { style: "unit", unit, maximumFractionDigits: value < 10 ? 1 : 0 }).format(value);
}

function place({ name, address, latitude, longitude }) {
  const where = address || `${Number(latitude).toFixed(4)}, ${Number(longitude).toFixed(4)}`;
  return el("div", { class: "wa-place" }, el("div", { class: "wa-map", "aria-hidden": "true" }, icon("pin")), el("b", {}, name || t("phone.kind.location")), el("small", {}, where));
}

function card({ name, phones }) {
  const numbers = (phones ?? []).map(({ phone }) => phone).join(" · ");
  return el("div", { class: "wa-file" }, icon("user"), el("span", {}, el("bdi", {}, name?.formatted_name ?? ""), el("small", {}, numbers)));
}

function foot(line) {
  const time = new Date(line.at * 1000);
  const ticks = line.from === "in" && el("i", { class: `wa-ticks ${line.status}`, role: "img", "aria-label": t(`phone.status.${line.status}`), title: t(`phone.status.${line.status}`) }, icon(TICKS[line.status] ?? "tick"));
  return el("footer", {}, line.edited && el("span", {}, t("phone.edited")), el("time", { datetime: time.toISOString() }, time.toLocaleTimeString(tag(), { hour: "numeric", minute: "2-digit" })), ticks);
}

function reactions({ reactions = {} }) {
  const shown = [...new Set(Object.values(reactions))];
  return shown.length ? el("span", { class: "wa-reactions", role: "img", "aria-label": shown.join(" ") }, ...shown) : "";
}

/** A list has one button that opens it; links lead nowhere here. */
function buttons(line, on) {
  if (line.gone) return [];
  const all = line.list ? [el("button", { type: "button", data: { focus: `${line.id}/list` }, onclick: on.choose }, icon("menu"), line.list.label)] : line.choices.map((label, at) => el("button", { type: "button", data: { focus: `${line.id}/${at}` }, onclick: () => on.pressed(label) }, icon("reply"), label));
  const links = (line.links ?? []).map((label) => el("span", {}, label));
  return all.length + links.length ? [el("div", { class: "wa-choices" }, ...all, ...links)] : [];
}
