/** Messages of one channel or thread, and where one writes under them. */
import { Composer } from "./composer.js";
import { Lines } from "./lines.js";
import { el, icon, redraw } from "./dom.js";
import { DIRECT, isThread } from "./store.js";
import { readTo, seen } from "./read.js";
import { t, tag } from "./words.js";

export class Talk {
  constructor(store, desk) {
    Object.assign(this, { store, desk });
    this.scroll = el("div", { class: "scroll", tabindex: "0" });
    this.lines = new Lines(this.scroll, store, desk);
    this.composer = new Composer(store, desk);
    this.answering = el("p", { class: "answering", hidden: true });
    this.notice = el("p", { class: "notice quiet", hidden: true });
    this.composer.node.prepend(this.answering);
    this.nodes = [this.scroll, this.notice, this.composer.node];
  }

  show(yes) {
    this.scroll.hidden = !yes;
    if (yes) return;
    this.notice.hidden = true;
    this.composer.node.hidden = true;
  }

  /** Draw the messages of this channel. */
  draw(channel) {
    const { store } = this;
    const me = store.me.id;
    const messages = store.lines(channel.id);
    store.commandsIn(channel).catch(() => {}); // a message's menu shows them
    this.show(true);
    this.scroll.setAttribute("aria-label", t("messages"));
    this.lines.show(messages, { place: `${me} ${channel.id}`, readTo: readTo(me, channel.id), begin: begin(channel, store), inThread: isThread(channel) });
    const last = messages.filter((one) => !one.is_ephemeral).at(-1);
    if (last && !document.hidden) seen(me, channel.id, null, last.ts);
    this.#drawFoot(channel);
  }

  #drawFoot(channel) {
    const writes = channel.type === DIRECT || (channel.writes && !channel.locked);
    this.composer.node.hidden = !writes;
    if (writes) this.composer.show(channel, null);
    const words = channel.locked ? t("locked") : channel.archived ? t("archived") : writes ? "" : t("read_only");
    this.notice.hidden = !words;
    this.notice.textContent = words;
    const to = this.store.replying?.channel === channel.id ? this.store.replying : null;
    this.answering.hidden = !to;
    redraw(this.answering, `${tag} ${to?.id}`, () => (to ? [el("span", {}, t("replying", { who: this.store.people.get(to.user)?.real_name ?? "" })), el("button", { type: "button", class: "tool", "aria-label": t("cancel"), onclick: () => this.desk.reply(null) }, icon("close"))] : []));
  }
}

function begin(channel, store) {
  if (isThread(channel)) return "";
  return t(channel.type === DIRECT ? "begin_direct" : "begin", { room: store.placeName(channel) });
}
