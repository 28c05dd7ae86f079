/** Small things every part needs: words, elements, posting with our token, toasts, the drawer. */

const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.content ?? "";

/** A text of the catalogue, in the page's language. */
export const word = (name, data = {}) =>
  (document.getElementById("words")?.dataset[name] ?? name).replace(/\{(\w+)\}/g, (_, key) => data[key] ?? "");

export const serverNow = Number(meta("now")) || Date.now();
export const lang = document.documentElement.lang || "en";

/** A name for one thing we do: sent again, it is done once. */
export const newKey = () => crypto.randomUUID?.() ?? Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");

/** An element with attributes and children; text is always text. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== false && value != null) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child != null && child !== false));
  return element;
}

/** One element from HTML that our server rendered. */
export function fragment(html) {
  const template = document.createElement("template");
  template.innerHTML = html.trim();
  const element = template.content.firstElementChild;
  return element;
}

export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** POST a form; gives the JSON of the answer. Raises `Refused` with the server's sentence, or the network's error. */
export const post = (url, data, signal) => meanwhile(ask(url, data, signal));

const underWay = new Set();

/** As long as this goes on, the page is not left for something that nobody asked for. */
export async function meanwhile(doing) {
  underWay.add(doing);
  return doing.finally(() => underWay.delete(doing));
}

async function ask(url, data, signal) {
  const form = data instanceof FormData;
  const answer = await fetch(url, {
    method: "POST",
    body: form ? data : new URLSearchParams(data),
    headers: { "X-CSRF-Token": meta("csrf"), Accept: "application/json" },
    signal,
  }).catch(() => {
    throw new Error(word("failed"));  // the browser's own words are no language of ours
  });
  if (answer.status === 401) location.assign("/desk/sign-in");
  const json = answer.headers.get("Content-Type")?.includes("json");
  if (!answer.ok) throw new Refused(answer.status, json ? (await answer.json()).error : word("failed"));
  return json ? answer.json() : null;
}

const TOLD = "desk-told", FRESH = 5000, PATIENCE = 10_000;
const pause = (millis = 0) => new Promise((done) => setTimeout(done, millis));
let lately = [], leaving = false, gone = false;

/** What somebody is told outlives a page that is left before it can be read. */
export function remember(text, kind = "") {
  if (text) lately.push({ text, kind, at: Date.now() });
}

/** Go where something happened that nobody asked for: what is under way here is answered first. */
export async function leaveFor(url, why) {
  if (leaving) return;
  leaving = true;
  const enough = pause(PATIENCE).then(() => underWay.clear());
  while (underWay.size) {
    await Promise.race([Promise.allSettled([...underWay]), enough]);
    await pause();  // whoever asked goes on now, perhaps to another page
  }
  if (!gone) goOn(url, why);
}

/** Go on to a page that shows what was done, with what was said of it. */
export function goOn(url, why = "") {
  gone = true;
  const fresh = lately.filter(({ at }) => Date.now() - at < FRESH);
  const said = fresh.length ? fresh : why ? [{ text: why, kind: "" }] : [];
  sessionStorage.setItem(TOLD, JSON.stringify(said));
  location.assign(url);
}

/** Say again what was said just before the page was left. */
export function tellAgain() {
  const told = JSON.parse(sessionStorage.getItem(TOLD) ?? "[]");
  sessionStorage.removeItem(TOLD);
  for (const { text, kind } of told) toast(text, kind);
}

export function toast(text, kind = "") {
  const box = document.getElementById("toasts");
  if (!box || !text) return;
  remember(text, kind);
  const each = h("p", { class: `toast ${kind}` }, text);
  box.append(each);
  setTimeout(() => each.classList.add("leaving"), 4500);
  setTimeout(() => each.remove(), 5000);
}

/** What htmx could not load is said, not swallowed. */
export function startTroubles() {
  document.body.addEventListener("htmx:responseError", ({ detail: { xhr } }) => {
    const plain = xhr.getResponseHeader("Content-Type")?.startsWith("text/plain");
    toast(plain ? xhr.responseText : word("failed"), "bad");
  });
  document.body.addEventListener("htmx:sendError", ({ detail: { elt } }) => {
    if (!elt.getAttribute("hx-trigger")?.includes("desk-")) toast(word("failed"), "bad");
  });
  document.body.addEventListener("click", ({ target }) => {
    const closer = target.closest("[data-close]");
    if (closer) closer.closest(closer.dataset.close)?.remove();
    const copier = target.closest("[data-copy]");
    if (copier) copy(document.querySelector(copier.dataset.copy));
    for (const open of document.querySelectorAll("details.pop[open]")) if (!open.contains(target)) open.open = false;
  });
}

async function copy(input) {
  input.select();
  await navigator.clipboard?.writeText(input.value).catch(() => {});
  toast(word("copied"));
}

/** On small screens the rail is a drawer. */
export function startDrawer() {
  const shell = document.querySelector(".shell");
  document.body.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-drawer]");
    if (!shell || !button) return;
    shell.classList.toggle("drawer", button.dataset.drawer === "open");
    if (button.dataset.drawer === "open") shell.querySelector(".rail a, .rail button")?.focus();
  });
}

/** Let htmx look after what we put into the page ourselves. */
export const adopt = (element) => globalThis.htmx?.process(element);
