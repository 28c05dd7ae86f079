/** Buttons that run commands, and the forms that ask for what a command needs. */
import { putAnswer } from "./thread.js";
import { adopt, fragment, goOn, h, meanwhile, newKey, post, remember, toast, word } from "./ui.js";

const dialog = () => document.getElementById("dialog");
const body = () => document.getElementById("dialog-body");

/** A form that was closed or replaced meanwhile shows nothing any more. */
const shows = (place) => Boolean(place?.isConnected && dialog().open);

/** Run a command and show what it says: in `place` (a form), as a toast, or as a private line. */
export async function invoke({ command, args = {}, text = "", thread, number, confirmed, place }) {
  const form = { command, text, key: newKey(), confirmed: confirmed ? "yes" : "" };
  if (thread) form.thread = thread;
  if (number) form.number = number;
  for (const [name, value] of Object.entries(args)) form[`arg.${name}`] = value;
  try {
    const answer = await post("/desk/invoke", hasFiles(form) ? parts(form) : form);
    show(answer, place);
    return answer;
  } catch (error) {
    if (shows(place)) place.replaceChildren(problem(error.message));
    else toast(error.message, "bad");
    return null;
  }
}

const hasFiles = (form) => Object.values(form).some((value) => value instanceof File);

function parts(form) {
  const data = new FormData();
  for (const [name, value] of Object.entries(form)) data.append(name, value);
  return data;
}

export function show(answer, place) {
  if (answer.ok && shows(place)) dialog().close();
  if (answer.brief) return toast(answer.text, "fine");
  remember(answer.text, answer.ok ? "fine" : "bad");
  if (!answer.ok && shows(place)) {
    const element = fragment(answer.html);
    place.replaceChildren(element);
    return adopt(element);
  }
  return putAnswer(answer.html);
}

/** Ask whether something is to be done; true when it is. */
export function askFirst(question, yes) {
  const no = h("button", { type: "button", class: "button", "data-dismiss": true, autofocus: true }, word("cancel"));
  const go = h("button", { type: "button", class: "button primary", onclick: () => dialog().close("yes") }, yes);
  body().replaceChildren(h("header", { class: "dialog-top" }, h("h2", { id: "dialog-title" }, question)), h("footer", { class: "dialog-actions" }, no, go));
  dialog().returnValue = "";
  dialog().showModal();
  return new Promise((done) => dialog().addEventListener("close", () => done(dialog().returnValue === "yes"), { once: true }));
}

function problem(text) {
  const line = document.createElement("p");
  line.className = "problem";
  line.textContent = text;
  return line;
}

export async function openForm(url) {
  try {
    const answer = await fetch(url, { headers: { "HX-Request": "true" } });
    const html = await answer.text();
    if (!answer.ok) return toast(answer.headers.get("Content-Type")?.startsWith("text/plain") ? html : word("failed"), "bad");
    const template = document.createElement("template");
    template.innerHTML = html;
    body().replaceChildren(template.content);
    adopt(body());
    if (!dialog().open) dialog().showModal();
    (body().querySelector("[autofocus]") ?? body().querySelector(":is(input:not([type=hidden], [type=radio]), select, textarea):enabled"))?.focus();
    for (const select of body().querySelectorAll("[data-template]")) variables(select);
  } catch {
    toast(word("failed"), "bad");
  }
}

/** An empty choice of a file is a file, too, without a name. */
const isSaid = (value) => (value instanceof File ? value.name : value);

async function submit(form) {
  const data = new FormData(form);
  const args = {};
  for (const [name, value] of data) if (name.startsWith("arg.") && isSaid(value)) args[name.slice(4)] = value;
  const button = form.querySelector("footer .primary");
  button.disabled = true;
  await invoke({ command: form.dataset.command, args, thread: form.dataset.thread, number: form.dataset.number, confirmed: form.dataset.confirmed === "yes", place: form.querySelector(".form-answer") });
  button.disabled = false;
}

/** Show the chosen template's variables, and what the customer will get. */
function variables(select) {
  const form = select.closest("form");
  const preview = form.querySelector(".preview");
  let body = "";
  for (const block of form.querySelectorAll("[data-template-of]")) {
    const chosen = block.dataset.templateOf === select.value;
    block.hidden = !chosen;
    for (const input of block.querySelectorAll("input")) input.disabled = !chosen;
    if (chosen) body = block.dataset.body;
  }
  preview.hidden = !body;
  preview.querySelector("p").textContent = body.replace(/\{\{\s*(\w+)\s*\}\}/g, (whole, name) =>
    said(form.querySelector(`[data-variable="${name}"]:enabled`)) || whole);
}

/** What stands in a field: its words, or the name of its file. */
const said = (input) => (input?.type === "file" ? input.files[0]?.name || input.dataset.chosen : input?.value);

function filter(input) {
  const wanted = input.value.trim().toLowerCase();
  for (const row of input.closest(".pick").querySelectorAll(".pick-row"))
    row.hidden = !row.textContent.toLowerCase().includes(wanted);
}

function switchParts(radio) {
  for (const part of radio.form.querySelectorAll("[data-when]")) {
    part.hidden = part.dataset.when !== radio.value;
    for (const input of part.querySelectorAll("select, input")) input.disabled = part.hidden;
  }
}

export function startDialogs() {
  document.body.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-invoke], [data-form], [data-dismiss]");
    if (!button) return;
    if ("dismiss" in button.dataset) return button.closest("dialog").close();
    button.closest("details.pop")?.removeAttribute("open");
    document.querySelector(".shell")?.classList.remove("drawer");
    if (button.dataset.form) return openForm(button.dataset.form);
    press(button);
  });
  document.body.addEventListener("submit", (event) => {
    if (!event.target.matches(".command-form")) return;
    event.preventDefault();
    submit(event.target);
  });
  document.body.addEventListener("input", ({ target }) => {
    if (target.matches("[data-pick-search]")) filter(target);
    const select = target.closest("form")?.querySelector("[data-template]");
    if (select) variables(select);
    if (target.closest("[data-switch]")) switchParts(target);
  });
  for (const each of document.querySelectorAll("dialog"))
    each.addEventListener("click", ({ target }) => target === each && each.close());
}

async function press(button) {
  const { invoke: command, arguments: args, thread, number, confirmed } = button.dataset;
  const answered = button.closest(".answer, .whisper");
  button.disabled = true;
  const answer = await invoke({ command, args: JSON.parse(args || "{}"), thread, number, confirmed: confirmed === "yes", place: button.closest(".form-answer") });
  button.disabled = false;
  if (answer?.ok) answered?.remove();
  if (answer?.ok && button.closest("dialog")?.open) dialog().close();
  if (answer?.ok && "take" in button.dataset) meanwhile(goTo(number));
}

/** A taken conversation opens, as soon as its thread is there. */
async function goTo(number) {
  const here = document.getElementById("thread")?.dataset.ref;
  for (let tries = 0; tries < 20; tries++) {
    const answer = await fetch(`/desk/conversations?text=${number}`, { headers: { Accept: "application/json" } }).catch(() => null);
    const rows = answer?.ok ? (await answer.json()).rows ?? [] : [];
    const row = rows.find((each) => each.number === Number(number));
    if (row?.thread && row.thread === here) return;
    if (row?.thread) return goOn(`/desk/threads/${row.thread}`);
    await new Promise((later) => setTimeout(later, 200));
  }
}
