/** What the customer has in his hand: the web chat or WhatsApp; and which of the customers it is. */
import { facts, t } from "./words.js";

const KEY = `deskbridge-demo:device:${facts.house}`;
const picker = document.getElementById("customers");
const buttons = [...document.querySelectorAll("[data-device]")];
const caption = document.getElementById("caption");

/** `shown()` is told after another chat is shown. */
export class Devices {
  #all;
  #shown;

  constructor(all, shown) {
    this.#all = all;
    this.#shown = shown;
    picker.addEventListener("change", () => this.#pick(picker.selectedIndex));
    for (const button of buttons) button.addEventListener("click", () => this.turn(button.dataset.device));
    document.getElementById("newcomer").addEventListener("click", () => this.newcomer());
  }

  get now() {
    return this.#all.find(({ name }) => name === document.body.dataset.device) ?? this.#all[0];
  }

  async open() {
    await Promise.all(this.#all.map((each) => each.open()));
    this.turn(sessionStorage.getItem(KEY) ?? this.#all[0].name);
  }

  /** Put this one into the customer's hand. */
  turn(name) {
    const known = this.#all.some((each) => each.name === name) ? name : this.#all[0].name;
    sessionStorage.setItem(KEY, known);
    document.body.dataset.device = known;
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.device === known));
    for (const screen of document.querySelectorAll("[data-screen]")) screen.hidden = screen.dataset.screen !== known;
    this.draw();
    this.#shown();
  }

  async newcomer() {
    await this.now.newcomer();
    this.draw();
    this.#shown();
  }

  /** Somebody's chat on one of them. */
  show(name, index) {
    this.#all.find((each) => each.name === name).show(index);
    this.turn(name);
  }

  translate() {
    for (const each of this.#all) each.translate();
    this.draw();
  }

  dress(theme) {
    for (const each of this.#all) each.dress(theme);
  }

  /** Who there is to choose from, and what is to be known of the one who is shown. */
  draw() {
    const { people, at, title } = this.now;
    picker.replaceChildren(...people.map(({ name, news }) => new Option(news ? `● ${name}` : name, name)));
    picker.selectedIndex = at;
    picker.title = title;
    for (const button of buttons) {
      const device = this.#all.find(({ name }) => name === button.dataset.device);
      button.querySelector(".news").hidden = device === this.now || !device?.people.some(({ news }) => news);
    }
    this.again();
  }

  /** What changes as time goes by. */
  again() {
    const said = this.now.caption;
    caption.hidden = !said;
    if (!said) return;
    caption.dataset.state = said.state;
    caption.querySelector("span").textContent = said.text;
    const button = caption.querySelector("button");
    button.hidden = !said.command;
    button.dataset.command = said.command ?? "";
  }

  #pick(index) {
    this.now.show(index);
    this.draw();
    this.#shown();
  }
}

caption.querySelector("button").addEventListener("click", async ({ currentTarget: button }) => {
  await navigator.clipboard?.writeText(button.dataset.command).catch(() => {}); // refused: the caption says it
  caption.querySelector("span").textContent = t("phone.copied", { command: button.dataset.command });
});
