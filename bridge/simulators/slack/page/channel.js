/** The channel in the middle: its name, its messages or an app's home, and where one writes. */
import { Composer } from "./composer.js";
import { Lines } from "./lines.js";
import { drawBlocks } from "./blocks.js";
import { el, icon, redraw } from "./dom.js";
import { face } from "./faces.js";
import { inHome } from "./places.js";
import { readTo, seen } from "./read.js";
import { t, tag } from "./words.js";
import { tried } from "./message.js";

export class ChannelView {
  constructor(store, desk) {
    Object.assign(this, { store, desk });
    this.menu = el("button", { type: "button", class: "tool to-sidebar", onclick: () => desk.toggleSidebar() }, icon("menu"));
    this.title = el("h2");
    this.tabs = el("div", { class: "tabs", role: "tablist" });
    this.scroll = el("div", { class: "scroll", tabindex: "0" });
    this.lines = new Lines(this.scroll, store, desk);
    this.home = el("div", { class: "home scroll", tabindex: "0", hidden: true });
    this.composer = new Composer(store, desk);
    this.notice = el("div", { class: "notice", hidden: true });
    this.node = el("main", { class: "channel" }, el("header", { class: "channel-head" }, this.menu, this.title), this.tabs, this.home, this.scroll, this.composer.node, this.notice);
  }

  /** `channel` may be missing for an app that I never spoke to; `tab` is `home` or `messages`. */
  draw({ channel, app, tab }) {
    this.menu.setAttribute("aria-label", t("open_menu"));
    const name = app?.name ?? channel?.name ?? "";
    const mark = app ? face(app.name, { app: true, small: true }) : icon(channel?.kind === "group" ? "lock" : "hash");
    redraw(this.title, `${name} ${channel?.kind}`, () => [mark, el("span", {}, name)]);
    this.#drawTabs(app, tab);
    const atHome = Boolean(app) && tab === "home";
    this.home.hidden = !atHome;
    this.scroll.hidden = atHome;
    if (atHome) this.#drawHome(app);
    else if (channel) this.#drawLines(channel, app);
    this.#drawFoot(channel, app, atHome);
  }

  #drawTabs(app, tab) {
    this.tabs.hidden = !app;
    const one = (name) => el("button", { type: "button", role: "tab", "aria-selected": String(tab === name), data: { focus: name }, onclick: () => this.desk.go({ tab: name }) }, t(name));
    redraw(this.tabs, `${app?.id} ${tab} ${tag}`, () => (app ? [one("home"), one("messages")] : []));
  }

  #drawHome(app) {
    const view = this.store.home;
    const mine = view?.app_id === app.id && view.user === this.store.me.id ? view : null;
    redraw(this.home, JSON.stringify([tag, this.store.me.id, mine?.hash]), () => {
      const where = mine && { ...inHome(mine, this.store), blocks: mine.blocks };
      return el("div", { class: "home-body" }, mine ? drawBlocks(mine.blocks, where) : el("p", { class: "quiet" }, t("no_home")));
    });
  }

  #drawLines(channel, app) {
    const me = this.store.me.id;
    const messages = this.store.lines(channel.id);
    const begin = app ? t("begin_app", { room: app.name }) : t("begin", { room: `#${channel.name}` });
    this.scroll.setAttribute("aria-label", t("messages"));
    this.lines.show(messages, { place: `${me} ${channel.id}`, readTo: readTo(me, channel.id), begin });
    const last = messages.filter((one) => !one.is_ephemeral).at(-1);
    if (last && !document.hidden) seen(me, channel.id, null, last.ts);
  }

  #drawFoot(channel, app, atHome) {
    const member = channel && this.store.isIn(channel);
    const writes = member && !channel.is_archived && !atHome;
    this.composer.node.hidden = !writes;
    if (writes) this.composer.show(channel, null);
    this.notice.hidden = writes || atHome || !channel;
    if (this.notice.hidden) return;
    redraw(this.notice, `${channel.id} ${channel.is_archived} ${tag}`, () => {
      if (channel.is_archived) return el("p", {}, t("archived"));
      const join = () => tried(this.store.act("joins", { channel: channel.id }));
      return [el("p", {}, t("preview", { room: `#${channel.name}` })), el("button", { type: "button", class: "primary-button", onclick: join }, t("join"))];
    });
  }
}
