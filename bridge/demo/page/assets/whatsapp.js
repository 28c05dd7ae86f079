/** A customer's WhatsApp: his chat with the shop, on the telephone of whoever is shown. */
import { bubble, day } from "./bubbles.js";
import { el, icon, keep } from "./dom.js";
import { Sheet } from "./sheet.js";
import { facts, send, t, tag } from "./words.js";

const BASE = "/demo/phone";
const KEY = `deskbridge-demo:telephone:${facts.house}`;
const PLACE = { latitude: -23.56141, longitude: -46.65588, name: "Avenida Paulista, São Paulo" };
const MINUTE = 60_000, HOUR = 60 * MINUTE, TYPING = 26_000;

const screen = document.getElementById("whatsapp");

/** `changed()` after anything new; `called(name, words, index)` when a telephone out of sight rings. */
export class WhatsApp {
  name = "whatsapp";
  at = 0;
  #phones = [];
  #shown = null;
  #drawn = 0;
  #quoted = null;
  #edited = null;
  #held = new Map();
  #typing = 0;
  #opened;

  constructor({ now, changed, called }) {
    Object.assign(this, { now, changed, called });
    this.sheet = new Sheet(screen);
    this.#build();
    this.#opened = this.#load();
    document.addEventListener("visibilitychange", () => this.#read());
  }

  get people() {
    return this.#phones.map(({ name, news }) => ({ name, news }));
  }

  get title() {
    return this.#phones[this.at]?.phone ?? "";
  }

  /** True when somebody's words are on the screen who is no bot: the desk said since when he is in control. */
  get answered() {
    const since = this.#held.get(this.#phones[this.at]?.name) ?? Infinity;
    return Boolean(this.#shown?.lines.some(({ from, at }) => from === "out" && at * 1000 > since));
  }

  /** The desk wrote down that a person is in control of somebody's conversation. */
  held(customer, at) {
    this.#held.set(customer, at);
  }

  /** How long the shop may write freely; who never wrote can only get a template. */
  get caption() {
    const phone = this.#phones[this.at]?.phone ?? "";
    const until = this.#shown?.until ?? null;
    const command = `/template ${phone}`;
    if (until === null) return { state: "new", text: t("phone.window_none", { phone }), command };
    const left = until - this.now();
    if (left <= 0) return { state: "closed", text: t("phone.window_closed") };
    const hours = Math.floor(left / HOUR), minutes = Math.floor((left % HOUR) / MINUTE);
    const time = t(hours ? "phone.left_hours" : "phone.left_minutes", { hours, minutes });
    return { state: left < 2 * HOUR ? "soon" : "open", text: t("phone.window_open", { phone, time }) };
  }

  // ------------------------------------------------------------ whose it is

  open() {
    return this.#opened;
  }

  async #load() {
    const found = await (await fetch(BASE)).json();
    this.#phones = found.map((each) => ({ ...each, news: false, seen: 0 }));
    const wanted = found.findIndex(({ id }) => id === sessionStorage.getItem(KEY));
    await this.show(Math.max(0, wanted));
  }

  async newcomer() {
    await this.#opened;
    const name = facts.names[this.#phones.length % facts.names.length];
    this.#phones.push({ ...(await send(BASE, { name })), news: false, seen: 0 });
    await this.show(this.#phones.length - 1);
  }

  async show(index) {
    this.at = index;
    this.#phones[index].news = false;
    sessionStorage.setItem(KEY, this.#phones[index].id);
    this.#shown = null;
    this.#away();
    this.sheet.close();
    await this.#refresh();
  }

  translate() {
    screen.replaceChildren();
    this.#build();
    this.#draw();
  }

  dress() {}

  // ------------------------------------------------------------ what happens

  /** Something happened on somebody's telephone. */
  async heard(customer) {
    await this.#opened;
    const index = this.#phones.findIndex(({ id }) => id === customer);
    if (index < 0) return;
    if (index === this.at) await this.#refresh();
    if (index !== this.at || !this.#visible) await this.#ring(index);
  }

  async #ring(index) {
    const phone = this.#phones[index];
    const { lines } = (index === this.at && this.#shown) || (await this.#look(phone.id));
    const last = lines.filter(({ from }) => from === "out").at(-1);
    if (!last || last.status === "read" || last.at <= phone.seen) return;
    phone.seen = last.at;
    phone.news = true;
    this.called(phone.name, last.text || t(`phone.kind.${last.type}`), index);
  }

  async #look(id) {
    return (await fetch(`${BASE}/${id}`)).json();
  }

  async #refresh() {
    const turn = ++this.#drawn;
    const phone = this.#phones[this.at];
    const found = await this.#look(phone.id);
    if (turn !== this.#drawn) return;
    this.#shown = found;
    clearTimeout(this.#typing);
    if (found.typing) this.#typing = setTimeout(() => this.#refresh(), TYPING);
    this.#draw();
    this.changed();
    this.#read();
  }

  get #visible() {
    return !screen.hidden && screen.offsetParent !== null && !document.hidden;
  }

  /** Whoever looks at his telephone has read what stands there. */
  async #read() {
    if (!this.#shown?.online || !this.#visible) return;
    const phone = this.#phones[this.at];
    phone.news = false;
    phone.seen = Math.max(phone.seen, ...this.#shown.lines.map(({ at }) => at));
    if (this.#shown.lines.some(({ from, status }) => from === "out" && status === "delivered")) await this.#act("reads");
  }

  looked = () => this.#read();

  // ------------------------------------------------------------ what the customer does

  /** What is done before the telephone is there is done as soon as it is. */
  async #act(act, said = {}) {
    await this.#opened;
    return send(`${BASE}/${this.#phones[this.at].id}/${act}`, said);
  }

  async #does(act, said) {
    try {
      await this.#act(act, said);
      this.error.hidden = true;
    } catch {
      this.#fail(t("phone.failed"));
    }
    await this.#refresh();
    this.#end();
  }

  #fail(words) {
    this.error.textContent = words;
    this.error.hidden = false;
  }

  async #send() {
    const text = this.box.value.trim();
    if (!text) return;
    const about = this.#edited ?? this.#quoted;
    const act = this.#edited ? "edits" : "writes";
    this.box.value = "";
    this.#away();
    await this.#does(act, { text, ...(about && { message: about.id }) });
  }

  async #attach(files) {
    await this.#opened;
    for (const file of files) {
      const query = new URLSearchParams({ name: file.name });
      const type = file.type || "application/octet-stream";
      const answer = await fetch(`${BASE}/${this.#phones[this.at].id}/files?${query}`, { method: "POST", headers: { "Content-Type": type }, body: file });
      if (!answer.ok) return this.#fail(t(answer.status === 413 ? "phone.too_large" : "phone.failed"));
    }
    await this.#refresh();
    this.#end();
  }

  // ------------------------------------------------------------ how it looks

  #build() {
    this.face = el("span", { class: "wa-face", "aria-hidden": "true" }, initials(facts.brand));
    this.state = el("small", {});
    this.power = el("button", { type: "button", class: "wa-tool", "aria-pressed": "true", onclick: () => this.#does("switches", { online: !this.#shown?.online }) }, icon("power"));
    const head = el("header", { class: "wa-head" }, this.face, el("div", {}, el("b", {}, facts.brand), this.state), this.power);
    this.log = el("ol", { class: "wa-lines", role: "log", "aria-live": "polite", "aria-label": t("phone.lines"), tabindex: "0" });
    this.empty = el("p", { class: "wa-empty" });
    this.scroll = el("div", { class: "wa-scroll" }, this.empty, this.log);
    this.error = el("p", { class: "wa-error", role: "alert", hidden: true });
    this.box = el("textarea", { rows: 1, maxlength: 4096, "aria-label": t("phone.write"), placeholder: t("phone.write"), oninput: () => this.#grow(), onkeydown: (event) => this.#key(event) });
    this.input = el("input", { type: "file", hidden: true, multiple: true, onchange: () => (this.#attach([...this.input.files]), (this.input.value = "")) });
    this.context = el("div", { class: "wa-context", hidden: true });
    const clip = el("button", { type: "button", class: "wa-tool", "aria-label": t("phone.attach"), title: t("phone.attach"), onclick: () => this.#attachments() }, icon("plus"));
    const go = el("button", { class: "wa-send", "aria-label": t("phone.send"), title: t("phone.send") }, icon("send"));
    const form = el("form", { class: "wa-compose", onsubmit: (event) => (event.preventDefault(), this.#send()) }, el("div", { class: "wa-field" }, clip, this.box, this.input), go);
    screen.append(head, this.scroll, this.error, this.context, form, this.sheet.node);
    this.#follow();
  }

  #draw() {
    if (!this.#shown) return;
    const { lines, typing, online } = this.#shown;
    this.state.textContent = online ? t(typing ? "phone.typing" : "phone.business") : t("phone.is_off");
    this.state.classList.toggle("typing", typing && online);
    this.power.setAttribute("aria-pressed", String(online));
    for (const name of ["aria-label", "title"]) this.power.setAttribute(name, t(online ? "phone.off" : "phone.on"));
    screen.classList.toggle("off", !online);
    this.empty.hidden = lines.length > 0;
    this.empty.textContent = t("phone.empty");
    const seen = online ? lines : lines.filter(({ from, status }) => from === "in" || status !== "sent");
    keep(this.log, withDays(seen), {
      key: (one) => one.key,
      print: (one) => JSON.stringify([one, tag()]),
      make: (one) => (one.day ? day(one.day) : bubble(one, { brand: facts.brand, pressed: (label) => this.#does("presses", { message: one.id, label }), more: () => this.#more(one), choose: () => this.#choose(one) })),
    });
  }

  #end = () => (this.scroll.scrollTop = this.scroll.scrollHeight);

  /** Who reads at the end stays there, whatever grows: lines, pictures that load late, the box. */
  #follow() {
    let height = 0, low = true;
    this.scroll.addEventListener("scroll", () => {
      if (this.scroll.scrollHeight === height) low = height - this.scroll.scrollTop - this.scroll.clientHeight < 80;
    }, { passive: true });
    const sizes = new ResizeObserver(() => {
      if (low) this.#end();
      height = this.scroll.scrollHeight;
    });
    sizes.observe(this.log);
    sizes.observe(this.scroll);
  }

  #grow() {
    this.box.style.height = "auto";
    this.box.style.height = `${Math.min(this.box.scrollHeight, 110)}px`;
  }

  #key(event) {
    if (event.key === "Escape") return this.#away();
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#send();
  }

  // ------------------------------------------------------------ sheets

  #attachments() {
    this.sheet.open(t("phone.attach"), [
      { icon: "file", label: t("phone.file"), act: () => this.input.click() },
      { icon: "pin", label: t("phone.place"), hint: PLACE.name, act: () => this.#does("shares", PLACE) },
    ]);
  }

  #choose(line) {
    const rows = line.list.rows.map(({ title, description }) => ({ label: title, hint: description, act: () => this.#does("presses", { message: line.id, label: title }) }));
    this.sheet.open(line.list.label, rows);
  }

  #more(line) {
    const own = line.from === "in";
    const acts = [{ icon: "reply", label: t("phone.reply"), act: () => this.#about(line, "quoted") }];
    if (own && line.type === "text") acts.push({ icon: "pencil", label: t("phone.edit"), act: () => this.#about(line, "edited") });
    if (own) acts.push({ icon: "bin", label: t("phone.delete"), act: () => this.#does("revokes", { message: line.id }) });
    const mine = line.reactions?.in ?? "";
    this.sheet.open(line.text || t(`phone.kind.${line.type}`), acts, { mine, react: (emoji) => this.#does("reacts", { message: line.id, emoji: emoji === mine ? "" : emoji }) });
  }

  #about(line, how) {
    this.#away();
    if (how === "edited") {
      this.#edited = line;
      this.box.value = line.text;
      this.#grow();
    } else this.#quoted = line;
    const who = how === "edited" ? t("phone.edit") : line.from === "in" ? t("phone.you") : facts.brand;
    const away = el("button", { type: "button", class: "wa-tool", "aria-label": t("phone.cancel"), onclick: () => this.#away() }, icon("close"));
    this.context.replaceChildren(el("span", {}, el("b", {}, who), el("span", {}, line.text || t(`phone.kind.${line.type}`))), away);
    this.context.hidden = false;
    this.box.focus();
  }

  #away() {
    if (this.#edited) this.box.value = "";
    this.#quoted = this.#edited = null;
    this.context.hidden = true;
    this.#grow();
  }
}

const initials = (name) => name.split(/\s+/).slice(0, 2).map((word) => word[0]).join("");

/** Every line, with the day before the first of each. */
function withDays(lines) {
  let last = "";
  return lines.flatMap((line, index) => {
    const moment = new Date(line.at * 1000);
    const name = moment.toDateString();
    const before = lines[index - 1];
    const first = !before || before.from !== line.from || name !== last;
    const drawn = { ...line, key: line.id, first };
    if (name === last) return [drawn];
    last = name;
    return [{ key: name, day: line.at * 1000 }, drawn];
  });
}
