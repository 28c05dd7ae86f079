/** A list of messages that stays where it is read, and goes along when one is at its end. */
import { day, moment } from "./dates.js";
import { drawMessage, print, saysItsName } from "./message.js";
import { el, keep } from "./dom.js";
import { t, tag } from "./words.js";

const TOGETHER = 5 * 60;
const NEAR = 80;

export class Lines {
  #place = "";
  #from = "";

  /** `box` scrolls; `desk` opens threads and edits lines. */
  constructor(box, store, desk) {
    Object.assign(this, { box, store, desk });
    this.list = el("div", { class: "lines", role: "log" });
    box.append(this.list);
    box.addEventListener("keydown", (event) => this.#key(event));
    // Pictures come later than their messages, and make them longer.
    new ResizeObserver(() => this.low && this.#down()).observe(this.list);
    box.addEventListener("scroll", () => (this.low = this.#isLow()), { passive: true });
    this.low = true;
  }

  #isLow = () => this.box.scrollHeight - this.box.scrollTop - this.box.clientHeight < NEAR;
  #down = () => (this.box.scrollTop = this.box.scrollHeight);

  /** Show these; `place` names them, `readTo` is how far I had read, `begin` stands before all. */
  show(messages, { place, readTo, begin, inThread = false }) {
    if (place !== this.#place) {
      this.#place = place;
      this.#from = readTo;
      this.low = true;
    }
    const items = [...this.#items(messages, begin, inThread)];
    keep(this.list, items, {
      key: (item) => item.key,
      print: (item) => (item.message ? print(item, this.store, this.desk) : `${tag} ${item.words}`),
      make: (item) => this.#make(item),
    });
    if (this.low) this.#down();
  }

  *#items(messages, begin, inThread) {
    if (begin) yield { key: "begin", words: begin, kind: "begin" };
    let before = null;
    let called = false;
    for (const [at, message] of messages.entries()) {
      const today = day(moment(message.ts));
      if (!inThread && (!before || day(moment(before.ts)) !== today)) yield { key: `day ${today}`, words: today, kind: "day" };
      const fresh = !called && this.#from && message.ts > this.#from && message.user !== this.store.me.id && !message.is_ephemeral;
      if (fresh && at > 0) yield { key: "new", words: t("new_lines"), kind: "new" };
      called ||= fresh;
      yield { key: `${message.channel} ${message.id ?? message.ts}`, message, inThread, compact: this.#follows(message, before) };
      before = message;
    }
  }

  /** Said right after by the same one: his name need not be said again. */
  #follows(message, before) {
    if (!before || saysItsName(message, before, this.store)) return false;
    return message.ts - before.ts < TOGETHER;
  }

  #make(item) {
    if (item.message) return el("div", {}, drawMessage(item, this.store, this.desk));
    if (item.kind === "begin") return el("p", { class: "begin" }, item.words);
    return el("div", { class: `divider ${item.kind}`, role: "separator" }, el("span", {}, item.words));
  }

  /** Up and down from message to message. */
  #key(event) {
    const moves = { ArrowDown: 1, ArrowUp: -1 };
    if (!(event.key in moves) || !event.target.matches(".message, .scroll")) return;
    const all = [...this.list.querySelectorAll(".message")];
    const at = all.indexOf(event.target);
    const next = at < 0 ? all.at(-1) : all[at + moves[event.key]];
    if (!next) return;
    event.preventDefault();
    next.focus();
  }
}
