/** What slides up from the bottom of the phone: something to choose from. Esc and a press beside it close it. */
import { el, icon, unique } from "./dom.js";
import { t } from "./words.js";

const EMOJI = ["👍", "❤️", "😂", "😮", "😢", "🙏"];

export class Sheet {
  #before = null;

  constructor() {
    const id = unique("sheet");
    this.heading = el("h3", { id });
    this.list = el("ul", {});
    this.reactions = el("div", { class: "wa-react", role: "group", "aria-label": t("phone.react") });
    const away = el("button", { type: "button", class: "wa-tool", "aria-label": t("phone.cancel"), onclick: () => this.close() }, icon("close"));
    this.box = el("section", { class: "wa-sheet", role: "dialog", "aria-modal": "true", "aria-labelledby": id }, el("header", {}, this.heading, away), this.reactions, this.list);
    this.node = el("div", { class: "wa-shade", hidden: true, onclick: ({ target }) => target === this.node && this.close(), onkeydown: (event) => this.#key(event) }, this.box);
  }

  /** `rows` of `{label, hint, icon, act}`; `react(emoji)` when one is pressed, `mine` is the one that is there. */
  open(title, rows, { react = null, mine = "" } = {}) {
    this.#before = document.activeElement;
    this.heading.textContent = title;
    this.reactions.hidden = !react;
    this.reactions.replaceChildren(...EMOJI.map((emoji) => el("button", { type: "button", "aria-label": emoji, "aria-pressed": String(emoji === mine), onclick: () => (this.close(), react(emoji)) }, emoji)));
    this.list.replaceChildren(...rows.map((row) => el("li", {}, el("button", { type: "button", onclick: () => (this.close(), row.act()) }, row.icon && icon(row.icon), el("span", {}, row.label, row.hint && el("small", {}, row.hint))))));
    this.node.hidden = false;
    this.node.querySelector(".wa-react:not([hidden]) button, li button").focus();
  }

  close() {
    if (this.node.hidden) return;
    this.node.hidden = true;
    this.#before?.focus?.();
  }

  #key(event) {
    if (event.key === "Escape") {
      event.stopPropagation();
      this.close();
    }
    if (event.key !== "Tab") return;
    const all = [...this.box.querySelectorAll("button")].filter((each) => each.offsetParent);
    const edge = event.shiftKey ? all[0] : all.at(-1);
    if (document.activeElement !== edge) return;
    event.preventDefault();
    (event.shiftKey ? all.at(-1) : all[0]).focus();
  }
}
