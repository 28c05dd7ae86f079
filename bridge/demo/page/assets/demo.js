/** Puts the page together: a phone with web chat and WhatsApp, a window, a clock, and the story of what happens between them. */
import { Clock } from "./clock.js";
import { Desk } from "./desk.js";
import { Devices } from "./devices.js";
import { Steps } from "./steps.js";
import { Story } from "./story.js";
import { ChatDesk } from "./chat.js";
import { WebChat, theme } from "./webchat.js";
import { choose, facts, send, speak, spoken } from "./words.js";

speak();
const steps = new Steps();
const desk = facts.team ? new ChatDesk() : new Desk();
const clock = new Clock(() => desk.again());
const web = new WebChat(() => look());
const { WhatsApp } = facts.whatsapp ? await import("./whatsapp.js") : {};
const whatsapp = WhatsApp && new WhatsApp({ now: () => clock.now(), changed: () => (devices.draw(), look()), called: ring });
const devices = new Devices([web, whatsapp].filter(Boolean), () => (look(), looked()));
const call = document.getElementById("call");
const story = new Story(hear, (number) => {
  desk.show(number);
  turn("agent");
});

/** What the desk wrote down takes the newcomer from step to step. */
function hear(type, event) {
  if (type === "phone") return whatsapp?.heard(event.customer);
  if (type === "clock") {
    clock.set(event);
    return devices.again();
  }
  if (event.old) return;
  if (event.kind === "conversation_created") steps.reach(1);
  if (event.kind === "queued") steps.reach(2);
  if (event.kind === "queued" || event.kind === "assigned") news("agent");
  if (event.kind === "assigned") whatsapp?.held(event.customer, event.at);
  look();
}

function look() {
  if (devices.now.answered) {
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
  if (side === "customer") looked();
}

/** A telephone rings that nobody looks at: a press on it takes it into the hand. */
function ring(name, words, index) {
  devices.draw();
  news("customer");
  call.querySelector("b").textContent = name;
  call.querySelector("span").textContent = words;
  call.hidden = false;
  call.dataset.index = index;
  call.onclick = () => devices.show("whatsapp", index);
  clearTimeout(ring.timer);
  ring.timer = setTimeout(() => (call.hidden = true), 15_000);
}

/** Whoever looks at the telephone that rings has answered it. */
function looked() {
  whatsapp?.looked();
  if (devices.now === whatsapp && Number(call.dataset.index) === whatsapp.at && call.offsetParent) call.hidden = true;
}

function news(side) {
  const tab = document.querySelector(`[data-show="${side}"]`);
  tab.querySelector(".news").hidden = tab.getAttribute("aria-pressed") === "true";
}

async function translate(language) {
  choose(language);
  clock.draw();
  story.translate();
  devices.translate();
  await send("/demo/language", { language });
  await desk.redress();
}

function dress(chosen) {
  localStorage.setItem("deskbridge-demo:theme", chosen);
  document.documentElement.dataset.theme = chosen;
  devices.dress(chosen);
  desk.redress();
}

for (const button of document.querySelectorAll("button[data-language]")) {
  button.addEventListener("click", () => translate(button.dataset.language));
}
for (const tab of document.querySelectorAll("[data-show]")) {
  tab.addEventListener("click", () => turn(tab.dataset.show));
}
document.getElementById("theme").addEventListener("click", () => dress(theme() === "dark" ? "light" : "dark"));
setInterval(() => devices.again(), 10_000);
document.body.inert = false; // before, a press would have been for nothing

await send("/demo/language", { language: spoken() });
await Promise.all([devices.open(), desk.open()]);
