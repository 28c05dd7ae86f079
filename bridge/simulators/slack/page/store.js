/** What this page knows of the workspace; asked again when the simulator says that it changed. */
import { act, base64, listen, look } from "./api.js";
import { readTo } from "./read.js";

const ABOUT_ME = { ephemeral: "whispers", view: "modals", home: "home" };
const ABOUT_ALL = new Set(["founded", "user_change", "app_uninstalled", "tokens_revoked"]);

export class Store {
  people = new Map();
  apps = [];
  channels = new Map();
  team = { name: "" };
  me = null;
  whispers = [];
  modals = [];
  home = null;
  #messages = new Map();
  #due = new Set();
  #asking = null;

  /** `changed()` is told after every change, `lost(yes)` about the line. */
  constructor(changed, lost) {
    this.changed = changed;
    listen((happening) => this.#hear(happening), lost);
  }

  // ------------------------------------------------------------ looking

  /** Everybody who can sign in. */
  get staff() {
    return [...this.people.values()].filter((one) => !one.is_bot && !one.deleted && one.id !== "USLACKBOT");
  }

  /** The channels that I am in, by name; then those that I could join. */
  get rooms() {
    const named = [...this.channels.values()].filter((one) => one.name && !one.is_archived);
    const mine = named.filter((one) => this.isIn(one));
    const open = named.filter((one) => !this.isIn(one) && one.kind === "channel");
    const byName = (one, other) => one.name.localeCompare(other.name);
    return { mine: mine.sort(byName), open: open.sort(byName) };
  }

  isIn = (channel) => channel.members.includes(this.me?.id);

  /** My direct messages with an app. */
  direct(app) {
    return [...this.channels.values()].find((one) => one.user === this.me?.id && one.members.includes(app.bot_user));
  }

  /** The app whose direct messages these are. */
  appOf(channel) {
    return channel.kind === "im" ? this.apps.find((app) => channel.members.includes(app.bot_user)) : undefined;
  }

  nameOf(channel) {
    return this.appOf(channel)?.name ?? channel.name ?? "";
  }

  placeName = (channel) => (channel.kind === "im" ? this.nameOf(channel) : `#${channel.name}`);

  /** Whether a reply there can also be sent to the channel. */
  broadcasts = (channel, root) => Boolean(root) && channel.kind !== "im";

  /** Root messages of a channel, and what only I was told there, oldest first. */
  lines(channel) {
    const all = this.#messages.get(channel) ?? [];
    const roots = all.filter((one) => !one.is_reply || one.subtype === "thread_broadcast");
    return this.#with(roots, (one) => one.channel === channel && !one.thread_ts);
  }

  /** A root, if it is there, and its replies, and what only I was told there. */
  thread(channel, root) {
    const all = (this.#messages.get(channel) ?? []).filter((one) => one.ts === root || one.thread_ts === root);
    return this.#with(all, (one) => one.channel === channel && one.thread_ts === root);
  }

  #with(messages, here) {
    return [...messages, ...this.whispers.filter(here)].sort((one, other) => (one.ts < other.ts ? -1 : 1));
  }

  replies(message) {
    const all = this.#messages.get(message.channel) ?? [];
    return all.filter((one) => one.thread_ts === message.ts && one.ts !== message.ts);
  }

  /** Replies that I have not read, of a thread that I have read or that calls me. */
  news(message) {
    const to = readTo(this.me.id, message.channel, message.ts);
    const fresh = this.replies(message).filter((one) => one.ts > to && one.user !== this.me.id);
    return to || fresh.some((one) => this.calls(one)) ? fresh : [];
  }

  calls = (message) => message.notified?.includes(this.me?.id);

  /** What is new in a channel for me: something at all, and how often I am called. */
  unread(channel) {
    const all = this.#messages.get(channel.id) ?? [];
    const fresh = (one) => one.user !== this.me.id && one.ts > readTo(this.me.id, channel.id, one.is_reply ? one.thread_ts : null);
    const roots = all.filter((one) => !one.is_reply && fresh(one));
    const calls = channel.kind === "im" ? roots : all.filter((one) => this.calls(one) && fresh(one));
    return { any: roots.length > 0, calls: calls.length };
  }

  /** The newest root message whose words begin with this. */
  find(words) {
    const all = [...this.#messages.values()].flat().filter((one) => !one.is_reply);
    const found = all.filter((one) => one.app_id && one.text.startsWith(words));
    return found.sort((one, other) => (one.ts < other.ts ? 1 : -1))[0];
  }

  // ------------------------------------------------------------ acting

  /** Look through somebody else's eyes: an id, a handle, or the first there is. */
  async become(who) {
    const wanted = this.staff.find((one) => one.id === who || one.name === who);
    const next = wanted ?? this.staff[0] ?? null;
    if (next?.id === this.me?.id) return;
    this.me = next;
    this.whispers = [];
    this.modals = [];
    this.home = null;
    this.#need("state", "whispers", "modals", "home");
    await this.settled();
  }

  /** What names a message when one acts on it. */
  at = (message) => ({ channel: message.channel, ts: message.ts });

  /** What one wrote in a channel or a thread: a line, a command, files. */
  async send({ channel, root, text, files, broadcast }) {
    const where = { channel: channel.id, thread: root ?? undefined };
    if (!files.length) {
      if (/^\/[a-z]/.test(text)) return this.act("types", { ...where, line: text });
      return this.act("says", { ...where, text, broadcast });
    }
    for (const [at, file] of files.entries()) {
      await this.act("uploads", { ...where, name: file.name, content: await base64(file), text: at ? "" : text });
    }
  }

  act = (verb, body) => act(this.me.id, verb, body);

  // ------------------------------------------------------------ keeping up

  /** Nothing is being asked any more. */
  async settled() {
    while (this.#asking) await this.#asking;
  }

  #hear({ kind, channel, user }) {
    if (kind === "hello") this.#need("state", "whispers", "modals", "home");
    if (ABOUT_ALL.has(kind) || /^(channel|group|member|im)_/.test(kind)) this.#need("state");
    if (ABOUT_ME[kind] && user === this.me?.id) this.#need(ABOUT_ME[kind]);
    if (channel && !ABOUT_ME[kind]) this.#need(`in ${channel}`);
  }

  #need(...what) {
    for (const one of what) this.#due.add(one);
    this.#asking ??= Promise.resolve().then(() => this.#ask());
  }

  /** Ask for all that is due, until nothing is. */
  async #ask() {
    try {
      while (this.#due.size) {
        const due = [...this.#due];
        this.#due.clear();
        if (due.includes("state")) await this.#state();
        await Promise.all(due.map((one) => this.#one(one)));
        this.changed();
      }
    } catch (failure) {
      console.info("the simulator is gone", failure.message); // its stream says when it is back
    } finally {
      this.#asking = null;
      if (this.#due.size) this.#need();
    }
  }

  async #state() {
    const state = await look("state");
    this.team = state.team;
    this.apps = state.apps;
    this.people = new Map(state.people.map((one) => [one.id, one]));
    this.channels = new Map(state.channels.map((one) => [one.id, one]));
    if (this.me) this.me = this.people.get(this.me.id);
    const rooms = state.channels.filter((one) => one.kind === "channel" || this.isIn(one));
    await Promise.all(rooms.map((one) => this.#one(`in ${one.id}`)));
  }

  async #one(what) {
    const me = this.me?.id;
    if (what.startsWith("in ")) {
      const id = what.slice(3);
      const channel = this.channels.get(id);
      if (!channel) return this.#need("state");
      if (channel.kind !== "channel" && !this.isIn(channel)) return;
      this.#messages.set(id, (await look(`channels/${id}/messages`)).messages);
    } else if (me && what !== "state") {
      const query = what === "home" && this.apps.length === 0 ? null : await look(`people/${me}/${what}`);
      if (query && me === this.me.id) this[what] = query[what];
    }
  }
}
