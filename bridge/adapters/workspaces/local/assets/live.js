/** The page's live stream: lines and cards arrive as HTML, everything else as a hint to look again. */
import { setNow } from "./time.js";
import { isPressed, unlessPressed } from "./presses.js";
import { putCard, putLine, putTyping, putWhisper, removeWhisper } from "./thread.js";
import { leaveFor, toast, word } from "./ui.js";

const ALL = ["agents", "conversations", "queues"];
const shell = () => document.querySelector("[data-live]");
let told = "", timer = 0;

export function startLive() {
  if (!shell()) return;
  follow();
  document.body.addEventListener("htmx:beforeSwap", notUnderAFinger);
}

function follow() {
  const source = new EventSource(address());
  const banner = document.getElementById("banner");

  // Whatever changed while nobody told us, before the first word as after a pause, is looked at.
  source.onopen = () => {
    clearTimeout(timer);
    banner.hidden = true;
    document.documentElement.dataset.connected = "yes";
    look(ALL);
  };
  source.onerror = () => {
    document.documentElement.dataset.connected = "no";
    clearTimeout(timer);
    timer = setTimeout(() => (banner.hidden = false), 800);
    if (source.readyState === EventSource.CLOSED) whyClosed();
  };
  const on = (event, act) => source.addEventListener(event, ({ data, lastEventId }) => {
    told = lastEventId || told;
    unlessPressed(() => act(JSON.parse(data)));
  });
  on("now", setNow);
  on("desk", look);
  on("line", putLine);
  on("typing", putTyping);
  on("card", putCard);
  on("whisper", (each) => (each.here ? putWhisper(each) : toast(word("elsewhere"))));
  on("dismissed", ({ id }) => removeWhisper(id));
  on("gone", () => {
    source.close();
    leaveFor("/desk", word("gone"));
  });
  addEventListener("pagehide", () => source.close());
  addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
}

/** Where the stream begins: after what the page shows, or after what it was told last. */
function address() {
  const url = new URL(shell().dataset.live, location);
  if (told) url.searchParams.set("after", told);
  return url;
}

/** Parts of the page that show the desk listen for these on the body. */
function look(words) {
  for (const each of words) document.body.dispatchEvent(new CustomEvent(`desk-${each}`));
}

/** A part that comes while something in it is pressed would take it away; it is asked for again. */
function notUnderAFinger(event) {
  if (!isPressed() || !event.detail.elt.getAttribute("hx-trigger")?.includes("desk-")) return;
  event.preventDefault();
  unlessPressed(() => look(ALL));
}

/** The browser gave up: find out whether we are signed out, else begin again. */
async function whyClosed() {
  try {
    const answer = await fetch("/desk/session", { headers: { Accept: "application/json" } });
    const session = await answer.json();
    if (answer.ok && !session.user) return location.assign("/desk/sign-in");
  } catch {
    // Still away; the next try tells.
  }
  setTimeout(() => (navigator.onLine ? follow() : addEventListener("online", follow, { once: true })), 3000);
}
