/** The phone: one chat at a time, of one of the customers that were made on this page. */
import { facts, send, t, tag } from "./words.js";

const KEY = `deskbridge-demo:customers:${facts.house}`;
const screen = document.getElementById("chat");
const picker = document.getElementById("customers");

/** `heard(chat)` is told whenever the customer may have read something new. */
export class Phone {
  #customers = JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
  #heard;

  constructor(heard) {
    this.#heard = heard;
    picker.addEventListener("change", () => this.#show(picker.selectedIndex));
    screen.addEventListener("deskbridge:unread", () => this.#heard());
  }

  get chat() {
    return screen.firstElementChild;
  }

  /** True when an agent's words are on the screen. */
  get answered() {
    return Boolean(this.chat?.story?.list().some((line) => line.from === "agent"));
  }

  async open() {
    if (this.#customers.length) this.#show(this.#customers.length - 1);
    else await this.newcomer();
  }

  /** Somebody who never wrote before. */
  async newcomer() {
    const name = facts.names[this.#customers.length % facts.names.length];
    this.#customers.push(await send("/demo/customers", { name }));
    this.#show(this.#customers.length - 1);
  }

  /** The same chat, as the page looks now. */
  dress(theme) {
    this.chat?.setAttribute("theme", theme);
  }

  translate() {
    this.chat?.setAttribute("lang", tag());
  }

  #show(index) {
    const customer = this.#customers[index];
    const chat = document.createElement("deskbridge-chat");
    const look = { mode: "inline", lang: tag(), theme: theme(), name: customer.name };
    const proof = { customer: customer.id, signature: customer.signature };
    for (const [name, value] of Object.entries({ ...look, ...proof })) chat.setAttribute(name, value);
    screen.replaceChildren(chat);
    picker.replaceChildren(...this.#customers.map((each) => new Option(each.name)));
    picker.selectedIndex = index;
    picker.title = t("address", { address: `+${customer.id}` });
    sessionStorage.setItem(KEY, JSON.stringify(this.#customers));
  }
}

/** The theme that is shown: chosen, or the system's. */
export function theme() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
}
