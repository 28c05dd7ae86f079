/** Files of a message: pictures and sounds in place, others to be taken. */
import { el, icon } from "./dom.js";
import { t } from "./words.js";

const UNITS = ["B", "kB", "MB", "GB"];

/** 1.2 MB. */
export function size(bytes) {
  const step = bytes ? Math.min(3, Math.floor(Math.log10(bytes) / 3)) : 0;
  const number = bytes / 1000 ** step;
  return `${number < 10 && step ? number.toFixed(1) : Math.round(number)} ${UNITS[step]}`;
}

export function files(all) {
  return all?.length ? el("div", { class: "files" }, all.map(file)) : null;
}

function file(one) {
  const src = `/sim/files/${one.id}`;
  const kind = (one.mimetype ?? "").split("/")[0];
  if (kind === "image") return picture(one, src);
  if (kind === "audio" || kind === "video") {
    return el("figure", { class: "media" }, el("figcaption", {}, one.name), el(kind, { src, controls: true, preload: "metadata", "aria-label": one.name }));
  }
  return el("a", { class: "file", href: src, download: one.name ?? one.id },
    el("span", { class: "file-icon" }, icon("file")),
    el("span", {}, el("b", {}, one.name ?? one.id), el("small", {}, one.size === undefined ? "" : size(one.size))));
}

function picture(one, src) {
  const link = el("a", { href: src, target: "_blank", rel: "noopener" }, el("img", { src, alt: one.name ?? t("image") }));
  return el("figure", { class: "media" }, el("figcaption", {}, one.name), link);
}
