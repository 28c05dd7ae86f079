/** What this page knows of the server; asked again when the simulator says that it changed. */
import { act, base64, listen, look } from "./api.js";
import { readTo } from "./read.js";
import { written } from "./command.js";

export const TEXT = 0, DIRECT = 1, CATEGORY = 4, FORUM = 15;
const THREADS = new Set([10, 11, 12]);
const EPHEMERAL = 1 << 6, LOADING = 1 << 7;
const ABOUT_PLACES = /^(GUILD|CHANNEL|THREAD)_/;

export const isThread = (channel) => THREADS.has(channel.type);

export class Store {
  people = new Map();
  roles = new Map();
  channels = new Map();
  guilds = [];
  everybody = [];
  me = null;
  whispers = [];
  modals = [];
  commands = [];
  replying = null;
  #messages = new Map();
  #due = new Set();
  #asking = null;
  #commandsOf = "";

  /** `changed()` is told after every change, `lost(yes)` about the line. */
  constructor(changed, lost) {
    this.changed = changed;
    listen((happening) => this.#hear(happening), lost);
  }

  // ------------------------------------------------------------ looking

  /** Everybody who can sign in. */
  get staff() {
    return [...this.people.values()].filter((one) => !one.bot);
  }

  /** Channels that I see, by their place, without threads. */
  get rooms() {
    const plain = [...this.channels.values()].filter((one) => !isThread(one) && one.type !== DIRECT);
    return plain.sort((one, other) => one.position - other.position || one.name.localeCompare(other.name));
  }

  get directs() {
    return [...this.channels.values()].filter((one) => one.type === DIRECT && one.recipients.includes(this.me?.id));
  }

  /** Threads of a channel that I see, the liveliest first. */
  threadsOf(channel) {
    const mine = [...this.channels.values()].filter((one) => isThread(one) && one.parent === channel.id);
    return mine.sort((one, other) => other.active_at - one.active_at);
  }

  placeName(channel) {
    if (channel.type !== DIRECT) return isThread(channel) ? channel.name : `#${channel.name}`;
    const other = channel.recipients.find((id) => id !== this.me?.id);
    return this.people.get(other)?.real_name ?? "";
  }

  /** Where a link to a channel leads: a thread opens beside its channel. */
  hrefOf = (channel) => (isThread(channel) ? `#in=${channel.parent}&thread=${channel.id}` : `#in=${channel.id}`);

  broadcasts = () => false;

  /** Messages of a channel, and what only I was shown there, oldest first. */
  lines(id) {
    const mine = this.whispers.filter((one) => one.channel === id);
    return [...(this.#messages.get(id) ?? []), ...mine].sort((one, other) => (one.ts < other.ts ? -1 : 1));
  }

  message = (channel, id) => (this.#messages.get(channel) ?? []).find((one) => one.id === id);

  calls = (message) => message.pings.includes(this.me?.id);

  appName = (message) => this.people.get(message.user)?.real_name ?? "";

  /** What is new in a channel for me: something at all, and how often I am called. */
  unread(channel) {
    const inside = channel.type === DIRECT || isThread(channel) ? [channel] : [channel, ...this.threadsOf(channel).filter((one) => !one.archived)];
    const fresh = inside.flatMap((place) => (this.#messages.get(place.id) ?? []).filter((one) => one.user !== this.me.id && one.ts > readTo(this.me.id, place.id)));
    const calls = channel.type === DIRECT ? fresh : fresh.filter((one) => this.calls(one));
    return { any: fresh.length > 0, calls: calls.length };
  }

  /** The thread whose name ends with this, `#1042`, of those that I see. */
  find(words) {
    const wanted = words.trim();
    const named = [...this.channels.values()].filter((one) => isThread(one) && one.name.split(/\s+/).includes(wanted));
    return named.sort((one, other) => other.active_at - one.active_at)[0];
  }

  // ------------------------------------------------------------ acting

  /** Look through somebody else's eyes: an id, a name, or the first there is. */
  async become(who) {
    const wanted = this.everybody.find((one) => one.id === who || one.name === who);
    const next = wanted ?? this.everybody[0] ?? null;
    if (!next || next.id !== this.me?.id) {
      this.me = next;
      this.#commandsOf = "";
      this.#need("people", "screen");
    }
    await this.settled();
  }

  /** What names a message when one acts on it. */
  at = (message) => ({ channel: message.channel, id: message.id });

  act = (verb, body) => act(this.me.id, verb, body);

  /** What one wrote: a line, an answer, a command, files. */
  async send({ channel, text, files }) {
    if (/^\/[\p{L}]/u.test(text) && !files.length) {
      return this.act("uses", { channel: channel.id, ...written(text, await this.commandsIn(channel)) });
    }
    const reply_to = this.replying?.channel === channel.id ? this.replying.id : undefined;
    const packed = Object.fromEntries(await Promise.all(files.map(async (file) => [file.name, await base64(file)])));
    await this.act("says", { channel: channel.id, text, files: packed, reply_to });
    this.replying = null;
    return this.changed();
  }

  /** The commands that I am offered in a channel. */
  async commandsIn(channel) {
    const where = `${this.me.id} ${channel.id}`;
    if (this.#commandsOf !== where) {
      this.commands = (await look(`people/${this.me.id}/commands?channel=${channel.id}`)).commands;
      this.#commandsOf = where;
    }
    return this.commands;
  }

  // ------------------------------------------------------------ keeping up

  /** Nothing is being asked any more. */
  async settled() {
    while (this.#asking) await this.#asking;
  }

  #hear({ kind, channel, user }) {
    if (kind === "hello") this.#need("people", "screen", "messages");
    if (kind === "screen" && user === this.me?.id) this.#need("screen");
    if (kind.startsWith("MESSAGE") && channel) this.#need(`in ${channel}`);
    if (ABOUT_PLACES.test(kind)) this.#need("screen");
    if (kind.startsWith("GUILD_MEMBER")) this.#need("people", "screen");
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
        if (due.includes("people")) await this.#people();
        if (due.includes("screen") && this.me) await this.#screen();
        if (due.includes("messages")) this.#messages.clear();
        const wanted = due.filter((one) => one.startsWith("in ")).map((one) => one.slice(3));
        const lacking = [...this.channels.keys()].filter((id) => !this.#messages.has(id));
        await Promise.all([...new Set([...wanted, ...lacking])].map((id) => this.#read(id)));
        this.changed();
      }
    } catch (failure) {
      console.info("the simulator is gone", failure.message); // its stream says when it is back
    } finally {
      this.#asking = null;
      if (this.#due.size) this.#need();
    }
  }

  async #people() {
    const { people, guilds } = await look("state");
    const members = new Set(guilds.flatMap((one) => one.members));
    this.everybody = people.filter((one) => members.has(one.id));
  }

  async #screen() {
    const screen = await look(`people/${this.me.id}/screen`);
    if (screen.me !== this.me.id) return this.#need("screen");
    this.guilds = screen.guilds;
    this.people = new Map(screen.people.map((one) => [one.id, one]));
    this.roles = new Map(screen.roles.map((one) => [one.id, one]));
    this.channels = new Map(screen.channels.map((one) => [one.id, one]));
    this.me = this.people.get(this.me.id);
    this.whispers = screen.whispers.map(readMessage);
    this.modals = screen.modals;
  }

  async #read(id) {
    const channel = this.channels.get(id);
    if (!channel) return this.#need("screen");
    if (channel.type === CATEGORY || channel.type === FORUM) return this.#messages.set(id, []);
    const { messages } = await look(`channels/${id}/messages`);
    return this.#messages.set(id, messages.map(readMessage));
  }
}

/** A message as the parts of the page that all workspaces share want it. */
const readMessage = (one) => ({
  ...one,
  ts: one.at.toFixed(6),
  user: one.author,
  is_ephemeral: Boolean(one.only_for),
  is_loading: Boolean(one.flags & LOADING && (one.flags & EPHEMERAL || !one.text)),
  reactions: Object.entries(one.reactions).map(([name, users]) => ({ name, users, count: users.length })),
});
