/** Puts the page together and keeps it true. */
import { ChannelView } from "./channel.js";
import { Modals } from "./modal.js";
import { Sidebar } from "./sidebar.js";
import { Store } from "./store.js";
import { ThreadView } from "./thread.js";
import { el } from "./dom.js";
import { follow, go, now } from "./route.js";
import { speak, t } from "./words.js";

const LATE = 1500;

/** What the parts of the page ask of each other. */
const desk = {
  editing: null,
  open: null,
  go: (changes) => move(changes),
  openThread: async (message) => {
    await move({ thread: message?.ts ?? "" });
    (message ? thread.composer : channel.composer).focus();
  },
  edit: (ts) => {
    desk.editing = ts;
    draw();
  },
  editLast: (channel, root) => {
    const all = root ? store.thread(channel.id, root) : store.lines(channel.id);
    const last = all.findLast((one) => one.user === store.me.id && !one.app_id && !one.is_ephemeral);
    if (last) desk.edit(last.ts);
  },
  toggleSidebar: (wanted) => document.body.classList.toggle("sidebar-open", wanted),
};

const line = document.getElementById("lost");
let late = 0;

/** A line that is back soon was never missed. */
function lost(yes) {
  clearTimeout(late);
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

/** The channel or the app that the address names; else the first channel there is. */
function place() {
  const wanted = now().in ?? "";
  const app = store.apps.find((one) => one.id === wanted) ?? store.apps.find((one) => store.direct(one)?.id === wanted);
  if (app) return { app, channel: store.direct(app), tab: now().tab ?? (wanted === app.id ? "home" : "messages") };
  const { mine, open } = store.rooms;
  const found = [...mine, ...open].find((one) => one.id === wanted || one.name === wanted);
  return { channel: found ?? mine[0] ?? open[0], tab: "messages" };
}

/** An address may name a message by its first words; it is looked for once. */
function find() {
  const words = now().find;
  if (!words) return;
  const found = store.find(words);
  go(found ? { in: found.channel, thread: found.ts } : { find: "" });
}

let home = "";
/** An app hears when somebody looks at its home. */
function openHome({ app, tab }) {
  const looked = app && tab === "home" ? `${store.me.id} ${app.id}` : "";
  if (looked && looked !== home) store.act("opens_home", { app: app.id, tab: "home" }).catch(() => {});
  home = looked;
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
  if (!store.me) return empty();
  find();
  const here = place();
  desk.open = here.channel && now().thread ? now().thread : null;
  openHome(here);
  channel.draw(here);
  thread.draw(here.channel, desk.open);
  document.body.classList.toggle("with-thread", Boolean(desk.open));
  sidebar.draw(now(), here.app && here.tab === "home" ? here.app : here.channel);
  modals.draw();
  document.getElementById("app").hidden = false;
  document.getElementById("empty").hidden = true;
}

/** There may be nobody yet. */
async function empty() {
  document.getElementById("empty").textContent = t("nobody");
  if (store.staff.length) await moved();
}

follow(moved);
document.addEventListener("visibilitychange", draw);
document.addEventListener("toggle", ({ newState }) => newState === "closed" && soon(), true); // what waited for it
document.addEventListener("keydown", ({ key }) => key === "Escape" && desk.toggleSidebar(false));
setInterval(draw, 60_000);
await moved();
