/** `rich_text` blocks: what our app writes and what people type. */
import { el } from "./dom.js";
import { date, everybody, link, person, room, sign } from "./spans.js";

const STYLES = [["bold", "b"], ["italic", "i"], ["strike", "s"], ["underline", "u"], ["code", "code"]];

/** A whole block. */
export function drawRich(block, store) {
  return el("div", { class: "rich" }, block.elements.map((one) => part(one, store)));
}

function part(one, store) {
  switch (one.type) {
    case "rich_text_section": return el("p", {}, inlines(one.elements, store));
    case "rich_text_preformatted": return el("pre", { tabindex: "0" }, inlines(one.elements, store));
    case "rich_text_quote": return el("blockquote", {}, inlines(one.elements, store));
    case "rich_text_list": return list(one, store);
    default: return null;
  }
}

function list(one, store) {
  const ordered = one.style === "ordered";
  const items = one.elements.map((item) => el("li", {}, inlines(item.elements, store)));
  const start = ordered && one.offset ? one.offset + 1 : null;
  return el(ordered ? "ol" : "ul", { class: `indent-${one.indent ?? 0}`, start }, items);
}

const inlines = (elements, store) => elements.map((one) => styled(inline(one, store), one.style));

function inline(one, store) {
  switch (one.type) {
    case "text": return one.text;
    case "link": return link(one.url, one.text, store);
    case "emoji": return sign(one.skin_tone ? `${one.name}::skin-tone-${one.skin_tone}` : one.name);
    case "user": return person(one.user_id, store);
    case "channel": return room(one.channel_id, store);
    case "broadcast": return everybody(one.range);
    case "usergroup": return el("span", { class: "mention" }, `@${one.usergroup_id}`);
    case "date": return date(one.timestamp, one.format, one.fallback ?? "");
    case "color": return one.value;
    default: return "";
  }
}

function styled(node, style = {}) {
  return STYLES.reduce((inner, [name, tag]) => (style[name] ? el(tag, {}, inner) : inner), node);
}
