/** One message: who, when, what, its components, its files, its reactions. */
import { chips, reactButton } from "./reactions.js";
import { clock, moment, whole } from "./dates.js";
import { drawComponents, drawEmbed } from "./components.js";
import { el, icon } from "./dom.js";
import { face } from "./faces.js";
import { files } from "./files.js";
import { markdown } from "./markdown.js";
import { menuButton, question, toast } from "./popup.js";
import { t, tag } from "./words.js";

const TALK = new Set([0, 19, 20, 23, 21]);
const EVENTS = { 1: "joined_thread", 2: "left_thread", 4: "renamed", 6: "pinned", 18: "opened_thread" };

const author = (message, store) => store.people.get(message.user)?.real_name ?? message.name;

/** All that a message's looks depend on. */
export function print({ message, compact }, store, desk) {
  const answered = message.reply_to ? store.message(message.channel, message.reply_to)?.text : "";
  return JSON.stringify([tag, store.me.id, compact, desk.editing === message.id, answered, message]);
}

/** Whether his name must be said again after the message before. */
export function saysItsName(message, before) {
  if (!TALK.has(message.type) || !TALK.has(before.type) || message.reply_to || message.used_by) return true;
  if (message.is_ephemeral || before.is_ephemeral || message.components.length || before.components.length) return true;
  return message.user !== before.user || message.name !== before.name;
}

export function drawMessage({ message, compact }, store, desk) {
  if (!TALK.has(message.type)) return event(message, store);
  const who = author(message, store);
  const at = moment(message.ts);
  const head = compact ? null : el("header", {}, el("b", { class: "author" }, who), message.bot && el("span", { class: "app-badge" }, t("app")), stamp(at));
  const side = compact ? el("div", { class: "side" }, stamp(at)) : el("div", { class: "side" }, face(who, { app: message.bot }));
  const body = el("div", { class: "body" }, head, content(message, store, desk), files(message.files), chips(message, store), message.is_ephemeral && foot(message, store));
  const kinds = [compact && "compact", message.is_ephemeral && "whisper", store.calls(message) && "calls-me"].filter(Boolean).join(" ");
  const node = row(message, kinds, above(message, store), side, body, !message.is_ephemeral && tools(message, store, desk));
  node.setAttribute("aria-label", t("details", { who, when: whole(at) }));
  return node;
}

const row = (message, kind, ...parts) => el("article", { class: `message ${kind}`, tabindex: "-1", data: { id: message.id, focus: `row ${message.id}` } }, ...parts);
const stamp = (at) => el("time", { datetime: at.toISOString(), title: whole(at) }, clock(at));

function event(message, store) {
  const words = EVENTS[message.type];
  const text = words ? t(words, { who: author(message, store), text: message.text }) : t("unknown");
  return row(message, "event", el("p", { class: "quiet" }, text));
}

/** What it answers, or whose command it is an answer to. */
function above(message, store) {
  if (message.used_by && !message.is_ephemeral) return el("p", { class: "above" }, t("used", { who: store.people.get(message.used_by)?.real_name ?? "" }));
  if (!message.reply_to) return null;
  const answered = store.message(message.channel, message.reply_to);
  if (!answered) return el("p", { class: "above" }, el("i", {}, t("gone")));
  const mark = el("span", {}, markdown(answered.text.split("\n")[0].slice(0, 120), { store }));
  return el("p", { class: "above" }, icon("reply"), el("b", {}, author(answered, store)), mark);
}

function content(message, store, desk) {
  if (desk.editing === message.id) return editor(message, store, desk);
  if (message.is_loading) return el("div", { class: "content quiet thinking" }, t("thinking", { app: author(message, store) }));
  const where = { store, message, rings: message.everyone };
  return el("div", { class: "content" },
    store.calls(message) && el("span", { class: "sr" }, t("mentions_you")),
    message.text && el("div", { class: "text" }, markdown(message.text, where)),
    message.embeds.map((one) => drawEmbed(one, where)),
    drawComponents(message.components, where),
    message.edited_at && !message.bot && el("small", { class: "edited", title: whole(moment(message.edited_at)) }, t("edited")));
}

const foot = (message, store) => el("p", { class: "only-you" }, icon("eye"), t("only_you"), " · ",
  el("button", { type: "button", class: "link-button", onclick: () => tried(store.act("forgets", store.at(message))) }, t("dismiss")));

// ------------------------------------------------------------ what one can do with it

function tools(message, store, desk) {
  const channel = store.channels.get(message.channel);
  if (!channel?.writes || channel.archived) return null;
  const reply = () => desk.reply(message);
  const all = () => entries(message, channel, store, desk);
  return el("div", { class: "tools", role: "toolbar", "aria-label": t("more") },
    reactButton(message, store, "tool"),
    el("button", { type: "button", class: "tool", "aria-label": t("reply"), title: t("reply"), onclick: reply }, icon("reply")),
    menuButton({ class: "tool", "aria-label": t("more"), title: t("more") }, icon("more"), all));
}

function entries(message, channel, store, desk) {
  const mine = message.user === store.me.id;
  const apps = store.commands.filter((one) => one.type === 3).map((one) => ({
    label: one.name_localizations?.[tag] ?? one.name,
    hint: t("apps"),
    act: () => tried(store.act("uses_menu", { ...store.at(message), name: one.name })),
  }));
  const own = [
    mine && { label: t("edit"), act: () => desk.edit(message.id) },
    mine && { label: t("remove"), danger: true, act: () => remove(message, store) },
  ].filter(Boolean);
  const groups = [apps, own].filter((one) => one.length);
  const found = groups.flatMap((one, at) => (at ? [null, ...one] : one));
  return found.length ? found : [{ label: t("none"), act: () => {} }];
}

async function remove(message, store) {
  const sure = await question({ title: t("remove"), text: t("sure_remove"), yes: t("remove"), no: t("cancel"), danger: true });
  if (sure) tried(store.act("deletes", store.at(message)));
}

/** What Discord refuses it says; what an app leaves without an answer too. */
export async function tried(doing) {
  try {
    const outcome = await doing;
    if (outcome?.answered === false) toast(t("click_failed", { app: t("app") }));
    return outcome;
  } catch (refused) {
    toast(refused.message);
    return null;
  }
}

function editor(message, store, desk) {
  const box = el("textarea", { rows: 2, "aria-label": t("edit"), data: { focus: `edit ${message.id}` }, onkeydown: key });
  box.value = message.text;
  async function save() {
    desk.edit(null);
    if (box.value.trim()) await tried(store.act("edits", { ...store.at(message), text: box.value.trim() }));
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
