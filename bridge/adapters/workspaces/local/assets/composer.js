/** The composer: writing, files, commands; what could not be sent waits here and is sent once. */
import { completion } from "./complete.js";
import { openForm, show } from "./dialogs.js";
import { putLine, toEnd } from "./thread.js";
import { h, newKey, post, Refused, toast, word } from "./ui.js";

const field = () => document.getElementById("text");
const form = () => document.getElementById("composer");
let files = [], quoted = null, editing = null, typed = 0, changes = 0, complete = null, life = new AbortController();

const ref = () => document.getElementById("thread").dataset.ref;
const place = () => `/desk/threads/${ref()}`;
const stored = () => `desk-unsent:${ref()}`;
const waiting = new Map();

/** Once on a page: what could not be sent before is sent now, whether or not one can write here still. */
export function startComposer() {
  if (!document.getElementById("pending")) return;
  recall();
  addEventListener("online", sendWaiting);
  bind();
}

function bind() {
  life.abort();
  life = new AbortController();
  const { signal } = life;
  if (!form()) return;
  complete = completion(field(), form());
  form().addEventListener("submit", (event) => (event.preventDefault(), submit()));
  field().addEventListener("input", () => (grow(), tellTyping()));
  field().addEventListener("keydown", (event) => {
    if (complete.keydown(event)) return;
    if (event.key === "Escape") clearContext();
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    submit();
  });
  field().addEventListener("paste", ({ clipboardData }) => add(clipboardData.files));
  document.getElementById("files").addEventListener("change", ({ target }) => (add(target.files), (target.value = "")));
  form().querySelector("[data-uncontext]").addEventListener("click", clearContext);
  form().querySelector("[data-slash]").addEventListener("click", () => {
    field().value = "/";
    field().focus();
    field().dispatchEvent(new Event("input", { bubbles: true }));
  });
  startDrop(document.getElementById("thread"), signal);
  drawTray();
  if (matchMedia("(min-width: 768px)").matches) field().focus();
  else field().placeholder = field().dataset.short;
}

/** The thread was opened for writing, or closed: show the composer that belongs to it now. */
export async function changeComposer() {
  const turn = ++changes;
  const answer = await fetch(location.href).catch(() => null);
  const html = answer?.ok && await answer.text();
  if (turn !== changes) return;
  if (!html) return setTimeout(() => turn === changes && changeComposer(), 2000);
  const words = field()?.value ?? "";
  const page = new DOMParser().parseFromString(html, "text/html");
  document.getElementById("composer-box").replaceWith(document.adoptNode(page.getElementById("composer-box")));
  quoted = editing = null;
  bind();
  if (!words) return;
  if (form()) field().value = words;
  else document.getElementById("composer-box").prepend(h("p", { class: "kept" }, words));
}

export function quoteLine(line) {
  if (!form()) return;
  editing = null;
  quoted = line.dataset.seq;
  context(line.querySelector(".text")?.textContent ?? "…");
}

export function editLine(line) {
  if (!form()) return;
  quoted = null;
  editing = line.dataset.seq;
  field().value = line.dataset.raw;
  grow();
  context(word("editing"));
}

function context(text) {
  const box = document.getElementById("context");
  box.querySelector("span").textContent = text.trim().slice(0, 140);
  box.hidden = false;
  field().focus();
}

function clearContext() {
  if (editing) field().value = "";
  quoted = editing = null;
  document.getElementById("context").hidden = true;
  grow();
}

function grow() {
  field().style.height = "auto";
  field().style.height = `${Math.min(field().scrollHeight, 240)}px`;
}

function tellTyping() {
  if (Date.now() - typed < 3000 || /^[/!]/.test(field().value) || !field().value) return;
  typed = Date.now();
  post(`${place()}/typing`, {}).catch(() => {});
}

function submit() {
  const text = field().value;
  if (!text.trim() && !files.length) return;
  if (editing) return saveEdit(text);
  const message = { key: newKey(), text, quoted: quoted ?? "", files };
  complete.close();
  field().value = "";
  files = [];
  drawTray();
  clearContext();
  hold(message);
  send(message);
}

