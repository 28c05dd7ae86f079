/** What is on the screen whatever is said: the launcher, the panel and the places in it. */
import { button, h, icon } from "./dom.js";
import { sheet } from "./style.js";

const TYPING = 6_000;
const STOPS = "button, textarea, [href], [tabindex='0']";

export class Shell {
  #typists = new Map();
  #late = 0;
  low = true;

  /** `on` hears `toggle`, `close`, `earlier`, `attach(files)` and `scrolled`. */
  constructor(t, { floating, heading, welcome, composer }, on) {
    Object.assign(this, { t, floating, heading, composer, on });
    const brand = () => h("span", { class: "brand", "aria-hidden": "true" }, icon("chat"));
    this.log = h("div", { class: "log", role: "log", "aria-live": "polite", "aria-label": t("log"), "aria-busy": "true", tabIndex: 0,
      onkeydown: (event) => this.#walk(event), onfocusin: (event) => this.#pick(event) });
    this.dots = h("div", { class: "dots", role: "status", hidden: true });
    this.earlier = h("button", { type: "button", class: "earlier", hidden: true, onclick: on.earlier }, t("earlier"));
    this.welcome = h("div", { class: "welcome", dir: "auto" }, brand(), welcome || t("welcome"));
    this.scroller = h("div", { class: "scroller", onscroll: () => this.#scrolled() }, this.earlier, this.welcome, this.log, this.dots);
    this.band = h("div", { class: "banner", role: "status", hidden: true });
    this.jump = h("button", { type: "button", class: "jump", hidden: true, onclick: () => this.bottom() }, t("jump"), icon("down"));
    this.who = h("p", { hidden: true });
    this.badge = h("span", { class: "badge", hidden: true, "aria-hidden": "true" });
    this.launcher = h("button", { type: "button", class: "launcher", onclick: on.toggle }, icon("chat"), icon("down"), this.badge);
    this.ender = button("end", t("end"), () => this.asking(true), { hidden: true });
    this.head = h("header", {}, brand(), h("div", {}, h("h2", {}, heading), this.who), this.ender, floating && button("down", t("close"), on.close));
    this.stay = h("button", { type: "button", onclick: () => this.asking(false) }, t("stay"));
    this.ask = h("div", { class: "ask", role: "alertdialog", "aria-modal": "true", "aria-labelledby": "sure again", hidden: true },
      h("div", {}, h("h2", { id: "sure" }, t("sure")), h("p", { id: "again" }, t("again")), h("div", {}, this.stay,
        h("button", { type: "button", class: "firm", onclick: () => { this.asking(false); on.end(); } }, t("finish")))));
    this.panel = h("section", { class: "panel", hidden: floating, "aria-label": heading, onkeydown: (event) => this.#key(event),
      role: floating ? "dialog" : "region", "aria-modal": floating && "true",
      ondragover: (event) => this.#drag(event, true), ondragleave: (event) => this.#drag(event, this.panel.contains(event.relatedTarget)),
      ondrop: (event) => { this.#drag(event, false); on.attach(event.dataTransfer.files); } },
      this.head, this.band, this.scroller, this.jump, composer.node, this.ask, h("div", { class: "drop", "aria-hidden": "true" }, icon("clip"), t("drop")));
    this.box = h("div", { class: floating ? "root floating" : "root inline", lang: t.lang }, this.panel, floating && this.launcher);
    const grown = new ResizeObserver(() => this.low && this.bottom());
    for (const part of [this.scroller, this.log, this.dots]) grown.observe(part);
  }

  /** Puts it into a shadow root. */
  into(root) {
    root.adoptedStyleSheets = [sheet()];
    root.replaceChildren(this.box);
  }

  get open() {
    return !this.floating || !this.panel.hidden;
  }

  show(open) {
    this.panel.hidden = !open;
    this.box.classList.toggle("open", open);
    this.launcher.setAttribute("aria-expanded", String(open));
    if (open) this.bottom();
  }

  /** Ask whether to end; nothing else can be done meanwhile. Without an answer nothing ends. */
  asking(yes) {
    this.ask.hidden = !yes;
    for (const part of [this.head, this.scroller, this.jump, this.composer.node]) part.inert = yes;
    (yes ? this.stay : this.ender).focus();
  }

  dress(theme, accent) {
    const dark = theme === "dark" || (theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
    this.box.classList.toggle("dark", dark);
    if (!/^#[0-9a-f]{6}$/i.test(accent ?? "")) return;
    const [r, g, b] = [1, 3, 5].map((at) => (parseInt(accent.slice(at, at + 2), 16) / 255) ** 2.2);
    this.box.style.setProperty("--accent", accent);
    this.box.style.setProperty("--on", 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.36 ? "#14161a" : "#fff");
  }

  /** `live`, or why nothing comes in. */
  banner(state) {
    clearTimeout(this.#late);
    this.band.hidden = state === "live";
    this.band.className = `banner ${state}`;
    this.band.textContent = state === "live" ? "" : this.t(state);
  }

  /** The line is gone; one that is back within two seconds was never missed. */
  down() {
    if (!navigator.onLine) return this.banner("offline");
    clearTimeout(this.#late);
    this.#late = setTimeout(() => this.banner("reconnecting"), 2000);
  }

  /** Somebody is typing, until he writes or six seconds have passed. */
  typing(name = "", yes) {
    clearTimeout(this.#typists.get(name));
    this.#typists.delete(name);
    if (yes) this.#typists.set(name, setTimeout(() => this.typing(name, false), TYPING));
    const [who] = this.#typists.keys();
    this.dots.hidden = who === undefined;
    this.dots.replaceChildren(h("i"), h("i"), h("i"), who === undefined ? "" : this.t("typing", { name: who || this.t("bot") }));
  }

  /** Who the customer talks to. */
  speaker(name) {
    this.who.textContent = name;
    this.who.hidden = !name || name === this.heading;
  }

  /** How many lines were not seen: on the launcher, in the page's title, on the way down. */
  count(unread) {
    const label = this.t(this.open ? "close" : "open");
    this.badge.textContent = unread > 99 ? "99+" : unread;
    this.badge.hidden = !unread;
    this.launcher.setAttribute("aria-label", unread ? `${label}, ${this.t("unread", { n: unread })}` : label);
    this.jump.hidden = !unread || !this.open || this.low;
    const bare = document.title.replace(/^\(\d+\) /, "");
    const title = unread ? `(${unread}) ${bare}` : bare;
    if (document.title !== title) document.title = title;
  }

  /** While old lines are put in, nothing is read out. */
  quiet(yes) {
    this.log.setAttribute("aria-busy", String(yes));
  }

  /** Makes these the rows of the log; one that stays is not touched, so only new ones are read out. */
  place(nodes) {
    const { children } = this.log;
    const kept = new Set(nodes);
    for (const row of [...children]) if (!kept.has(row)) row.remove();
    nodes.forEach((row, at) => children[at] === row || this.log.insertBefore(row, children[at] ?? null));
  }

  /** Who is at the end of the log stays there, whatever grows. */
  bottom() {
    this.low = true;
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  #scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    this.low = scrollHeight - scrollTop - clientHeight < 60;
    this.on.scrolled();
  }

  #drag(event, over) {
    event.preventDefault();
    this.panel.classList.toggle("over", over);
  }

  #key(event) {
    if (event.key === "Escape") {
      if (!this.ask.hidden) this.asking(false);
      else if (!this.composer.cancel()) this.on.close();
      event.stopPropagation();
    }
    if (event.key !== "Tab" || !this.floating) return;
    const usable = (node) => node.tabIndex >= 0 && !node.disabled && !node.closest("[inert]") && node.checkVisibility?.() !== false;
    const stops = [...this.panel.querySelectorAll(STOPS)].filter(usable);
    const [edge, next] = event.shiftKey ? [stops[0], stops.at(-1)] : [stops.at(-1), stops[0]];
    if (this.box.getRootNode().activeElement !== edge) return;
    event.preventDefault();
    next.focus();
  }

  /** Up and down walk through the messages. */
  #walk(event) {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const rows = [...this.log.querySelectorAll(".msg")];
    if (!step || !rows.length) return;
    const at = rows.indexOf(event.target.closest(".msg"));
    event.preventDefault();
    (at < 0 ? rows.at(-1) : (rows[at + step] ?? rows[at])).focus();
  }

  /** Only the buttons of the message that has the focus are stops of the Tab key. */
  #pick(event) {
    const row = event.target.closest(".msg");
    for (const act of this.log.querySelectorAll(".acts button")) act.tabIndex = row?.contains(act) ? 0 : -1;
  }
}
