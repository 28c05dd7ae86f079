/** The thread beside a channel. */
import { Composer } from "./composer.js";
import { Lines } from "./lines.js";
import { el, icon } from "./dom.js";
import { readTo, seen } from "./read.js";
import { t } from "./words.js";

export class ThreadView {
  constructor(store, desk) {
    this.store = store;
    this.title = el("h2");
    this.room = el("small");
    this.close = el("button", { type: "button", class: "tool", onclick: () => desk.openThread(null) }, icon("close"));
    this.scroll = el("div", { class: "scroll", tabindex: "0" });
    this.lines = new Lines(this.scroll, store, desk);
    this.composer = new Composer(store, desk);
    this.node = el("section", { class: "thread", hidden: true, onkeydown: ({ key, defaultPrevented }) => key === "Escape" && !defaultPrevented && desk.openThread(null) },
      el("header", { class: "channel-head" }, el("div", {}, this.title, this.room), this.close), this.scroll, this.composer.node);
  }

  /** The thread of this root, or none. */
  draw(channel, root) {
    this.node.hidden = !root;
    if (!root) return;
    const me = this.store.me.id;
    const messages = this.store.thread(channel.id, root);
    this.node.setAttribute("aria-label", t("thread"));
    this.scroll.setAttribute("aria-label", t("messages"));
    this.title.textContent = t("thread");
    this.room.textContent = channel.kind === "im" ? this.store.nameOf(channel) : `#${channel.name}`;
    this.close.setAttribute("aria-label", t("close"));
    this.lines.show(messages, { place: `${me} ${channel.id} ${root}`, readTo: readTo(me, channel.id, root), inThread: true });
    const last = messages.filter((one) => !one.is_ephemeral).at(-1);
    if (last && !document.hidden) seen(me, channel.id, root, last.ts);
    const writes = this.store.isIn(channel) && !channel.is_archived;
    this.composer.node.hidden = !writes;
    if (writes) this.composer.show(channel, root);
  }
}
