/** What the customer wrote and the server has not taken yet; it survives reloads and restarts. */

const KEY = "deskbridge:outbox";

// A page may be left at once: what is done is in localStorage until IndexedDB has it. Files, and all
// where localStorage is forbidden, are in memory till then.
export class Outbox {
  #db;
  #memory = new Map();

  constructor() {
    this.#db = new Promise((resolve) => {
      try {
        const ask = indexedDB.open("deskbridge", 1);
        ask.onupgradeneeded = () => ask.result.createObjectStore("outbox", { keyPath: "id" });
        ask.onsuccess = () => resolve(ask.result);
        ask.onerror = ask.onblocked = () => resolve();
      } catch {
        resolve();
      }
    });
  }

  /** The entries of one visitor, oldest first. */
  async list(box) {
    const kept = (await this.#run("readonly", (store) => store.getAll()))?.result ?? [];
    const all = new Map([...kept, ...this.#load()].map((entry) => [entry.id, entry]));
    return [...all.values()].filter((entry) => entry.box === box).sort((a, b) => a.n - b.n);
  }

  async put(entry) {
    this.#keep(entry.id, entry);
    if (await this.#run("readwrite", (store) => store.put(entry))) this.#keep(entry.id);
  }

  async remove(id) {
    this.#keep(id, { id });
    if ((await this.#run("readwrite", (store) => store.delete(id))) || !(await this.#db)) this.#keep(id);
  }

  /** The request that was granted; nothing where there is no database, no room, or it was taken away. */
  async #run(mode, act) {
    const db = await this.#db;
    return db && new Promise((resolve) => {
      const work = db.transaction("outbox", mode);
      const ask = act(work.objectStore("outbox"));
      work.oncomplete = () => resolve(ask);
      work.onabort = work.onerror = () => resolve();
    }).catch(() => {});
  }

  #load() {
    const kept = JSON.parse(recall(KEY) ?? "[]").filter(({ id }) => !this.#memory.has(id));
    return [...kept, ...this.#memory.values()];
  }

  /** What counts until the database has it: an entry, or that there is none (`{ id }`); then nothing does. */
  #keep(id, entry) {
    this.#memory.delete(id);
    const kept = this.#load().filter((one) => one.id !== id);
    if (entry) {
      this.#memory.set(id, entry);
      kept.push(entry);
    }
    remember(KEY, JSON.stringify(kept.filter((one) => !one.files?.length)));
  }
}

/** localStorage that may be forbidden: then a page remembers only until it is closed. */
const fallback = new Map();

export function remember(key, value) {
  fallback.set(key, value);
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // Storage is forbidden or full; the copy in memory serves.
  }
}

export function recall(key) {
  try {
    return localStorage.getItem(key) ?? fallback.get(key) ?? null;
  } catch {
    return fallback.get(key) ?? null;
  }
}
