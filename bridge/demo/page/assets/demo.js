/** Puts the page together: a phone, a window, a clock, and the story of what happens between them. */
import { Clock } from "./clock.js";
import { Desk } from "./desk.js";
import { Phone, theme } from "./phone.js";
import { Steps } from "./steps.js";
import { Story } from "./story.js";
import { ChatDesk } from "./chat.js";
import { choose, facts, send, speak, spoken } from "./words.js";

speak();
const steps = new Steps();
const desk = facts.team ? new ChatDesk() : new Desk();
const clock = new Clock(() => desk.again());
const phone = new Phone(() => look());
const story = new Story(hear, (number) => {
  desk.show(number);
  turn("agent");
});

/** What the desk wrote down takes the newcomer from step to step. */
function hear(type, event) {
  if (type === "clock") return clock.set(event);
  if (event.old) return;
  if (event.kind === "conversation_created") steps.reach(1);
  if (event.kind === "queued") steps.reach(2);
  if (event.kind === "queued" || event.kind === "assigned") news("agent");
  look();
}

function look() {
  if (phone.answered) {
    steps.reach(3);
    news("customer");
  }
}

/** On a narrow page one side is shown; the other says that there is something new. */
function turn(side) {
  document.body.dataset.pane = side;
  for (const tab of document.querySelectorAll("[data-show]")) {
    tab.setAttribute("aria-pressed", String(tab.dataset.show === side));
    if (tab.dataset.show === side) tab.querySelector(".news").hidden = true;
  }
}

function news(side) {
  const tab = document.querySelector(`[data-show="${side}"]`);
  tab.querySelector(".news").hidden = tab.getAttribute("aria-pressed") === "true";
}

async function translate(language) {
  choose(language);
  clock.draw();
  story.translate();
  phone.translate();
  await send("/demo/language", { language });
  await desk.redress();
}

function dress(chosen) {
  localStorage.setItem("deskbridge-demo:theme", chosen);
  document.documentElement.dataset.theme = chosen;
  phone.dress(chosen);
  desk.redress();
}

for (const button of document.querySelectorAll("button[data-language]")) {
  button.addEventListener("click", () => translate(button.dataset.language));
}
for (const tab of document.querySelectorAll("[data-show]")) {
  tab.addEventListener("click", () => turn(tab.dataset.show));
}
document.getElementById("theme").addEventListener("click", () => dress(theme() === "dark" ? "light" : "dark"));
document.getElementById("newcomer").addEventListener("click", () => phone.newcomer());

await send("/demo/language", { language: spoken() });
await Promise.all([phone.open(), desk.open()]);
