/** One message: who, when, what, its files, its reactions and its thread. */
import { ago, clock, moment, whole } from "./dates.js";
import { author } from "./author.js";
import { chips, reactButton } from "./reactions.js";
import { drawBlocks } from "./blocks.js";
import { el, icon } from "./dom.js";
import { face } from "./faces.js";
import { files } from "./files.js";
import { inMessage } from "./places.js";
import { menuButton, question, toast } from "./popup.js";
import { mrkdwn, unescaped } from "./mrkdwn.js";
import { many, t, tag } from "./words.js";

const EVENTS = new Set(["channel_join", "group_join", "channel_leave", "group_leave", "channel_name", "group_name", "channel_archive", "channel_unarchive"]);

/** All that a message's looks depend on. */
export function print({ message, compact }, store, desk) {
  const replies = message.reply_count ? [Math.floor(Date.now() / 60_000), store.news(message).length] : [];
  return JSON.stringify([tag, store.me.id, compact, desk.editing === message.ts, desk.open === message.ts, replies, message]);
}

/** Whether his name must be said again after the message before. */
export function saysItsName(message, before, store) {
  if (before.is_ephemeral !== message.is_ephemeral || before.reply_count || before.subtype === "tombstone") return true;
  if (/_(join|leave|name)$/.test(before.subtype ?? "")) return true;
  const [one, other] = [author(before, store), author(message, store)];
  const hasCard = (message.blocks ?? []).some((block) => block.type === "actions");
  return hasCard || one.name !== other.name || one.app !== other.app;
}

/** A row; `desk` knows which thread is open and which line is being edited. */
export function drawMessage({ message, compact, inThread }, store, desk) {
  if (message.subtype === "tombstone") return row(message, "tombstone", el("p", { class: "quiet" }, t("deleted")));
  if (EVENTS.has(message.subtype)) return row(message, "event", el("p", { class: "quiet" }, mrkdwn(message.text, store)));
  const who = author(message, store);
  const at = moment(message.ts);
  const head = compact ? null : el("header", {},
    el("b", { class: "author" }, who.name), who.app && el("span", { class: "app-badge" }, t("app")), stamp(at));
  const side = compact ? el("div", { class: "side" }, stamp(at)) : el("div", { class: "side" }, face(who.name, who));
  const body = el("div", { class: "body" }, head, content(message, store, desk), files(message.files), chips(message, store), !inThread && bar(message, store, desk));
  const kinds = [compact && "compact", message.is_ephemeral && "whisper", store.calls(message) && "calls-me", desk.open === message.ts && !inThread && "open"];
  const node = row(message, kinds.filter(Boolean).join(" "), side, body, !message.is_ephemeral && tools({ message, inThread }, store, desk));
  node.setAttribute("aria-label", t("details", { who: who.name, when: whole(at) }));
  return node;
}

const row = (message, kind, ...parts) =>
  el("article", { class: `message ${kind}`, tabindex: "-1", data: { ts: message.ts, focus: `row ${message.ts}` } }, ...parts);

const stamp = (at) => el("time", { datetime: at.toISOString(), title: whole(at) }, clock(at));

function content(message, store, desk) {
  if (desk.editing === message.ts) return editor(message, store, desk);
  const where = { ...inMessage(message, store), blocks: message.blocks ?? [] };
  const blocks = message.blocks?.length ? drawBlocks(message.blocks, where) : [el("div", { class: "block-text" }, mrkdwn(message.text, store))];
  return el("div", { class: "content" },
    message.is_ephemeral && el("p", { class: "only-you" }, icon("eye"), t("only_you")),
    message.subtype === "thread_broadcast" && el("p", { class: "quiet" }, t("replied")),
    store.calls(message) && el("span", { class: "sr" }, t("mentions_you")),
    blocks,
    isEdited(message) && el("small", { class: "edited", title: whole(moment(message.edited.ts)) }, t("edited")),
    (message.attachments ?? []).map((one) => attachment(one, message, store)));
}

