/** The modal in front of me, and those behind it. */
import { drawBlocks } from "./blocks.js";
import { el, icon, redraw } from "./dom.js";
import { forget, held, inModal } from "./places.js";
import { plain } from "./mrkdwn.js";
import { t, tag } from "./words.js";

export class Modals {
  #known = new Set();
  #trouble = "";
  #missing = {};
  #busy = false;

  constructor(store) {
    this.store = store;
    this.node = el("dialog", { class: "modal", "aria-labelledby": "modal-title", oncancel: (event) => this.#cancel(event), onkeydown: (event) => this.#key(event) });
    document.body.append(this.node);
  }

  draw() {
    const stack = this.store.modals;
    this.#forget(stack);
    const view = stack.at(-1);
    if (!view) {
      if (this.node.open) this.node.close();
      this.node.seen = null;
      this.view = null;
      return;
    }
    const fresh = this.view?.id !== view.id;
    if (fresh) Object.assign(this, { view });
    this.view = view;
    if (fresh) this.#clean();
    const seen = JSON.stringify([tag, stack.length, view.hash, view.errors, this.#missing, this.#trouble, this.#busy]);
    const scrolled = this.node.querySelector(".modal-body")?.scrollTop ?? 0;
    const drawn = redraw(this.node, seen, () => this.#content(view, stack.length));
    if (!this.node.open) this.node.showModal();
    if (drawn && !fresh) this.node.querySelector(".modal-body").scrollTop = scrolled;
    if (drawn && fresh) this.#focus();
  }

  #clean() {
    this.#trouble = "";
    this.#missing = {};
    this.#busy = false;
  }

  #forget(stack) {
    const open = new Set(stack.map((one) => one.id));
    for (const id of this.#known) if (!open.has(id)) forget(id);
    this.#known = open;
  }

  #focus() {
    const field = ".modal-body :is(input:not([type=radio]), input:checked, textarea, select)";
    const first = this.node.querySelector(field) ?? this.node.querySelector(".modal-body button, .modal-head button");
    first?.focus();
  }

  #content(view, depth) {
    const where = { ...inModal(view, this.store), blocks: view.blocks, errors: { ...view.errors, ...this.#missing } };
    const close = view.close?.text ?? t("close");
    return [
      el("header", { class: "modal-head" },
        depth > 1 && el("button", { type: "button", class: "tool", "aria-label": t("back"), onclick: () => this.#close(view) }, icon("back")),
        el("h2", { id: "modal-title" }, plain(view.title?.text ?? "")),
        el("button", { type: "button", class: "tool", "aria-label": t("close"), onclick: () => this.#closeAll() }, icon("close"))),
      el("div", { class: "modal-body" }, drawBlocks(view.blocks, where)),
      this.#trouble && el("p", { class: "modal-trouble", role: "alert" }, this.#trouble),
      el("footer", {},
        el("button", { type: "button", class: "plain-button", data: { focus: "close" }, onclick: () => this.#close(view) }, close),
        view.submit && el("button", { type: "button", class: "primary-button", data: { focus: "submit" }, "aria-busy": this.#busy ? "true" : null, onclick: () => this.#submit(view) }, view.submit.text)),
    ];
  }

  async #submit(view) {
    if (this.#busy) return;
    const where = { ...inModal(view, this.store), blocks: view.blocks };
    const values = held(where, view.blocks);
    this.#missing = missing(view.blocks, values);
    this.#trouble = "";
    if (Object.keys(this.#missing).length) return this.#wrong();
    this.#busy = true;
    this.draw();
    try {
      const outcome = await this.store.act("submits", { view: view.id, values });
      if (!outcome.answered) this.#trouble = t("trouble");
    } catch (refused) {
      this.#trouble = refused.message;
    }
    this.#busy = false;
    await this.store.settled();
    this.#wrong();
  }

  /** Show it again, and go to what is wrong. */
  #wrong() {
    this.draw();
    this.node.querySelector(".field.wrong :is(input, textarea)")?.focus();
  }

  #close(view) {
    return this.store.act("closes", { view: view.id }).catch(() => {}); // it is gone already
  }

  async #closeAll() {
    for (const view of this.store.modals.toReversed()) await this.#close(view);
  }

  #cancel(event) {
    event.preventDefault();
    if (this.view) this.#close(this.view);
  }

  #key(event) {
    const sends = event.key === "Enter" && (event.metaKey || event.ctrlKey);
    if (sends && this.view?.submit) this.#submit(this.view);
  }
}

/** Fields that must be filled in and are not, by block. */
function missing(blocks, values) {
  const found = {};
  for (const block of blocks) {
    if (block.type !== "input" || block.optional) continue;
    const name = Object.keys(block.element).find((key) => key.startsWith("initial_"));
    const value = block.block_id in values ? values[block.block_id] : block.element[name];
    if (value === undefined || value === null || value === "" || value.length === 0) found[block.block_id] = t("required");
  }
  return found;
}
