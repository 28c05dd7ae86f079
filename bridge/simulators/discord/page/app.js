/** Puts the page together and keeps it true. */
import { CATEGORY, Store, isThread } from "./store.js";
import { ChannelView, ThreadView } from "./views.js";
import { Modals } from "./modal.js";
import { Sidebar } from "./sidebar.js";
import { el } from "./dom.js";
import { follow, go, now } from "./route.js";
import { speak, t } from "./words.js";

const LATE = 1500;

/** What the parts of the page ask of each other. */
const desk = {
  editing: null,
  go: (changes) => move(changes),
  edit: (id) => {
    desk.editing = id;
    draw();
  },
  editLast: (channel) => {
    const last = store.lines(channel.id).findLast((one) => one.user === store.me.id);
    if (last) desk.edit(last.id);
  },
  reply: (message) => {
    store.replying = message;
    draw();
    if (message) (isThread(store.channels.get(message.channel)) ? thread : channel).talk.composer.focus();
  },
  toggleSidebar: (wanted) => document.body.classList.toggle("sidebar-open", wanted),
};

const line = document.getElementById("lost");
let late = 0;

/** A line that is back soon was never missed. */
function lost(yes) {
  clearTimeout(late);
  line.textContent = t("lost");
  if (yes) late = setTimeout(() => (line.hidden = false), LATE);
  else line.hidden = true;
}

let due = false;
function soon() {
  if (due) return;
  due = true;
  setTimeout(() => {
    due = false;
    draw();
  });
}

const store = new Store(soon, lost);
const sidebar = new Sidebar(store, (changes) => move(changes));
const channel = new ChannelView(store, desk);
const thread = new ThreadView(store, desk);
const modals = new Modals(store);
document.getElementById("app").append(sidebar.node, el("div", { class: "shade", onclick: () => desk.toggleSidebar(false) }), channel.node, thread.node);

// ------------------------------------------------------------ where one is

/** The channel that the address names, by id or name; else the first there is. */
function place() {
  const wanted = now().in ?? "";
  const all = [...store.rooms.filter((one) => one.type !== CATEGORY), ...store.directs];
  return all.find((one) => one.id === wanted) ?? all.find((one) => one.name === wanted) ?? all[0];
}

/** An address may name a thread by its number; it is looked for once. */
function find() {
  const words = now().find;
  if (!words) return;
  const found = store.find(words);
  go(found ? { in: found.parent, thread: found.id } : { find: "" });
}

async function move(changes) {
  go(changes);
  await moved();
}

async function moved() {
  dress();
  desk.editing = null;
  desk.toggleSidebar(false);
  await store.become(now().as);
  draw();
}

function dress() {
  const { theme, lang } = now();
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
  speak(lang);
}

// ------------------------------------------------------------ drawing

function draw() {
  if (!store.me?.real_name) return empty();
  find();
  const here = place();
  const open = store.channels.get(now().thread ?? "") ?? null;
  channel.draw(here, open?.id);
  thread.draw(open);
  document.body.classList.toggle("with-thread", Boolean(open));
  sidebar.draw(now(), here, open);
  modals.draw();
  document.getElementById("app").hidden = false;
  document.getElementById("empty").hidden = true;
}

/** There may be nobody yet. */
async function empty() {
  document.getElementById("empty").textContent = t("nobody");
  if (!store.me && store.everybody.length) await moved();
}

follow(moved);
document.addEventListener("visibilitychange", draw);
document.addEventListener("toggle", ({ newState }) => newState === "closed" && soon(), true); // what waited for it
document.addEventListener("keydown", ({ key }) => key === "Escape" && desk.toggleSidebar(false));
setInterval(draw, 60_000);
await moved();
