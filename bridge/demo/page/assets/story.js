/** The history at the bottom: what the desk wrote down, in words, newest first. */
import { facts, spoken, tag } from "./words.js";

const list = document.getElementById("events");
const section = document.getElementById("story");
const unfold = document.getElementById("unfold");
const lost = document.getElementById("lost");
const MOST = 200;

/** `on(event)` hears every new event and every change of the clock. */
export class Story {
  #events = new Map();
  #late = 0;

  constructor(on, show) {
    this.show = show;
    unfold.addEventListener("click", () => this.#unfold());
    addEventListener("keydown", ({ key }) => key === "Escape" && this.#unfold(false));
    const source = new EventSource("/demo/events");
    source.addEventListener("happened", ({ data }) => {
      const event = JSON.parse(data);
      this.#add(event);
      on("happened", event);
    });
    source.addEventListener("phone", ({ data }) => on("phone", JSON.parse(data)));
    source.addEventListener("clock", ({ data }) => on("clock", JSON.parse(data)));
    source.addEventListener("open", () => this.#lost(false));
    source.addEventListener("error", () => this.#lost(true));
  }

  translate() {
    for (const [row, event] of this.#events) this.#write(row, event);
  }

  #add(event) {
    list.querySelector(".nothing")?.remove();
    const row = document.createElement("li");
    row.className = `event ${event.actor}`;
    this.#events.set(row, event);
    this.#write(row, event);
    list.prepend(row);
    while (list.children.length > MOST) {
      this.#events.delete(list.lastElementChild);
      list.lastElementChild.remove();
    }
  }

  #write(row, event) {
    const time = document.createElement("time");
    const at = new Date(event.at);
    time.dateTime = at.toISOString();
    time.textContent = at.toLocaleTimeString(tag(), { hour: "numeric", minute: "2-digit" });
    const words = document.createElement("span");
    words.textContent = event.words[spoken()];
    row.replaceChildren(document.createElement("i"), ...this.#about(event), words, time);
  }

  /** Whose conversation it is about; a sentence that begins with the name needs the number alone. */
  #about({ number, customer, words }) {
    if (!number) return [];
    const link = document.createElement("a");
    link.href = facts.team ? `${facts.team}#find=%23${number}+` : `/desk/conversations/${number}`;
    link.textContent = words[spoken()].startsWith(customer) ? `#${number}` : `#${number} ${customer}`;
    link.addEventListener("click", (event) => {
      event.preventDefault();
      this.show(number);
    });
    return [link];
  }

  #unfold(wanted) {
    const open = section.classList.toggle("unfolded", wanted);
    unfold.setAttribute("aria-expanded", String(open));
    list.scrollTop = 0;
  }

  /** A line that is back within two seconds was never missed. */
  #lost(yes) {
    clearTimeout(this.#late);
    if (yes) this.#late = setTimeout(() => (lost.hidden = false), 2000);
    else lost.hidden = true;
  }
}
