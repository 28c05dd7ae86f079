/** One field of a form: its name, its element, a hint, and what is wrong with it. */
import { drawElement } from "./elements.js";
import { drawText } from "./mrkdwn.js";
import { el, unique } from "./dom.js";
import { t } from "./words.js";

const GROUPS = new Set(["radio_buttons", "checkboxes"]);

/** An `input` block. */
export function drawField(block, where) {
  const id = unique("field");
  const wrong = where.errors?.[block.block_id];
  const group = GROUPS.has(block.element.type);
  const described = [block.hint && `${id}-hint`, wrong && `${id}-error`].filter(Boolean).join(" ") || null;
  const more = { "aria-describedby": described, ...(group ? { "aria-labelledby": `${id}-label` } : { id, "aria-invalid": wrong ? "true" : null, "aria-required": block.optional ? null : "true" }) };
  const name = [drawText(block.label, where.store), block.optional && el("small", {}, ` ${t("optional")}`)].flat();
  return el("div", { class: wrong ? "field wrong" : "field", data: { block: block.block_id } },
    el(group ? "span" : "label", { class: "field-name", id: `${id}-label`, for: group ? null : id }, name),
    drawElement(block.element, block, where, more),
    wrong && el("p", { class: "field-error", id: `${id}-error`, role: "alert" }, wrong),
    block.hint && el("p", { class: "field-hint", id: `${id}-hint` }, drawText(block.hint, where.store)));
}
