/** The page's live stream: lines and cards arrive as HTML, everything else as a hint to look again. */
import { setNow } from "./time.js";
import { putCard, putLine, putTyping, putWhisper, removeWhisper } from "./thread.js";
import { toast, word } from "./ui.js";

const ALL = ["agents", "conversations", "queues"];

export function startLive() {
  const shell = document.querySelector("[data-live]");
  if (!shell) return;
  const banner = document.getElementById("banner");
  const source = new EventSource(shell.dataset.live);
  let lost = false, timer = 0;

  source.onopen = () => {
    clearTimeout(timer);
    banner.hidden = true;
    document.documentElement.dataset.connected = "yes";
    if (lost) look(ALL);
    lost = false;
  };
  source.onerror = () => {
    lost = true;
    document.documentElement.dataset.connected = "no";
    timer = setTimeout(() => (banner.hidden = false), 800);
    if (source.readyState === EventSource.CLOSED) whyClosed(shell);
  };
  const on = (event, act) => source.addEventListener(event, ({ data }) => act(JSON.parse(data)));
  on("now", setNow);
  on("desk", look);
  on("line", putLine);
  on("typing", putTyping);
  on("card", putCard);
  on("whisper", (told) => (told.here ? putWhisper(told) : toast(word("elsewhere"))));
  on("dismissed", ({ id }) => removeWhisper(id));
  on("gone", () => {
    source.close();
    location.assign("/desk");
  });
  addEventListener("pagehide", () => source.close());
  addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
}

/** Parts of the page that show the desk listen for these on the body. */
function look(words) {
  for (const each of words) document.body.dispatchEvent(new CustomEvent(`desk-${each}`));
}

/** The browser gave up: find out whether we are signed out, else begin again. */
async function whyClosed(shell) {
  try {
    const answer = await fetch("/desk/session", { headers: { Accept: "application/json" } });
    const session = await answer.json();
    if (answer.ok && !session.user) return location.assign("/desk/sign-in");
  } catch {
    // Still away; the next try tells.
  }
  setTimeout(() => startAgain(shell), 3000);
}

function startAgain(shell) {
  if (navigator.onLine) startLive();
  else addEventListener("online", () => startLive(), { once: true });
  shell.dataset.again = "yes";
}