/** Slack does not say so under what an app redraws with its buttons. */
const isEdited = (message) => message.edited && !(message.blocks ?? []).some((one) => one.type === "actions");

function attachment(one, message, store) {
  const where = { ...inMessage(message, store), blocks: one.blocks ?? [] };
  const words = one.text ?? one.fallback ?? "";
  const title = one.title && el("b", {}, one.title);
  return el("div", { class: "attachment" }, one.blocks?.length ? drawBlocks(one.blocks, where) : [title, el("div", { class: "block-text" }, mrkdwn(words, store))]);
}

/** How many answers there are, and how many of them are new to me. */
function bar(message, store, desk) {
  if (!message.reply_count || message.is_ephemeral) return null;
  const replies = store.replies(message);
  const names = [...new Set(replies.map((one) => author(one, store).name))].slice(0, 4);
  const news = store.news(message).length;
  const last = moment(message.latest_reply);
  return el("button", { type: "button", class: "thread-bar", data: { focus: `thread ${message.ts}` }, onclick: () => desk.openThread(message) },
    names.map((one) => face(one, { small: true })),
    el("b", {}, many("reply", message.reply_count)),
    news > 0 && el("span", { class: "badge" }, many("new", news)),
    el("small", {}, t("last_reply", { when: ago(last) })));
}

// ------------------------------------------------------------ what one can do with it

function tools({ message, inThread }, store, desk) {
  if (!store.isIn(store.channels.get(message.channel))) return null;
  return el("div", { class: "tools", role: "toolbar", "aria-label": t("more") },
    reactButton(message, store, "tool"),
    !inThread && el("button", { type: "button", class: "tool", "aria-label": t("reply"), title: t("reply"), onclick: () => desk.openThread(message) }, icon("reply")),
    entries(message, store, desk).length > 0 && menuButton({ class: "tool", "aria-label": t("more"), title: t("more") }, icon("more"), () => entries(message, store, desk)));
}

function entries(message, store, desk) {
  const mine = message.user === store.me.id;
  const shortcuts = store.apps.flatMap((app) => app.shortcuts.filter((one) => one.kind === "message").map((one) => shortcut(one, app, message, store)));
  const own = [
    mine && { label: t("edit"), act: () => desk.edit(message.ts) },
    (mine || store.me.is_admin) && { label: t("remove"), danger: true, act: () => remove(message, store) },
  ].filter(Boolean);
  const groups = [shortcuts, own].filter((one) => one.length);
  return groups.flatMap((one, at) => (at ? [null, ...one] : one));
}

const shortcut = (one, app, message, store) => ({
  label: one.name,
  hint: app.name,
  act: () => tried(store.act("uses_shortcut", { callback_id: one.callback_id, channel: message.channel, ts: message.ts })),
});

async function remove(message, store) {
  const sure = await question({ title: t("remove"), text: t("sure_remove"), yes: t("remove"), no: t("cancel"), danger: true });
  if (sure) tried(store.act("deletes", { channel: message.channel, ts: message.ts }));
}

/** What Slack refuses it says. */
export async function tried(doing) {
  try {
    return await doing;
  } catch (refused) {
    toast(refused.message);
    return null;
  }
}

function editor(message, store, desk) {
  const box = el("textarea", { rows: 2, "aria-label": t("edit"), data: { focus: `edit ${message.ts}` }, onkeydown: key });
  box.value = unescaped(message.read_as);
  async function save() {
    desk.edit(null);
    if (box.value.trim()) await tried(store.act("edits", { channel: message.channel, ts: message.ts, text: box.value.trim() }));
  }
  function key(event) {
    if (event.key === "Escape") desk.edit(null);
    else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      save();
    } else return;
    event.stopPropagation();
  }
  queueMicrotask(() => box.focus());
  return el("div", { class: "editor" }, box, el("div", {},
    el("button", { type: "button", class: "plain-button", onclick: () => desk.edit(null) }, t("cancel")),
    el("button", { type: "button", class: "primary-button", onclick: save }, t("save"))));
}
