/** Using an element: the app is told, and the person is told when the app says nothing. */
import { drawText } from "./mrkdwn.js";
import { held } from "./places.js";
import { question, toast } from "./popup.js";
import { t } from "./words.js";

/** Press or choose; `option` is what was chosen or typed. False when it was not done. */
export async function use(where, block, element, { option, node } = {}) {
  if (element.confirm && !(await confirmed(element.confirm, where.store))) return false;
  node?.setAttribute("aria-busy", "true");
  try {
    const outcome = await where.store.act("clicks", {
      ...where.body,
      action_id: element.action_id,
      block_id: block.block_id,
      value: element.type === "button" ? element.value : undefined,
      option,
      filled: held(where, where.blocks),
    });
    if (!outcome.answered) toast(t("click_failed", { app: where.app?.name ?? "" }));
    return outcome.answered;
  } catch (refused) {
    toast(refused.message);
    return false;
  } finally {
    node?.removeAttribute("aria-busy");
  }
}

/** The question that an app put before one of its elements. */
const confirmed = (confirm, store) =>
  question({
    title: confirm.title.text,
    text: drawText(confirm.text, store),
    yes: confirm.confirm.text,
    no: confirm.deny?.text ?? t("cancel"),
    danger: confirm.style === "danger",
  });
