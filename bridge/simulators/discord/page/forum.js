/** The posts of a forum: title, tags, the first words, how much was said, and when last. */
import { ago, moment } from "./dates.js";
import { el, keep } from "./dom.js";
import { face } from "./faces.js";
import { many, t, tag } from "./words.js";
import { spans } from "./markdown.js";

export class Forum {
  constructor(store) {
    this.store = store;
    this.list = el("div", { class: "posts" });
    this.node = el("div", { class: "forum scroll", tabindex: "0", hidden: true }, this.list);
  }

  /** Draw the posts of a forum; `open` is the one beside it. */
  draw(channel, open) {
    const all = this.store.threadsOf(channel);
    const live = all.filter((one) => !one.archived);
    const old = all.filter((one) => one.archived);
    const rows = [...(live.length ? live : [{ words: t("no_posts") }]), ...(old.length ? [{ words: t("older") }, ...old] : [])];
    this.node.setAttribute("aria-label", t("posts"));
    keep(this.list, rows, {
      key: (one) => one.id ?? one.words,
      print: (one) => (one.id ? JSON.stringify([tag, one, this.#first(one), one.id === open, this.store.unread(one), Math.floor(Date.now() / 60_000)]) : one.words),
      make: (one) => (one.id ? this.#post(one, open) : el("h3", { class: "posts-title" }, one.words)),
    });
  }

  #first(one) {
    const first = this.store.lines(one.id)[0];
    return first ? [first.user, first.text, words(first.components)] : [];
  }

  #post(one, open) {
    const [user, text, rest] = this.#first(one);
    const who = this.store.people.get(user);
    const { any, calls } = this.store.unread(one);
    const kinds = ["post", one.archived && "old", any && "unread", one.id === open && "open"].filter(Boolean).join(" ");
    return el("a", { class: kinds, href: this.store.hrefOf(one), data: { focus: one.id }, "aria-current": one.id === open ? "true" : null },
      el("div", { class: "tags" }, one.tags.map((name) => el("span", { class: `tag ${hue(name)}` }, name))),
      el("h3", {}, one.name, calls > 0 && el("span", { class: "badge", "aria-label": many("pings", calls) }, String(calls))),
      el("p", { class: "post-words" }, who && face(who.real_name, { app: who.bot, small: true }), el("span", {}, spans((text || rest || "").replaceAll(/\s+/g, " ").slice(0, 160), { store: this.store }))),
      el("small", {}, `${many("reply", one.count)} · ${ago(moment(one.active_at))}`));
  }
}

/** Discord lets a tag have an emoji, not a colour; a dot tells our states apart. */
function hue(name) {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + letter.codePointAt(0)) % 9973;
  return `dot-${sum % 6}`;
}

/** The words of components, without their marks. */
function words(components) {
  return components.flatMap((one) => (one.type === 10 ? [one.content] : words(one.components ?? []))).join(" ").replaceAll(/^(#{1,3}|-#|>) /gm, "").slice(0, 200);
}
