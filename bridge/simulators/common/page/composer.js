/** Where one writes: lines, `!commands`, `/commands`, names with @, and files. */
import { Refused } from "./api.js";
import { el, icon, unique } from "./dom.js";
import { size } from "./files.js";
import { suggest } from "./suggest.js";
import { t } from "./words.js";

const DRAFTS = "workspace:drafts";
const drafts = JSON.parse(sessionStorage.getItem(DRAFTS) ?? "{}");

export class Composer {
  #files = [];
  #channel = null;
  #root = null;
  #picked = 0;
  #found = [];
  #asked = 0;

  /**
   * `desk.editLast()` is asked for by the up arrow in an empty box; `store.send()` sends, and
   * `suggest()` knows what a word that is being typed may become; what is `idle` waits to be
   * chosen, while Enter sends.
   */
  constructor(store, desk) {
    Object.assign(this, { store, desk });
    const id = unique("suggested");
    this.box = el("textarea", { rows: 1, role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id, oninput: () => this.#typed(), onkeydown: (event) => this.#key(event), onblur: () => this.#shut(), onpaste: (event) => this.#take(event, event.clipboardData.files) });
    this.error = el("p", { class: "composer-error", role: "alert", hidden: true });
    this.shelf = el("ul", { class: "shelf" });
    this.list = el("div", { class: "suggested", id, role: "listbox", hidden: true, onpointerdown: (event) => this.#pick(event) });
    this.input = el("input", { type: "file", multiple: true, hidden: true, onchange: () => this.#attach(this.input.files) });
    this.clip = el("button", { type: "button", class: "tool", onclick: () => this.input.click() }, icon("clip"));
    this.sender = el("button", { type: "button", class: "send", onclick: () => this.#send() }, icon("send"));
    this.broadcast = el("input", { type: "checkbox" });
    this.also = el("label", { class: "also", hidden: true }, this.broadcast, el("span"));
    this.frame = el("div", { class: "composer" }, this.list, this.box, this.shelf, el("div", { class: "composer-tools" }, this.clip, this.input, this.also, this.sender));
    this.node = el("div", { class: "composer-place", ondragover: (event) => event.preventDefault(), ondrop: (event) => this.#take(event, event.dataTransfer.files) }, this.error, this.frame);
  }

  /** Write here from now on; what was begun elsewhere stays there. */
  show(channel, root) {
    const place = `${this.store.me.id}/${channel.id}/${root ?? ""}`;
    const name = this.store.placeName(channel);
    const label = root ? t("write_reply") : t("write_in", { room: name });
    this.box.placeholder = label;
    this.box.setAttribute("aria-label", label);
    for (const [button, key] of [[this.clip, "attach"], [this.sender, "send"]]) {
      button.setAttribute("aria-label", t(key));
      button.title = t(key);
    }
    this.also.hidden = !this.store.broadcasts(channel, root);
    this.also.lastChild.textContent = t("also_send", { room: name });
    Object.assign(this, { place });
    this.#channel = channel;
    if (place === this.shown) return;
    this.shown = place;
    this.#root = root;
    this.box.value = drafts[place] ?? "";
    this.#files = [];
    this.#drawShelf();
    this.#say("");
    this.#grow();
  }

  focus = () => this.box.focus();

  // ------------------------------------------------------------ sending

  async #send() {
    const text = this.box.value.trim();
    const files = this.#files;
    if (!text && !files.length) return;
    const before = this.box.value;
    this.#clear();
    try {
      await this.store.send({ channel: this.#channel, root: this.#root, text, files, broadcast: this.broadcast.checked });
    } catch (failure) {
      this.box.value ||= before;
      this.#files = files;
      this.#drawShelf();
      this.#grow();
      this.#say(failure instanceof Refused ? failure.message : t("failed"));
    }
    this.broadcast.checked = false;
  }

  #clear() {
    this.box.value = "";
    this.#files = [];
    this.#drawShelf();
    this.#typed();
  }

  #say(words) {
    this.error.textContent = words;
    this.error.hidden = !words;
  }

  // ------------------------------------------------------------ files

  #take(event, files) {
    if (!files.length) return;
    event.preventDefault();
    this.#attach(files);
  }

  #attach(files) {
    this.#files = [...this.#files, ...files];
    this.input.value = "";
    this.#drawShelf();
    this.focus();
  }

  #drawShelf() {
    this.shelf.replaceChildren(...this.#files.map((file) => {
      const label = t("detach", { name: file.name });
      const away = () => {
        this.#files = this.#files.filter((one) => one !== file);
        this.#drawShelf();
        this.focus();
      };
      return el("li", {}, icon("file"), el("span", {}, file.name), el("small", {}, size(file.size)), el("button", { type: "button", class: "tool", "aria-label": label, title: label, onclick: away }, icon("close")));
    }));
    this.shelf.hidden = !this.#files.length;
    this.#ready();
  }

  // ------------------------------------------------------------ typing

  #ready = () => this.sender.classList.toggle("ready", Boolean(this.box.value.trim() || this.#files.length));

  #grow() {
    this.box.style.height = "auto";
    this.box.style.height = `${Math.min(this.box.scrollHeight, 220)}px`;
    this.#ready();
  }

  #typed() {
    drafts[this.place] = this.box.value;
    sessionStorage.setItem(DRAFTS, JSON.stringify(drafts));
    this.#say("");
    this.#grow();
    this.#suggest();
  }

  /** What may stand here; only the newest answer counts. */
  async #suggest() {
    const turn = ++this.#asked;
    const before = this.box.value.slice(0, this.box.selectionStart);
    const found = await suggest(before, this.store, { channel: this.#channel, root: this.#root });
    if (turn !== this.#asked) return;
    this.#found = found;
    this.#picked = found.findIndex((one) => !one.idle);
    this.#drawFound();
  }

  #shut() {
    this.#asked += 1;
    this.#found = [];
    this.#drawFound();
  }

  #drawFound() {
    const open = this.#found.length > 0;
    this.list.hidden = !open;
    this.box.setAttribute("aria-expanded", String(open));
    const id = (at) => `${this.list.id}-${at}`;
    this.list.replaceChildren(...this.#found.map((one, at) => el("div", { id: id(at), role: "option", class: at === this.#picked ? "at" : "", "aria-selected": String(at === this.#picked), data: { at } }, el("b", {}, one.label), one.hint && el("small", {}, one.hint))));
    if (open && this.#picked >= 0) this.box.setAttribute("aria-activedescendant", id(this.#picked));
    else this.box.removeAttribute("aria-activedescendant");
    this.list.querySelector(".at")?.scrollIntoView({ block: "nearest" });
  }

  #pick(event) {
    event.preventDefault();
    const entry = event.target.closest("[role=option]");
    if (entry) this.#put(Number(entry.dataset.at));
  }

  #put(at) {
    const { word, length, open } = this.#found[at];
    const end = this.box.selectionStart;
    this.box.setRangeText(open ? word : `${word} `, end - length, end, "end");
    this.#typed();
    if (!open) this.#shut();
  }

  #key(event) {
    if (event.isComposing) return;
    if (this.#found.length && this.#choosing(event)) return event.preventDefault();
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.#send();
    } else if (event.key === "ArrowUp" && !this.box.value) {
      event.preventDefault();
      this.desk.editLast(this.#channel, this.#root);
    }
  }

  #choosing({ key, shiftKey }) {
    const moves = { ArrowDown: 1, ArrowUp: -1 };
    if (key in moves) {
      const from = this.#picked < 0 && key === "ArrowUp" ? 0 : this.#picked;
      this.#picked = (from + moves[key] + this.#found.length) % this.#found.length;
      this.#drawFound();
    } else if (key === "Enter" && this.#picked < 0) return false;
    else if ((key === "Enter" && !shiftKey) || key === "Tab") this.#put(Math.max(0, this.#picked));
    else if (key === "Escape") this.#shut();
    else return false;
    return true;
  }
}
