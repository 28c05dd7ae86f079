/** What is known of a conversation: the server's events, and the lines it has not taken yet. */
import { plain } from "./text.js";

export const mine = (line) => line.from === "customer";

export class Story {
  #events = new Map();
  #lines = new Map();

  /** The first event that is known: older ones may be asked for. */
  get first() {
    return Math.min(...this.#events.keys());
  }

  get = (id) => this.#lines.get(id);

  /** In the order of the server; what it has not taken yet comes last. */
  list() {
    const place = ({ seq = Infinity }) => seq;
    return [...this.#lines.values()].sort((a, b) => (place(a) === place(b) ? 0 : place(a) - place(b)));
  }

  add(type, data, seq) {
    if (this.#events.has(seq)) return;
    this.#events.set(seq, [type, data, seq]);
    this.#apply(type, data, seq);
  }

  /** Older events change what newer ones made of them, so all are told again. */
  prepend(events = []) {
    for (const { event, data, seq } of events) this.#events.set(seq, [event, data, seq]);
    for (const line of this.list()) if (!line.state) this.#lines.delete(line.id);
    for (const [, told] of [...this.#events].sort(([a], [b]) => a - b)) this.#apply(...told);
  }

  forget() {
    this.#events.clear();
    this.prepend();
  }

  /** The end that is still in the outbox. */
  ending({ id, at }) {
    if (!this.get(id)?.seq) this.#lines.set(id, { id, from: "system", ended: true, at, state: "sending" });
  }

  /** Whether there is something to end: lines since the last end, or since the beginning. */
  get going() {
    return this.list().at(-1)?.ended === undefined && this.#lines.size > 0;
  }

  /** A line that is still in the outbox. */
  pending({ id, text, files, at, failed, reply_to, choice }, state) {
    if (this.get(id)?.seq) return;
    const quote = reply_to && !choice ? { id: reply_to } : undefined;
    this.#lines.set(id, { id, from: "customer", at, text: plain(text), files, quote, chosen: choice, state: failed ? "failed" : state });
  }

  /** What became of a pending line at this try. */
  tried({ id }, error) {
    const line = this.get(id);
    if (line?.state) line.state = error && (error.again ? "waiting" : "failed");
  }

  remove(id) {
    this.#lines.delete(id);
  }

  #apply(type, { id, ...data }, seq) {
    if (type === "message") {
      const local = this.get(id)?.files?.some((file) => file.blob) && { files: this.get(id).files };
      this.#lines.set(id, { id, ...data, ...local, seq });
    }
    if (type === "ended") this.#lines.set(id, { id, from: "system", ended: true, ...data, seq });
    const line = this.get(id) ?? {};
    if (type === "edit") Object.assign(line, data, { edited: true });
    if (type === "delete") line.deleted = true;
    if (type !== "reaction") return;
    const others = (line.reactions ?? []).filter(({ emoji, by }) => emoji !== data.emoji || by !== data.by);
    line.reactions = data.removed ? others : [...others, data];
  }
}
