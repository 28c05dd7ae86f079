/** WhatsApp's signs of formatting, as nodes: *bold*, _italic_, ~struck~, `code`, lists and quotes. */
import { el } from "./dom.js";

const MARKS = /(^|[\s\p{P}])(?:```([^`]+)```|`([^`\n]+)`|\*(\S|\S[^\n]*?\S)\*|_(\S|\S[^\n]*?\S)_|~(\S|\S[^\n]*?\S)~)(?=$|[\s\p{P}])|(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)])/u;
const TAGS = [, , "code", "code", "strong", "em", "s"];

/** A text as paragraphs, lists and quotes. */
export function words(text) {
  const box = el("div", { class: "wa-text", dir: "auto" });
  let list = null;
  for (const row of text.split("\n")) {
    const [, sign, rest] = /^(?:(>|[-*]|\d{1,3}\.) )(.+)$/.exec(row) ?? [];
    const kind = !sign ? "p" : sign === ">" ? "blockquote" : /\d/.test(sign) ? "ol" : "ul";
    if (kind === "ol" || kind === "ul") {
      if (list?.localName !== kind) box.append((list = el(kind, kind === "ol" ? { start: parseInt(sign) } : {})));
      list.append(el("li", {}, ...inline(rest)));
      continue;
    }
    list = null;
    box.append(el(kind, {}, ...inline(rest ?? row)));
  }
  return box;
}

function inline(text) {
  const found = MARKS.exec(text);
  if (!found) return text ? [text] : [];
  const [whole, lead = "", ...groups] = found;
  const before = text.slice(0, found.index) + lead;
  const after = text.slice(found.index + whole.length);
  const at = groups.findIndex((group) => group !== undefined);
  const node = at === 5 ? el("a", { href: groups[5], target: "_blank", rel: "noopener noreferrer" }, groups[5]) : el(TAGS[at + 2], {}, ...(at < 2 ? [groups[at]] : inline(groups[at])));
  return [...(before ? [before] : []), node, ...inline(after)];
}
