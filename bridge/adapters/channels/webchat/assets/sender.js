/** Empties the outbox: in order, one at a time, the same client id at every try. */
import { backoff, json, Pause } from "./link.js";

export class Sender {
  #link;
  #outbox;
  #on;
  #pause = new Pause();
  #running = false;
  #closed = false;
  #last = 0;

  /** `on(entry, error?)` after every try: `entry` was taken, or `error` says why not. */
  constructor(link, outbox, on) {
    this.#link = link;
    this.#outbox = outbox;
    this.#on = on;
  }

  waiting() {
    return this.#outbox.list(this.#link.box);
  }

  async add(entry) {
    this.#last = Math.max(Date.now(), this.#last + 1);
    await this.#outbox.put({ ...entry, box: this.#link.box, n: this.#last });
    this.drain();
  }

  async retry(id) {
    const entry = (await this.waiting()).find((one) => one.id === id);
    if (!entry) return;
    await this.#outbox.put({ ...entry, failed: undefined });
    this.drain();
  }

  discard(id) {
    return this.#outbox.remove(id);
  }

  nudge() {
    this.#pause.nudge();
  }

  close() {
    this.#closed = true;
    this.nudge();
  }

  /** One tab sends at a time where the browser can tell; elsewhere the ids prevent doubles. */
  async drain() {
    if (this.#running) return;
    this.#running = true;
    const empty = () => this.#empty();
    await (navigator.locks ? navigator.locks.request(`deskbridge:${this.#link.box}`, empty) : empty());
    this.#running = false;
    if (!this.#closed && (await this.#next())) this.drain();
  }

  #next = async () => (await this.waiting()).find((entry) => !entry.failed);

  async #empty() {
    for (let tries = 0, entry; !this.#closed && (entry = await this.#next()); ) {
      try {
        await this.#deliver(entry);
        await this.#outbox.remove(entry.id);
        this.#on(entry);
        tries = 0;
      } catch (error) {
        if (!("again" in error)) throw error;
        if (!error.again) this.#refs.clear();
        if (!error.again) await this.#outbox.put({ ...entry, failed: error.code });
        this.#on(entry, error);
        if (error.again) await this.#pause.for(backoff(tries++, error.wait), error.wait);
      }
    }
  }

  async #deliver({ kind, id, target, text, reply_to, choice, files = [] }) {
    if (kind === "end") return this.#link.post("/end", { id });
    if (kind === "delete") return this.#link.post(`/messages/${target}`, {}, "DELETE");
    if (kind === "edit") return this.#link.post(`/messages/${target}`, { id, text });
    const refs = [];
    for (const file of files) refs.push(await this.#upload(file));
    return this.#link.post("/messages", { id, text, files: refs, reply_to, choice, ...this.#link.profile });
  }

  /** A file's id at the server: uploaded once per page, its bytes kept until the message is taken. */
  async #upload(file) {
    this.#refs.has(file.key) || this.#refs.set(file.key, await this.#put(file));
    return this.#refs.get(file.key);
  }

  #refs = new Map();

  async #put({ blob, name, key }) {
    const headers = {
      "Content-Type": "application/octet-stream",
      "X-Deskbridge-Name": encodeURIComponent(name),
      "X-Deskbridge-File": key,
    };
    const answer = await this.#link.fetch("/files", { method: "POST", headers, body: blob, seconds: 300 });
    return (await json(answer)).id;
  }
}
