/** A message's text as elements. Words are always text nodes; only http and https become links. */
import { h } from "./dom.js";

const safe = (url) => /^(https?|mailto|tel):/i.test(url) && URL.canParse?.(url);
const URLS = /https?:\/\/[^\s<>"]+/gi;
const WRAP = { b: "strong", i: "em", s: "s" };

/** The tree that the server sends (blocks of spans) as nodes. */
export function rich(blocks = []) {
  return blocks.map((block) => {
    if (block.type === "p") return h("p", {}, spans(block.spans));
    if (block.type === "pre") return h("pre", { tabIndex: 0 }, block.text);
    if (block.type === "q") return h("blockquote", {}, rich(block.blocks));
    if (block.type !== "l") return "";
    return h(block.ordered ? "ol" : "ul", {}, block.items.map((item) => h("li", {}, rich(item))));
  });
}

const spans = (list = []) =>
  list.map((span) => {
    if (span.type === "t") return linkify(span.text);
    if (span.type === "c") return h("code", {}, span.text);
    if (span.type === "a") return labelled(span);
    return WRAP[span.type] ? h(WRAP[span.type], {}, spans(span.spans)) : "";
  });

/** A link whose label is not its address shows the address too: no label can lie. */
function labelled({ url, spans: inner }) {
  const label = words([{ type: "p", spans: inner }]);
  if (!safe(url)) return label;
  return label && label !== url ? [spans(inner), " (", anchor(url), ")"] : anchor(url);
}

const anchor = (url) => h("a", { href: url, target: "_blank", rel: "noopener noreferrer nofollow" }, url);

export function linkify(text) {
  const out = [];
  let from = 0;
  for (const { 0: found, index } of text.matchAll(URLS)) {
    const url = found.replace(/[.,;:!?'’”)\]}]{1,8}$/, "");
    if (!safe(url)) continue;
    out.push(text.slice(from, index), anchor(url));
    from = index + url.length;
  }
  return [...out, text.slice(from)];
}

/** The words of a tree alone, for quotes and for editing. */
export const words = (blocks = []) =>
  blocks
    .map((node) => node.text ?? words(node.spans ?? node.blocks ?? node.items?.flat()))
    .join(blocks[0]?.type === "p" ? "\n" : "");

export const plain = (text) => (text ? [{ type: "p", spans: [{ type: "t", text }] }] : []);
