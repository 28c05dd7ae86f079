/** The lines of a thread: putting them in, keeping the place, and what is done with one. */
import { changeComposer, editLine, quoteLine } from "./composer.js";
import { askFirst } from "./dialogs.js";
import { markUnread } from "./unread.js";
import { adopt, fragment, newKey, post, toast, word } from "./ui.js";

const NEAR = 120;
let following = true;
const thread = () => document.getElementById("thread");
const box = () => document.getElementById("lines");
const scroller = () => document.getElementById("scroller");
const more = () => document.getElementById("new-lines");
const atEnd = () => scroller().scrollHeight - scroller().scrollTop - scroller().clientHeight < NEAR;

export function toEnd(smooth = false) {
  following = true;
  scroller()?.scrollTo({ top: scroller().scrollHeight, behavior: smooth ? "smooth" : "instant" });
  if (more()) more().hidden = true;
}

const order = ({ id }) => Number(/^[lw](\d+)$/.exec(id)?.[1] ?? Infinity);

/** What is told about a line may come before the line does; it stands below it all the same. */
function whispersAfter(element) {
  let first = null;
  for (let last = box().lastElementChild; last?.matches(".whisper[id]") && order(last) > order(element); last = last.previousElementSibling) first = last;
  return first;
}

/** Put one element in: in place of the old one, or at the end. */
function put(element) {
  const old = document.getElementById(element.id);
  const follow = following;
  if (old) old.replaceWith(element);
  else box().insertBefore(element, whispersAfter(element));
  adopt(element);
  return { added: !old, follow };
}

/** An answer may come after what the stream told meanwhile; the newer picture stays. */
const older = (element) => Number(document.getElementById(element.id)?.dataset.changed ?? 0) > Number(element.dataset.changed);

export function putLine({ html, by }) {
  if (!thread()) return;
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

export const putWhisper = ({ html }) => thread() ? put(fragment(html)) : privately(html);

/** Beside a list that is drawn again and again, what one person is told has a place of its own. */
function privately(html) {
  const element = fragment(html);
  const old = element.id && document.getElementById(element.id);
  if (old) old.replaceWith(element);
  else document.getElementById("private").append(element);
  adopt(element);
  element.scrollIntoView({ block: "nearest" });
}

export function putAnswer(html) {
  if (!thread()) return privately(html);
  const element = fragment(html);
  box().append(element);
  adopt(element);
  toEnd(true);
}

export const removeWhisper = (id) => document.getElementById(id)?.remove();

export function putCard({ html, mode }) {
  if (document.getElementById("composer-box")?.dataset.mode !== mode) changeComposer();
  const old = document.getElementById("card");
  if (!old) return;
  const focused = old.contains(document.activeElement) && document.activeElement.dataset.command;
  const card = fragment(html);
  const open = old.querySelector("details[open]");
  old.replaceWith(card);
  if (open) card.querySelector("details")?.setAttribute("open", "");
  if (focused) [...card.querySelectorAll(`[data-command="${focused}"]`)].find((each) => each.checkVisibility())?.focus();
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
  startFollowing();
  more()?.addEventListener("click", () => toEnd(true));
  if (!thread()) return;
  const { ref } = thread().dataset;
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
    else if (button.dataset.delete) askFirst(word("deleteSure"), button.title).then((sure) => sure && act(ref, seq, "delete", {}));
  });
}

/** Who reads at the end stays there, whatever grows: lines, pictures that load late, the composer. */
function startFollowing() {
  let height = 0;
  toEnd();
  scroller().addEventListener("scroll", () => {
    if (scroller().scrollHeight === height) following = atEnd();
    if (following && more()) more().hidden = true;
  }, { passive: true });
  const sizes = new ResizeObserver(() => {
    if (following) toEnd();
    height = scroller().scrollHeight;
  });
  sizes.observe(box());
  sizes.observe(scroller());
}
