/** The form in front of me. */
import { boxes, single } from "./components.js";
import { el, icon, redraw, unique } from "./dom.js";
import { markdown } from "./markdown.js";
import { t, tag } from "./words.js";
import { toast } from "./popup.js";

export class Modals {
  #busy = false;
  #fields = [];

  constructor(store) {
    this.store = store;
    this.node = el("dialog", { class: "modal", "aria-labelledby": "modal-title", oncancel: (event) => this.#cancel(event), onkeydown: (event) => this.#key(event) });
    document.body.append(this.node);
  }

  draw() {
    const view = this.store.modals.at(-1);
    if (!view) {
      if (this.node.open) this.node.close();
      this.node.seen = null;
      this.seen = null;
      return;
    }
    const which = JSON.stringify(view);
    if (which !== this.seen) Object.assign(this, { seen: which, view });
    const fresh = redraw(this.node, `${tag} ${which}`, () => this.#content(view));
    if (!this.node.open) this.node.showModal();
    if (fresh) this.node.querySelector(".modal-body :is(input, textarea)")?.focus();
  }

  #content(view) {
    this.#fields = [];
    this.#busy = false;
    this.trouble = el("p", { class: "modal-trouble", role: "alert", hidden: true });
    this.sender = el("button", { type: "button", class: "primary-button", onclick: () => this.#submit() }, t("submit"));
    return [
      el("header", { class: "modal-head" },
        el("h2", { id: "modal-title" }, view.title),
        el("button", { type: "button", class: "tool", "aria-label": t("close"), onclick: () => this.#close() }, icon("close"))),
      el("div", { class: "modal-body" }, view.components.map((one) => this.#part(one))),
      this.trouble,
      el("footer", {}, el("button", { type: "button", class: "plain-button", onclick: () => this.#close() }, t("cancel")), this.sender),
    ];
  }

  #part(one) {
    if (one.type === 10) return el("div", { class: "text" }, markdown(one.content ?? "", { store: this.store }));
    if (one.type === 18) return this.#field(one.component, one.label, one.description);
    return el("div", {}, (one.components ?? []).map((inner) => this.#field(inner, inner.label)));
  }

  #field(one, label, hint) {
    const id = unique("field");
    const required = one.required !== false;
    const props = { id, "aria-required": required ? "true" : null, "aria-describedby": hint ? `${id}-hint` : null };
    const field = { one, required, value: null };
    const input = one.type === 4 ? this.#typed(one, props, field) : this.#chosen(one, props, field);
    const wrong = el("p", { class: "field-error", role: "alert", hidden: true }, t("required"));
    const node = el("div", { class: "field" }, el("label", { class: "field-name", for: id }, label ?? one.custom_id, !required && el("small", {}, ` ${t("optional")}`)), hint && el("p", { class: "field-hint", id: `${id}-hint` }, hint), input, wrong);
    this.#fields.push(Object.assign(field, { node, wrong, input }));
    return node;
  }

  #typed(one, props, field) {
    const long = one.style === 2;
    const node = el(long ? "textarea" : "input", { ...props, type: long ? null : "text", rows: long ? 4 : null, maxlength: one.max_length, placeholder: one.placeholder, autocomplete: "off", value: one.value ?? "" });
    field.read = () => node.value;
    return node;
  }

  #chosen(one, props, field) {
    if ((one.max_values ?? 1) > 1) {
      const node = boxes(one, this.store);
      field.read = () => node.values();
      return node;
    }
    let value = (one.options ?? []).filter((each) => each.default).map((each) => each.value);
    value = value.length ? value : (one.default_values ?? []).map((each) => each.id);
    field.read = () => value;
    return single(one, this.store, (values) => (value = values), props);
  }

  async #submit() {
    if (this.#busy) return;
    const values = Object.fromEntries(this.#fields.map((field) => [field.one.custom_id, field.read()]));
    const missing = this.#fields.filter((field) => field.required && !values[field.one.custom_id].length);
    for (const field of this.#fields) {
      field.wrong.hidden = !missing.includes(field);
      field.node.classList.toggle("wrong", missing.includes(field));
    }
    if (missing.length) return missing[0].node.querySelector("input, textarea")?.focus();
    await this.#send(values);
  }

  async #send(values) {
    this.#busy = true;
    this.sender.setAttribute("aria-busy", "true");
    try {
      const outcome = await this.store.act("submits", { modal: this.view.custom_id, values });
      if (!outcome.answered) toast(t("trouble")); // the form is gone by then
    } catch (refused) {
      this.#say(refused.message);
    }
    this.#busy = false;
    this.sender.removeAttribute("aria-busy");
  }

  #say(words) {
    this.trouble.textContent = words;
    this.trouble.hidden = !words;
  }

  #close() {
    return this.store.act("dismisses", { modal: this.view.custom_id }).catch(() => {}); // it is gone already
  }

  #cancel(event) {
    event.preventDefault();
    this.#close();
  }

  #key(event) {
    if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) this.#submit();
  }
}
