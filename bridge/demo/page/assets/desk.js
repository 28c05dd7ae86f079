/** The window: the local workspace, with one of the demo's people signed in. */
import { facts, spoken } from "./words.js";

const KEY = `deskbridge-demo:agent:${facts.house}`;
const frame = document.getElementById("desk");
const buttons = [...document.querySelectorAll("[data-agent]")];

export class Desk {
  #who = sessionStorage.getItem(KEY) ?? facts.agent;
  #busy = Promise.resolve();

  constructor() {
    for (const button of buttons) button.addEventListener("click", () => this.become(button.dataset.agent));
  }

  /** Sign somebody in and show his home. */
  become(who) {
    this.#who = who;
    sessionStorage.setItem(KEY, who);
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.agent === who));
    return this.#next(async () => {
      await fetch(`/desk/demo/sign-in/${who}?next=/desk/session`, { headers: { Accept: "application/json" } });
      await this.#prefer();
      this.#go("/desk/home");
    });
  }

  open = () => this.become(this.#who);

  /** The same page again, in the language and the theme of this one. */
  redress() {
    return this.#next(async () => {
      await this.#prefer();
      this.again();
    });
  }

  /** The same page again: its times tell how long ago something was. */
  again() {
    frame.contentWindow?.location.reload();
  }

  /** A conversation, by its number. */
  show(number) {
    this.#go(`/desk/conversations/${number}`);
  }

  #go(path) {
    if (frame.src) frame.contentWindow.location.assign(path);
    else frame.src = path;
  }

  /** One change after another: each is a session of its own. */
  #next(act) {
    this.#busy = this.#busy.then(act, act);
    return this.#busy;
  }

  /** What the person would choose on his own page for it. */
  async #prefer() {
    const session = await fetch("/desk/session", { headers: { Accept: "application/json" } });
    const { csrf } = await session.json();
    const theme = document.documentElement.dataset.theme ?? "";
    const body = new URLSearchParams({ csrf, language: spoken(), theme });
    await fetch("/desk/account", { method: "POST", body });
  }
}
