/** One visitor's line to the server: who he is, requests, and the stream of events. */
import { recall, remember } from "./outbox.js";

const OPEN = { credentials: "omit", cache: "no-store" };
/** The code of the one refusal that nothing on this page can change. */
export const ELSEWHERE = "forbidden_origin";
// The server sends something every 15 s; after this the line is dead.
const SILENCE = 40_000;

/** The server's no; `again` when the same request may be taken later, `wait` in seconds. */
export class Refused extends Error {
  constructor(status, code = "unreachable", wait = 0) {
    super(code);
    Object.assign(this, { status, code, wait: Math.min(wait, 300) || 0 });
    this.again = !status || status === 408 || status === 429 || status >= 500;
  }
}

/** Seconds until the next try: doubling up to half a minute, never in step with other visitors. */
export const backoff = (tries, wait = 0) => wait + Math.min(30, 2 ** tries / 2) * (0.5 + Math.random() / 2);

/** A pause that `nudge()` ends early (back online, tab shown again), but never before `floor`. */
export class Pause {
  #wake = () => {};

  async for(seconds, floor = 0) {
    const wait = (s) => new Promise((resolve) => setTimeout(resolve, s * 1000));
    await wait(floor);
    await Promise.race([wait(seconds - floor), new Promise((wake) => (this.#wake = wake))]);
  }

  nudge() {
    this.#wake();
  }
}

export class Link {
  #on;
  #tab = new AbortController();
  #line = new AbortController();
  #pause = new Pause();
  #last = "";
  #listening = false;
  #asleep = null;
  #wake = () => {};
  #session;

  constructor({ base, customer, signature, profile }, on) {
    this.#on = on;
    Object.assign(this, { base, customer, signature, profile });
    this.box = `${base}|${customer ?? ""}`;
  }

  get token() {
    return recall(`deskbridge:token:${this.base}`);
  }

  /** True when the server already knows this visitor: there is something to listen to. */
  get known() {
    return Boolean(this.customer || this.token);
  }

  /** A request with this visitor's proof; the answer's JSON, or `Refused`. */
  async post(path, body, method = "POST") {
    const headers = { "Content-Type": "application/json" };
    const answer = await this.fetch(path, { method, headers, body: JSON.stringify(body) });
    return json(answer);
  }

  async fetch(path, { seconds = 20, renewed, ...options } = {}) {
    const proof = await this.#proof();
    const signal = options.signal ?? AbortSignal.timeout(seconds * 1000);
    const answer = await this.#raw(path, { ...options, signal, headers: { ...options.headers, ...proof } });
    if (answer.ok) return answer;
    if (answer.status === 401 && !this.customer && !renewed) {
      if (proof.Authorization.endsWith(this.token)) this.#forget();
      return this.fetch(path, { ...options, seconds, renewed: true });
    }
    throw await refusal(answer);
  }

  async #raw(path, options) {
    try {
      return await fetch(this.base + path, { ...OPEN, ...options });
    } catch {
      throw options.signal.aborted || (await this.#welcome()) ? new Refused(0) : new Refused(403, ELSEWHERE);
    }
  }

  /** A browser does not say why it has no answer; whether this site may ask at all, it may ask. */
  async #welcome() {
    try {
      return (await (await fetch(`${this.base}/welcome`, OPEN)).json()).allowed !== false;
    } catch {
      return true;
    }
  }

  async #proof() {
    if (this.customer) {
      return { "X-Deskbridge-Customer": this.customer, "X-Deskbridge-Signature": this.signature ?? "" };
    }
    if (!this.token) await (this.#session ??= this.#open().finally(() => (this.#session = null)));
    return { Authorization: `Bearer ${this.token}` };
  }

  async #open() {
    const headers = { "Content-Type": "application/json" };
    const signal = AbortSignal.timeout(20_000);
    const answer = await this.#raw("/session", { method: "POST", headers, body: "{}", signal });
    if (!answer.ok) throw await refusal(answer);
    remember(`deskbridge:token:${this.base}`, (await json(answer)).token);
  }

  #forget() {
    remember(`deskbridge:token:${this.base}`, null);
    this.#last = "";
    this.#on("reset", {});
  }

  /** Listens until `close()`, for ever reconnecting. */
  async listen() {
    if (this.#listening) return;
    this.#listening = true;
    for (let tries = 0; !this.#tab.signal.aborted; tries += 1) {
      let wait = 0;
      await this.#asleep;
      try {
        await this.#read(() => (tries = 0));
      } catch (error) {
        if (error.again === false) return this.#on("refused", error);
        wait = error.wait ?? 0;
      }
      if (this.#tab.signal.aborted) return;
      if (this.#asleep) continue;
      this.#on("down", {});
      await this.#pause.for(backoff(tries, wait), wait);
    }
  }

  nudge() {
    this.#pause.nudge();
  }

  /** Lets go of the line while nobody looks; `wake()` takes it up where it was. */
  rest() {
    this.#asleep = new Promise((wake) => (this.#wake = wake));
    this.#line.abort();
  }

  wake() {
    this.#asleep = null;
    this.#wake();
    this.nudge();
  }

  /** Drops a line that may be dead without knowing it, and opens another. */
  renew() {
    this.#line.abort();
    this.nudge();
  }

  close() {
    this.#tab.abort();
    this.renew();
    this.wake();
  }

  async #read(alive) {
    const line = (this.#line = new AbortController());
    const cut = () => line.abort();
    let watch = setTimeout(cut, SILENCE);
    try {
      const headers = this.#last ? { "Last-Event-ID": this.#last } : {};
      const answer = await this.fetch("/stream", { headers, signal: line.signal });
      for await (const event of parse(answer.body)) {
        clearTimeout(watch);
        watch = setTimeout(cut, SILENCE);
        alive();
        if (event.data) this.#on(event.event, JSON.parse(event.data), Number(event.id));
        if (event.id) this.#last = event.id;
      }
    } finally {
      clearTimeout(watch);
    }
  }
}

/** An answer that breaks off is none. */
export const json = (answer) =>
  answer.json().catch(() => {
    throw new Refused(0);
  });

async function refusal(answer) {
  const { error } = await answer.json().catch(() => ({}));
  return new Refused(answer.status, error?.code ?? "refused", Number(answer.headers.get("Retry-After")));
}

/** Server-sent events out of a body of bytes. */
async function* parse(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const blocks = (rest + value).split("\n\n");
    rest = blocks.pop();
    for (const block of blocks) {
      yield Object.fromEntries(block.split("\n").map((row) => row.match(/^(\w*): ?(.*)/)?.slice(1) ?? []));
    }
  }
}
