/** Times in the reader's own zone and words; waiting and windows count by the server's clock. */
import { lang, serverNow, word } from "./ui.js";

let ahead = serverNow - Date.now();

/** The moment by the server's clock, which the demo may move. */
export const now = () => Date.now() + ahead;

export function setNow(server) {
  ahead = server - Date.now();
  draw();
}

const MINUTE = 60_000, HOUR = 60 * MINUTE, DAY = 24 * HOUR;
const day = (at) => new Date(at).setHours(0, 0, 0, 0);
const clock = new Intl.DateTimeFormat(lang, { hour: "numeric", minute: "2-digit" });
const date = new Intl.DateTimeFormat(lang, { day: "numeric", month: "short" });
const full = new Intl.DateTimeFormat(lang, { dateStyle: "full", timeStyle: "short" });

function ago(at) {
  const length = Math.max(0, now() - at);
  if (length < MINUTE) return word("justNow");
  if (length < HOUR) return word("agoMinutes", { n: Math.floor(length / MINUTE) });
  if (length < DAY) return word("agoHours", { n: Math.floor(length / HOUR) });
  return word("agoDays", { n: Math.floor(length / DAY) });
}

function left(at) {
  const length = at - now();
  if (length <= 0) return word("leftNone");
  if (length < HOUR) return word("leftMinutes", { n: Math.ceil(length / MINUTE) });
  return word("leftHours", { n: Math.floor(length / HOUR) });
}

function when(at) {
  const days = Math.round((day(now()) - day(at)) / DAY);
  if (days === 0) return clock.format(at);
  if (days === 1) return `${word("yesterday")} ${clock.format(at)}`;
  return `${date.format(at)} ${clock.format(at)}`;
}

const short = (at) => (day(at) === day(now()) ? clock.format(at) : date.format(at));
const STYLES = { ago, left, short, time: when };

export function draw(root = document) {
  const found = root.matches?.("time[data-at]") ? [root] : root.querySelectorAll("time[data-at]");
  for (const element of found) {
    const at = Number(element.dataset.at);
    const text = STYLES[element.dataset.style](at);
    if (element.textContent !== text) element.textContent = text;
    if (!element.title) element.title = full.format(at);
    const window = element.closest("[data-window]");
    if (window) window.dataset.state = at <= now() ? "closed" : at - now() < 2 * HOUR ? "soon" : "open";
    const waits = element.closest(".waits");
    if (waits) waits.classList.toggle("long", now() - at > 10 * MINUTE);
  }
}

export function startClock() {
  draw();
  setInterval(draw, 10_000);
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) for (const node of addedNodes) if (node.nodeType === 1) draw(node);
  }).observe(document.body, { childList: true, subtree: true });
}
