/** The web chat on the phone: one chat at a time, of one of the customers that were made on this page. */
import { facts, send, t, tag } from "./words.js";

const KEY = `deskbridge-demo:customers:${facts.house}`;
const screen = document.getElementById("chat");

/** `heard()` is told whenever the customer may have read something new. */
export class WebChat {
  name = "webchat";
  at = 0;
  #customers = JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
  #heard;

  constructor(heard) {
    this.#heard = heard;
    screen.addEventListener("deskbridge:unread", () => this.#heard());
  }

  get chat() {
    return screen.firstElementChild;
  }

  /** Who there is to choose from, in order. */
  get people() {
    return this.#customers.map(({ name }) => ({ name }));
  }

  /** True when an agent's words are on the screen. */
  get answered() {
    return Boolean(this.chat?.story?.list().some((line) => line.from === "agent"));
  }

  get caption() {
    return "";
  }

  async open() {
    if (this.#customers.length) this.show(this.#customers.length - 1);
    else await this.newcomer();
  }

  /** Somebody who never wrote before. */
  async newcomer() {
    const name = facts.names[this.#customers.length % facts.names.length];
    this.#customers.push(await send("/demo/customers", { name }));
    this.show(this.#customers.length - 1);
  }

  /** The same chat, as the page looks now. */
  dress(theme) {
    this.chat?.setAttribute("theme", theme);
  }

  translate() {
    this.chat?.setAttribute("lang", tag());
  }

  /** The address of whoever is shown, for an agent who wants to write first. */
  get title() {
    return t("address", { address: `+${this.#customers[this.at]?.id}` });
  }

  show(index) {
    const customer = this.#customers[index];
    const chat = document.createElement("deskbridge-chat");
    const look = { mode: "inline", lang: tag(), theme: theme(), name: customer.name };
    const proof = { customer: customer.id, signature: customer.signature };
    for (const [name, value] of Object.entries({ ...look, ...proof })) chat.setAttribute(name, value);
    screen.replaceChildren(chat);
    this.at = index;
    sessionStorage.setItem(KEY, JSON.stringify(this.#customers));
  }
}

/** The theme that is shown: chosen, or the system's. */
export function theme() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
}