async function saveEdit(text) {
  const seq = editing;
  try {
    const answer = await post(`${place()}/messages/${seq}/edit`, { key: newKey(), text });
    if (form()) clearContext();
    putLine({ html: answer.html });
  } catch (error) {
    toast(error.message, "bad");
  }
}

/** Show a message that is on its way, and keep its words over a reload. */
function hold(message) {
  const state = h("span", {}, word("sending"));
  const row = h("div", { class: "pending-line", role: "status" }, h("p", {}, message.text || message.files.map((file) => file.name).join(", ")), h("footer", {}, state));
  waiting.set(message.key, { message, row, state });
  document.getElementById("pending").append(row);
  keep();
  toEnd();
}

function keep() {
  const texts = [...waiting.values()].filter(({ message }) => message.text).map(({ message: { key, text, quoted } }) => ({ key, text, quoted }));
  if (texts.length) localStorage.setItem(stored(), JSON.stringify(texts));
  else localStorage.removeItem(stored());
}

function recall() {
  const texts = JSON.parse(localStorage.getItem(stored()) ?? "[]");
  for (const { key, text, quoted } of texts) {
    const message = { key, text, quoted, files: [] };
    hold(message);
    send(message);
  }
}

function release(key) {
  waiting.get(key)?.row.remove();
  waiting.delete(key);
  keep();
}

async function send(message, tries = 0) {
  const data = new FormData();
  data.append("key", message.key);
  data.append("text", message.text);
  data.append("quoted", message.quoted);
  for (const file of message.files) data.append("file", file, file.name);
  try {
    const answer = await post(`${place()}/messages`, data);
    release(message.key);
    done(answer);
  } catch (error) {
    const again = !(error instanceof Refused) || error.status === 503 || error.status === 429;
    if (again && tries < 6) setTimeout(() => waiting.has(message.key) && send(message, tries + 1), 1000 * 2 ** tries);
    unsent(message, again ? (navigator.onLine ? error.message : word("offline")) : error.message);
  }
}

function done(answer) {
  if (answer.kind === "line") putLine({ html: answer.html });
  else if (answer.kind === "answer") show(answer);
  else if (answer.kind === "form") openForm(answer.url);
  else if (answer.kind === "page") location.assign(answer.url);
}

function unsent(message, why) {
  const held = waiting.get(message.key);
  if (!held) return;
  held.row.classList.add("failed");
  const retry = h("button", { type: "button", class: "link", onclick: () => (held.row.classList.remove("failed"), held.state.replaceChildren(word("sending")), send(message, 6)) }, word("retry"));
  const discard = h("button", { type: "button", class: "link", onclick: () => giveBack(message) }, word("discard"));
  held.state.replaceChildren(`${word("unsent")}: ${why} `, retry, " ", discard);
}

/** Discarded words return to the composer, so that nothing typed is gone by a slip. */
function giveBack(message) {
  release(message.key);
  if (!form()) return;
  if (!field().value) field().value = message.text;
  grow();
}

const sendWaiting = () => {
  for (const { message } of waiting.values()) send(message, 6);
};

// --- files ---------------------------------------------------------------------------------

function add(list) {
  for (const file of list) {
    if (file.size > Number(form().dataset.maxFile)) toast(`${file.name}: ${word("tooLarge", { limit: form().dataset.maxFileWords })}`, "bad");
    else files.push(file);
  }
  drawTray();
}

function drawTray() {
  const tray = document.getElementById("tray");
  tray.hidden = !files.length;
  tray.replaceChildren(...files.map((file, index) =>
    h("li", {}, h("span", {}, file.name), h("button", { type: "button", class: "ghost", "aria-label": word("discard"), onclick: () => (files.splice(index, 1), drawTray()) }, "×"))));
}

function startDrop(place, signal) {
  place.addEventListener("dragover", (event) => (event.preventDefault(), place.classList.add("dropping")), { signal });
  place.addEventListener("dragleave", (event) => place.contains(event.relatedTarget) || place.classList.remove("dropping"), { signal });
  place.addEventListener("drop", (event) => {
    event.preventDefault();
    place.classList.remove("dropping");
    add(event.dataTransfer.files);
  }, { signal });
}
