/** The channel in the middle, and the thread beside it. */
import { Forum } from "./forum.js";
import { Talk } from "./talk.js";
import { DIRECT, FORUM } from "./store.js";
import { el, icon, redraw } from "./dom.js";
import { t } from "./words.js";

const MARKS = { [FORUM]: "reply", [DIRECT]: "smile" };

export class ChannelView {
  constructor(store, desk) {
    Object.assign(this, { store, desk });
    this.menu = el("button", { type: "button", class: "tool to-sidebar", onclick: () => desk.toggleSidebar() }, icon("menu"));
    this.title = el("h2");
    this.topic = el("p", { class: "topic" });
    this.forum = new Forum(store);
    this.talk = new Talk(store, desk);
    this.node = el("main", { class: "channel" }, el("header", { class: "channel-head" }, this.menu, this.title, this.topic), this.forum.node, ...this.talk.nodes);
  }

  draw(channel, open) {
    this.menu.setAttribute("aria-label", t("open_menu"));
    const name = channel ? this.store.placeName(channel).replace(/^#/, "") : "";
    redraw(this.title, `${name} ${channel?.type}`, () => [icon(MARKS[channel?.type] ?? "hash"), el("span", {}, name)]);
    this.topic.textContent = channel?.topic ?? "";
    this.forum.node.hidden = channel?.type !== FORUM;
    if (channel?.type === FORUM) {
      this.talk.show(false);
      this.forum.draw(channel, open);
    } else if (channel) this.talk.draw(channel);
    else this.talk.show(false);
  }
}

export class ThreadView {
  constructor(store, desk) {
    this.store = store;
    this.title = el("h2");
    this.tags = el("div", { class: "tags" });
    this.close = el("button", { type: "button", class: "tool", onclick: () => desk.go({ thread: "" }) }, icon("close"));
    this.talk = new Talk(store, desk);
    this.node = el("section", { class: "thread", hidden: true, onkeydown: ({ key, defaultPrevented }) => key === "Escape" && !defaultPrevented && desk.go({ thread: "" }) },
      el("header", { class: "channel-head" }, el("div", { class: "thread-title" }, this.title, this.tags), this.close), ...this.talk.nodes);
  }

  draw(thread) {
    this.node.hidden = !thread;
    if (!thread) return;
    this.node.setAttribute("aria-label", t("thread"));
    this.close.setAttribute("aria-label", t("close"));
    this.title.textContent = thread.name;
    redraw(this.tags, thread.tags.join("\n"), () => thread.tags.map((name) => el("span", { class: "tag" }, name)));
    this.talk.draw(thread);
  }
}
