/** Of a visitor's tabs in the background one goes on listening, for the count in its title. */

// A browser opens few lines to one server; this long a tab that nobody looks at keeps its own.
const UNSEEN = 30_000;

export class Ear {
  #link;
  #timer;
  #turn = new AbortController();

  constructor(link) {
    this.#link = link;
  }

  /** To be called when the page is shown or hidden: who is looked at listens, whoever else does. */
  look() {
    this.stop();
    if (document.hidden) this.#timer = setTimeout(() => this.#rest(), UNSEEN);
  }

  stop() {
    clearTimeout(this.#timer);
    this.#turn.abort();
    this.#link.wake();
  }

  /** Where another tab listens for all, this one is silent until that one is shown or gone. */
  #rest() {
    const { signal } = (this.#turn = new AbortController());
    const ask = (how) => navigator.locks?.request(`deskbridge:ear:${this.#link.box}`, how, keep).catch(() => {});
    const keep = (lock) => {
      if (signal.aborted) return;
      if (lock) {
        this.#link.wake();
        return new Promise((over) => (signal.onabort = over));
      }
      this.#link.rest();
      ask({ signal });
    };
    ask({ ifAvailable: true });
  }
}
