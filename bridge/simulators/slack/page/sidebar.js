/** Who I am, and where I can go. */
import { el, icon, keep } from "./dom.js";
import { many, t, tag } from "./words.js";
import { face } from "./faces.js";

export class Sidebar {
  constructor(store, go) {
    Object.assign(this, { store, go });
    this.team = el("h1", { class: "team" });
    this.who = el("select", { onchange: () => go({ as: this.who.value }) });
    this.picture = el("span");
    this.label = el("span", { class: "sr" });
    this.me = el("label", { class: "me" }, this.picture, this.label, this.who, icon("down"));
    this.name = el("p", { class: "me fixed" });
    this.rooms = el("ul");
    this.apps = el("ul");
    this.titles = { channels: el("h2"), apps: el("h2") };
    this.nav = el("nav", {}, this.titles.channels, this.rooms, this.titles.apps, this.apps);
    this.node = el("aside", { class: "sidebar", id: "sidebar" }, this.team, this.me, this.name, this.nav);
  }

  draw(route, here) {
    const { store } = this;
    this.team.textContent = store.team.name;
    this.label.textContent = t("you_are");
    this.nav.setAttribute("aria-label", t("channels"));
    for (const [key, title] of Object.entries(this.titles)) title.textContent = t(key);
    this.#drawMe(route);
    const { mine, open } = store.rooms;
    this.#rows(this.rooms, [...mine, ...open].map((channel) => this.#room(channel, here)));
    this.#rows(this.apps, store.apps.map((app) => this.#app(app, here)));
    const calls = mine.reduce((sum, one) => sum + store.unread(one).calls, 0);
    document.title = `${calls ? `(${calls}) ` : ""}${here ? `${store.nameOf(here)} · ` : ""}${store.team.name}`;
  }

  #drawMe(route) {
    const { store } = this;
    this.me.hidden = Boolean(route.framed);
    this.name.hidden = !route.framed;
    keep(this.who, store.staff, { key: (one) => one.id, print: (one) => one.real_name, make: (one) => new Option(one.real_name, one.name) });
    this.who.value = store.me.name;
    if (this.drawn === store.me.id) return;
    this.drawn = store.me.id;
    this.picture.replaceChildren(face(store.me.real_name, { small: true }));
    this.name.replaceChildren(face(store.me.real_name, { small: true }), store.me.real_name);
  }

  #room(channel, here) {
    const member = this.store.isIn(channel);
    const { any, calls } = member ? this.store.unread(channel) : { any: false, calls: 0 };
    return { id: channel.id, in: channel.id, name: channel.name, icon: channel.kind === "group" ? "lock" : "hash", any, calls, member, current: here?.id === channel.id };
  }

  #app(app, here) {
    const direct = this.store.direct(app);
    const { any, calls } = direct ? this.store.unread(direct) : { any: false, calls: 0 };
    return { id: app.id, in: app.id, name: app.name, any, calls, member: true, current: here?.id === app.id || (direct && here?.id === direct.id) };
  }

  #rows(list, rows) {
    keep(list, rows, { key: (row) => row.id, print: (row) => JSON.stringify([tag, row]), make: (row) => this.#row(row) });
  }

  #row(row) {
    const kinds = [(row.any || row.calls > 0) && !row.current && "unread", !row.member && "outside"].filter(Boolean).join(" ");
    const badge = row.calls > 0 && !row.current && el("span", { class: "badge", "aria-label": many("pings", row.calls) }, String(row.calls));
    const said = row.any && !row.current && !badge && el("span", { class: "sr" }, `, ${t("unread")}`);
    const link = el("a", { href: `#in=${row.in}`, class: kinds, "aria-current": row.current ? "page" : null, data: { focus: row.id } },
      row.icon ? icon(row.icon) : face(row.name, { app: true, small: true }), el("span", {}, row.name), said, badge);
    return el("li", {}, link);
  }
}
