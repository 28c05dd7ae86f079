/** The desk's clock, which may be sent forward. */
import { send, tag } from "./words.js";

const face = document.getElementById("now");
const ahead = document.getElementById("ahead");
const phone = document.getElementById("phone-time");

export class Clock {
  #offset = 0;
  #forward = 0;

  /** `moved()` is told when time was let pass. */
  constructor(moved) {
    for (const button of document.querySelectorAll("[data-forward]")) {
      button.addEventListener("click", async () => {
        this.set(await send("/demo/clock", { hours: Number(button.dataset.forward) }));
        moved();
      });
    }
    setInterval(() => this.draw(), 1000);
  }

  /** The desk says what time it is there, and how far that is ahead of everybody else's. */
  set({ now, forward }) {
    this.#offset = now - Date.now();
    this.#forward = forward;
    this.draw();
  }

  /** The moment on the desk. */
  now() {
    return Date.now() + this.#offset;
  }

  draw() {
    const now = new Date(this.now());
    const short = now.toLocaleTimeString(tag(), { hour: "numeric", minute: "2-digit" });
    const day = now.toLocaleDateString(tag(), { weekday: "short" }).replace(".", "");
    face.dateTime = now.toISOString();
    face.textContent = `${day} ${short}`;
    phone.textContent = short.replace(/\s?[AP]M$/i, "");
    ahead.hidden = !this.#forward;
    ahead.textContent = `+${this.#forward} h`;
  }
}
