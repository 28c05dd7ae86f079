/** The window: the agents' Slack or Discord, as one of the demo's people sees it. It has an address of its own. */
import { facts, tag } from "./words.js";

const KEY = `deskbridge-demo:agent:${facts.house}`;
const ROOM = "support";
const frame = document.getElementById("desk");
const buttons = [...document.querySelectorAll("[data-agent]")];

export class ChatDesk {
  #who = sessionStorage.getItem(KEY) ?? facts.agent;
  #there = false;

  constructor() {
    frame.addEventListener("load", () => (this.#there = Boolean(frame.src)));
    for (const button of buttons) button.addEventListener("click", () => this.become(button.dataset.agent));
  }

  /** Look at the workspace through somebody else's eyes. */
  become(who) {
    this.#who = who;
    sessionStorage.setItem(KEY, who);
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.agent === who));
    this.#go();
  }

  open = () => this.become(this.#who);

  /** The same page, in the language and the theme of this one. */
  redress() {
    this.#go();
  }

  /** Its times are moments, which no passing of time makes false. */
  again() {}

  /** A conversation, by its number. */
  show(number) {
    this.#go({ find: `#${number} ` });
  }

  /** Once it is there only what stands behind the # changes: the page stays where it is. */
  #go(more = {}) {
    const said = { as: this.#who, framed: "yes", lang: tag(), theme: document.documentElement.dataset.theme ?? "", ...more };
    if (this.#there) frame.contentWindow.location.replace(`${facts.team}#${new URLSearchParams(said)}`);
    else frame.src = `${facts.team}#${new URLSearchParams({ in: ROOM, ...said })}`;
  }
}
