/** Emoji under a message, and the way to put one there. */
import { QUICK, names } from "./emoji.js";
import { el, icon, unique } from "./dom.js";
import { place, toast } from "./popup.js";
import { sign, spelt } from "./spans.js";
import { t } from "./words.js";

/** Each emoji with how many put it there; mine is pressed. */
export function chips(message, store) {
  if (!message.reactions?.length) return null;
  return el("div", { class: "reactions" },
    message.reactions.map((one) => chip(one, message, store)),
    reactButton(message, store, "chip add"));
}

function chip(one, message, store) {
  const mine = one.users.includes(store.me.id);
  const people = one.users.map((id) => store.people.get(id)?.real_name ?? id).join(", ");
  const label = t("reacted", { names: people, emoji: spelt(one.name) });
  const toggle = () => react(message, store, one.name, mine);
  return el("button", { type: "button", class: "chip", "aria-pressed": String(mine), "aria-label": label, title: label, data: { focus: `chip ${message.id ?? message.ts} ${one.name}` }, onclick: toggle },
    el("span", { "aria-hidden": "true" }, sign(one.name)), String(one.count));
}

async function react(message, store, name, away) {
  try {
    await store.act(away ? "unreacts" : "reacts", { ...store.at(message), emoji: name });
  } catch (refused) {
    toast(refused.message);
  }
}

/** Opens all emoji there are; the usual ones first. */
export function reactButton(message, store, kind) {
  const id = unique("emoji");
  const label = t("react");
  const button = el("button", { type: "button", class: kind, "aria-label": label, title: label, "aria-haspopup": "dialog", "aria-controls": id, onclick: open }, icon("smile"));
  const box = el("div", { class: "emoji-box", id, role: "dialog", "aria-label": label, popover: "auto" });
  function choose(name) {
    box.hidePopover();
    const mine = message.reactions?.some((one) => one.name === name && one.users.includes(store.me.id));
    react(message, store, name, mine);
  }
  function open() {
    if (!box.childElementCount) box.append(el("div", { class: "emoji-quick" }, QUICK.map(one)), el("div", { class: "emoji-all" }, names().map(one)));
    box.showPopover();
    place(box, button);
    box.querySelector("button").focus();
  }
  const one = (name) => el("button", { type: "button", "aria-label": name.replaceAll("_", " "), onclick: () => choose(name) }, sign(name));
  box.addEventListener("toggle", ({ newState }) => newState === "closed" && box.contains(document.activeElement) && button.focus());
  return el("span", { class: "menu-place" }, button, box);
}
