/** The lines of a thread: putting them in, keeping the place, and what is done with one. */
import { changeComposer, editLine, quoteLine } from "./composer.js";
import { markUnread } from "./unread.js";
import { adopt, fragment, newKey, post, toast, word } from "./ui.js";

const NEAR = 120;
const box = () => document.getElementById("lines");
const scroller = () => document.getElementById("scroller");
const more = () => document.getElementById("new-lines");
const atEnd = () => scroller().scrollHeight - scroller().scrollTop - scroller().clientHeight < NEAR;

export function toEnd(smooth = false) {
  scroller()?.scrollTo({ top: scroller().scrollHeight, behavior: smooth ? "smooth" : "instant" });
  if (more()) more().hidden = true;
}

/** Put one element in: in place of the old one, or at the end. */
function put(element) {
  const old = document.getElementById(element.id);
  const follow = atEnd();
  if (old) old.replaceWith(element);
  else box().append(element);
  adopt(element);
  if (follow) requestAnimationFrame(() => toEnd());
  return { added: !old, follow };
}

/** An answer may come after what the stream told meanwhile; the newer picture stays. */
const older = (element) => Number(document.getElementById(element.id)?.dataset.changed ?? 0) > Number(element.dataset.changed);

export function putLine({ html, by }) {
  if (!box()) return;
  const element = fragment(html);
  if (older(element)) return;
  const { added, follow } = put(element);
  if (added && by === "customer") document.getElementById("typing")?.setAttribute("hidden", "");
  if (added && !follow && by === "customer") {
    more().hidden = false;
    more().querySelector("span").textContent = word("newLines");
  }
  markUnread();
}

let typingEnds = 0;

/** Somebody is typing: said for a few seconds, or until the line is there. */
export function putTyping(name) {
  const note = document.getElementById("typing");
  if (!note) return;
  note.textContent = word("typing", { name });
  note.hidden = false;
  clearTimeout(typingEnds);
  typingEnds = setTimeout(() => (note.hidden = true), 6000);
}

export const putWhisper = ({ html }) => box() ? put(fragment(html)) : privately(html);

function privately(html) {
  const place = document.getElementById("private");
  if (place) place.append(adoptable(html));
}

function adoptable(html) {
  const element = fragment(html);
  queueMicrotask(() => adopt(element));
  return element;
}

export function putAnswer(html) {
  if (!box()) return privately(html);
  const element = fragment(html);
  box().append(element);
  adopt(element);
  toEnd(true);
}

export const removeWhisper = (id) => document.getElementById(id)?.remove();

export function putCard({ html, writable }) {
  const composing = Boolean(document.getElementById("composer"));
  if (writable !== composing) changeComposer();
  const open = document.querySelector("#card details[open]");
  const card = fragment(html);
  document.getElementById("card")?.replaceWith(card);
  if (open) card.querySelector("details")?.setAttribute("open", "");
  adopt(card);
}

async function act(ref, seq, action, data) {
  try {
    const answer = await post(`/desk/threads/${ref}/messages/${seq}/${action}`, { key: newKey(), ...data });
    putLine({ html: answer.html });
  } catch (error) {
    toast(error.message, "bad");
  }
}

export function startThread() {
  if (!box()) return;
  toEnd();
  const thread = document.getElementById("thread");
  more()?.addEventListener("click", () => toEnd(true));
  scroller().addEventListener("scroll", () => atEnd() && more() && (more().hidden = true), { passive: true });
  box().addEventListener("load", () => atEnd() && toEnd(), true);
  if (!thread) return;
  const ref = thread.dataset.ref;
  box().addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    const line = target.closest(".line");
    if (!button || !line) return;
    const { react, quote, edit, resend } = button.dataset;
    const seq = line.dataset.seq;
    if (react) act(ref, seq, "react", { emoji: react });
    else if (quote) quoteLine(line);
    else if (edit) editLine(line);
    else if (resend) act(ref, seq, "resend", {});
    else if (button.dataset.delete && confirm(word("deleteSure"))) act(ref, seq, "delete", {});
  });
}
