/** Which of my conversations have something new: told by what this browser has shown of each. */
import { now } from "./time.js";

const key = (ref) => `desk-seen:${ref}`;
const seen = (ref) => Number(localStorage.getItem(key(ref)) ?? 0);

/** What is on the page now has been seen, if somebody can see the page. */
function look() {
  const thread = document.getElementById("thread");
  if (thread && !document.hidden) localStorage.setItem(key(thread.dataset.ref), now());
}

export function markUnread() {
  look();
  let count = 0;
  for (const row of document.querySelectorAll(".rail [data-last]")) {
    const unread = Number(row.dataset.last) > seen(row.dataset.ref);
    row.classList.toggle("unread", unread);
    row.querySelector(".news").hidden = !unread;
    count += unread;
  }
  document.title = (count ? `(${count}) ` : "") + document.title.replace(/^\(\d+\) /, "");
}

export function startUnread() {
  markUnread();
  document.body.addEventListener("htmx:afterSettle", markUnread);
  document.addEventListener("visibilitychange", markUnread);
  addEventListener("storage", markUnread);
}
