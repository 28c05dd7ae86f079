/** Who I am, and where I can go: channels by category, their threads, direct messages. */
import { CATEGORY, FORUM, TEXT } from "./store.js";
import { el, icon, keep } from "./dom.js";
import { face } from "./faces.js";
import { many, t, tag } from "./words.js";

const MOST = 12;

export class Sidebar {
  constructor(store, go) {
    Object.assign(this, { store, go });
    this.guild = el("h1", { class: "team" });
    this.who = el("select", { onchange: () => go({ as: this.who.value }) });
    this.picture = el("span");
    this.label = el("span", { class: "sr" });
    this.me = el("label", { class: "me" }, this.picture, this.label, this.who, icon("down"));
    this.name = el("p", { class: "me fixed" });
    this.list = el("ul");
    this.nav = el("nav", {}, this.list);
    this.node = el("aside", { class: "sidebar", id: "sidebar" }, this.guild, this.me, this.name, this.nav);
  }

  draw(route, here, thread) {
    const { store } = this;
    const rows = this.#rows(here, thread);
    const guild = store.guilds.find((one) => one.id === here?.guild) ?? store.guilds[0];
    this.guild.textContent = guild?.name ?? "";
    this.label.textContent = t("you_are");
    this.nav.setAttribute("aria-label", t("channels"));
    this.#drawMe(route);
    keep(this.list, rows, { key: (row) => row.key, print: (row) => JSON.stringify([tag, row]), make: (row) => this.#row(row) });
    const calls = rows.reduce((sum, one) => sum + (one.calls && !one.inner ? one.calls : 0), 0);
    document.title = `${calls ? `(${calls}) ` : ""}${here ? `${store.placeName(here)} · ` : ""}${guild?.name ?? ""}`;
  }

  #drawMe(route) {
    const { store } = this;
    this.me.hidden = Boolean(route.framed);
    this.name.hidden = !route.framed;
    keep(this.who, store.everybody, { key: (one) => one.id, print: (one) => one.name, make: (one) => new Option(store.people.get(one.id)?.real_name ?? one.name, one.name) });
    this.who.value = store.me.name;
    const name = store.me.real_name ?? store.me.name;
    if (this.drawn === name) return;
    this.drawn = name;
    this.picture.replaceChildren(face(name, { small: true }));
    this.name.replaceChildren(face(name, { small: true }), name);
  }

  #rows(here, thread) {
    const { store } = this;
    const rooms = store.rooms.filter((one) => one.type !== CATEGORY);
    const loose = rooms.filter((one) => !store.channels.has(one.parent));
    const rows = loose.flatMap((one) => this.#channel(one, here, thread));
    for (const category of store.rooms.filter((one) => one.type === CATEGORY)) {
      const inside = rooms.filter((one) => one.parent === category.id);
      if (inside.length) rows.push({ key: category.id, title: category.name }, ...inside.flatMap((one) => this.#channel(one, here, thread)));
    }
    const directs = store.directs.map((one) => this.#entry(one, here, { name: store.placeName(one), person: true }));
    return directs.length ? [...rows, { key: "direct", title: t("direct") }, ...directs] : rows;
  }

  #channel(channel, here, thread) {
    const own = this.#entry(channel, here, { name: channel.name, icon: channel.type === FORUM ? "reply" : "hash" });
    if (channel.type !== TEXT) return [own];
    const live = this.store.threadsOf(channel).filter((one) => !one.archived).slice(0, MOST);
    return [own, ...live.map((one) => this.#entry(one, thread, { name: one.name, inner: true }))];
  }

  #entry(channel, here, more) {
    return { key: channel.id, href: this.store.hrefOf(channel), current: here?.id === channel.id, ...this.store.unread(channel), ...more };
  }

  #row(row) {
    if (row.title) return el("li", { class: "category" }, el("h2", {}, row.title));
    const fresh = (row.any || row.calls > 0) && !row.current;
    const badge = row.calls > 0 && !row.current && el("span", { class: "badge", "aria-label": many("pings", row.calls) }, String(row.calls));
    const said = row.any && !row.current && !badge && el("span", { class: "sr" }, `, ${t("unread")}`);
    const mark = row.person ? face(row.name, { app: true, small: true }) : row.icon ? icon(row.icon) : null;
    return el("li", { class: row.inner ? "inner" : null }, el("a", { href: row.href, class: fresh ? "unread" : "", "aria-current": row.current ? "page" : null, data: { focus: row.key } }, mark, el("span", {}, row.name), said, badge));
  }
}
