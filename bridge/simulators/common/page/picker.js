/** A menu with a search in it: known entries, or entries that an app looks up while one types. */
import { el, unique } from "./dom.js";
import { place } from "./popup.js";
import { t } from "./words.js";

const WAIT = 180;

/** Milliseconds of silence after which an app is asked. */
export class Picker {
  #options = [];
  #at = -1;
  #asked = 0;
  #timer = 0;

  /**
   * `find(typed)` gives `[{ label, options }]`; `chosen(option)` is told; `draw(option)` gives
   * `{ words, face, hint }`: the words in the field, and what an entry shows. `props` go to the
   * field, `least` is how much must be typed, `now` whether entries are known without asking.
   */
  constructor({ value, find, chosen, draw, placeholder, props = {}, least = 0, now = false }) {
    Object.assign(this, { value, find, chosen, draw, least, now });
    const id = unique("entries");
    this.input = el("input", {
      type: "text", role: "combobox", autocomplete: "off", spellcheck: "false", "aria-expanded": "false",
      "aria-controls": id, "aria-autocomplete": "list", placeholder: placeholder || t("choose"), ...props,
    });
    this.list = el("div", { class: "entries", id, role: "listbox", popover: "manual" });
    this.node = el("div", { class: "picker" }, this.input, this.list);
    this.#rest();
    this.#listen();
  }

  #listen() {
    const { input, list } = this;
    input.addEventListener("input", () => this.#open(input.value));
    input.addEventListener("click", () => this.#open(""));
    input.addEventListener("blur", () => this.#close());
    input.addEventListener("keydown", (event) => this.#key(event));
    list.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
    list.addEventListener("click", ({ target }) => {
      const entry = target.closest("[role=option]");
      if (entry) this.#choose(Number(entry.dataset.at));
    });
  }

  get open() {
    return this.input.getAttribute("aria-expanded") === "true";
  }

  #rest() {
    this.input.value = this.value ? this.draw(this.value).words : "";
  }

  #close() {
    clearTimeout(this.#timer);
    this.#asked += 1;
    if (this.list.isConnected) this.list.hidePopover();
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
    this.#rest();
  }

  #open(typed) {
    if (!this.open) this.input.select();
    this.input.setAttribute("aria-expanded", "true");
    clearTimeout(this.#timer);
    const ask = () => this.#ask(typed.trim());
    if (this.now) ask();
    else {
      if (!this.list.matches(":popover-open")) this.#say(t("loading"));
      this.#timer = setTimeout(ask, typed ? WAIT : 0);
    }
  }

  async #ask(typed) {
    const turn = ++this.#asked;
    if (typed.length < this.least) return this.#say(t("type_more", { n: this.least }));
    try {
      const groups = await this.find(typed);
      if (turn === this.#asked) this.#show(groups);
    } catch {
      if (turn === this.#asked) this.#say(t("search_failed"));
    }
  }

  #say(words) {
    this.#options = [];
    this.#at = -1;
    this.#put([el("p", { class: "quiet" }, words)]);
  }

  #show(groups) {
    this.#options = groups.flatMap((one) => one.options);
    if (!this.#options.length) return this.#say(t("none"));
    let at = 0;
    this.#put(groups.map((group) => el("div", { role: "group", "aria-label": group.label },
      group.label && el("h4", { "aria-hidden": "true" }, group.label),
      group.options.map((option) => this.#entry(option, at++)))));
    const chosen = this.#options.findIndex((one) => one.value === this.value?.value);
    this.#point(Math.max(0, chosen));
  }

  #entry(option, at) {
    const id = `${this.list.id}-${at}`;
    const selected = String(option.value === this.value?.value);
    const { face, hint } = this.draw(option);
    return el("div", { role: "option", id, data: { at }, "aria-selected": selected }, el("span", {}, face), hint && el("small", {}, hint));
  }

  #put(nodes) {
    this.list.replaceChildren(...nodes);
    if (!this.list.matches(":popover-open")) this.list.showPopover();
    place(this.list, this.input, { wide: true });
  }

  #point(at) {
    this.#at = at;
    for (const one of this.list.querySelectorAll("[role=option]")) {
      const here = Number(one.dataset.at) === at;
      one.classList.toggle("at", here);
      if (!here) continue;
      one.scrollIntoView({ block: "nearest" });
      this.input.setAttribute("aria-activedescendant", one.id);
    }
  }

  #choose(at) {
    const option = this.#options[at];
    if (!option) return;
    this.value = option;
    this.#close();
    this.chosen(option);
  }

  #key(event) {
    const moves = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in moves) {
      event.preventDefault();
      if (!this.open) return this.#open("");
      const count = this.#options.length;
      if (count) this.#point((this.#at + moves[event.key] + count) % count);
    } else if (event.key === "Enter" && this.open) {
      event.preventDefault();
      this.#choose(this.#at);
    } else if (event.key === "Escape" && this.open) {
      event.preventDefault();
      event.stopPropagation();
      this.#close();
    } else if (event.key === "Backspace" && !this.open) {
      this.#open("");
    }
  }
}
