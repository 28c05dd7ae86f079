/** What the customer wrote and the server has not taken yet; it survives reloads and restarts. */

const KEY = "deskbridge:outbox";

/** IndexedDB where the browser allows it; else localStorage, and files in memory only. */
export class Outbox {
  #db;
  #memory = new Map();

  constructor() {
    this.#db = new Promise((resolve) => {
      try {
        const ask = indexedDB.open("deskbridge", 1);
        ask.onupgradeneeded = () => ask.result.createObjectStore("outbox", { keyPath: "id" });
        ask.onsuccess = () => resolve(ask.result);
        ask.onerror = ask.onblocked = () => resolve(null);
      } catch {
        resolve(null);
      }
    });
  }

  /** The entries of one visitor, oldest first. */
  async list(box) {
    const all = await this.#run("readonly", (store) => store.getAll(), () => this.#load());
    return all.filter((entry) => entry.box === box).sort((a, b) => a.n - b.n);
  }

  put(entry) {
    return this.#run("readwrite", (store) => store.put(entry), () => this.#save(entry.id, entry));
  }

  remove(id) {
    return this.#run("readwrite", (store) => store.delete(id), () => this.#save(id));
  }

  async #run(mode, act, otherwise) {
    const db = await this.#db;
    if (!db) return otherwise();
    return new Promise((resolve) => {
      const work = db.transaction("outbox", mode);
      const ask = act(work.objectStore("outbox"));
      work.oncomplete = () => resolve(ask.result);
      work.onabort = work.onerror = () => resolve(otherwise());
    });
  }

  #load() {
    const kept = JSON.parse(recall(KEY) ?? "[]").filter(({ id }) => !this.#memory.has(id));
    return [...kept, ...this.#memory.values()].filter((entry) => entry.box);
  }

  #save(id, entry = {}) {
    this.#memory.set(id, entry);
    remember(KEY, JSON.stringify(this.#load().filter((one) => !one.files?.length)));
  }
}

/** localStorage that may be forbidden: then a page remembers only until it is closed. */
const fallback = new Map();

export function remember(key, value) {
  fallback.set(key, value);
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch { /* storage is forbidden or full; the copy in memory serves */ }
}

export function recall(key) {
  try {
    return localStorage.getItem(key) ?? fallback.get(key) ?? null;
  } catch {
    return fallback.get(key) ?? null;
  }
}
