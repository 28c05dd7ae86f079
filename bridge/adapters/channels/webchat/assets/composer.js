/** Where the customer writes: text, files (button, paste, drop), an answer or an edit. */
import { button, h, icon, uuid } from "./dom.js";
import { words } from "./text.js";
import { size } from "./view.js";

export class Composer {
  #files = [];
  #about = null;

  /** `send({text, files, reply_to | target})` when the customer sends; `typing()` while he writes. */
  constructor(t, limits, { send, typing, author, draft }) {
    Object.assign(this, { t, limits, send, typing, author, draft });
    this.box = h("textarea", { rows: 1, placeholder: t("write"), "aria-label": t("message"), dir: "auto",
      enterKeyHint: "send", value: draft() ?? "", oninput: () => this.#changed(true), onkeydown: (event) => this.#key(event),
      onpaste: (event) => event.clipboardData.files.length && (event.preventDefault(), this.attach(event.clipboardData.files)) });
    this.picker = h("input", { type: "file", multiple: true, hidden: true, onchange: () => { this.attach(this.picker.files); this.picker.value = ""; } });
    this.bar = h("div", { class: "bar", hidden: true });
    this.staged = h("div", { class: "staged", hidden: true });
    this.problem = h("p", { class: "problem", role: "alert" });
    this.go = button("send", t("send"), undefined, { type: "submit", class: "icon go" });
    this.node = h("form", { class: "composer", onsubmit: (event) => { event.preventDefault(); this.submit(); } },
      this.bar, this.staged, this.problem,
      h("div", { class: "field" }, limits.files > 0 && button("clip", t("attach"), () => this.picker.click()), this.picker, this.box, this.go));
    this.#changed();
  }

  focus() {
    this.box.focus({ preventScroll: true });
  }

  /** Answer (`reply`) or change (`edit`) this message with what is written next. */
  about(message, kind) {
    this.#about = message && { message, kind };
    if (kind === "edit") this.box.value = words(message.text);
    const label = kind === "edit" ? this.t("editing") : message && this.t("replying", { name: this.author(message) });
    this.bar.hidden = !message;
    this.bar.replaceChildren(...(message ? [icon(kind), h("div", {}, h("b", {}, label), h("span", { dir: "auto" }, words(message.text) || message.files?.[0]?.name || "")),
      button("close", this.t("cancel"), () => this.cancel())] : []));
    this.#changed();
    if (message) this.focus();
  }

  /** True when there was something to cancel. */
  cancel() {
    if (!this.#about) return false;
    if (this.#about.kind === "edit") this.box.value = "";
    this.about(null);
    return true;
  }

  attach(list) {
    if (this.box.disabled) return;
    const { files: most, bytes } = this.limits;
    const max = size(bytes, this.t.lang);
    this.say("");
    for (const file of list) {
      if (this.#files.length >= most) this.say(this.t("many", { max: most }));
      else if (file.size > bytes) this.say(this.t("big", { name: file.name, max }));
      else if (!file.size) this.say(this.t("empty", { name: file.name }));
      else this.#files.push({ key: uuid(), blob: file, name: file.name || this.t("file"), type: file.type, size: file.size });
    }
    this.#changed();
    this.focus();
  }

  submit() {
    const text = this.box.value.trim();
    const over = text.length - this.limits.text;
    if (over > 0) return this.say(this.t("long", { n: over }));
    if (!text && !this.#files.length) return;
    const { message, kind } = this.#about ?? {};
    this.send({ text: text || undefined, files: kind === "edit" ? [] : this.#files,
      reply_to: kind === "reply" ? message : undefined, target: kind === "edit" ? message : undefined });
    this.box.value = "";
    if (kind !== "edit") this.#files = [];
    this.about(null);
    this.focus();
  }

  /** Nothing can be sent from this page. */
  shut() {
    for (const part of this.node.querySelectorAll("textarea, button")) part.disabled = true;
  }

  say(problem) {
    this.problem.textContent = problem;
  }

  #key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.submit();
  }

  #changed(typed) {
    const { box, staged } = this;
    box.style.height = "auto";
    if (box.scrollHeight) box.style.height = `${Math.min(box.scrollHeight, 140)}px`;
    staged.hidden = !this.#files.length;
    staged.replaceChildren(...this.#files.map((file) => h("span", { class: "chip" }, icon("file"), h("bdi", {}, file.name),
      h("small", {}, size(file.size, this.t.lang)),
      button("close", this.t("remove", { name: file.name }), () => { this.#files = this.#files.filter((one) => one !== file); this.#changed(); }))));
    this.go.disabled = !box.value.trim() && !this.#files.length;
    if (!typed) return;
    this.say("");
    if (this.#about?.kind !== "edit") this.draft(box.value);
    if (box.value.trim()) this.typing();
  }
}
