/** One message as elements. What it shows comes in as data; what is done with it goes out as `act`. */
import { button, h, icon } from "./dom.js";
import { mine } from "./story.js";
import { rich } from "./text.js";

export const PICTURES = /^image\/(png|jpeg|gif|webp)$/;
const PREVIEW = 8 << 20;

export const size = (bytes, lang) => {
  const [value, unit] = bytes < 1 << 20 ? [Math.max(bytes / 1024, 0.1), "kilobyte"] : [bytes / (1 << 20), "megabyte"];
  const maximumFractionDigits = value < 10 ? 1 : 0;
  return new Intl.NumberFormat(lang, { style: "unit", unit, maximumFractionDigits }).format(value);
};

/** Draws messages in one language; `act(name, message, ...)` hears what the customer does. */
export class View {
  constructor(t, act, load) {
    Object.assign(this, { t, act, load });
    this.seen = new IntersectionObserver((entries) => {
      for (const { isIntersecting, target } of entries) if (isIntersecting) target.dispatchEvent(new Event("seen"));
    });
  }

  author(message) {
    if (mine(message)) return this.t("you");
    return message.name || (message.from === "agent" ? this.t("chat") : this.t("bot"));
  }

  time(at) {
    return new Intl.DateTimeFormat(this.t.lang, { timeStyle: "short" }).format(new Date(at));
  }

  day(at) {
    const ago = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(at).setHours(0, 0, 0, 0)) / 864e5);
    if (ago < 2) return this.t(ago < 1 ? "today" : "yesterday");
    const form = { weekday: "long", day: "numeric", month: "long" };
    return new Intl.DateTimeFormat(this.t.lang, form).format(new Date(at));
  }

  face(message) {
    const name = this.author(message);
    if (message.from !== "agent") return h("span", { class: "face bot", "aria-hidden": "true" }, icon("bot"));
    const initials = name.split(/\s+/).map((word) => [...word][0]).filter(Boolean);
    const face = h("span", { class: "face", "aria-hidden": "true" }, (initials[0] ?? "") + (initials.at(-1) ?? "").repeat(+(initials.length > 1)));
    face.style.setProperty("--hue", [...name].reduce((sum, letter) => (sum * 31 + letter.codePointAt()) % 360, 7));
    return face;
  }

  /** The whole row of one message, all but its note; `act` is told of `line`. */
  row(message, line) {
    if (message.from === "system") return h("div", { class: "msg system", dir: "auto", tabIndex: -1 },
      message.ended ? h("p", {}, this.t("ended")) : rich(message.text));
    const own = mine(message);
    const name = this.author(message);
    return h("div", { class: `msg ${own ? "out" : "in"}`, tabIndex: -1 },
      !own && this.face(message),
      h("div", { class: "body" },
        !own && h("bdi", { class: "name", "aria-hidden": "true" }, name),
        h("div", { class: "line" },
          h("div", { class: "bubbles" }, h("span", { class: "sr" }, `${name}: `), this.#content(message)),
          !message.deleted && this.#actions(line)),
        message.reactions?.length > 0 && h("div", { class: "reacts" }, message.reactions.map(({ emoji }) => h("span", {}, emoji))),
        this.#choices(message, line),
        h("div", { class: "meta", "aria-live": "off" })));
  }

  #content(message) {
    if (message.deleted) return h("div", { class: "bubble gone" }, this.t("deleted"));
    const { quote, text, files = [] } = message;
    return [
      (text?.length > 0 || quote) && h("div", { class: "bubble", dir: "auto" },
        quote && h("div", { class: "quote" }, h("bdi", {}, quote.author), h("span", { dir: "auto" }, quote.excerpt)),
        rich(text)),
      files.map((file) => this.#file(file)),
    ];
  }

  #file(file) {
    const label = this.t("download", { name: file.name });
    const open = h("button", { type: "button", class: "file", "aria-label": label, title: label,
      onclick: () => this.act("download", file) },
      icon("file"), h("span", {}, h("bdi", {}, file.name), h("small", {}, size(file.size, this.t.lang))));
    if (!PICTURES.test(file.type) || file.size > PREVIEW) return open;
    open.className = "file picture";
    open.addEventListener("seen", () => this.#preview(open, file), { once: true });
    this.seen.observe(open);
    return open;
  }

  async #preview(place, file) {
    this.seen.unobserve(place);
    const url = await this.load(file);
    const picture = h("img", { alt: file.name, onload: () => place.replaceChildren(picture), onerror: () => (place.className = "file") });
    if (url) picture.src = url;
    else place.className = "file";
  }

  #actions(message) {
    const names = ["reply", ...(mine(message) && message.text?.length && !message.chosen ? ["edit", "del"] : [])];
    return h("div", { class: "acts", role: "group", "aria-label": this.t("actions") },
      names.map((name) => button(name, this.t(name), () => this.act(name, message), { tabIndex: -1, class: `icon ${name}` })));
  }

  #choices(message, line) {
    if (!message.choices?.length || message.deleted) return "";
    return h("div", { class: "choices", role: "group", "aria-label": this.t("choices") },
      message.choices.map((choice) => h("button", { type: "button", dir: "auto", onclick: () => this.act("choose", line, choice) }, choice.label)));
  }

  /** The small line below: time, edited, and for the customer's own whether it was sent. */
  note(row, message, open) {
    const { state, edited, deleted, at } = message;
    const choices = row.querySelector(".choices");
    if (choices) choices.hidden = !open;
    const said = [state, edited, deleted, at].join();
    if (row.said === said) return;
    row.said = said;
    const own = mine(message);
    const mark = { failed: "alert", waiting: "clock", sending: "clock" }[state] ?? "check";
    const label = this.t(state ?? "sent");
    row.classList.toggle("noted", Boolean(state || edited));
    row.querySelector(".meta")?.replaceChildren(...[
      state === "failed" && h("span", { class: "why", role: "alert" }, this.t("failed"), " · ",
        h("button", { type: "button", onclick: () => this.act("retry", message) }, this.t("retry")), " · ",
        h("button", { type: "button", onclick: () => this.act("discard", message) }, this.t("discard"))),
      state === "waiting" && h("span", {}, label),
      edited && !deleted && h("span", {}, this.t("edited")),
      state !== "failed" && h("time", { dateTime: new Date(at).toISOString() }, this.time(at)),
      own && h("span", { class: `mark ${state ?? "sent"}`, role: "img", "aria-label": label, title: label }, icon(mark)),
    ].filter(Boolean));
  }
}
