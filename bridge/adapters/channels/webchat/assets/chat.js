/** `<deskbridge-chat>`: brings together what is known, what is shown and what is written. */
import { Composer } from "./composer.js";
import { h, uuid } from "./dom.js";
import { Ear } from "./ear.js";
import { ELSEWHERE, Link } from "./link.js";
import { Outbox, recall, remember } from "./outbox.js";
import { Sender } from "./sender.js";
import { Shell } from "./shell.js";
import { mine, Story } from "./story.js";
import { translator } from "./strings.js";
import { plain, words } from "./text.js";
import { PICTURES, View } from "./view.js";

// Lines of one author within five minutes belong together.
const GROUP = 5 * 60_000;

export class DeskbridgeChat extends HTMLElement {
  static observedAttributes = ["lang", "theme", "mode", "accent", "heading", "customer", "signature"];

  #rows = new Map();
  #days = new Map();
  #urls = new Map();
  #read = 0;
  #got = 0;
  #typedAt = 0;
  #ready = false;
  #painting = false;
  #stop = null;
  #root = this.attachShadow({ mode: "open" });

  connectedCallback() {
    this.#start();
  }

  disconnectedCallback() {
    this.#stop?.abort();
    this.#stop = null;
  }

  attributeChangedCallback(name, before, now) {
    if (!this.#stop || before === now) return;
    if (name === "theme" || name === "accent") return this.#dress();
    this.disconnectedCallback();
    this.#start();
  }

  get floating() {
    return this.getAttribute("mode") !== "inline";
  }

  get isOpen() {
    return this.shell.open;
  }

  open() {
    this.#show(true);
    this.composer.focus();
  }

  close() {
    if (!this.floating) return;
    this.#show(false);
    this.shell.launcher.focus();
  }

  toggle() {
    if (this.isOpen) this.close();
    else this.open();
  }

  // ---------------------------------------------------------------- building

  option = (name) => this.getAttribute(name) ?? CHANNEL[name] ?? undefined;

  #start() {
    this.#stop = new AbortController();
    this.#ready = false;
    this.#got = 0;
    this.#rows.clear();
    this.#days.clear();
    const { option } = this;
    const t = (this.t = translator(option("lang") || navigator.language));
    const profile = { name: option("name"), language: t.lang };
    const [base, customer, signature] = ["base", "customer", "signature"].map(option);
    this.story = new Story();
    this.link = new Link({ base, customer, signature, profile }, (...event) => this.#on(...event));
    this.ear = new Ear(this.link);
    this.sender = new Sender(this.link, new Outbox(), (entry, error) => this.#tried(entry, error));
    this.view = new View(t, (name, ...about) => this[`_${name}`](...about), (file) => this.#url(file));
    this.#read = Number(recall(`deskbridge:read:${this.link.box}`));
    this.composer = new Composer(t, CHANNEL.limits, { author: (line) => this.view.author(line),
      send: (what) => this.#send(what), typing: () => this.#typing(), draft: (text) => this.#draft("draft", text) });
    const { floating, composer } = this;
    const [heading, welcome] = [option("heading") || t("chat"), option("welcome")];
    this.shell = new Shell(t, { floating, heading, welcome, composer }, { toggle: () => this.toggle(), close: () => this.close(),
      earlier: () => this.#earlier(), end: () => this.#end(), attach: (files) => composer.attach(files), scrolled: () => this.#seen() });
    this.shell.into(this.#root);
    if (floating) this.#show(Boolean(this.#draft("open")));
    this.#dress();
    this.#hear(this.#stop.signal);
    this.ear.look();
    this.#wake();
  }

  #dress() {
    this.shell.dress(this.option("theme"), this.option("accent"));
  }

  #hear(signal) {
    const on = (target, name, act) => target?.addEventListener(name, act, { signal });
    const nudge = () => { this.sender.nudge(); this.#seen(); };
    on(window, "offline", () => this.shell.banner("offline"));
    on(window, "online", () => { nudge(); this.link.renew(); if (!this.link.known) this.#live(); });
    on(document, "visibilitychange", () => {
      this.ear.look();
      if (!document.hidden) nudge();
    });
    on(matchMedia("(prefers-color-scheme: dark)"), "change", () => this.#dress());
    on(window.visualViewport, "resize", () => this.shell.box.style.setProperty("--height", `${visualViewport.height}px`));
    on(window, "storage", ({ key }) => key === `deskbridge:token:${this.link.base}` && this.#wake());
    on(signal, "abort", () => {
      this.ear.stop();
      this.link.close();
      this.sender.close();
      this.shell.banner("live");
      this.shell.count(0);
      for (const url of this.#urls.values()) URL.revokeObjectURL(url);
      this.#urls.clear();
    });
  }

  /** Shows what is still unsent, sends it, and listens as soon as there is a visitor to listen for. */
  async #wake() {
    for (const entry of await this.sender.waiting()) this.#pending(entry);
    this.#paint();
    this.sender.drain();
    if (this.link.known) this.link.listen();
    else this.#settled();
  }

  // ---------------------------------------------------------------- what comes from the server

  #on(type, data, seq) {
    if (!this.#stop) return;
    if (seq) {
      this.story.add(type, data, seq);
      if (type === "message" && !mine(data)) this.shell.typing(data.name, false);
      this.#later();
    } else if (type === "typing") this.shell.typing(data.name, true);
    else if (type === "read") this.#mark(data.seq);
    else if (type === "ready") this.#settled(data);
    else if (type === "down") this.shell.down();
    else if (type === "refused") this.#refused(data);
    else if (type === "reset") {
      this.story.forget();
      this.#ready = false;
      this.shell.quiet(true);
    }
  }

  #settled({ received = 0, read = 0, more } = {}) {
    if (more !== undefined) this.shell.earlier.hidden = !more;
    this.#got = Math.max(this.#got, received);
    this.#read = Math.max(this.#read, read);
    this.#live();
    this.#ready = true;
    this.#paint();
    setTimeout(() => this.shell.quiet(false));
  }

  /** Where the chat may not be, this stays said. */
  #live() {
    if (navigator.onLine && !this.composer.box.disabled) this.shell.banner("live");
  }

  #refused({ code }) {
    this.shell.banner(code === ELSEWHERE ? "elsewhere" : "refused");
    if (code === ELSEWHERE) this.composer.shut();
  }

  async #earlier() {
    const { scroller, earlier } = this.shell;
    const below = scroller.scrollHeight - scroller.scrollTop;
    earlier.disabled = true;
    try {
      const { events, more } = await (await this.link.fetch(`/history?before=${this.story.first}`)).json();
      this.story.prepend(events);
      earlier.hidden = !more;
      this.shell.quiet(true);
      this.#paint();
      setTimeout(() => this.shell.quiet(false));
      scroller.scrollTop = scroller.scrollHeight - below;
    } catch {
      // The button stays, to be pressed again.
    }
    earlier.disabled = false;
  }

  // ---------------------------------------------------------------- what goes to the server

  #send({ text, files, reply_to, target, choice }) {
    const entry = { id: uuid(), kind: target ? "edit" : "message", text, files, choice, at: Date.now(),
      reply_to: reply_to?.id, target: target?.id };
    if (target) Object.assign(target, { text: plain(text), edited: true });
    this.#pending(entry);
    this.#paint();
    this.#draft("draft", "");
    this.sender.add(entry);
    this.link.listen();
    this.shell.bottom();
  }

  #pending(entry) {
    if (entry.kind === "end") this.story.ending(entry);
    if (entry.kind === "message") this.story.pending(entry, navigator.onLine ? "sending" : "waiting");
  }

  #tried(entry, error) {
    if (entry.kind === "message") this.story.tried(entry, error);
    else if (error && !error.again) {
      this.sender.discard(entry.id);
      this.story.remove(entry.id);
      this.story.prepend();
      this.composer.say(this.t("failed"));
    }
    this.#paint();
  }

  #end() {
    const entry = { id: uuid(), kind: "end", at: Date.now() };
    this.#pending(entry);
    this.#paint();
    this.sender.add(entry);
    this.shell.bottom();
    this.composer.focus();
  }

  #typing() {
    if (!this.link.known || Date.now() - this.#typedAt < 3000) return;
    this.#typedAt = Date.now();
    this.link.post("/typing", {}).catch(() => {});
  }

  _reply(message) {
    this.composer.about(message, "reply");
  }

  _edit(message) {
    this.composer.about(message, "edit");
  }

  _del(message) {
    message.deleted = true;
    this.#paint();
    this.sender.add({ id: uuid(), kind: "delete", target: message.id });
  }

  _choose(message, choice) {
    this.#send({ text: choice.label, choice: choice.id, reply_to: message });
    this.composer.focus();
  }

  _retry(message) {
    message.state = "sending";
    this.#paint();
    this.sender.retry(message.id);
  }

  _discard({ id }) {
    this.sender.discard(id);
    this.story.remove(id);
    this.#paint();
    this.composer.focus();
  }

  async _download(file) {
    const url = await this.#url(file);
    if (url) h("a", { href: url, download: file.name }).click();
    else this.composer.say(this.t("gone"));
  }

  /** Where the browser has the bytes of a file; only pictures keep their type, all else is inert. */
  async #url(file) {
    const key = file.id ?? file;
    if (this.#urls.has(key)) return this.#urls.get(key);
    const type = PICTURES.test(file.type) ? file.type : "application/octet-stream";
    try {
      const bytes = file.blob ?? (await (await this.link.fetch(`/files/${file.id}`, { seconds: 300 })).blob());
      this.#urls.set(key, URL.createObjectURL(new Blob([bytes], { type })));
    } catch {
      // Gone, or no connection: the caller says so.
    }
    return this.#urls.get(key);
  }

  // ---------------------------------------------------------------- showing it

  #later() {
    if (this.#painting || !this.#ready) return;
    this.#painting = true;
    queueMicrotask(() => { this.#painting = false; this.#paint(); });
  }

  /** Brings the log in line with the story; only what changed is touched, so only that is read out. */
  #paint() {
    if (!this.#stop) return;
    const list = this.story.list();
    const offered = list.findLastIndex((line) => mine(line) || line.ended || line.choices?.length);
    const nodes = [];
    let before, row;
    for (const [index, line] of list.entries()) {
      const newDay = !before || this.view.day(before.at) !== this.view.day(line.at);
      const joins = !newDay && before.from === line.from && before.name === line.name && line.at - before.at < GROUP;
      if (newDay) nodes.push(this.#day(line.at));
      row?.classList.toggle("last", !joins);
      nodes.push((row = this.#row(line, index === offered)));
      row.classList.toggle("first", !joins);
      before = line;
    }
    row?.classList.add("last");
    this.shell.welcome.hidden = !this.#ready || list.length > 0;
    this.shell.place(nodes);
    const other = list.findLast((line) => line.ended || (!mine(line) && line.from !== "system"));
    this.shell.speaker(!other || other.ended ? "" : this.view.author(other));
    this.shell.ender.hidden = CHANNEL.no_end || !this.story.going;
    this.#unread();
    this.#seen();
    this.#came();
  }

  #row(line, open) {
    const quote = line.quote && { author: "", excerpt: "…", ...line.quote, ...this.#quoted(line.quote.id) };
    const { text, files = [], choices, deleted, reactions } = line;
    const look = JSON.stringify([line.ended, text, files.map((file) => file.name), quote, choices, deleted, reactions]);
    let kept = this.#rows.get(line.id);
    if (kept?.look !== look) this.#rows.set(line.id, (kept = { look, row: this.view.row({ ...line, quote }, line) }));
    this.view.note(kept.row, line, open);
    return kept.row;
  }

  #quoted(id) {
    const line = this.story.get(id);
    if (!line) return {};
    const excerpt = line.deleted ? this.t("deleted") : words(line.text).slice(0, 120) || line.files?.[0]?.name;
    return { author: this.view.author(line), excerpt };
  }

  #day(at) {
    const label = this.view.day(at);
    if (!this.#days.has(label)) this.#days.set(label, h("div", { class: "day" }, h("span", {}, label)));
    return this.#days.get(label);
  }

  #show(open) {
    this.shell.show(open);
    this.#draft("open", open ? "1" : "");
    this.#unread();
    this.#seen();
  }

  // ---------------------------------------------------------------- read and unread

  #new = () => this.story.list().filter((line) => !mine(line) && !line.deleted && !line.ended && line.seq > this.#read);

  #unread() {
    const { length } = this.#new();
    this.shell.count(length);
    if (length !== this.unread) this.dispatchEvent(new CustomEvent("deskbridge:unread", { detail: (this.unread = length), bubbles: true }));
  }

  /** What is on the screen, at the end of the log, of a page that is looked at, is read. */
  #seen() {
    if (!this.#stop || !this.#ready || document.hidden || !this.isOpen || !this.shell.low) return;
    const last = this.#new().at(-1);
    this.shell.jump.hidden = true;
    if (!last) return;
    this.#mark(last.seq);
    this.link.post("/read", { up_to: last.seq }).catch(() => {});
  }

  /** What came but is not seen yet is received: the server hears of it once, or again after a failure. */
  #came() {
    const last = this.#new().at(-1);
    if (!this.#ready || !(last?.seq > this.#got)) return;
    const before = this.#got;
    this.#got = last.seq;
    this.link.post("/received", { up_to: last.seq }).catch(() => (this.#got = before));
  }

  #mark(seq) {
    if (!(seq > this.#read)) return;
    this.#read = seq;
    remember(`deskbridge:read:${this.link.box}`, seq);
    this.#unread();
  }

  /** What this tab remembers from page to page: an open panel, an unfinished text. */
  #draft(name, value) {
    const key = `deskbridge:${name}:${this.link.box}`;
    try {
      if (value === undefined) return sessionStorage.getItem(key);
      sessionStorage.setItem(key, value);
    } catch {
      // Storage is forbidden: nothing is remembered.
    }
  }
}
