/** Block Kit as Slack draws it. */
import { el } from "./dom.js";
import { drawElement } from "./elements.js";
import { drawText } from "./mrkdwn.js";
import { drawRich } from "./richtext.js";
import { drawField } from "./form.js";
import { t } from "./words.js";

/** Blocks of a message, a modal or a home; `where` says whose they are (see `places.js`). */
export function drawBlocks(blocks, where) {
  return blocks.map((block) => (DRAWN[block.type] ?? unknown)(block, where));
}

const DRAWN = {
  rich_text: (block, where) => drawRich(block, where.store),
  section,
  header: (block, where) => el("h3", { class: "block-header" }, drawText(block.text, where.store)),
  divider: () => el("hr", { class: "block-divider" }),
  context: (block, where) => el("div", { class: "block-context" }, block.elements.map((one) => fact(one, where))),
  actions: (block, where) => el("div", { class: "block-actions" }, block.elements.map((one) => drawElement(one, block, where))),
  image: (block) => picture(block),
  input: drawField,
  markdown: (block) => el("div", { class: "block-text" }, block.text),
};

function section(block, where) {
  const text = block.text && el("div", { class: "block-text" }, drawText(block.text, where.store));
  const fields = block.fields && el("div", { class: "block-fields" }, block.fields.map((one) => el("div", {}, drawText(one, where.store))));
  const accessory = block.accessory && el("div", { class: "block-accessory" }, drawElement(block.accessory, block, where));
  return el("div", { class: "block-section" }, el("div", { class: "block-main" }, text, fields), accessory);
}

function fact(one, where) {
  if (one.type === "image") return el("img", { class: "block-fact-image", src: one.image_url, alt: one.alt_text });
  return el("span", { class: "block-fact" }, drawText(one, where.store));
}

function picture(block) {
  const title = block.title && el("figcaption", {}, drawText(block.title));
  return el("figure", { class: "block-image" }, title, el("img", { src: block.image_url ?? block.slack_file?.url, alt: block.alt_text, loading: "lazy" }));
}

const unknown = () => el("p", { class: "quiet" }, t("unknown"));
