/** `<deskbridge-chat>`: the panel, what is in it, and when it is read. */
import { Composer } from "./composer.js";
import { button, h, icon, uuid } from "./dom.js";
import { Link } from "./link.js";
import { Outbox, recall, remember } from "./outbox.js";
import { Sender } from "./sender.js";
import { mine, Story } from "./story.js";
import { translator } from "./strings.js";
import { sheet } from "./style.js";
import { plain, words } from "./text.js";
import { PICTURES, View } from "./view.js";

const GROUP = 5 * 60_000; // Lines of one author within five minutes belong together.
const TYPING = 6_000;
const UNSEEN = 30_000; // A browser opens few lines to one server; tabs in the background share one.

export class DeskbridgeChat extends HTMLElement {
  static observedAttributes = ["lang", "theme", "mode", "accent", "heading", "customer", "signature"];

  #rows = new Map();
  #days = new Map();
  #urls = new Map();
  #typists = new Map();
  #read = 0;
  #late = 0;
  #typedAt = 0;
  #unseen = 0;
  #shown = () => {};
  #ready = false;
  #painting = false;
  #low = true;
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
    return !this.floating || !this.panel.hidden;
  }

  open() {
    this.#show(true);
    this.composer.focus();
  }

  close() {
    if (!this.floating) return;
    this.#show(false);
    this.launcher.focus();
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
    this.#rows.clear();
    this.#days.clear();
    const { option } = this;
    const t = (this.t = translator(option("lang") || navigator.language));
    const profile = { name: option("name"), language: t.lang };
    const [base, customer, signature] = ["base", "customer", "signature"].map(option);
    this.story = new Story();
    this.link = new Link({ base, customer, signature, profile }, (...event) => this.#on(...event));
    this.sender = new Sender(this.link, new Outbox(), (entry, error) => this.#tried(entry, error));
    this.view = new View(t, (name, ...about) => this[`_${name}`](...about), (file) => this.#url(file));
    this.#read = Number(recall(`deskbridge:read:${this.link.box}`));
    this.#build(t, option("heading") || t("chat"));
    this.#dress();
    this.#hear(this.#stop.signal);
    this.#wake();
  }

  #build(t, heading) {
    const { floating } = this;
    const brand = () => h("span", { class: "brand", "aria-hidden": "true" }, icon("chat"));
    this.composer = new Composer(t, CHANNEL.limits, { author: (line) => this.view.author(line),
      send: (what) => this.#send(what), typing: () => this.#typing(), draft: (text) => this.#draft("draft", text) });
    this.log = h("div", { class: "log", role: "log", "aria-live": "polite", "aria-label": t("log"), "aria-busy": "true", tabIndex: 0,
      onkeydown: (event) => this.#walk(event), onfocusin: (event) => this.#pick(event) });
    this.dots = h("div", { class: "dots", role: "status", hidden: true });
    this.earlier = h("button", { type: "button", class: "earlier", hidden: true, onclick: () => this.#earlier() }, t("earlier"));
    this.welcome = h("div", { class: "welcome", dir: "auto" }, brand(), this.option("welcome") || t("welcome"));
    this.scroller = h("div", { class: "scroller", onscroll: () => this.#scrolled() }, this.earlier, this.welcome, this.log, this.dots);
    this.banner = h("div", { class: "banner", role: "status", hidden: true });
    this.jump = h("button", { type: "button", class: "jump", hidden: true, onclick: () => this.#bottom() }, t("jump"), icon("down"));
    this.who = h("p", { hidden: true });
    this.badge = h("span", { class: "badge", hidden: true, "aria-hidden": "true" });
    this.launcher = h("button", { type: "button", class: "launcher", onclick: () => this.toggle() }, icon("chat"), icon("down"), this.badge);
    this.panel = h("section", { class: "panel", hidden: floating, "aria-label": heading, onkeydown: (event) => this.#key(event),
      role: floating ? "dialog" : "region", "aria-modal": floating && "true",
      ondragover: (event) => this.#drag(event, true), ondragleave: (event) => this.#drag(event, this.panel.contains(event.relatedTarget)),
      ondrop: (event) => { this.#drag(event, false); this.composer.attach(event.dataTransfer.files); } },
      h("header", {}, brand(), h("div", {}, h("h2", {}, heading), this.who), floating && button("down", t("close"), () => this.close())),
      this.banner, this.scroller, this.jump, this.composer.node, h("div", { class: "drop", "aria-hidden": "true" }, icon("clip"), t("drop")));
    this.box = h("div", { class: floating ? "root floating" : "root inline", lang: t.lang }, this.panel, floating && this.launcher);
    this.#root.adoptedStyleSheets = [sheet()];
    this.#root.replaceChildren(this.box);
    if (floating) this.#show(Boolean(this.#draft("open")));
  }

  #dress() {
    const theme = this.option("theme");
    const dark = theme === "dark" || (theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
    this.box.classList.toggle("dark", dark);
    const accent = this.option("accent");
    if (!/^#[0-9a-f]{6}$/i.test(accent ?? "")) return;
    const [r, g, b] = [1, 3, 5].map((at) => (parseInt(accent.slice(at, at + 2), 16) / 255) ** 2.2);
    this.box.style.setProperty("--accent", accent);
    this.box.style.setProperty("--on", 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.36 ? "#14161a" : "#fff");
  }

  #hear(signal) {
    const on = (target, name, act) => target?.addEventListener(name, act, { signal });
    const nudge = () => { this.link.wake(); this.sender.nudge(); this.#seen(); };
    on(window, "offline", () => this.#banner("offline"));
    on(window, "online", () => { nudge(); this.link.renew(); if (!this.link.known) this.#banner("live"); });
    on(document, "visibilitychange", () => {
      clearTimeout(this.#unseen);
      this.#shown();
      if (document.hidden) this.#unseen = setTimeout(() => this.#rest(), UNSEEN);
      else nudge();
    });
    on(matchMedia("(prefers-color-scheme: dark)"), "change", () => this.#dress());
    on(window.visualViewport, "resize", () => this.box.style.setProperty("--height", `${visualViewport.height}px`));
    on(window, "storage", ({ key }) => key === `deskbridge:token:${this.link.base}` && this.#wake());
    on(signal, "abort", () => {
      this.link.close();
      this.sender.close();
      this.#shown();
      this.#title(0);
      clearTimeout(this.#late);
      clearTimeout(this.#unseen);
    });
    const grown = new ResizeObserver(() => this.#low && this.#bottom());
    for (const part of [this.scroller, this.log, this.dots]) grown.observe(part);
  }

  /** One tab in the background goes on listening, for the count in its title. */
  #rest() {
    const keep = (lock) => (lock ? new Promise((shown) => (this.#shown = shown)) : this.link.rest());
    navigator.locks?.request(`deskbridge:ear:${this.link.box}`, { ifAvailable: true }, keep);
  }

  #drag(event, over) {
    event.preventDefault();
    this.panel.classList.toggle("over", over);
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
      if (type === "message" && !mine(data)) this.#typed(data.name, false);
      this.#later();
    } else if (type === "typing") this.#typed(data.name, true);
    else if (type === "read") this.#mark(data.seq);
    else if (type === "ready") this.#settled(data);
    else if (type === "down") this.#down();
    else if (type === "refused") this.#banner("refused");
    else if (type === "reset") {
      this.story.forget();
      this.#ready = false;
      this.#quiet(true);
    }
  }

  #settled({ read = 0, more } = {}) {
    if (more !== undefined) this.earlier.hidden = !more;
    this.#read = Math.max(this.#read, read);
    if (navigator.onLine) this.#banner("live");
    this.#ready = true;
    this.#paint();
    setTimeout(() => this.#quiet(false));
  }

  /** While old lines are put in, nothing is read out. */
  #quiet(yes) {
    this.log.setAttribute("aria-busy", String(yes));
  }

  async #earlier() {
    const below = this.scroller.scrollHeight - this.scroller.scrollTop;
    this.earlier.disabled = true;
    try {
      const { events, more } = await (await this.link.fetch(`/history?before=${this.story.first}`)).json();
      this.story.prepend(events);
      this.earlier.hidden = !more;
      this.#quiet(true);
      this.#paint();
      setTimeout(() => this.#quiet(false));
      this.scroller.scrollTop = this.scroller.scrollHeight - below;
    } catch { /* the button stays, to be pressed again */ }
    this.earlier.disabled = false;
  }

  #typed(name = "", yes) {
    clearTimeout(this.#typists.get(name));
    this.#typists.delete(name);
    if (yes) this.#typists.set(name, setTimeout(() => this.#typed(name, false), TYPING));
    const [who] = this.#typists.keys();
    this.dots.hidden = who === undefined;
    this.dots.replaceChildren(h("i"), h("i"), h("i"), who === undefined ? "" : this.t("typing", { name: who || this.t("bot") }));
  }

  /** Says that nothing comes in; a line that is back within two seconds was never missed. */
  #down() {
    if (!navigator.onLine) return this.#banner("offline");
    clearTimeout(this.#late);
    this.#late = setTimeout(() => this.#banner("reconnecting"), 2000);
  }

  #banner(state) {
    clearTimeout(this.#late);
    this.banner.hidden = state === "live";
    this.banner.className = `banner ${state}`;
    this.banner.textContent = state === "live" ? "" : this.t(state);
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
    this.#bottom();
  }

  #pending(entry) {
    if (entry.kind === "message") this.story.pending(entry, navigator.onLine ? "sending" : "waiting");
  }

  #tried(entry, error) {
    if (entry.kind === "message") this.story.tried(entry, error);
    else if (error && !error.again) {
      this.sender.discard(entry.id);
      this.story.prepend();
      this.composer.say(this.t("failed"));
    }
    this.#paint();
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
    } catch { /* gone, or no connection: the caller says so */ }
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
    const answered = list.findLastIndex(mine);
    const nodes = [];
    let before, row;
    for (const [index, line] of list.entries()) {
      const newDay = !before || this.view.day(before.at) !== this.view.day(line.at);
      const joins = !newDay && before.from === line.from && before.name === line.name && line.at - before.at < GROUP;
      if (newDay) nodes.push(this.#day(line.at));
      row?.classList.toggle("last", !joins);
      nodes.push((row = this.#row(line, index > answered)));
      row.classList.toggle("first", !joins);
      before = line;
    }
    row?.classList.add("last");
    this.welcome.hidden = !this.#ready || list.length > 0;
    place(this.log, nodes);
    const other = list.findLast((line) => !mine(line) && line.from !== "system");
    this.who.textContent = other ? this.view.author(other) : "";
    this.who.hidden = !other;
    this.#unread();
    this.#seen();
  }

  #row(line, open) {
    const quote = line.quote && { author: "", excerpt: "…", ...line.quote, ...this.#quoted(line.quote.id) };
    const { text, files = [], choices, deleted, reactions } = line;
    const look = JSON.stringify([text, files.map((file) => file.name), quote, choices, deleted, reactions]);
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

  /** Who is at the end of the log stays there, whatever grows. */
  #bottom() {
    this.#low = true;
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  #scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    this.#low = scrollHeight - scrollTop - clientHeight < 60;
    this.#seen();
  }

  #show(open) {
    this.panel.hidden = !open;
    this.box.classList.toggle("open", open);
    this.launcher.setAttribute("aria-expanded", String(open));
    this.#draft("open", open ? "1" : "");
    if (open) this.#bottom();
    this.#unread();
    this.#seen();
  }

  // ---------------------------------------------------------------- read and unread

  #new = () => this.story.list().filter((line) => !mine(line) && !line.deleted && line.seq > this.#read);

  #unread() {
    const { length } = this.#new();
    const label = this.t(this.isOpen ? "close" : "open");
    this.badge.textContent = length > 99 ? "99+" : length;
    this.badge.hidden = !length;
    this.launcher.setAttribute("aria-label", length ? `${label}, ${this.t("unread", { n: length })}` : label);
    this.jump.hidden = !length || !this.isOpen || this.#low;
    this.#title(length);
    if (length !== this.unread) this.dispatchEvent(new CustomEvent("deskbridge:unread", { detail: (this.unread = length), bubbles: true }));
  }

  #title(count) {
    const bare = document.title.replace(/^\(\d+\) /, "");
    const title = count ? `(${count}) ${bare}` : bare;
    if (document.title !== title) document.title = title;
  }

  /** What is on the screen, at the end of the log, of a page that is looked at, is read. */
  #seen() {
    if (!this.#stop || !this.#ready || document.hidden || !this.isOpen || !this.#low) return;
    const last = this.#new().at(-1);
    this.jump.hidden = true;
    if (!last) return;
    this.#mark(last.seq);
    this.link.post("/read", { up_to: last.seq }).catch(() => {});
  }

  #mark(seq) {
    if (!(seq > this.#read)) return;
    this.#read = seq;
    remember(`deskbridge:read:${this.link.box}`, seq);
    this.#unread();
  }

  // ---------------------------------------------------------------- keyboard

  #key(event) {
    if (event.key === "Escape") {
      if (!this.composer.cancel()) this.close();
      event.stopPropagation();
    }
    if (event.key !== "Tab" || !this.floating) return;
    const stops = [...this.panel.querySelectorAll("button, textarea, [href], [tabindex='0']")].filter((node) => node.tabIndex >= 0 && !node.disabled && node.checkVisibility?.() !== false);
    const edge = event.shiftKey ? stops[0] : stops.at(-1);
    if (this.#root.activeElement !== edge) return;
    event.preventDefault();
    (event.shiftKey ? stops.at(-1) : stops[0]).focus();
  }

  /** Up and down walk through the messages. */
  #walk(event) {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!step || !this.#rows.size) return;
    const rows = [...this.log.querySelectorAll(".msg")];
    const at = rows.indexOf(event.target.closest(".msg"));
    event.preventDefault();
    (at < 0 ? rows.at(-1) : (rows[at + step] ?? rows[at])).focus();
  }

  /** Only the buttons of the message that has the focus are stops of the Tab key. */
  #pick(event) {
    const row = event.target.closest(".msg");
    for (const act of this.log.querySelectorAll(".acts button")) act.tabIndex = row?.contains(act) ? 0 : -1;
  }

  /** What this tab remembers from page to page: an open panel, an unfinished text. */
  #draft(name, value) {
    const key = `deskbridge:${name}:${this.link.box}`;
    try {
      if (value === undefined) return sessionStorage.getItem(key);
      sessionStorage.setItem(key, value);
    } catch { /* storage is forbidden: nothing is remembered */ }
  }
}

/** Makes `nodes` the children of `parent`, moving and removing as little as possible. */
function place(parent, nodes) {
  let at = parent.firstChild;
  for (const node of nodes) {
    if (node === at) at = at.nextSibling;
    else parent.insertBefore(node, at);
  }
  while (at) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
}
